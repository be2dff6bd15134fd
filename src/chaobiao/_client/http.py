"""Sends requests by httpcore over a client's own connections, or by the caller's own client.

A caller's own clients only have to look like httpx's: their exceptions are told apart by name.
"""

from typing import Any, Protocol

import httpcore

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Request, Response
from chaobiao._client.attempt import Attempt, Backend
from chaobiao._client.connections import pool_settings
from chaobiao._client.outgoing import Jar, Outgoing, cookies_named, encoded
from chaobiao._client.responses import Body, decoded, listed
from chaobiao._client.transport import SyncTransport


class HttpClient(Protocol):
    """What a caller's own sync client must offer: httpx.Client and httpx2.Client do."""

    def build_request(self, method: str, url: str, *, content: Any, headers: Any, timeout: Any) -> Any: ...
    def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> Any: ...
    def close(self) -> None: ...


class SyncHttp(SyncTransport):
    """Sends requests over connections of its own, or through the caller's client."""

    #: The pools of reads, and of what needs a connection for itself.
    _connections: dict[bool, httpcore.ConnectionPool]

    def __init__(self, base_url: str, client: HttpClient | None = None) -> None:
        self._outgoing = Outgoing(base_url)
        self._client: Any = client
        self._jar = Jar(client)
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
        with self._jar.lent(request, built) as named:
            attempt.leaving()
            response = self._client.send(built, stream=True, follow_redirects=False)
            named.update(cookies_named(response.headers))
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
