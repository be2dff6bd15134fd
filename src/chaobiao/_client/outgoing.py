"""Requests as HTTP: their addresses, headers and bodies."""

import codecs
import sys
from collections.abc import Mapping
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
        headers = list(request.headers)
        if request.content_type:
            headers.append(("Content-Type", request.content_type))
        if request.content or request.method != "GET":
            headers.append(("Content-Length", str(len(request.content))))
        if request.cookies:
            headers.append(("Cookie", _joined(request.cookies)))
        return headers

    @staticmethod
    def _headers(request: Request) -> list[tuple[bytes, bytes]]:
        if not request.headers and not request.content_type and not request.cookies:
            return [*SHARED_HEADERS]
        given = [(name.encode(), value.encode()) for name, value in request.headers]
        named = {name.lower() for name, _ in given}
        found = [header for header in SHARED_HEADERS if header[0].lower() not in named]
        if request.content_type:
            found.append((b"Content-Type", request.content_type.encode()))
        if request.cookies:
            found.append((b"Cookie", _joined(request.cookies).encode()))
        return [*found, *given]


def _joined(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


class Jar:
    """The cookies of a caller's own client, for a request of a family that has a session in cookies.

    The caller's cookies go along. Those of the session are kept elsewhere, or the old ones would be sent with the next
    login.
    """

    def __init__(self, client: Any, request: Request) -> None:
        self._client = client
        jar: Any = getattr(getattr(client, "cookies", None), "jar", None)
        self._jar: Any = None if request.cookies is None else jar
        self._before = {cookie.name for cookie in self._jar} if self._jar is not None else set()

    def add_to(self, built: Any) -> None:
        """Add the caller's cookies to a request that has those of the session."""
        if self._jar is None:
            return
        own = built.headers.pop("Cookie", "")
        self._client.cookies.set_cookie_header(built)  # those that are for this server
        if found := [part for part in (built.headers.get("Cookie"), own) if part]:
            built.headers["Cookie"] = "; ".join(found)

    def restore(self) -> None:
        """Remove the cookies that the response has added."""
        for cookie in list(self._jar or ()):
            if cookie.name not in self._before:
                self._jar.clear(cookie.domain, cookie.path, cookie.name)


def encoded(request: Request) -> Request:
    """The same request with its form written as a body; httpx knows how to write one."""
    if request.form is None:
        return request
    form = request.form
    files = {name: (file.filename, file.content, file.content_type) for name, file in form.files.items()}
    written = httpx.Request(request.method, "http://localhost", data=dict(form.fields), files=files)
    return attrs.evolve(request, content=written.read(), content_type=str(written.headers["Content-Type"]), form=None)
