"""Worlds over HTTP: each has a base URL of its own, and none touches another."""

from typing import Any

import httpx
import pytest

from chaobiao import Jrhsz, TooFast, VirtualClock
from chaobiao_mock import MockServer, World


def create(http: httpx.Client, **wanted: Any) -> dict[str, Any]:
    """Create a world and return what is to be known of it."""
    response = http.post("/__mock__/worlds", json=wanted)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_world_is_chosen_by_its_base_url(world: World, http: httpx.Client) -> None:
    """Size, seed, quirks, time and journal are the world's; the default world does not notice."""
    made = create(
        http, name="alpha", meters=3, seed=7, quirks={"jrhsz.code": "text"}, start="2023-04-22 10:31:53", rate=0
    )
    with Jrhsz("khcs", "123456", base_url=made["base_url"], clock=VirtualClock()) as client:
        assert len(client.meters.list().collect()) == 11
    calls = http.get("/w/alpha/__mock__/journal").json()["calls"]
    assert [call["operation"] for call in calls] == ["login", "meters.list"]
    assert calls[0]["time"] == "2023-04-22T10:31:53+08:00"
    assert http.post("/w/alpha/user/login", json={}).json()["code"] == "1008"
    assert len(world.journal) == 0


def test_worlds_share_no_orders_faults_time_and_intervals(http: httpx.Client, world: World) -> None:
    """An order number, a fault, a moved clock and an interval of one world mean nothing in another."""
    urls = [create(http, name=name, rate=0)["base_url"] for name in ("one", "two")]
    clients = [Jrhsz("khcs", "123456", base_url=url, clock=VirtualClock(), paced=False) for url in urls]
    http.post("/w/one/__mock__/clock", json={"advance": 86_400})
    http.post("/w/one/__mock__/faults", json={"operation": "*", "kind": "code", "code": 1011, "nth": 3, "times": 99})
    for client in clients:
        client.recharges.create("2022040001", amount=1, order_number="order-1")
    with pytest.raises(TooFast):
        clients[0].with_options(deadline=5).buildings.list().collect()
    assert clients[1].buildings.list().collect()
    one, two = (http.get(f"/w/{name}/__mock__/world").json() for name in ("one", "two"))
    assert one["now"][:10] > two["now"][:10]
    for client in clients:
        client.close()


def test_a_world_is_made_anew_and_deleted(http: httpx.Client, world: World) -> None:
    """Creating it again restarts it with what the request says; after its deletion its URL is unknown."""
    create(http, name="gamma", meters=1)
    http.post("/w/gamma/user/login", json={})
    assert create(http, name="gamma", meters=2)["calls"] == 0
    assert http.post("/w/gamma/__mock__/reset", json={"meters": 4, "rate": 0}).json()["meters"] == 4
    assert http.post("/w/gamma/__mock__/reset").json()["meters"] == 4
    assert "gamma" in [each["name"] for each in http.get("/__mock__/worlds").json()["worlds"]]
    assert http.delete("/__mock__/worlds/gamma").json() == {"deleted": "gamma"}
    response = http.post("/w/gamma/user/login", json={})
    assert (response.status_code, response.json()["error"]) == (404, "there is no world gamma")


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({}, "name must be"),
        ({"name": "a/b"}, "name must be"),
        ({"name": "default"}, "the world default is always there"),
        ({"name": "x", "meters": -1}, "meters must be"),
        ({"name": "x", "meters": True}, "meters must be a whole number"),
        ({"name": "x", "quirks": {"jrhsz.code": "roman"}}, "jrhsz: code must be one of"),
        ({"name": "x", "quirks": {"jrhsz.code": 1}}, "jrhsz: code must be one of"),
        ({"name": "x", "start": "yesterday"}, "start must be a time"),
        ({"name": "x", "rate": -1}, "rate must be"),
        ({"name": "x", "size": 3}, "unknown: size"),
    ],
)
def test_a_wrong_world_is_refused(http: httpx.Client, world: World, wanted: dict[str, Any], reason: str) -> None:
    """HTTP 400 with the field and its rule, in both languages; no world is made."""
    before = http.get("/__mock__/worlds").json()["worlds"]
    response = http.post("/__mock__/worlds", json=wanted)
    assert response.status_code == 400
    assert response.json()["error"].startswith(reason)
    assert response.json()["error_zh"]
    assert len(http.get("/__mock__/worlds").json()["worlds"]) == len(before)


def test_the_openapi_document_has_every_endpoint(http: httpx.Client, world: World) -> None:
    """The document of the mock's own endpoints is served, names this server, and lists what the index lists."""
    found = http.get("/__mock__/openapi.json").json()
    assert found["servers"] == [{"url": str(http.base_url).rstrip("/")}]
    listed = {f"{verb.upper()} {path}" for path, verbs in found["paths"].items() for verb in verbs}
    assert listed == set(http.get("/").json()["admin"])
    assert http.get("/openapi/mock.json").json()["paths"] == found["paths"]


def test_health_needs_no_world() -> None:
    """The health check says that the mock serves, and which version."""
    with MockServer() as server:
        found = httpx.get(f"{server.url}/__mock__/health").json()
    assert found["status"] == "ok"
    assert found["service"] == "chaobiao-mock"
