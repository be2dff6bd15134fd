"""Sends requests by httpcore over a client's own connections, or by the caller's own client.

A caller's own clients only have to look like httpx's: their exceptions are told apart by name.
"""

import asyncio
from typing import Any, Protocol

import anyio
import httpcore

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Request, Response
from chaobiao._client.attempt import AsyncBackend, Attempt, Backend
from chaobiao._client.connections import pool_settings, proxy_for
from chaobiao._client.outgoing import Outgoing, encoded
from chaobiao._client.responses import Body, decoded, listed
from chaobiao._client.transport import AsyncTransport, SyncTransport


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


class SyncHttp(SyncTransport):
    """Sends requests over connections of its own, or through the caller's client."""

    #: The pools of reads, and of what needs a connection for itself.
    _connections: dict[bool, httpcore.ConnectionPool]

    def __init__(self, base_url: str, client: HttpClient | None = None) -> None:
        self._outgoing = Outgoing(base_url)
        self._client: Any = client
        super().__init__(base_url)

    def _open(self) -> dict[bool, httpcore.ConnectionPool]:
        return {} if self._client is not None else {False: self._pool(exclusive=False)}

    def _pool(self, *, exclusive: bool) -> httpcore.ConnectionPool:
        kind, settings = pool_settings(self._base_url, exclusive=exclusive)
        pool: httpcore.ConnectionPool = getattr(httpcore, kind)(**settings, network_backend=Backend())
        return pool

    def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        request = encoded(transmit.request)
        if self._client is not None:
            return self._borrowed(transmit, request, attempt)
        pool = self._connections.get(transmit.exclusive)
        if pool is None:
            pool = self._connections.setdefault(transmit.exclusive, self._pool(exclusive=transmit.exclusive))
        attempt.content_follows = bool(request.content)
        response = pool.handle_request(self._outgoing.request(request, transmit.timeout))
        try:
            body = Body(attempt, transmit.max_bytes, decoded(response.headers))
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
            body = Body(attempt, transmit.max_bytes, listed(response))
            for chunk in [response.content] if response.is_stream_consumed else response.iter_raw():
                body.add(chunk)
            return body.response(response.status_code)
        finally:
            response.close()

    def _end(self) -> None:
        for pool in self._connections.values():
            pool.close()


class AsyncHttp(AsyncTransport):
    """The same for event loops."""

    def __init__(self, base_url: str, client: AsyncHttpClient | None = None) -> None:
        super().__init__(base_url)
        self._outgoing = Outgoing(base_url)
        self._client: Any = client
        #: Pools by event loop: on a connection of another loop, a request goes out and its response is lost.
        self._pools: dict[tuple[asyncio.AbstractEventLoop, bool], httpcore.AsyncConnectionPool] = {}
        self._prepared = client is not None
        if client is None:
            proxy_for(base_url)  # a proxy that can't be used is an error now, not at the first call

    def prepare(self) -> None:
        if not self._prepared:
            anyio.get_cancelled_exc_class()  # loads anyio's modules for asyncio: tens of milliseconds
            self._prepared = True

    def _pool(self, *, exclusive: bool) -> httpcore.AsyncConnectionPool:
        loop = asyncio.get_running_loop()
        pool = self._pools.get((loop, exclusive))
        if pool is None:
            for ended in [key for key in self._pools if key[0].is_closed()]:
                del self._pools[ended]
            kind, settings = pool_settings(self._base_url, exclusive=exclusive)
            pool = getattr(httpcore, f"Async{kind}")(**settings, network_backend=AsyncBackend())
            self._pools[loop, exclusive] = pool
        return pool

    async def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        async with asyncio.timeout(transmit.timeout):
            request = encoded(transmit.request)
            if self._client is not None:
                return await self._borrowed(transmit, request, attempt)
            pool = self._pool(exclusive=transmit.exclusive)
            attempt.content_follows = bool(request.content)
            response = await pool.handle_async_request(self._outgoing.request(request, transmit.timeout))
            try:
                body = Body(attempt, transmit.max_bytes, decoded(response.headers))
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
            body = Body(attempt, transmit.max_bytes, listed(response))
            if response.is_stream_consumed:
                body.add(response.content)
            else:
                async for chunk in response.aiter_raw():
                    body.add(chunk)
            return body.response(response.status_code)
        finally:
            await response.aclose()

    async def _end(self) -> None:
        loop = asyncio.get_running_loop()
        pools = [pool for (owner, _), pool in self._pools.items() if owner is loop]
        self._pools.clear()  # those of other loops cannot be closed from here
        for pool in pools:
            await pool.aclose()
