"""The mock's own endpoints, below /_mock: look at the world, move its clock, add faults, restart."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chaobiao._openapi.document import document
from chaobiao._wire.json_text import parse_json
from chaobiao_mock.faults import KINDS, Fault
from chaobiao_mock.guard import refusal
from chaobiao_mock.replies import json_response
from chaobiao_mock.world import World

#: The furthest that one request may move the clock: ten years, in seconds.
MAX_ADVANCE: Final = 10 * 365 * 86_400


class BadRequest(Exception):
    """An admin request that cannot be carried out."""


def admin_routes(world: World, paths: Iterable[str], token: str | None = None) -> list[BaseRoute]:
    """Make the routes; ``paths`` are the endpoints at which things can go wrong."""
    endpoints = sorted(paths)
    documented = {each.name: each.family for each in world.families}

    def guarded(handler: Any) -> Any:
        async def endpoint(request: Request) -> Response:
            refused = refusal(request, token)
            if refused is not None:
                return refused
            try:
                return json_response(await handler(request))
            except (BadRequest, ValueError, TypeError) as error:
                return json_response({"error": str(error)}, 400)

        return endpoint

    async def index(_: Request) -> Any:
        return {
            "service": "chaobiao-mock",
            "now": world.clock.now().isoformat(),
            "documents": [f"/openapi/{name}.json" for name in documented],
            "admin": {
                "GET /_mock/journal": "the newest calls",
                "POST /_mock/clock": '{"advance": seconds}',
                "POST /_mock/faults": '{"path": "/user/Prestore", "kind": "cut", "carried_out": true}',
                "POST /_mock/reset": "restart the world",
            },
        }

    async def journal(_: Request) -> Any:
        return {"calls": [attrs.asdict(entry) for entry in world.journal]}

    async def clock(request: Request) -> Any:
        if request.method == "POST":
            seconds: Any = (await _object(request)).get("advance")
            good = isinstance(seconds, int | Decimal) and not isinstance(seconds, bool)
            if not (good and 0 <= seconds <= MAX_ADVANCE):
                raise BadRequest(f"advance must be a number of seconds from 0 to {MAX_ADVANCE}")
            world.clock.advance(float(seconds))
        return {"now": world.clock.now().isoformat()}

    async def faults(request: Request) -> Any:
        wanted = await _object(request)
        if wanted.get("path") not in endpoints:
            raise BadRequest(f"path must be one of {', '.join(endpoints)}")
        if "kind" not in wanted:
            raise BadRequest(f"kind must be one of {', '.join(KINDS)}")
        unknown = sorted(set(wanted) - {field.name for field in attrs.fields(Fault)})
        if unknown:
            raise BadRequest(f"unknown: {', '.join(unknown)}")
        world.faults.add(Fault(**wanted))
        return {"added": wanted}

    async def reset(_: Request) -> Any:
        world.reset()
        return {"now": world.clock.now().isoformat()}

    async def openapi(request: Request) -> Response:
        name = request.path_params["family"]
        if name not in documented:
            return json_response({"error": f"no family {name}; there are {', '.join(documented)}"}, 404)
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
    found = parse_json(await request.body())
    if not isinstance(found, dict):
        raise BadRequest("the body must be a JSON object")
    return found
