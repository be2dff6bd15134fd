"""Sends requests from event loops by httpcore over a client's own connections, or by the caller's own client."""

import asyncio
import importlib
from contextlib import suppress
from typing import Any, Protocol

import httpcore

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Request, Response
from chaobiao._client.async_transport import AsyncTransport
from chaobiao._client.attempt import AsyncBackend, Attempt
from chaobiao._client.connections import pool_settings, proxy_for
from chaobiao._client.outgoing import Jar, Outgoing, cookies_named, encoded
from chaobiao._client.responses import Body, decoded, listed


class AsyncHttpClient(Protocol):
    """What a caller's own async client must offer: httpx.AsyncClient and httpx2.AsyncClient do."""

    def build_request(self, method: str, url: str, *, content: Any, headers: Any, timeout: Any) -> Any: ...
    async def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any: ...
    async def aclose(self) -> None: ...


class AsyncHttp(AsyncTransport):
    """Sends requests over connections of its own, one set for each event loop, or through the caller's client."""

    def __init__(self, base_url: str, client: AsyncHttpClient | None = None) -> None:
        super().__init__(base_url)
        self._outgoing = Outgoing(base_url)
        self._client: Any = client
        self._jar = Jar(client)
        #: Pools by event loop: on a connection of another loop, a request goes out and its response is lost.
        self._pools: dict[tuple[asyncio.AbstractEventLoop, bool], httpcore.AsyncConnectionPool] = {}
        if client is None:
            with suppress(ImportError):  # anyio would load it within the first call's turn
                importlib.import_module("anyio._backends._asyncio")
            proxy_for(base_url)  # a proxy that can't be used is an error now, not at the first call

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
        with self._jar.lent(request, built) as named:
            attempt.leaving()
            response = await self._client.send(built, stream=True, follow_redirects=False)
            named.update(cookies_named(response.headers))
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
