"""The mock's own endpoints, below ``/__mock__``: read a world, move its clock, add faults, make worlds."""

import inspect
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chaobiao._openapi.document import document
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao_mock.admin import control, keep, overview, verify
from chaobiao_mock.admin.bodies import read_into
from chaobiao_mock.admin.endpoints import BASE, Context, Endpoint
from chaobiao_mock.admin.openapi import admin_document
from chaobiao_mock.admin.page import page, wants_page
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.guard import refusal
from chaobiao_mock.replies import error_payload, json_response
from chaobiao_mock.worlds import Worlds

#: The largest body of a request, in bytes.
MAX_BODY = 32 * 1024 * 1024

ENDPOINTS: tuple[Endpoint, ...] = (*control.endpoints, *keep.endpoints, *verify.endpoints, *overview.endpoints)


def admin_routes(worlds: Worlds, token: str | None = None) -> list[BaseRoute]:
    """Create the routes."""
    documented = {each.name: each.family for each in worlds.default.families}
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in ENDPOINTS:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint

    def context_of(request: Request) -> Context:
        return Context(worlds, request.scope["chaobiao.name"], request.scope["chaobiao.world"], request)

    def route(path: str, methods: dict[str, Endpoint]) -> Route:
        async def serve(request: Request) -> Response:
            refused = refusal(request, token)
            if refused is not None:
                return refused
            endpoint = methods.get(request.method) or methods["GET"]  # HEAD
            try:
                found = endpoint.handler(context_of(request), await _given(endpoint, request))
                content = await found if inspect.isawaitable(found) else found
            except InvalidInput as error:
                return json_response(error_payload(error.english, error.chinese), 400)
            return content if isinstance(content, Response) else json_response(content)

        return Route(path, serve, methods=[*methods])

    async def index(request: Request) -> Response:
        if wants_page(request):
            return page()
        refused = refusal(request, token)
        if refused is not None:
            return refused
        context = context_of(request)
        return json_response(
            {
                "service": "chaobiao-mock",
                **control.describe(context, context.name, context.world),
                "documents": [f"/openapi/{name}.json" for name in (*documented, "mock")],
                "admin": {f"{each.method} {each.path}": f"{each.english} / {each.chinese}" for each in ENDPOINTS},
            }
        )

    async def openapi(request: Request) -> Response:
        name, server = request.path_params["family"], context_of(request).base_url
        if name == "mock":
            return json_response(admin_document(ENDPOINTS, server))
        if name not in documented:
            names = (*documented, "mock")
            english = f"no document {name}; there are {', '.join(names)}"
            chinese = f"没有文档 {name}，可选：{'、'.join(names)}"
            return json_response(error_payload(english, chinese), 404)
        return json_response(document(documented[name], server=server))

    return [
        Route("/", index),
        *(route(path, methods) for path, methods in by_path.items()),
        Route(
            f"{BASE}/openapi.json",
            lambda request: json_response(admin_document(ENDPOINTS, context_of(request).base_url)),
        ),
        Route("/openapi/{family}.json", openapi),
    ]


async def _given(endpoint: Endpoint, request: Request) -> Any:
    """Read the body or the query of a request. Raises ``ValueError``."""
    if endpoint.query is not None:
        return read_into(endpoint.query, request.query_params, from_query=True)
    if endpoint.body is None:
        return None
    if int(request.headers.get("content-length") or 0) > MAX_BODY:
        raise InvalidInput(f"the body is larger than {MAX_BODY} bytes", f"请求体超过 {MAX_BODY} 字节")
    body = await request.body()
    request.scope["chaobiao.body"] = body
    if not body and endpoint.method == "POST" and endpoint.path == f"{BASE}/reset":
        return endpoint.body()
    try:
        content = parse_json(body)
    except MalformedJson:
        content = None
    if not isinstance(content, dict):
        raise InvalidInput("the body must be a JSON object", "请求体须为 JSON 对象")
    return read_into(endpoint.body, content)
