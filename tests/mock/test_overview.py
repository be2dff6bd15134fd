"""What the mock's page reads: a world at a glance, meters, curves, recharges, energy and events."""

import contextlib
import io
import json
import shlex
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from chaobiao import EnergyManager
from chaobiao.energy import Combination, GroupBy, TimeType
from chaobiao_mock import Fault, MockServer, World, WorldSettings
from chaobiao_mock.jrhsz.accounts import Account
from tests.harness.mock_server import LiveMock


@pytest.fixture
def other() -> Iterator[MockServer]:
    """A server of its own, with a hundred thousand meters in each family."""
    with MockServer(World(WorldSettings(meters=100_000))) as running:
        yield running


def fetch(http: httpx.Client, path: str, **query: Any) -> Any:
    """Return what an endpoint returns."""
    response = http.get(f"/__mock__/{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/html", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", ["/", "/w/second/", "/w/second"])
def test_browsers_get_the_page_and_others_json(
    http: httpx.Client, mock: LiveMock, accept: str, is_page: bool, path: str
) -> None:
    """The root of each world is a page for who asks for HTML; the page allows nothing from elsewhere."""
    http.post("/__mock__/worlds", json={"name": "second"})
    response = http.get(path, headers={"accept": accept})
    assert response.status_code == 200
    if not is_page:
        assert response.json()["service"] == "chaobiao-mock"
        return
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in response.text.replace("http://www.w3.org/", "")


def test_every_example_works_as_it_is(http: httpx.Client, mock: LiveMock, world: World) -> None:
    """The curl command of each account is carried out, and the Python program prints rows, in worlds below /w/ too."""
    http.post("/__mock__/worlds", json={"name": "second", "meters": 3})
    seen = 0
    for base in ("", "/w/second"):
        for family in http.get(f"{base}/__mock__/overview").json()["families"]:
            account = family["accounts"][0]
            words = shlex.split(account["curl"])
            assert words[:2] == ["curl", "-s"]
            sent = {"content": words[-1], "headers": {"content-type": "application/json"}} if "-d" in words else {}
            response = http.request("POST" if sent else "GET", words[2], **sent)
            assert response.status_code == 200, account["curl"]
            assert str(response.json().get("code", response.json().get("Err_No", 200))) in ("200", "0")
            http.post(f"{base}/__mock__/clock", json={"advance": 10})
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(account["python"], {})
            assert printed.getvalue().count("\n") > 2
            seen += 1
    assert seen == 6


def test_the_overview_names_accounts_and_sessions_but_no_secret(
    http: httpx.Client, mock: LiveMock, world: World
) -> None:
    """Published passwords are shown, for the examples; others and all tokens are not."""
    world.states["jrhsz"].accounts.add(Account("own", "my-own-password"))
    token = mock.session()["token"]
    mock.clock.advance(600)
    response = http.get("/__mock__/overview")
    assert token not in response.text
    assert "my-own-password" not in response.text
    jrhsz = response.json()["families"][0]
    assert [(each["name"], each["password"]) for each in jrhsz["accounts"]] == [
        ("khcs", "123456"),
        ("web-only", "123456"),
        ("recharge-only", "123456"),
        ("own", None),
    ]
    (session,) = jrhsz["sessions"]
    assert session == {"account": "khcs", "age": 600, "remaining": 6600, "replaced": False}
    mock.clock.advance(7200)
    assert fetch(http, "overview")["families"][0]["sessions"][0]["remaining"] == 0


def test_sessions_by_cookies_have_an_age_and_end(http: httpx.Client, live_mock: Any) -> None:
    """A login of the energy API is listed until its logout."""
    mock = live_mock("energy")
    mock.log_in()
    mock.clock.advance(90)
    family = fetch(http, "overview")["families"][2]
    assert family["sessions"] == [{"account": "zhangwei", "age": 90, "remaining": None, "replaced": False}]
    mock.request(mock.operation("logout"), {})
    assert fetch(http, "overview")["families"][2]["sessions"] == []


def test_meters_are_bounded_and_found_at_once(other: MockServer) -> None:
    """Of 100,000 meters the first 50 are listed, each is found by its number, and no answer takes long."""
    with httpx.Client(base_url=other.url, trust_env=False) as http:
        for family, number in (("jrhsz", "202600099999"), ("water", "230000099999")):
            found = fetch(http, "meters", family=family)
            assert found["count"] >= 100_000
            assert len(found["meters"]) == 50
            before = time.process_time()
            (meter,) = fetch(http, "meters", family=family, search=number)["meters"]
            assert time.process_time() - before < 1
            assert meter["number"] == number
            assert 25 <= len(fetch(http, "curve", family=family, number=number, days=30)["points"]) <= 61
        # The tables of such a plant are filled by the first request of a client, not by looking at it.
        assert fetch(http, "meters", family="energy")["meters"] == []
        assert "tables" not in vars(other.world.states["energy"])


def test_meters_show_what_the_api_shows(http: httpx.Client, mock: LiveMock) -> None:
    """Reading, balance, valve and the end of the curve are those that the API returns. Residents are found too."""
    mock.clock.advance(40 * 86_400)
    number = "202600000003"
    (meter,) = fetch(http, "meters", family="jrhsz", search=number)["meters"]
    assert fetch(http, "meters", family="jrhsz", search="2026000001")["meters"][1] == meter
    latest = mock.envelope("meters.latest_readings", **mock.session(), tableNo=number)["data"]
    assert Decimal(meter["reading"]) == Decimal(str(latest["reading"]))
    resident = json.loads(mock.envelope("residents.get", **mock.session(), user_code="2026000001")["data"])[0]
    assert Decimal(meter["balance"]) == Decimal(str(resident["balance"]))
    assert meter["valve"] is meter["online"] is True
    mock.envelope("meters.instruct", **mock.session(), deviceId=number, type="1")
    assert fetch(http, "meters", family="jrhsz", search=number)["meters"][0]["valve"] is False
    points = fetch(http, "curve", family="jrhsz", number=number, days=7)["points"]
    readings = [Decimal(reading) for _, reading in points]
    assert readings == sorted(readings)
    assert readings[-1] >= Decimal(meter["reading"]) > readings[0]


def test_energy_is_the_sum_that_the_api_gives(http: httpx.Client, live_mock: Any) -> None:
    """The amounts of a day, by machine and kind, are those of the consumption endpoint."""
    mock = live_mock("energy")
    mock.clock.advance(86_400)
    found = fetch(http, "energy", hours=24)
    assert found["meters"] > 0
    with EnergyManager("zhangwei", "Energy2019", base_url=mock.url, clock=mock.clock) as client:
        totals = client.consumption.totals(
            start=mock.now - timedelta(hours=24),
            end=mock.now,
            time_type=TimeType.DAY,
            group_by=GroupBy.MACHINE,
            combination=Combination.ENERGY_KIND,
        ).collect()
    assert {(each.owner, each.kind_name, each.amount) for each in totals} == {
        (row["machine"], row["kind"], Decimal(row["amount"])) for row in found["rows"]
    }


def test_the_ledger_marks_what_was_paid_twice(http: httpx.Client, mock: LiveMock, world: World) -> None:
    """The second of two equal payments is marked if the first one's response was lost; a refused one is not booked."""
    body = mock.session()
    pay = mock.operation("recharges.create").spec.path
    order = {**body, "user_code": "ceshi1", "total_fee": "5"}
    world.faults.add(Fault("recharges.create", "code", phase="after_commit"))
    for number in ("A-1", "A-2", "A-2"):
        http.post(pay, json={**order, "out_trade_no": number})
    found = fetch(http, "ledger")
    shown = [(each["order"], each["carried_out"], each["repeats"] is not None) for each in found["recharges"]]
    assert shown == [("A-1", True, False), ("A-2", True, True), ("A-2", False, False)]
    assert (found["count"], found["double_spends"]) == (3, 1)
    assert found["recharges"][1]["repeats"] == found["recharges"][0]["number"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("meters?family=steam", "family must be one of jrhsz, water, energy"),
        ("meters", "family is missing"),
        ("curve?family=jrhsz&number=1", "there is no meter 1"),
        ("curve?family=jrhsz&number=202600000000&days=0", "days must be from 1 to 400"),
        ("curve?family=jrhsz&number=202600000000&days=100000000000", "days must be from 1 to 400"),
        ("curve?family=water&number=23000000000", "there is no meter 23000000000"),
        ("energy?hours=0", "hours must be from"),
        ("journal/0", "there is no call 0"),
        ("journal/x", "there is no call x"),
    ],
)
def test_wrong_questions_are_refused(http: httpx.Client, mock: LiveMock, path: str, reason: str) -> None:
    """HTTP 400 with the reason in both languages."""
    response = http.get(f"/__mock__/{path}")
    assert response.status_code == 400
    assert response.json()["error"].startswith(reason)
    assert response.json()["error_zh"]


def read_events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Yield the events of a stream."""
    kind = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


def test_events_tell_what_happens(http: httpx.Client, mock: LiveMock, world: World) -> None:
    """The stream begins with the present, then tells of clock, calls, faults, worlds and resets, of its world only."""
    mock.log_in()
    with (
        httpx.Client(base_url=mock.url, trust_env=False) as listener,
        listener.stream("GET", "/__mock__/events") as sent,
    ):
        assert sent.headers["content-type"].startswith("text/event-stream")
        events = read_events(sent)

        def following(kind: str) -> Any:
            return next(data for name, data in events if name == kind)

        assert following("world") == {"world": "default"}
        assert "default" in following("worlds")["worlds"]
        assert following("clock")["now"] == world.clock.now().isoformat()
        assert [call["operation"] for call in following("calls")["calls"]] == ["login"]
        mock.clock.advance(7_200)
        assert following("clock") == {"world": "default", "now": world.clock.now().isoformat(), "rate": 1.0}
        http.post("/user/getBuildCode", json={})
        (call,) = following("calls")["calls"]
        assert (call["operation"], call["code"], call["accepted"]) == ("buildings.list", 1008, False)
        world.faults.add(Fault("*", "cut"))
        assert following("faults")["faults"][0]["kind"] == "cut"
        http.post("/__mock__/worlds", json={"name": "third"})
        http.post("/w/third/user/getBuildCode", json={})
        assert "third" in following("worlds")["worlds"]
        http.post("/__mock__/reset")
        assert following("world") == {"world": "default"}
        http.post("/user/getBuildCode", json={})
        assert [call["operation"] for call in following("calls")["calls"]] == ["buildings.list"]


def test_events_of_a_world_end_with_it(http: httpx.Client, mock: LiveMock) -> None:
    """Who listens to a world that is deleted is told, and the stream ends."""
    http.post("/__mock__/worlds", json={"name": "third"})
    with (
        httpx.Client(base_url=mock.url, trust_env=False) as listener,
        listener.stream("GET", "/w/third/__mock__/events") as sent,
    ):
        events = read_events(sent)
        assert next(events)[0] == "world"
        http.delete("/__mock__/worlds/third")
        assert [name for name, _ in events][-1] == "gone"


def test_listeners_do_not_hold_the_server() -> None:
    """A server stops although somebody listens, and the stream ends in good order."""
    server = MockServer().start()
    with httpx.Client(base_url=server.url, trust_env=False) as http, http.stream("GET", "/__mock__/events") as sent:
        lines = sent.iter_lines()
        assert next(lines) == "event: world"
        server.stop()
        assert all(isinstance(line, str) for line in lines)  # a stream that is cut off raises RemoteProtocolError


def test_a_head_request_for_events_ends(http: httpx.Client, mock: LiveMock) -> None:
    """HEAD returns the headers of the stream, and nothing is left open."""
    response = http.head("/__mock__/events")
    assert response.headers["content-type"].startswith("text/event-stream")
