"""One attempt on the network: its deadline, when its first byte leaves, and what its connection has received.

The connections of a client are httpcore's. The streams below them are wrapped, so that every operation of an attempt
(DNS, connect, TLS, each read and write) ends by the attempt's own deadline however slowly bytes arrive, and so that a
connection that has received more than the response is not used again.
"""

import ipaddress
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Final

import httpcore

#: The end of a chunked body without trailers.
_LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)


class Attempt:
    """What an attempt may take and has done so far. ``seconds`` is real time."""

    __slots__ = ("_sent", "content_follows", "ends", "was_sent")

    def __init__(self, seconds: float, sent: Callable[[], None]) -> None:
        self.ends = time.monotonic() + seconds
        self._sent = sent
        self.was_sent = False
        #: Whether the head of the request waits for its content, so that both leave at once.
        self.content_follows = False

    def remaining(self) -> float:
        """The seconds that are left; a little where none are, for a time-out of zero would mean not to wait."""
        return max(self.ends - time.monotonic(), 0.000_001)

    def leaving(self) -> None:
        """Bytes are about to leave."""
        self.was_sent = True
        self._sent()


#: The attempt that the current thread or task carries out.
current: ContextVar[Attempt | None] = ContextVar("chaobiao_attempt", default=None)


def _within(timeout: float | None) -> float | None:
    attempt = current.get()
    if attempt is None:
        return timeout
    remaining = attempt.remaining()
    return remaining if timeout is None else min(timeout, remaining)


def _waits(buffer: bytes) -> bool:
    """Whether this is the head of a request whose content comes next; what is said to a proxy does not wait."""
    attempt = current.get()
    if attempt is None or not attempt.content_follows:
        return False
    if not buffer.endswith(b"\r\n\r\n") or buffer.startswith(b"CONNECT "):
        return False
    attempt.content_follows = False
    return True


class Surplus:
    """Tells whether a connection has received more than the response to its newest request."""

    __slots__ = ("_body", "_expected", "_head", "_reading", "_tail", "found")

    def __init__(self) -> None:
        self.found = False
        self._reset()

    def _reset(self) -> None:
        self._head: bytes | None = b""
        self._expected: int | None = None
        self._body = 0
        self._tail = b""
        self._reading = False

    def wrote(self) -> None:
        """A request was written: what follows is its response."""
        if self._reading:
            self._reset()

    def received(self, data: bytes) -> None:
        """Bytes came."""
        self._reading = True
        while self._head is not None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head, data = self._head[: end + 4], self._head[end + 4 :]
            if head[9:10] == b"1":  # an interim response, such as 100 Continue
                self._head, data = b"", data
                if not data:
                    return
                continue
            self._head = None
            length = _LENGTH.search(head)
            if head[9:12] in (b"204", b"304"):
                self._expected = 0
            elif _CHUNKED.search(head):
                self._expected, self._tail = None, b"\r\n"
            else:
                self._expected = int(length[1]) if length else None
        if self._tail:
            text = self._tail + data
            end = text.find(_LAST_CHUNK)
            self.found = self.found or (0 <= end < len(text) - len(_LAST_CHUNK))
            self._tail = text[-len(_LAST_CHUNK) :]
        elif self._expected is not None:
            self._body += len(data)
            self.found = self.found or self._body > self._expected


class _Connection:
    """What a connection of either kind knows about its requests and responses."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._surplus = Surplus()
        self._head = b""

    def _to_write(self, buffer: bytes) -> bytes:
        """Return what to write now: nothing while a head waits for its content, and both when that comes."""
        if _waits(buffer):
            self._head = buffer
            return b""
        buffer, self._head = self._head + buffer, b""
        if buffer:  # the end of the content needs no bytes
            self._surplus.wrote()
            attempt = current.get()
            if attempt is not None:
                attempt.leaving()
        return buffer

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self._surplus.found:
            return True  # which a pool takes for the end of the connection
        return self._stream.get_extra_info(info)


class _Stream(_Connection, httpcore.NetworkStream):
    """A connection whose operations end with the current attempt."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._stream.read(max_bytes, _within(timeout))
        self._surplus.received(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        buffer = self._to_write(buffer)
        view = memoryview(buffer)
        del buffer  # so that no traceback shows a token
        while view:  # each piece has what is left of the attempt, not a time-out of its own
            self._stream.write(bytes(view[:65536]), _within(timeout))
            view = view[65536:]

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _within(timeout)))


class Backend(httpcore.NetworkBackend):
    """Connects within the current attempt, the look-up of the server's name included."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _look_up(host, port, _within(timeout))
        for number, address in enumerate(addresses):
            try:
                within = _within(timeout)
                return _Stream(self._backend.connect_tcp(address, port, within, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
        raise httpcore.ConnectError(f"no address for {host}")


def _look_up(host: str, port: int, timeout: float | None) -> list[str]:
    """Resolve a name. The system's resolver takes no time-out, so it works in a thread that may be left behind."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return [host]
    found: list[str] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(info[4][0]) for info in infos))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=look_up, name="chaobiao-dns", daemon=True)
    thread.start()
    thread.join(timeout)
    if failed:
        raise httpcore.ConnectError(str(failed[0]))
    if not found:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time")
    return found


class _AsyncStream(_Connection, httpcore.AsyncNetworkStream):
    """A connection of an event loop; the attempt's time is kept around it."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's own
        data: bytes = await self._stream.read(max_bytes, timeout)
        self._surplus.received(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's own
        buffer = self._to_write(buffer)
        if buffer:
            writing = self._stream.write(buffer, timeout)
            del buffer  # so that the traceback of a cancelled call shows no token
            await writing

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own
    ) -> "_AsyncStream":
        try:
            return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:  # a handshake that is cancelled leaves its socket open
            await self._stream.aclose()
            raise


class AsyncBackend(httpcore.AsyncNetworkBackend):
    """Connects from an event loop."""

    def __init__(self) -> None:
        self._backend: Any = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))


def _is_of_others(_: logging.LogRecord) -> bool:
    """Drop what httpcore logs of our connections: headers, cookies and addresses with tokens among them."""
    return current.get() is None


for _name in ("httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).addFilter(_is_of_others)
