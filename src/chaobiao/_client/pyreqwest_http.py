"""Sends requests by pyreqwest, which is Rust's reqwest and hyper: over HTTP/1, without redirects, cookies and retries.

hyper takes a request's content from an iterator when it has a connection, directly before it writes the first byte. So
the iterator knows when the request leaves, and as long as it has not been asked, nothing was sent and nothing will be.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, Self

from pyreqwest.client import BaseClientBuilder, ClientBuilder, SyncClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError
from pyreqwest.proxy import ProxyBuilder

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Response
from chaobiao._client.async_http import AsyncHttp
from chaobiao._client.async_transport import AsyncTransport
from chaobiao._client.attempt import Attempt
from chaobiao._client.connections import KEPT_FOR, proxy_for
from chaobiao._client.http import SyncHttp
from chaobiao._client.outgoing import SHARED_HEADERS, Outgoing, encoded
from chaobiao._client.responses import Body, explained, failure
from chaobiao._client.transport import SyncTransport

#: What reqwest says of a request for which it got no connection.
_NO_CONNECTION: Final = "client error (Connect)"
#: The process in which pyreqwest's threads run; in a child of it, each request would wait for them without end.
_process: int | None = None


def _is_usable() -> bool:
    global _process
    _process = _process or os.getpid()
    return _process == os.getpid()


class _Abandoned(Exception):
    pass


class _Content:
    """A request's content. hyper asks for it in a thread of its own, while the caller may give the request up."""

    def __init__(self, attempt: Attempt, content: bytes) -> None:
        self._attempt = attempt
        self._content: bytes | None = content
        #: Whether the request leaves, settled by whichever thread comes first: setdefault() is atomic.
        self._settled: dict[str, bool] = {}

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        content, self._content = self._content, None
        if content is None:
            raise StopIteration
        if not self._settled.setdefault("leaves", True):
            raise _Abandoned
        self._attempt.leaving()
        return content

    def abandon(self) -> None:
        """The caller waits no more: what has not left stays here."""
        if self._settled.setdefault("leaves", False) and not self._attempt.was_sent:
            self._attempt.leaving()  # the other thread is about to say so


class _Sending:
    """A request on its way. Tracebacks show this instead of pyreqwest's own request, whose repr may raise."""

    def __init__(self, request: Any, content: _Content | None) -> None:
        self.request = request
        self._content = content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None and self._content is not None:
            self._content.abandon()


class _Requests:
    """Makes requests for one base URL, with pyreqwest's clients of one kind, sync or async."""

    def __init__(self, base_url: str, builder: type[ClientBuilder | SyncClientBuilder]) -> None:
        self._outgoing = Outgoing(base_url)
        self._proxy = proxy_for(base_url)
        self._builder = builder
        #: Clients of reads, and of what needs a connection for itself.
        self.clients: dict[bool, Any] = {}

    def client(self, *, exclusive: bool) -> Any:
        """Return a client that does no more than it is told; an exclusive one uses no connection twice."""
        client = self.clients.get(exclusive)
        if client is None:
            client = self.clients.setdefault(exclusive, self._built(exclusive=exclusive))
        return client

    def _built(self, *, exclusive: bool) -> Any:
        builder = self._builder()
        made: BaseClientBuilder = builder
        made.http1_only().follow_redirects(False).referer(False)
        made.gzip(False).deflate(False).brotli(False).zstd(False)
        made.pool_idle_timeout(timedelta(seconds=KEPT_FOR)).pool_max_idle_per_host(0 if exclusive else 20)
        made.default_headers([(name.decode(), value.decode()) for name, value in SHARED_HEADERS])
        made.no_proxy()
        if self._proxy is not None:
            url = self._proxy.url.copy_with(username=None, password=None)
            proxy = ProxyBuilder.all(str(url))
            if self._proxy.auth is not None:
                proxy = proxy.basic_auth(*self._proxy.auth)
            made.proxy(proxy)
        return builder.build()

    def made(self, transmit: Transmit, attempt: Attempt) -> _Sending:
        request = encoded(transmit.request)
        client = self.client(exclusive=transmit.exclusive)
        builder = client.request(request.method, self._outgoing.url(request))
        builder = builder.headers(self._outgoing.own_headers(request))
        content = _Content(attempt, request.content) if request.content else None
        if content is not None:
            builder = builder.body_stream(content)
        built = builder.timeout(timedelta(seconds=attempt.remaining())).build_streamed()
        if content is None:
            attempt.leaving()  # hyper does not tell when it has a connection
        return _Sending(built, content)


def _headers(response: Any) -> list[tuple[str, str]]:
    try:
        return [*response.headers.items()]
    except ValueError:  # one of them is not ASCII: leave it out
        found: list[tuple[str, str]] = []
        for name in dict.fromkeys(response.headers.keys()):
            try:
                found += [(name, value) for value in response.get_header_all(name)]
            except ValueError:
                continue
        return found


def _failure(error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
    if not isinstance(error, DetailedPyreqwestError):
        return failure(error, attempt, transmit)
    causes = [cause["message"] for cause in error.details["causes"] or ()]
    # The first one quotes the URL. The classes say little: a connection that is reset after the request is a
    # ConnectError as well, and a response that does not come is a ConnectTimeoutError.
    words = causes[-1] if len(causes) > 1 else type(error).__name__
    sent = attempt.was_sent and causes[1:2] != [_NO_CONNECTION]
    cause = type(error)(words, {"causes": None})
    return explained(error, transmit, words, cause, sent=sent, slow=False)


class SyncPyreqwest(SyncTransport):
    """Sends requests from threads."""

    _connections: _Requests | SyncHttp

    def __init__(self, base_url: str) -> None:
        self._requests = _Requests(base_url, SyncClientBuilder)
        super().__init__(base_url)

    def _open(self) -> _Requests | SyncHttp:
        if not _is_usable():
            return SyncHttp(self._base_url)
        self._requests.client(exclusive=False)
        return self._requests

    def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        if isinstance(self._connections, SyncHttp):
            return self._connections._exchange(transmit, attempt)
        with self._connections.made(transmit, attempt) as sending, sending.request as response:
            body = Body(attempt, transmit.max_bytes, _headers(response))
            reader = response.body_reader
            while (chunk := reader.read_chunk()) is not None:
                body.add(bytes(chunk))
            return body.response(response.status)

    def _failure(self, error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
        return _failure(error, attempt, transmit)

    def _end(self) -> None:
        if isinstance(self._connections, SyncHttp):
            self._connections.close()
        else:
            for client in self._connections.clients.values():
                client.close()


class AsyncPyreqwest(AsyncTransport):
    """Sends requests from event loops, which share the connections."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self._requests = _Requests(base_url, ClientBuilder)
        self._instead: AsyncHttp | None = None
        if _is_usable():
            self._requests.client(exclusive=False)

    async def _exchange(self, transmit: Transmit, attempt: Attempt) -> Response:
        if not _is_usable():
            self._instead = self._instead or AsyncHttp(self._base_url)
            return await self._instead._exchange(transmit, attempt)
        with self._requests.made(transmit, attempt) as sending:
            async with sending.request as response:
                body = Body(attempt, transmit.max_bytes, _headers(response))
                reader = response.body_reader
                while (chunk := await reader.read_chunk()) is not None:
                    body.add(bytes(chunk))
                return body.response(response.status)

    def _failure(self, error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
        return _failure(error, attempt, transmit)

    async def _end(self) -> None:
        if self._instead is not None:
            await self._instead._end()
        if _is_usable():
            for client in self._requests.clients.values():
                await client.close()
