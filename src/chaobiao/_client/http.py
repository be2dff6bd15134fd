"""Sends requests by httpcore over a client's own connections, or by the caller's own client.

A caller's own clients only have to look like httpx's: their exceptions are told apart by name.
"""

import asyncio
import os
import threading
from typing import Any, Protocol

import httpcore

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Request, Response
from chaobiao._client.attempt import AsyncBackend, Attempt, Backend, current
from chaobiao._client.connections import pool_settings, proxy_for
from chaobiao._client.outgoing import Jar, Outgoing, encoded
from chaobiao._client.responses import CLOSED, Body, decoded, failure, listed


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


class SyncHttp:
    """Sends requests over connections of its own, or through the caller's client."""

    def __init__(self, base_url: str, client: HttpClient | None = None) -> None:
        self._outgoing = Outgoing(base_url)
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
        kind, settings = pool_settings(self._base_url, exclusive=exclusive)
        pool: httpcore.ConnectionPool = getattr(httpcore, kind)(**settings, network_backend=Backend())
        return pool

    def transmit(self, transmit: Transmit) -> Response | Failure:
        if self._process != os.getpid():
            # Two processes on one connection would read each other's responses. The parent's is kept, and not used.
            self._inherited.append(self._pools)
            self._begin()
        with self._lock:
            if self.closed:
                return CLOSED
            self._under_way += 1
        attempt = Attempt(transmit.timeout, transmit.sent)
        token = current.set(attempt)
        try:
            return self._exchange(transmit, attempt)
        except Exception as error:  # noqa: BLE001  # the boundary: every foreign error becomes a Failure
            return failure(error, attempt, transmit)
        finally:
            current.reset(token)
            with self._lock:
                self._under_way -= 1
                last = self.closed and not self._under_way
            if last:
                self._end()

    def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        request = encoded(transmit.request)
        if self._client is not None:
            return self._borrowed(transmit, request, attempt)
        pool = self._pools.get(transmit.exclusive)
        if pool is None:
            pool = self._pools.setdefault(transmit.exclusive, self._pool(exclusive=transmit.exclusive))
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
        jar = Jar(self._client, request)
        jar.add_to(built)
        attempt.leaving()
        response = self._client.send(built, stream=True, follow_redirects=False)
        jar.restore()
        try:
            body = Body(attempt, transmit.max_bytes, listed(response))
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
        self._outgoing = Outgoing(base_url)
        self._client: Any = client
        self._base_url = base_url
        #: Pools by event loop: on a connection of another loop, a request goes out and its response is lost.
        self._pools: dict[tuple[asyncio.AbstractEventLoop, bool], httpcore.AsyncConnectionPool] = {}
        self._under_way: dict[asyncio.AbstractEventLoop, set[asyncio.Future[None]]] = {}
        self.closed = False
        if client is None:
            proxy_for(base_url)  # a proxy that can't be used is an error now, not at the first call

    def _pool(self, loop: asyncio.AbstractEventLoop, *, exclusive: bool) -> httpcore.AsyncConnectionPool:
        pool = self._pools.get((loop, exclusive))
        if pool is None:
            for ended in [key for key in self._pools if key[0].is_closed()]:
                del self._pools[ended]
            kind, settings = pool_settings(self._base_url, exclusive=exclusive)
            pool = getattr(httpcore, f"Async{kind}")(**settings, network_backend=AsyncBackend())
            self._pools[loop, exclusive] = pool
        return pool

    async def transmit(self, transmit: Transmit) -> Response | Failure:
        if self.closed:
            return CLOSED
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
            return failure(error, attempt, transmit)
        finally:
            current.reset(token)
            under_way.discard(ended)
            ended.set_result(None)

    async def _exchange(self, loop: asyncio.AbstractEventLoop, transmit: Transmit, attempt: Attempt) -> Response:
        request = encoded(transmit.request)
        if self._client is not None:
            return await self._borrowed(transmit, request, attempt)
        pool = self._pool(loop, exclusive=transmit.exclusive)
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
        jar = Jar(self._client, request)
        jar.add_to(built)
        attempt.leaving()
        response = await self._client.send(built, stream=True, follow_redirects=False)
        jar.restore()
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
