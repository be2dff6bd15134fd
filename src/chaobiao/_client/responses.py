"""Responses within their bounds, and what failures of HTTP libraries mean: not sent, or unknown."""

import zlib
from typing import Any, Final

from chaobiao._call.effects import Transmit
from chaobiao._call.messages import Failure, Response
from chaobiao._call.retry import Outcome
from chaobiao._client.attempt import Attempt

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
CLOSED: Final = Failure(Outcome.NOT_SENT, "the HTTP client is closed", "HTTP 客户端已关闭")


class TooLarge(Exception):
    pass


class TooSlow(Exception):
    pass


class BadEncoding(Exception):
    pass


class Body:
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
                raise BadEncoding
            self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by what the data begins with

    def add(self, chunk: bytes) -> None:
        if self._unpack is not None:
            try:
                chunk = self._unpack.decompress(chunk, self._max - self._size + 1)
            except zlib.error as error:
                raise BadEncoding from error
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._max:
            raise TooLarge
        if self._attempt.remaining() < 0.000_002:
            raise TooSlow

    def response(self, status: int) -> Response:
        if self._unpack is not None and self._size and not self._unpack.eof:
            raise BadEncoding
        return Response(status, b"".join(self._chunks), self._headers)


def failure(error: Exception, attempt: Attempt, transmit: Transmit) -> Failure:
    """Map what went wrong; the cause loses the request and the frames that held it."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, RuntimeError) and str(error) == "Cannot send a request, as the client has been closed.":
        return CLOSED
    words = type(error).__name__
    told = str(error) if names & _QUOTABLE else ""
    words = f"{words}: {told}" if told else words
    cause = None
    if names & {"TransportError", "NetworkError", "ProtocolError", "TimeoutException", "ProxyError"}:
        cause = type(error).__new__(type(error))
        cause.args = (told,)
    sent = attempt.was_sent and not names & _NOT_SENT
    return explained(error, transmit, words, cause, sent=sent, slow="TimeoutException" in names)


def explained(
    error: Exception, transmit: Transmit, words: str, cause: Exception | None, *, sent: bool, slow: bool
) -> Failure:
    """Say in both languages what went wrong, in ``words`` where nothing else says it."""
    seconds = transmit.timeout
    if isinstance(error, TooLarge):
        limit = transmit.max_bytes
        return Failure(
            Outcome.UNKNOWN,
            f"the response is larger than {limit} bytes (max_response_bytes)",
            f"返回内容超过 {limit} 字节（max_response_bytes）",
        )
    if isinstance(error, BadEncoding):
        return Failure(
            Outcome.UNKNOWN,
            "the response is compressed in a way that was not asked for",
            "返回内容使用了未请求的压缩方式",
        )
    if not sent:
        return Failure(
            Outcome.NOT_SENT, f"the server could not be reached ({words})", f"无法连接服务器（{words}）", cause
        )
    if slow or isinstance(error, TooSlow | TimeoutError):
        return Failure(
            Outcome.UNKNOWN,
            f"no complete response within {seconds:g} s",
            f"{seconds:g} 秒内未收到完整的返回内容",
            cause,
        )
    return Failure(Outcome.UNKNOWN, f"no response came ({words})", f"没有收到回应（{words}）", cause)


def decoded(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]


def listed(response: Any) -> list[tuple[str, str]]:
    # A body that was read before it got here, as from a test's transport, has been unpacked as well.
    unpacked = response.is_stream_consumed
    return [
        (name.lower(), value)
        for name, value in response.headers.multi_items()
        if not (unpacked and name.lower() == "content-encoding")
    ]
