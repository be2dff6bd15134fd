"""Requests as HTTP: their addresses, headers and bodies."""

import codecs
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any, Final

import attrs
import httpcore
import httpx

from chaobiao._call.messages import Request
from chaobiao._version import __version__

codecs.lookup("idna")  # connecting would load it within the first call's turn

SHARED_HEADERS: Final = (
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"User-Agent", f"chaobiao/{__version__} python/{sys.version_info[0]}.{sys.version_info[1]}".encode()),
)


class Outgoing:
    """Turns requests into HTTP: below one base URL, with the headers that all of them share."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        url = httpx.URL(base_url)
        self._origin = (url.raw_scheme, url.raw_host, url.port)
        self._prefix = url.raw_path.rstrip(b"/")
        self._host = url.netloc

    def arguments(self, request: Request, timeout: float) -> dict[str, Any]:
        """What a caller's own client needs to build the request, its own headers, cookies and auth added."""
        return {
            "method": request.method,
            "url": self.url(request),
            "content": request.content,
            "headers": self._headers(request),
            "timeout": timeout,
        }

    def request(self, request: Request, timeout: float) -> httpcore.Request:
        scheme, host, port = self._origin
        headers = [(b"Host", self._host), *self._headers(request)]
        if request.content or request.method != "GET":
            headers.append((b"Content-Length", str(len(request.content)).encode()))
        return httpcore.Request(
            request.method,
            httpcore.URL(scheme=scheme, host=host, port=port, target=self._prefix + request.target.encode("ascii")),
            headers=headers,
            content=request.content,
            extensions={"timeout": {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}},
        )

    def url(self, request: Request) -> str:
        return self._base + request.target

    def own_headers(self, request: Request) -> list[tuple[str, str]]:
        """The headers beside those that all requests share, as text, the content's length included."""
        headers = _given(request)
        if request.content or request.method != "GET":
            headers.append(("Content-Length", str(len(request.content))))
        return headers

    @staticmethod
    def _headers(request: Request) -> list[tuple[bytes, bytes]]:
        given = [(name.encode(), value.encode()) for name, value in _given(request)]
        named = {name.lower() for name, _ in given}
        return [*(header for header in SHARED_HEADERS if header[0].lower() not in named), *given]


def _given(request: Request) -> list[tuple[str, str]]:
    """Return the headers of a request beside those that all requests share."""
    headers = list(request.headers)
    if request.content_type:
        headers.append(("Content-Type", request.content_type))
    if request.cookies:
        others = _cookies_among(headers)
        headers = [(name, value) for name, value in headers if name.lower() != "cookie"]
        headers.append(("Cookie", _merged(request.cookies, *others)))
    return headers


def _merged(session: Mapping[str, str], *others: str) -> str:
    """Return a header with the cookies of a session, and those of other headers that it has no name in common with."""
    pairs = [pair.strip() for header in others for pair in header.split(";") if pair.strip()]
    pairs = [pair for pair in pairs if pair.partition("=")[0].strip() not in session]
    return "; ".join([*pairs, *(f"{name}={value}" for name, value in session.items())])


def _cookies_among(headers: Iterable[tuple[str, str]]) -> list[str]:
    return [value for name, value in headers if name.lower() == "cookie"]


def cookies_named(headers: Any) -> set[str]:
    """Return the names of the cookies that a response sets or deletes."""
    return {value.partition("=")[0].strip() for name, value in headers.multi_items() if name.lower() == "set-cookie"}


class Jar:
    """The cookies of a caller's own client, for requests of a family that has its session in cookies.

    The caller's cookies go along, except those that the session has by the same name. What responses set stays out of
    the caller's client, or an old session would be sent with the next login. Requests of several threads may be under
    way at once, so the caller's cookies are those from before the first of them.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._under_way = 0
        self._own: dict[tuple[str, str, str], Any] = {}

    @contextmanager
    def lent(self, request: Request, built: Any) -> Iterator[set[str]]:
        """Give a request its cookies. Put the names of those that the response sets into what this returns."""
        cookies: Any = getattr(self._client, "cookies", None)
        if request.cookies is None or not hasattr(cookies, "jar"):
            yield set()
            return
        with self._lock:
            if not self._under_way:
                self._own = {(cookie.domain, cookie.path, cookie.name): copy(cookie) for cookie in cookies.jar}
            self._under_way += 1
            self._set_header(request, built, type(cookies)())
        named: set[str] = set()
        try:
            yield named
        finally:
            with self._lock:
                self._under_way -= 1
                self._restore(cookies.jar, named)

    def _set_header(self, request: Request, built: Any, own: Any) -> None:
        """Write the header in a frame of its own: no traceback shows its value."""
        for cookie in self._own.values():
            own.jar.set_cookie(copy(cookie))
        built.headers.pop("Cookie", None)
        own.set_cookie_header(built)  # those that are for this server
        fixed = _cookies_among([*self._client.headers.items(), *request.headers])
        if header := _merged(request.cookies or {}, *fixed, built.headers.pop("Cookie", "")):
            built.headers["Cookie"] = header

    def _restore(self, jar: Any, names: set[str]) -> None:
        for cookie in list(jar):
            if cookie.name in names:
                jar.clear(cookie.domain, cookie.path, cookie.name)
        for cookie in self._own.values():
            if cookie.name in names:
                jar.set_cookie(copy(cookie))


def encoded(request: Request) -> Request:
    """The same request with its form written as a body; httpx knows how to write one."""
    if request.form is None:
        return request
    form = request.form
    files = {name: (file.filename, file.content, file.content_type) for name, file in form.files.items()}
    written = httpx.Request(request.method, "http://localhost", data=dict(form.fields), files=files)
    return attrs.evolve(request, content=written.read(), content_type=str(written.headers["Content-Type"]), form=None)
