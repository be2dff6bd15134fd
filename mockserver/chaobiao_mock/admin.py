"""The mock's own endpoints, below /_mock: read the world, move its clock, add faults, restart it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chaobiao._openapi.document import document
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault, unknown_kind
from chaobiao_mock.guard import refusal
from chaobiao_mock.replies import error_payload, json_response
from chaobiao_mock.world import World

#: The most seconds by which one request may move the clock: ten years.
MAX_ADVANCE: Final = 10 * 365 * 86_400


def admin_routes(world: World, paths: Iterable[str], token: str | None = None) -> list[BaseRoute]:
    """Create the routes; ``paths`` are the endpoints that can have faults."""
    endpoints = sorted(paths)
    documented = {each.name: each.family for each in world.families}

    def guarded(handler: Any) -> Any:
        async def endpoint(request: Request) -> Response:
            refused = refusal(request, token)
            if refused is not None:
                return refused
            try:
                return json_response(await handler(request))
            except InvalidInput as error:
                return json_response(error_payload(error.english, error.chinese), 400)

        return endpoint

    async def index(_: Request) -> Any:
        return {
            "service": "chaobiao-mock",
            "now": world.clock.now().isoformat(),
            "documents": [f"/openapi/{name}.json" for name in documented],
            "admin": {
                "GET /_mock/journal": "the newest calls / 最近的调用",
                "POST /_mock/clock": '{"advance": SECONDS}',
                "POST /_mock/faults": '{"path": PATH, "kind": "cut", "carried_out": true}',
                "POST /_mock/reset": "restart the world / 重置模拟环境",
            },
        }

    async def journal(_: Request) -> Any:
        return {"calls": [attrs.asdict(entry) for entry in world.journal]}

    async def clock(request: Request) -> Any:
        if request.method == "POST":
            seconds: Any = (await _object(request)).get("advance")
            is_number = isinstance(seconds, int | Decimal) and not isinstance(seconds, bool)
            if not (is_number and 0 <= seconds <= MAX_ADVANCE):
                raise InvalidInput(
                    f"advance must be a number of seconds from 0 to {MAX_ADVANCE}",
                    f"advance 须为 0 到 {MAX_ADVANCE} 之间的秒数",
                )
            world.clock.advance(float(seconds))
        return {"now": world.clock.now().isoformat()}

    async def faults(request: Request) -> Any:
        content = await _object(request)
        if content.get("path") not in endpoints:
            raise InvalidInput(
                f"path must be one of {', '.join(endpoints)}", f"path 须为以下之一：{'、'.join(endpoints)}"
            )
        if "kind" not in content:
            raise unknown_kind()
        unknown = sorted(set(content) - {field.name for field in attrs.fields(Fault)})
        if unknown:
            raise InvalidInput(f"unknown: {', '.join(unknown)}", f"未知字段：{'、'.join(unknown)}")
        world.faults.add(Fault(**content))
        return {"added": content}

    async def reset(_: Request) -> Any:
        world.reset()
        return {"now": world.clock.now().isoformat()}

    async def openapi(request: Request) -> Response:
        name = request.path_params["family"]
        if name not in documented:
            english = f"no family {name}; there are {', '.join(documented)}"
            chinese = f"没有接口系列 {name}，可选：{'、'.join(documented)}"
            return json_response(error_payload(english, chinese), 404)
        return json_response(document(documented[name], server=str(request.base_url).rstrip("/")))

    return [
        Route("/", guarded(index)),
        Route("/_mock/journal", guarded(journal)),
        Route("/_mock/clock", guarded(clock), methods=["GET", "POST"]),
        Route("/_mock/faults", guarded(faults), methods=["POST"]),
        Route("/_mock/reset", guarded(reset), methods=["POST"]),
        Route("/openapi/{family}.json", openapi),
    ]


async def _object(request: Request) -> dict[str, Any]:
    try:
        content = parse_json(await request.body())
    except MalformedJson:
        content = None
    if not isinstance(content, dict):
        raise InvalidInput("the body must be a JSON object", "请求体须为 JSON 对象")
    return content
