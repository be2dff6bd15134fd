"""The one module that knows HTTP types. httpx is used at its transport level, below the parts an SDK does not need.

Clients that the caller brings only have to look like httpx's: their exceptions are told apart by name.
"""

import asyncio
import os
import sys
import threading
import time
import urllib.request
from typing import Any, Final, Protocol

import attrs
import httpx

from chaobiao._call.messages import Failure, Request, Response
from chaobiao._call.retry import Outcome
from chaobiao._version import __version__

#: Exceptions, by class name, after which the server provably has seen no request.
_NOT_SENT: Final = frozenset(
    {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ProxyError",
        "UnsupportedProtocol",
        "LocalProtocolError",
        "InvalidURL",
    }
)
_SHARED_HEADERS: Final = (
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"User-Agent", f"chaobiao/{__version__} python/{sys.version_info[0]}.{sys.version_info[1]}".encode()),
)
#: The header of an answer that must be decoded; others are read as they come, past httpx's decoders.
_ENCODED: Final = "Content-Encoding"
_CLOSED: Final = Failure(Outcome.NOT_SENT, "the HTTP client is closed", "HTTP 客户端已关闭")


class HttpClient(Protocol):
    """What a caller's own sync client must offer: httpx.Client and httpx2.Client do."""

    def build_request(self, method: str, url: str, *, content: Any, headers: Any, timeout: Any) -> Any: ...
    def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any: ...
    def close(self) -> None: ...


class AsyncHttpClient(Protocol):
    """What a caller's own async client must offer: httpx.AsyncClient and httpx2.AsyncClient do."""

    def build_request(self, method: str, url: str, *, content: Any, headers: Any, timeout: Any) -> Any: ...
    async def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any: ...
    async def aclose(self) -> None: ...


class _Outgoing:
    """Turns requests into HTTP: below one base URL, with the headers that all of them share."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._urls: dict[str, httpx.URL] = {}
        self._host = httpx.URL(base_url).netloc
        self._common: dict[str | None, httpx.Headers] = {}

    def arguments(self, request: Request, timeout: float) -> dict[str, Any]:
        """What a caller's own client needs to build the request, its own headers, cookies and auth added."""
        return {
            "method": request.method,
            "url": self._base + request.target,
            "content": request.content,
            "headers": self.headers(request),
            "timeout": timeout,
        }

    def request(self, request: Request, timeout: float) -> httpx.Request:
        target = request.target
        url = self._urls.get(target)
        if url is None:
            url = httpx.URL(self._base + target)
            if "?" not in target:  # queries vary without end
                self._urls[target] = url
        # With stream= httpx adds no headers of its own, and need not look for what it could add.
        built = httpx.Request(
            request.method,
            url,
            headers=self._prepared(request),
            stream=httpx.ByteStream(request.content),
            extensions={"timeout": {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}},
        )
        if request.content:
            built.headers["Content-Length"] = str(len(request.content))
        return built

    def _prepared(self, request: Request) -> httpx.Headers:
        """The request's headers, which httpx copies; those without extras are made once."""
        if request.headers:
            return httpx.Headers(self.headers(request, (b"Host", self._host)))
        found = self._common.get(request.content_type)
        if found is None:
            found = self._common[request.content_type] = httpx.Headers(self.headers(request, (b"Host", self._host)))
        return found

    @staticmethod
    def headers(request: Request, *first: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        found = [*first, *_SHARED_HEADERS]
        if request.content_type:
            found.append((b"Content-Type", request.content_type.encode()))
        found += [(name.encode(), value.encode()) for name, value in request.headers]
        return found


def _encoded(request: Request) -> Request:
    """The same request with its form written as a body; httpx knows how to write one."""
    if request.form is None:
        return request
    form = request.form
    files = {name: (file.filename, file.content, file.content_type) for name, file in form.files.items()}
    written = httpx.Request(request.method, "http://localhost", data=dict(form.fields), files=files)
    return attrs.evolve(request, content=written.read(), content_type=str(written.headers["Content-Type"]), form=None)


class _TooLarge(Exception):
    pass


class _TooSlow(Exception):
    pass


class _Body:
    """Collects an answer's body within its bounds of size and time."""

    def __init__(self, max_bytes: int, timeout: float) -> None:
        self._max = max_bytes
        self._until = time.monotonic() + timeout
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._max:
            raise _TooLarge
        if time.monotonic() > self._until:
            raise _TooSlow

    def answer(self, response: Any) -> Response:
        headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
        return Response(response.status_code, b"".join(self._chunks), headers)


def _failure(error: Exception, max_bytes: int, timeout: float) -> Failure:
    """Map whatever went wrong; the cause keeps its words, and loses the request and the frames that held it."""
    if isinstance(error, _TooLarge):
        return Failure(
            Outcome.UNKNOWN,
            f"the answer is larger than {max_bytes} bytes (max_response_bytes)",
            f"返回内容超过 {max_bytes} 字节（max_response_bytes）",
        )
    if isinstance(error, _TooSlow):
        return Failure(
            Outcome.UNKNOWN, f"no complete answer within {timeout:g} s", f"{timeout:g} 秒内未收到完整的返回内容"
        )
    names = {kind.__name__ for kind in type(error).__mro__}
    # A header that cannot be sent is quoted in full by LocalProtocolError, and foreign errors may quote anything.
    told = str(error) if "TransportError" in names and "LocalProtocolError" not in names else ""
    words = f"{type(error).__name__}: {told}" if told else type(error).__name__
    if isinstance(error, RuntimeError) and str(error) == "Cannot send a request, as the client has been closed.":
        return _CLOSED
    cause = None
    if "TransportError" in names:
        cause = type(error).__new__(type(error))
        cause.args = (told,)
    if names & _NOT_SENT:
        return Failure(
            Outcome.NOT_SENT, f"the server could not be reached ({words})", f"无法连接服务器（{words}）", cause
        )
    if "TimeoutException" in names:
        return Failure(
            Outcome.UNKNOWN, f"no answer within {timeout:g} s ({words})", f"{timeout:g} 秒内没有回应（{words}）", cause
        )
    return Failure(Outcome.UNKNOWN, f"no answer came ({words})", f"没有收到回应（{words}）", cause)


def _verify(base_url: str) -> bool:
    """Loading the certificate store takes longer than many calls; plain http, without redirects, never uses it."""
    return base_url.startswith("https://") or _proxy_for(base_url) is not None


def _proxy_for(base_url: str) -> str | None:
    """The proxy that the environment names for this server, as curl and httpx understand it."""
    url = httpx.URL(base_url)
    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(url.host):
        return None
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


class SyncHttp:
    """Sends requests over a connection pool of its own, or through the caller's client."""

    def __init__(self, base_url: str, client: HttpClient | None = None) -> None:
        self._outgoing = _Outgoing(base_url)
        self._client: Any = client
        self._base_url = base_url
        self._inherited: list[httpx.HTTPTransport] = []
        self.closed = False
        self._transport = self._begin()

    def _begin(self) -> httpx.HTTPTransport | None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._under_way = 0
        if self._client is not None:
            return None
        return httpx.HTTPTransport(verify=_verify(self._base_url), proxy=_proxy_for(self._base_url))

    def transmit(self, request: Request, timeout: float, max_bytes: int) -> Response | Failure:
        if self._process != os.getpid():
            # Two processes on one connection would read each other's answers. The parent's is kept, and left alone.
            if self._transport is not None:
                self._inherited.append(self._transport)
            self._transport = self._begin()
        with self._lock:
            if self.closed:
                return _CLOSED
            self._under_way += 1
        try:
            return self._exchange(_encoded(request), timeout, max_bytes)
        finally:
            with self._lock:
                self._under_way -= 1
                last = self.closed and not self._under_way
            if last:
                self._end()

    def _exchange(self, request: Request, timeout: float, max_bytes: int) -> Response | Failure:
        if self._transport is not None:
            built: Any = self._outgoing.request(request, timeout)
        else:
            built = self._client.build_request(**self._outgoing.arguments(request, timeout))
        body = _Body(max_bytes, timeout)
        response: Any = None
        try:
            if self._transport is not None:
                response = self._transport.handle_request(built)
                chunks = response.iter_bytes() if _ENCODED in response.headers else response.stream
            else:
                response = self._client.send(built, stream=True, follow_redirects=False)
                chunks = response.iter_bytes()
            for chunk in chunks:
                body.add(chunk)
            return body.answer(response)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return _failure(error, max_bytes, timeout)
        finally:
            if response is not None:
                response.close()

    def _end(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def close(self) -> None:
        """Refuse further requests; the last of those under way closes the connections, which would leak otherwise."""
        with self._lock:
            idle = not self.closed and not self._under_way
            self.closed = True
        if idle:
            self._end()


class AsyncHttp:
    """The async twin of :class:`SyncHttp`."""

    def __init__(self, base_url: str, client: AsyncHttpClient | None = None) -> None:
        self._outgoing = _Outgoing(base_url)
        self._client: Any = client
        self._own = client is None
        self._base_url = base_url
        self._transports: dict[asyncio.AbstractEventLoop, httpx.AsyncHTTPTransport] = {}
        self.closed = False

    def _transport_here(self) -> httpx.AsyncHTTPTransport:
        """The connections of the running loop: on those of another, a request goes out and its answer is lost."""
        loop = asyncio.get_running_loop()
        transport = self._transports.get(loop)
        if transport is None:
            for ended in [each for each in self._transports if each.is_closed()]:
                del self._transports[ended]
            transport = self._transports[loop] = httpx.AsyncHTTPTransport(
                verify=_verify(self._base_url), proxy=_proxy_for(self._base_url)
            )
        return transport

    async def transmit(
        self,
        request: Request,
        timeout: float,  # noqa: ASYNC109  # an attempt's own, which the transport keeps
        max_bytes: int,
    ) -> Response | Failure:
        if self.closed:
            return _CLOSED
        request = _encoded(request)
        transport = self._transport_here() if self._own else None
        if transport is not None:
            built: Any = self._outgoing.request(request, timeout)
        else:
            built = self._client.build_request(**self._outgoing.arguments(request, timeout))
        body = _Body(max_bytes, timeout)
        response: Any = None
        try:
            if transport is not None:
                response = await transport.handle_async_request(built)
                chunks = response.aiter_bytes() if _ENCODED in response.headers else response.stream
            else:
                response = await self._client.send(built, stream=True, follow_redirects=False)
                chunks = response.aiter_bytes()
            async for chunk in chunks:
                body.add(chunk)
            return body.answer(response)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return _failure(error, max_bytes, timeout)
        finally:
            if response is not None:
                await response.aclose()

    async def aclose(self) -> None:
        self.closed = True
        transport = self._transports.pop(asyncio.get_running_loop(), None)
        self._transports.clear()  # those of other loops cannot be closed from here
        if transport is not None:
            await transport.aclose()
