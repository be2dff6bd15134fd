"""The mock as an ASGI application over its worlds."""

import asyncio
import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chaobiao._contract.family import Kind
from chaobiao_mock.admin import admin_routes
from chaobiao_mock.cors import FamiliesOnly
from chaobiao_mock.faulty import faulty_response
from chaobiao_mock.handling import begin
from chaobiao_mock.journal import Entry
from chaobiao_mock.registry import Call, MockFamily
from chaobiao_mock.replies import error_payload, json_response
from chaobiao_mock.world import World
from chaobiao_mock.worlds import Worlds

#: The largest request body in bytes; documented ones are far smaller. Reading a larger one would hold other requests.
MAX_BODY: Final = 512 * 1024
#: Where the base URLs of worlds begin: ``/w/NAME``.
PREFIX: Final = "/w/"

#: The operations at one path, by verb, with their families.
_Methods = dict[str, tuple[MockFamily, Kind]]

#: Called with the name of the world and the call after each call.
Listener = Callable[[str, Entry], None]


def create_app(
    world: World | None = None,
    *,
    admin_token: str | None = None,
    on_call: Listener | None = None,
    cors: Collection[str] = (),
) -> Starlette:
    """Create the application. All its state is in its worlds; two applications share no state.

    ``world`` is the one at the root; others can be created, and have the base URL ``…/w/NAME``. The mock's own
    endpoints below ``/__mock__`` accept requests for localhost, or, with ``admin_token``, those that send the token.
    ``on_call`` is called after each call. Web pages of the origins in ``cors`` (``"*"`` for all) may call the families'
    endpoints.
    """
    worlds = Worlds(world or World())
    routes: list[BaseRoute] = []
    by_path: dict[str, _Methods] = {}
    for family in worlds.default.families:
        for operation in family.family.operations:
            for verb in (operation.spec.method, *family.further_verbs.get(operation, ())):
                by_path.setdefault(operation.spec.path, {})[verb] = (family, operation)
        routes += [
            Route(f"{folder}/{{path:path}}", _file_endpoint(family, folder), methods=["GET"]) for folder in family.files
        ]
    for path, methods in by_path.items():
        routes.append(Route(path, _endpoint(methods, on_call), methods=[*methods]))
    routes += admin_routes(worlds, admin_token)
    handler = _error_handler({route.path: route.methods or () for route in routes if isinstance(route, Route)})
    app = Starlette(routes=routes, exception_handlers={404: handler, 405: handler, 500: _report_defect})
    app.router.redirect_slashes = False  # a client that does not follow redirects would not see the error
    if cors:
        app.add_middleware(FamiliesOnly, origins=cors)  # inside of the next one, which takes the world off the path
    app.add_middleware(_ChooseWorld, worlds=worlds)
    app.state.worlds = worlds
    app.state.world = worlds.default
    app.state.stopping = asyncio.Event()  # ends the calls that hang
    return app


class _ChooseWorld:
    """Finds the world of a request by the beginning of its path, which is taken off."""

    def __init__(self, app: ASGIApp, worlds: Worlds) -> None:
        self._app = app
        self._worlds = worlds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._worlds.requests += 1
        name, path = "default", scope["path"]
        if path.startswith(PREFIX):
            name, slash, rest = path.removeprefix(PREFIX).partition("/")
            found = self._worlds.find(name)
            if found is None:
                english, chinese = f"there is no world {name}", f"没有模拟环境 {name}"
                await json_response(error_payload(english, chinese), 404)(scope, receive, send)
                return
            scope = {**scope, "path": slash + rest or "/", "root_path": scope.get("root_path", "")}
            scope["chaobiao.base"] = PREFIX + name
        else:
            found = self._worlds.default
        scope["chaobiao.world"], scope["chaobiao.name"] = found, name
        await self._app(scope, receive, send)


def _endpoint(methods: _Methods, on_call: Listener | None) -> Callable[[Request], Any]:
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
        content_type = request.headers.get("content-type", "")
        call = Call(operation, request.method, content_type, request.query_params, body, request.cookies)
        handling = begin(request.scope["chaobiao.world"], family, call)
        fault = handling.fault
        if fault is not None and fault.kind == "latency" and fault.phase not in ("after_commit", "mid_answer"):
            await asyncio.sleep(fault.seconds)
        reply = handling.reply()
        if fault is not None and fault.kind == "latency" and fault.phase in ("after_commit", "mid_answer"):
            await asyncio.sleep(fault.seconds)
        response = json_response(reply.payload, reply.status, reply.headers)
        entry = handling.record(reply, bytes(response.body))
        if on_call is not None:
            on_call(request.scope["chaobiao.name"], entry)
        return response if fault is None else faulty_response(fault, response)

    return endpoint


def _file_endpoint(family: MockFamily, folder: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        world: World = request.scope["chaobiao.world"]
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


async def _report_defect(_request: Request, _error: Exception) -> Response:
    """Respond to a request at which the mock itself failed; its log has the traceback."""
    english = "the mock failed at this request, which is a defect of the mock; its log has the details"
    return json_response(error_payload(english, "模拟服务处理该请求时出错，这是模拟服务的缺陷，详情见其日志"), 500)


def _nearest(path: str, paths: Iterable[str]) -> list[str]:
    lowered = {known.lower(): known for known in paths if known != "/"}  # every short path is close to the root
    return [lowered[match] for match in difflib.get_close_matches(path.lower(), lowered, n=3, cutoff=0.6)]
