"""The mock's own endpoints."""

import re
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from chaobiao._contract.family import Family
from chaobiao._openapi.document import document
from chaobiao_mock import World
from tests.harness.operations import for_each_family


def test_the_root_names_the_documents_and_endpoints(world: World, http: httpx.Client) -> None:
    """The root names the documents, the admin endpoints and the world's time."""
    found = http.get("/").json()
    assert found["service"] == "chaobiao-mock"
    assert found["now"] == world.clock.now().isoformat()
    for path in found["documents"]:
        assert http.get(path).json()["openapi"].startswith("3.1")
    for admin in found["admin"]:
        with http.stream(*admin.split(" ")) as response:  # events have no end
            assert response.status_code in (200, 400)


@for_each_family
def test_the_openapi_documents_are_those_of_the_sdk(http: httpx.Client, family: Family) -> None:
    """Each family's document is the one that the SDK writes, with this server in it."""
    server = str(http.base_url).rstrip("/")
    assert http.get(f"/openapi/{family.name}.json").json() == document(family, server=server)
    assert http.get(f"/openapi/{family.name}.json").json()["servers"] == [{"url": server}]


def test_a_document_of_an_unknown_family(http: httpx.Client) -> None:
    """404 that names the families."""
    response = http.get("/openapi/steam.json")
    assert response.status_code == 404
    assert "jrhsz" in response.json()["error"]


def test_the_journal_shows_calls_and_no_secrets(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The journal has operation, time, account and code of each call, and never a token or a password."""
    http.post("/user/getBuildCode", json=body)
    http.post("/user/GetUserInfo", json={**body, "user_code": "no-such-resident"})
    response = http.get("/__mock__/journal")
    calls = response.json()["calls"]
    assert [(call["operation"], call["account"], call["code"]) for call in calls] == [
        ("buildings.list", "khcs", 200),
        ("residents.get", "khcs", 1001),
    ]
    assert body["token"] not in response.text
    assert "123456" not in response.text


def test_the_clock_can_be_read_and_moved(world: World, http: httpx.Client) -> None:
    """GET returns the time, POST lets seconds pass, whole ones and fractions."""
    before = datetime.fromisoformat(http.get("/__mock__/clock").json()["now"])
    http.post("/__mock__/clock", json={"advance": 3600})
    found = http.post("/__mock__/clock", json={"advance": 0.5}).json()
    assert datetime.fromisoformat(found["now"]) - before == timedelta(seconds=3600.5)
    assert datetime.fromisoformat(http.get("/__mock__/clock").json()["now"]) == world.clock.now()


@pytest.mark.parametrize(
    "content",
    [
        *["", "[]", "{", "{}", '{"advance":-1}', '{"advance":"1"}', '{"advance":true}', '{"advance":NaN}'],
        *['{"advance":Infinity}', '{"advance":1e300}', "[" * 100_000, b"\xff", '{"advance":null}'],
    ],
    ids=lambda content: repr(content)[:30],
)
def test_the_clock_rejects_what_is_no_number_of_seconds(world: World, http: httpx.Client, content: Any) -> None:
    """HTTP 400 with a reason, and the time is unchanged."""
    before = world.clock.now()
    response = http.post("/__mock__/clock", content=content)
    assert response.status_code == 400
    assert response.json()["error"]
    assert world.clock.now() == before


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, "operation is missing: it must be text"),
        ({"operation": "/user/nothing", "kind": "cut"}, "operation must be a client method"),
        ({"operation": ["/user/login"], "kind": "cut"}, "operation must be text"),
        ({"operation": "/user/login"}, "kind is missing: it must be one of"),
        ({"operation": "/user/login", "kind": "explode"}, "kind must be one of"),
        ({"operation": "/user/login", "kind": ["cut"]}, "kind must be one of"),
        ({"operation": "/user/login", "kind": "cut", "often": 2}, "unknown: often"),
        ({"operation": "/user/login", "kind": "cut", "times": 0}, "times must be"),
        ({"operation": "/user/login", "kind": "cut", "times": "2"}, "times must be"),
        ({"operation": "/user/login", "kind": "status", "status": 99}, "status must be"),
        ({"operation": "/user/login", "kind": "large", "size": -1}, "size must be"),
        ({"operation": "/user/login", "kind": "code", "code": True}, "code must be"),
        ({"operation": "/user/login", "kind": "cut", "phase": "yes"}, "phase must be"),
    ],
)
def test_invalid_faults_are_rejected(world: World, http: httpx.Client, wanted: dict[str, Any], reason: str) -> None:
    """HTTP 400 with the reason; later calls are not affected."""
    response = http.post("/__mock__/faults", json=wanted)
    assert response.status_code == 400
    assert response.json()["error"].startswith(reason)
    login = {"admin_user_name": "khcs", "api_password": "123456"}
    assert http.post("/user/login", json=login).json()["code"] == 200


def test_a_fault_over_http(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A fault that is posted affects the next call, and no other."""
    wanted = {"operation": "/user/getBuildCode", "kind": "code", "code": 1011}
    added = http.post("/__mock__/faults", json=wanted).json()["added"]
    assert wanted.items() <= added.items()
    codes = [http.post("/user/getBuildCode", json=body).json()["code"] for _ in range(2)]
    assert codes == [1011, 200]
    assert [entry.fault for entry in world.journal] == ["code", None]


def test_reset_restores_the_beginning(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """After a reset, time, tokens, orders, gates, faults and journal are as in the beginning."""
    began = world.clock.now()
    order = {**body, "user_code": "2022040001", "total_fee": "1", "out_trade_no": "order-1"}
    assert http.post("/user/Prestore", json=order).json()["code"] == 200
    assert (
        http.post("/meter/meterInstruct", json={**body, "deviceId": "202364555511", "type": "1"}).json()["code"] == 200
    )
    http.post("/__mock__/faults", json={"operation": "/user/login", "kind": "cut", "times": 9})
    http.post("/__mock__/clock", json={"advance": 5000})
    assert http.post("/__mock__/reset").json()["now"] == began.isoformat()
    assert len(world.journal) == 0
    assert http.post("/user/getBuildCode", json=body).json()["code"] == 1006
    login = http.post("/user/login", json={"admin_user_name": "khcs", "api_password": "123456"})
    order["token"] = login.json()["data"]
    (meter,) = [
        row for row in http.post("/meter/meterList", json=order).json()["data"] if row["tableNo"] == "202364555511"
    ]
    assert meter["gate"] == "合闸"
    assert http.post("/user/Prestore", json=order).json()["code"] == 200


def test_the_clock_stops_before_dates_do(http: httpx.Client, world: World) -> None:
    """Moving past the last year that is left is refused in words, and the clock stays."""
    year = 365 * 86_400
    refused = None
    for _ in range(800):
        response = http.post("/__mock__/clock", json={"advance": 10 * year})
        if response.status_code != 200:
            refused = response
            break
    assert refused is not None
    assert refused.status_code == 400
    assert "9000" in refused.json()["error"]
    assert http.get("/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "/__mock__/clock", "{"),
        ("POST", "/__mock__/clock", "{}"),
        ("POST", "/__mock__/faults", "{}"),
        ("POST", "/__mock__/faults", '{"operation": "/user/login"}'),
        ("POST", "/__mock__/faults", '{"operation": "/user/login", "kind": "cut", "often": 2}'),
        ("POST", "/__mock__/faults", '{"operation": "/user/login", "kind": "cut", "times": 0}'),
        ("POST", "/__mock__/faults", '{"operation": "/user/login", "kind": "cut", "phase": 1}'),
        ("GET", "/openapi/steam.json", ""),
    ],
)
def test_errors_are_in_both_languages(http: httpx.Client, method: str, path: str, content: str) -> None:
    """A refused request gets a text in English and one in Chinese, which name the same values."""
    found = http.request(method, path, content=content).json()
    assert found["error"].isascii()
    assert re.search("[\u4e00-\u9fff]", found["error_zh"])
    assert set(re.findall("[a-z_/]*[/_][a-zA-Z_/]+|[0-9]{2,}", found["error"])) == set(
        re.findall("[a-z_/]*[/_][a-zA-Z_/]+|[0-9]{2,}", found["error_zh"])
    )
