"""The mock's own endpoints: their document, and what they say about wrong requests and defects."""

import re
from datetime import datetime
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chaobiao_mock import MockServer, World, WorldSettings
from chaobiao_mock.admin import ENDPOINTS
from chaobiao_mock.errors import InvalidInput


def test_the_document_is_valid_and_has_every_endpoint(http: httpx.Client, world: World) -> None:
    """The OpenAPI document is valid, and has each endpoint with a text in both languages."""
    document = http.get("/__mock__/openapi.json").json()
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    described = {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert set(described) == {(each.method, each.path) for each in ENDPOINTS}
    for operation in described.values():
        assert re.fullmatch(r"[\x00-\x7f…]+ / .*[\u4e00-\u9fff].*", operation["summary"], re.DOTALL)
    names = [operation["operationId"] for operation in described.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/__mock__/nothing", {}, 404),
        ("GET", "/w/nowhere/__mock__/clock", {}, 404),
        ("PUT", "/__mock__/clock", {}, 405),
        ("POST", "/__mock__/worlds", {"name": "a/b"}, 400),
        ("POST", "/__mock__/worlds", {"name": "a", "rate": -1}, 400),
        ("POST", "/__mock__/worlds", {"name": "a", "quirks": {"steam.data": "text"}}, 400),
        ("POST", "/__mock__/worlds", {"name": "a", "start": "0001-01-01"}, 400),
        ("POST", "/__mock__/worlds", {"name": "a", "start": "9999-12-31 23:00:00"}, 400),
        ("POST", "/__mock__/reset", {"start": "1999-12-31"}, 400),
        ("POST", "/__mock__/reset", {"meters": "3"}, 400),
        ("DELETE", "/__mock__/faults/77", {}, 400),
        ("DELETE", "/__mock__/worlds/none", {}, 400),
    ],
)
def test_wrong_requests_are_explained_in_both_languages(
    http: httpx.Client, world: World, method: str, path: str, content: dict[str, Any], status: int
) -> None:
    """The status says what kind of error it is, and two texts say what is wrong; the world stays as it is."""
    before = (world.settings, world.clock.now().year)
    response = http.request(method, path, json=content)
    assert response.status_code == status
    found = response.json()
    assert found["error"].isascii()
    assert re.search("[\u4e00-\u9fff]", found["error_zh"])
    assert (world.settings, world.clock.now().year) == before


@pytest.mark.parametrize("start", [datetime(1999, 12, 31), datetime(2101, 1, 1), datetime.min, datetime.max])
def test_a_world_begins_in_years_that_can_be_computed_with(start: datetime) -> None:
    """A start out of bounds is rejected, also by reset, which leaves the world as it was."""
    with pytest.raises(InvalidInput, match="start must be a time from 2000 to 2100"):
        World(WorldSettings(start=start))
    world = World(WorldSettings(meters=3))
    state = world.states["jrhsz"]
    with pytest.raises(InvalidInput):
        world.reset(WorldSettings(start=start))
    assert world.settings.meters == 3
    assert world.states["jrhsz"] is state


@pytest.mark.filterwarnings("ignore")
def test_a_defect_of_the_mock_is_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the mock itself fails, the response is HTTP 500 that says so in both languages."""

    def fail(_call: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr("chaobiao_mock.handling.hint_for", fail)
    with MockServer() as server:
        response = httpx.post(f"{server.url}/user/login", json={}, trust_env=False)
    assert response.status_code == 500
    assert "defect of the mock" in response.json()["error"]
    assert "缺陷" in response.json()["error_zh"]
