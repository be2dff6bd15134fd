"""The one module that knows HTTP libraries: httpcore for a client's own connections, httpx for a caller's client.

A caller's own clients only have to look like httpx's: their exceptions are told apart by name.
"""

import asyncio
import importlib.util
import os
import ssl
import sys
import threading
import urllib.request
import zlib
from functools import cache
from typing import Any, Final, Protocol

import attrs
import httpcore
import httpx

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Request, Response
from chaobiao._call.retry import Outcome
from chaobiao._client.attempt import AsyncBackend, Attempt, Backend, current
from chaobiao._version import __version__
from chaobiao.errors import ConfigurationError

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
#: Exceptions, by class name, whose words come from the operating system; others may quote what the server sent.
_QUOTABLE: Final = frozenset({"ConnectError", "ReadError", "WriteError", "ProxyError"})
_SHARED_HEADERS: Final = (
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"User-Agent", f"chaobiao/{__version__} python/{sys.version_info[0]}.{sys.version_info[1]}".encode()),
)
_CLOSED: Final = Failure(Outcome.NOT_SENT, "the HTTP client is closed", "HTTP 客户端已关闭")
#: Idle connections are kept this long, in seconds.
_KEPT_FOR: Final = 5.0
_MOST_CONNECTIONS: Final = 100


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
        url = httpx.URL(base_url)
        self._origin = (url.raw_scheme, url.raw_host, url.port)
        self._prefix = url.raw_path.rstrip(b"/")
        self._host = url.netloc

    def arguments(self, request: Request, timeout: float) -> dict[str, Any]:
        """What a caller's own client needs to build the request, its own headers, cookies and auth added."""
        return {
            "method": request.method,
            "url": self._base + request.target,
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

    @staticmethod
    def _headers(request: Request) -> list[tuple[bytes, bytes]]:
        if not request.headers and not request.content_type:
            return [*_SHARED_HEADERS]
        given = [(name.encode(), value.encode()) for name, value in request.headers]
        named = {name.lower() for name, _ in given}
        found = [header for header in _SHARED_HEADERS if header[0].lower() not in named]
        if request.content_type:
            found.append((b"Content-Type", request.content_type.encode()))
        return [*found, *given]


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


class _BadEncoding(Exception):
    pass


class _Body:
    """Collects a response's body within its bounds of size and time, and unpacks it."""

    def __init__(self, attempt: Attempt, max_bytes: int, headers: list[tuple[str, str]]) -> None:
        self._attempt = attempt
        self._max = max_bytes
        self._headers = headers
        self._chunks: list[bytes] = []
        self._size = 0
        self._unpack: Any = None
        encodings = [value.strip().lower() for name, value in headers if name == "content-encoding"]
        if encodings not in ([], ["identity"], [""]):
            if encodings not in (["gzip"], ["x-gzip"], ["deflate"]):
                raise _BadEncoding
            self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by what the data begins with

    def add(self, chunk: bytes) -> None:
        if self._unpack is not None:
            try:
                chunk = self._unpack.decompress(chunk, self._max - self._size + 1)
            except zlib.error as error:
                raise _BadEncoding from error
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._max:
            raise _TooLarge
        if self._attempt.remaining() < 0.000_002:
            raise _TooSlow

    def response(self, status: int) -> Response:
        if self._unpack is not None and self._size and not self._unpack.eof:
            raise _BadEncoding
        return Response(status, b"".join(self._chunks), self._headers)


def _failure(error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
    """Map what went wrong; the cause loses the request and the frames that held it."""
    seconds = transmit.timeout
    if isinstance(error, _TooLarge):
        limit = transmit.max_bytes
        return Failure(
            Outcome.UNKNOWN,
            f"the response is larger than {limit} bytes (max_response_bytes)",
            f"返回内容超过 {limit} 字节（max_response_bytes）",
        )
    if isinstance(error, _BadEncoding):
        return Failure(
            Outcome.UNKNOWN,
            "the response is compressed in a way that was not asked for",
            "返回内容使用了未请求的压缩方式",
        )
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, RuntimeError) and str(error) == "Cannot send a request, as the client has been closed.":
        return _CLOSED
    words = type(error).__name__
    told = str(error) if names & _QUOTABLE else ""
    words = f"{words}: {told}" if told else words
    cause = None
    if names & {"TransportError", "NetworkError", "ProtocolError", "TimeoutException", "ProxyError"}:
        cause = type(error).__new__(type(error))
        cause.args = (told,)
    if names & _NOT_SENT or not attempt.was_sent:
        return Failure(
            Outcome.NOT_SENT, f"the server could not be reached ({words})", f"无法连接服务器（{words}）", cause
        )
    if isinstance(error, _TooSlow | TimeoutError) or "TimeoutException" in names:
        return Failure(
            Outcome.UNKNOWN,
            f"no complete response within {seconds:g} s",
            f"{seconds:g} 秒内未收到完整的返回内容",
            cause,
        )
    return Failure(Outcome.UNKNOWN, f"no response came ({words})", f"没有收到回应（{words}）", cause)


@cache
def _tls(certificate_file: str | None, certificate_directory: str | None) -> ssl.SSLContext:
    """One context for all clients: loading the certificate store takes longer than many calls."""
    return httpx.create_ssl_context()


def _proxy_for(base_url: str) -> httpx.Proxy | None:
    """The proxy that the environment names for this server, as curl and httpx understand it."""
    url = httpx.URL(base_url)
    proxies = urllib.request.getproxies()
    if urllib.request.proxy_bypass(url.host):
        return None
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy:
        return None
    try:
        found = httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
        if not found.url.host:
            raise ValueError
    except (ValueError, httpx.InvalidURL):
        raise ConfigurationError(
            f"the environment names a proxy for {url.scheme} that is no proxy URL; it should look like http://host:port",
            f"环境变量中的 {url.scheme} 代理地址无效，应形如 http://host:port",
            argument="proxy",
        ) from None
    if found.url.scheme.startswith("socks5") and importlib.util.find_spec("socksio") is None:
        raise ConfigurationError(
            "the environment names a SOCKS proxy, which needs httpx[socks] to be installed",
            "环境变量指定了 SOCKS 代理，需要安装 httpx[socks]",
            argument="proxy",
        )
    return found


def _pool_settings(base_url: str, *, exclusive: bool) -> tuple[str, dict[str, Any]]:
    """Choose among httpcore's pools, and its settings: no connection is kept where none may be used twice."""
    proxy = _proxy_for(base_url)
    settings: dict[str, Any] = {
        "max_connections": _MOST_CONNECTIONS,
        "max_keepalive_connections": 0 if exclusive else 20,
        "keepalive_expiry": _KEPT_FOR,
    }
    if base_url.startswith("https://") or (proxy is not None and proxy.url.scheme == "https"):
        settings["ssl_context"] = _tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    if proxy is None:
        return "ConnectionPool", settings
    settings["proxy_url"] = httpcore.URL(
        scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
    )
    settings["proxy_auth"] = proxy.raw_auth
    if proxy.url.scheme.startswith("socks5"):
        return "SOCKSProxy", settings
    return "HTTPProxy", {**settings, "proxy_headers": proxy.headers.raw}


class SyncHttp:
    """Sends requests over connections of its own, or through the caller's client."""

    def __init__(self, base_url: str, client: HttpClient | None = None) -> None:
        self._outgoing = _Outgoing(base_url)
        self._client: Any = client
        self._base_url = base_url
        self._inherited: list[Any] = []
        self.closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._under_way = 0
        #: The pools of reads, and of what needs a connection for itself.
        self._pools: dict[bool, httpcore.ConnectionPool] = {}
        if self._client is None:
            self._pools[False] = self._pool(exclusive=False)

    def _pool(self, *, exclusive: bool) -> httpcore.ConnectionPool:
        kind, settings = _pool_settings(self._base_url, exclusive=exclusive)
        pool: httpcore.ConnectionPool = getattr(httpcore, kind)(**settings, network_backend=Backend())
        return pool

    def transmit(self, transmit: Transmit) -> Response | Failure:
        if self._process != os.getpid():
            # Two processes on one connection would read each other's responses. The parent's is kept, and not used.
            self._inherited.append(self._pools)
            self._begin()
        with self._lock:
            if self.closed:
                return _CLOSED
            self._under_way += 1
        attempt = Attempt(transmit.timeout, transmit.sent)
        token = current.set(attempt)
        try:
            return self._exchange(transmit, attempt)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return _failure(error, attempt, transmit)
        finally:
            current.reset(token)
            with self._lock:
                self._under_way -= 1
                last = self.closed and not self._under_way
            if last:
                self._end()

    def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        request = _encoded(transmit.request)
        if self._client is not None:
            return self._borrowed(transmit, request, attempt)
        pool = self._pools.get(transmit.exclusive)
        if pool is None:
            pool = self._pools.setdefault(transmit.exclusive, self._pool(exclusive=transmit.exclusive))
        response = pool.handle_request(self._outgoing.request(request, transmit.timeout))
        try:
            body = _Body(attempt, transmit.max_bytes, _decoded(response.headers))
            for chunk in response.iter_stream():
                body.add(chunk)
            return body.response(response.status)
        finally:
            response.close()

    def _borrowed(self, transmit: Transmit, request: Request, attempt: Attempt) -> Response:
        built = self._client.build_request(**self._outgoing.arguments(request, transmit.timeout))
        attempt.leaving()
        response = self._client.send(built, stream=True, follow_redirects=False)
        try:
            body = _Body(attempt, transmit.max_bytes, _listed(response))
            for chunk in [response.content] if response.is_stream_consumed else response.iter_raw():
                body.add(chunk)
            return body.response(response.status_code)
        finally:
            response.close()

    def _end(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def close(self) -> None:
        """Refuse further requests; the last of those under way closes the connections."""
        with self._lock:
            idle = not self.closed and not self._under_way
            self.closed = True
        if idle:
            self._end()


class AsyncHttp:
    """The same for event loops."""

    def __init__(self, base_url: str, client: AsyncHttpClient | None = None) -> None:
        self._outgoing = _Outgoing(base_url)
        self._client: Any = client
        self._base_url = base_url
        #: Pools by event loop: on a connection of another loop, a request goes out and its response is lost.
        self._pools: dict[tuple[asyncio.AbstractEventLoop, bool], httpcore.AsyncConnectionPool] = {}
        self._under_way: dict[asyncio.AbstractEventLoop, set[asyncio.Future[None]]] = {}
        self.closed = False
        if client is None:
            _proxy_for(base_url)  # a proxy that can't be used is an error now, not at the first call

    def _pool(self, loop: asyncio.AbstractEventLoop, *, exclusive: bool) -> httpcore.AsyncConnectionPool:
        pool = self._pools.get((loop, exclusive))
        if pool is None:
            for ended in [key for key in self._pools if key[0].is_closed()]:
                del self._pools[ended]
            kind, settings = _pool_settings(self._base_url, exclusive=exclusive)
            pool = getattr(httpcore, f"Async{kind}")(**settings, network_backend=AsyncBackend())
            self._pools[loop, exclusive] = pool
        return pool

    async def transmit(self, transmit: Transmit) -> Response | Failure:
        if self.closed:
            return _CLOSED
        loop = asyncio.get_running_loop()
        under_way = self._under_way.setdefault(loop, set())
        ended = loop.create_future()
        under_way.add(ended)
        attempt = Attempt(transmit.timeout, transmit.sent)
        token = current.set(attempt)
        try:
            async with asyncio.timeout(transmit.timeout):
                return await self._exchange(loop, transmit, attempt)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return _failure(error, attempt, transmit)
        finally:
            current.reset(token)
            under_way.discard(ended)
            ended.set_result(None)

    async def _exchange(self, loop: asyncio.AbstractEventLoop, transmit: Transmit, attempt: Attempt) -> Response:
        request = _encoded(transmit.request)
        if self._client is not None:
            return await self._borrowed(transmit, request, attempt)
        pool = self._pool(loop, exclusive=transmit.exclusive)
        response = await pool.handle_async_request(self._outgoing.request(request, transmit.timeout))
        try:
            body = _Body(attempt, transmit.max_bytes, _decoded(response.headers))
            async for chunk in response.aiter_stream():
                body.add(chunk)
            return body.response(response.status)
        finally:
            await response.aclose()

    async def _borrowed(self, transmit: Transmit, request: Request, attempt: Attempt) -> Response:
        built = self._client.build_request(**self._outgoing.arguments(request, transmit.timeout))
        attempt.leaving()
        response = await self._client.send(built, stream=True, follow_redirects=False)
        try:
            body = _Body(attempt, transmit.max_bytes, _listed(response))
            if response.is_stream_consumed:
                body.add(response.content)
            else:
                async for chunk in response.aiter_raw():
                    body.add(chunk)
            return body.response(response.status_code)
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Refuse further requests, let those under way in this loop end, and close the connections."""
        self.closed = True
        loop = asyncio.get_running_loop()
        under_way = self._under_way.get(loop)
        if under_way:
            await asyncio.wait(under_way)
        pools = [pool for (owner, _), pool in self._pools.items() if owner is loop]
        self._pools.clear()  # those of other loops cannot be closed from here
        for pool in pools:
            await pool.aclose()


def _decoded(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]


def _listed(response: Any) -> list[tuple[str, str]]:
    # A body that was read before it got here, as from a test's transport, has been unpacked as well.
    unpacked = response.is_stream_consumed
    return [
        (name.lower(), value)
        for name, value in response.headers.multi_items()
        if not (unpacked and name.lower() == "content-encoding")
    ]
