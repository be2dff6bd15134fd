"""A recorded call as a sample file, in the form of the documented samples."""

from collections.abc import Iterator
from typing import Any

from chaobiao._contract.operation import Effect
from chaobiao._probe.exchange import Exchange, JsonObject, read_json
from chaobiao_mock.journal import STRUCK
from chaobiao_mock.record.secrets import Secrets
from chaobiao_mock.registry import MockFamily


def sample_of(family: MockFamily, exchange: Exchange, secrets: Secrets) -> dict[str, Any]:
    """Return a call as plain values for JSON, with its secrets struck."""
    spec = exchange.kind.spec
    form = "query" if exchange.in_query else "json"
    if exchange.content_type.startswith(("application/x-www-form-urlencoded", "multipart/")):
        form = "form"
    request: dict[str, Any] = {"method": exchange.verb, "path": spec.path}
    if exchange.arguments:
        request[form] = secrets.strike_arguments(family, exchange)
    found: dict[str, Any] = {
        "source": "recorded",
        "section": spec.section,
        "operation": exchange.kind.__name__,
        "request": request,
        "status": exchange.status,
    }
    cookies = [(name, value) for name, value in exchange.headers if name.lower() == "set-cookie"]
    if cookies:
        found["response_headers"] = {name: [_without_value(value) for _, value in cookies] for name, _ in cookies[:1]}
    response = read_json(exchange.text)
    if response is None or any(part.repeated for part in _objects(response)):
        found["response_text"] = secrets.strike(exchange.text)
    else:
        found["response"] = secrets.strike(response)
        if spec.effect is Effect.SESSION and isinstance(response, dict) and isinstance(response.get("data"), str):
            found["response"]["data"] = STRUCK
    return found


def _without_value(cookie: str) -> str:
    pair, semicolon, attributes = cookie.partition(";")
    return f"{pair.partition('=')[0]}={STRUCK}{semicolon}{attributes}"


def _objects(value: Any) -> Iterator[JsonObject]:
    if isinstance(value, JsonObject):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _objects(each)
