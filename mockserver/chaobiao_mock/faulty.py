"""The responses that faults request: late, incomplete, doubled, or none."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import httpx
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chaobiao_mock.faults import Fault
from chaobiao_mock.replies import JSON

#: The size of the pieces in which large bodies are sent, in bytes.
_PIECE: Final = 64 * 1024
#: The value of SO_LINGER with which a connection is reset.
_RESET: Final = struct.pack("ii", 1, 0)
#: Into so many pieces a response is divided that drips.
_DRIPS: Final = 10


def faulty_response(fault: Fault, response: Response) -> Response:
    """Return the response that a fault requests; ``response`` is what the server would send."""
    if fault.phase == "mid_answer" and fault.kind in ("cut", "reset", "hang"):
        return _Interrupted(response, fault.kind)
    match fault.kind:
        case "status":
            if fault.status in (204, 304):  # these have no body
                return Response(status_code=fault.status)
            return Response("<html><body>upstream error</body></html>", fault.status, media_type="text/html")
        case "garbage":
            return Response('{"code":200,"data":[{"tableNo":', media_type=JSON)
        case "large":
            return StreamingResponse(_large_body(fault.size), media_type=JSON)
        case "cut" | "reset" | "hang":
            return _Missing(fault.kind)
        case "drip":
            return _dripping(response, fault.seconds)
        case "doubled":
            return _Doubled(response)
        case "length":
            return _WrongLength(response)
        case _:
            return response


async def _large_body(size: int) -> AsyncIterator[bytes]:
    """Yield JSON text with a message of this size in pieces: it may be larger than the memory."""
    yield b'{"code":200,"msg":"'
    for sent in range(0, size, _PIECE):
        yield b"x" * min(_PIECE, size - sent)
    yield b'"}'


def _dripping(response: Response, seconds: float) -> Response:
    body = bytes(response.body)
    size = -(-len(body) // _DRIPS)

    async def pieces() -> AsyncIterator[bytes]:
        for begin in range(0, len(body), size):
            await asyncio.sleep(seconds / _DRIPS)
            yield body[begin : begin + size]

    return StreamingResponse(pieces(), response.status_code, media_type=JSON)


class _Broken(Response):
    """A response that ends before its end."""

    async def _end(self, kind: str, scope: Scope, receive: Receive) -> None:
        """Close or reset the connection, or wait until the client closes it or the server stops."""
        if kind == "hang":
            await _until_given_up(scope, receive)
            return
        transport = scope.get("state", {}).get("transport")
        if transport is None:  # in process there is no connection; httpx passes this error on to the client
            raise httpx.RemoteProtocolError("the mock closed the connection, as a fault requests")
        if kind == "reset":  # with this option, closing sends RST instead of FIN
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
        else:
            transport.close()


class _Doubled(Response):
    """A response that is sent twice: the second one answers no request."""

    def __init__(self, whole: Response) -> None:
        super().__init__(bytes(whole.body), whole.status_code)
        self.raw_headers = whole.raw_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        transport = scope.get("state", {}).get("transport")
        if transport is not None:  # in process there is no connection on which it could arrive
            head = b"".join(b"%s: %s\r\n" % header for header in self.raw_headers)
            transport.write(b"HTTP/1.1 %d OK\r\n%s\r\n%s" % (self.status_code, head, bytes(self.body)))


class _Missing(_Broken):
    """A response of which nothing is sent."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._end(self._kind, scope, receive)
        if self._kind == "hang":
            with suppress(OSError):  # the client is gone
                await send({"type": "http.response.start", "status": 504, "headers": []})
                await send({"type": "http.response.body", "body": b""})


class _Interrupted(_Broken):
    """A response of which half of the announced bytes are sent."""

    def __init__(self, whole: Response, kind: str) -> None:
        super().__init__(bytes(whole.body), whole.status_code, media_type=JSON)
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: max(len(self.body) // 2, 1)]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await self._end(self._kind, scope, receive)


class _WrongLength(_Broken):
    """A whole response that announces ten bytes more than it has; then the connection is closed."""

    def __init__(self, whole: Response) -> None:
        super().__init__(bytes(whole.body), whole.status_code, media_type=JSON)
        self.headers["content-length"] = str(len(self.body) + 10)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body), "more_body": True})
        await self._end("cut", scope, receive)


async def _until_given_up(scope: Scope, receive: Receive) -> None:
    async def given_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    ends = [asyncio.ensure_future(given_up()), asyncio.ensure_future(scope["app"].state.stopping.wait())]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
