"""The mock as an ASGI application over one world."""

import asyncio
import difflib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from chaobiao._contract.family import Kind
from chaobiao_mock.admin import admin_routes
from chaobiao_mock.faults import Fault
from chaobiao_mock.registry import Call, MockFamily, Reply
from chaobiao_mock.replies import JSON, error_payload, json_response
from chaobiao_mock.world import World

#: The largest request body in bytes; documented ones are far smaller. Reading a larger one would hold other requests.
MAX_BODY: Final = 512 * 1024
#: The size of the pieces in which large bodies are sent, in bytes.
_PIECE: Final = 64 * 1024

#: The operations at one path, by verb, with their families.
_Methods = dict[str, tuple[MockFamily, Kind]]


def create_app(world: World | None = None, *, admin_token: str | None = None) -> Starlette:
    """Create the application. All its state is in the world; two applications share no state.

    Its own endpoints below /_mock accept requests for localhost, or, with ``admin_token``, those that send the token.
    """
    state = world or World()
    routes: list[BaseRoute] = []
    by_path: dict[str, _Methods] = {}
    for family in state.families:
        for operation in family.family.operations:
            for verb in (operation.spec.method, *family.further_verbs.get(operation, ())):
                by_path.setdefault(operation.spec.path, {})[verb] = (family, operation)
        routes += [
            Route(f"{folder}/{{path:path}}", _file_endpoint(state, family, folder), methods=["GET"])
            for folder in family.files
        ]
    for path, methods in by_path.items():
        routes.append(Route(path, _endpoint(state, path, methods), methods=[*methods]))
    routes += admin_routes(state, by_path, admin_token)
    handler = _error_handler({route.path: route.methods or () for route in routes if isinstance(route, Route)})
    app = Starlette(routes=routes, exception_handlers={404: handler, 405: handler})
    app.router.redirect_slashes = False  # a client that does not follow redirects would not see the error
    app.state.world = state
    app.state.stopping = asyncio.Event()  # ends the calls that hang
    return app


def _endpoint(world: World, path: str, methods: _Methods) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if request.method not in methods:  # Starlette accepts HEAD wherever it accepts GET
            raise HTTPException(405)
        family, operation = methods[request.method]
        largest = family.largest_bodies.get(operation, MAX_BODY)
        try:
            body = await _body(request, largest)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            english, chinese = f"request body larger than {largest} bytes", f"请求体超过 {largest} 字节"
            return json_response(error_payload(english, chinese), 413)
        arrived = world.clock.monotonic()
        kind = request.headers.get("content-type", "")
        call = Call(operation, request.method, kind, request.query_params, body, request.cookies)
        fault = world.faults.next_for(path)
        if fault is not None and not fault.carried_out:
            reply = family.protocol.refusal(world.states[family.name], fault.code)
        else:
            reply = family.protocol.respond(world.states[family.name], call, family.handlers)
        made = None if fault is None else fault.kind
        world.journal.add(arrived, operation.spec.call, path, reply.account, reply.code, made)
        if fault is None:
            return json_response(reply.payload, reply.status, reply.headers)
        if fault.kind == "code" and fault.carried_out:
            reply = family.protocol.refusal(world.states[family.name], fault.code)
        return _faulty_response(fault, reply)

    return endpoint


def _file_endpoint(world: World, family: MockFamily, folder: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        found = family.files[folder](world.states[family.name], request.path_params["path"])
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.content_type)

    return endpoint


async def _body(request: Request, largest: int) -> bytes | None:
    """Return the request's body, or ``None`` if it is too large; in that case the rest is not read."""
    if int(request.headers.get("content-length") or 0) > largest:
        return None
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _faulty_response(fault: Fault, reply: Reply) -> Response:
    """Return the response that a fault requests; ``reply`` is what the server would send."""
    match fault.kind:
        case "code":
            return json_response(reply.payload, reply.status, reply.headers)
        case "status":
            if fault.status in (204, 304):  # these have no body
                return Response(status_code=fault.status)
            return Response("<html><body>upstream error</body></html>", fault.status, media_type="text/html")
        case "garbage":
            return Response('{"code":200,"data":[{"tableNo":', media_type=JSON)
        case "large":
            return StreamingResponse(_large_body(fault.size), media_type=JSON)
        case "cut":
            return _TruncatedResponse(json.dumps(reply.payload))
        case "hang":
            return _MissingResponse()


async def _large_body(size: int) -> AsyncIterator[bytes]:
    """Yield JSON text with a message of this size in pieces: it may be larger than the memory."""
    yield b'{"code":200,"msg":"'
    for sent in range(0, size, _PIECE):
        yield b"x" * min(_PIECE, size - sent)
    yield b'"}'


class _TruncatedResponse(Response):
    """A response of which only half of the announced bytes are sent before the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body)[: max(len(self.body) // 2, 1)]
        await send({"type": "http.response.body", "body": half, "more_body": True})


class _MissingResponse(Response):
    """A response that is not sent: it waits until the client closes the connection or the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def given_up() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        ends = [asyncio.ensure_future(given_up()), asyncio.ensure_future(scope["app"].state.stopping.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        with suppress(OSError):  # the client is gone
            await send({"type": "http.response.start", "status": 504, "headers": []})
            await send({"type": "http.response.body", "body": b""})


def _error_handler(known: Mapping[str, Iterable[str]]) -> Callable[[Request, Exception], Any]:
    """Return the handler that responds to unknown paths and wrong methods with the nearest right ones."""

    async def handle(request: Request, error: Exception) -> Response:
        path, method = request.url.path, request.method
        if isinstance(error, HTTPException) and error.status_code == 405:
            allowed = ", ".join(sorted(verb for verb in known.get(path, ()) if verb != "HEAD"))
            english, chinese = (
                f"{path} does not take {method}, but {allowed}",
                f"{path} 不支持 {method}，请使用 {allowed}",
            )
            response = json_response(error_payload(english, chinese, allowed=allowed), 405)
            response.headers["allow"] = allowed
            return response
        nearest = _nearest(path, known)
        english = f"no endpoint at {path}" + (f"; did you mean {nearest[0]}?" if nearest else "")
        chinese = f"没有接口 {path}" + (f"，是否为 {nearest[0]}？" if nearest else "")
        return json_response(error_payload(english, chinese, nearest=nearest), 404)

    return handle


def _nearest(path: str, paths: Iterable[str]) -> list[str]:
    lowered = {known.lower(): known for known in paths if known != "/"}  # every short path is close to the root
    return [lowered[match] for match in difflib.get_close_matches(path.lower(), lowered, n=3, cutoff=0.6)]
