"""The OpenAPI document of the mock's own endpoints."""

from collections.abc import Iterable
from typing import Any

from chaobiao._version import __version__
from chaobiao_mock.admin.bodies import schema_of
from chaobiao_mock.admin.endpoints import Endpoint

_ERROR = {
    "description": "What is wrong, in English and Chinese. / 错误说明（英文、中文）",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"error": {"type": "string"}, "error_zh": {"type": "string"}},
                "required": ["error", "error_zh"],
            }
        }
    },
}


def admin_document(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    """Return the document; ``server`` is the base URL of the world."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "chaobiao-mock / 抄表平台模拟服务",
            "version": __version__,
            "description": "The mock's own endpoints. / 模拟服务的管理接口。",
        },
        "servers": [{"url": server}],
        "paths": paths,
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    name = endpoint.path.rpartition("__mock__/")[2].replace("/", "_").replace("{", "").replace("}", "")
    kind = "object" if endpoint.media_type == "application/json" else "string"
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}_{name}",
        "summary": f"{endpoint.english} / {endpoint.chinese}",
        "responses": {
            "200": {"description": "Done. / 成功", "content": {endpoint.media_type: {"schema": {"type": kind}}}},
            "400": _ERROR,
            "403": _ERROR,
        },
    }
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in endpoint.path.split("/")
        if part.startswith("{")
    ]
    if endpoint.query is not None:
        schema = schema_of(endpoint.query)
        parameters += [
            {"name": name, "in": "query", "required": name in schema["required"], "schema": each}
            for name, each in schema["properties"].items()
        ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": schema_of(endpoint.body)}}}
    return operation
