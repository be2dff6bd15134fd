"""Meters that are offline, and valves that are slow or stuck: the platform accepts commands in each case."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from chaobiao.jrhsz import Gate, Instruction, NetworkState
from chaobiao_mock import World
from tests.harness.mock_server import LiveMock

METER = "202364555511"


async def gate_of(mock: LiveMock, meter: str = METER) -> Gate | None:
    """Return what a reading shows."""
    (row,) = await mock.rows("meters.latest_readings", table_no=meter)
    gate: Gate | None = row.gate
    return gate


def control(http: httpx.Client, number: str = METER, **wanted: Any) -> dict[str, Any]:
    """Change how a meter behaves."""
    response = http.post("/__mock__/meters", json={"number": number, **wanted})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_a_slow_valve(mock: LiveMock, http: httpx.Client) -> None:
    """The command is accepted, waits, and is done after a minute."""
    assert control(http, valve="slow")["valve"] == "slow"
    await mock.plain_client.call("meters.instruct", METER, Instruction.DISCONNECT)
    assert await gate_of(mock) is Gate.CONNECTED
    assert control(http)["waiting"] == 1
    mock.advance(timedelta(seconds=61))
    assert await gate_of(mock) is Gate.DISCONNECTED
    assert control(http)["waiting"] == 0


async def test_a_stuck_valve(mock: LiveMock, http: httpx.Client) -> None:
    """The command is accepted and never done; a valve that is mended takes the next one."""
    control(http, valve="stuck")
    await mock.plain_client.call("meters.instruct", METER, Instruction.DISCONNECT)
    mock.advance(timedelta(days=1))
    assert await gate_of(mock) is Gate.CONNECTED
    control(http, valve="prompt")
    await mock.plain_client.call("meters.instruct", METER, Instruction.DISCONNECT)
    assert await gate_of(mock) is Gate.DISCONNECTED


async def test_an_offline_meter_queues_commands(mock: LiveMock, http: httpx.Client, world: World) -> None:
    """Its newest reading stays, commands wait in order, and are carried out when it is online again."""
    control(http, online=False)
    (before,) = await mock.rows("meters.latest_readings", table_no=METER)
    mock.advance(timedelta(hours=5))
    await mock.plain_client.call("meters.instruct", METER, Instruction.RECONNECT)
    await mock.plain_client.call("meters.instruct", METER, Instruction.DISCONNECT)
    (during,) = await mock.rows("meters.latest_readings", table_no=METER)
    assert (during.reading, during.read_at, during.gate) == (before.reading, before.read_at, Gate.CONNECTED)
    listed = {row.table_no: row.network for row in await mock.rows("meters.list")}
    assert listed[METER] is NetworkState.OFFLINE
    control(http, online=True)
    assert await gate_of(mock) is Gate.DISCONNECTED
    world.reset()
    assert control(http) == {"number": METER, "online": True, "valve": "prompt", "connected": True, "waiting": 0}


@pytest.mark.parametrize(
    ("meter", "after_a_minute", "after_a_day"),
    [
        ("999900000001", Gate.CONNECTED, Gate.CONNECTED),
        ("999900000002", Gate.DISCONNECTED, Gate.DISCONNECTED),
        ("999900000003", Gate.CONNECTED, Gate.CONNECTED),
    ],
)
async def test_reserved_meters(mock: LiveMock, meter: str, after_a_minute: Gate, after_a_day: Gate) -> None:
    """Any client in any language can meet them by their numbers; lists do not show them."""
    assert meter not in {row.table_no for row in await mock.rows("meters.list")}
    await mock.plain_client.call("meters.instruct", meter, Instruction.DISCONNECT)
    assert await gate_of(mock, meter) is Gate.CONNECTED
    mock.advance(timedelta(seconds=61))
    assert await gate_of(mock, meter) is after_a_minute
    mock.advance(timedelta(days=1))
    assert await gate_of(mock, meter) is after_a_day


def test_an_unknown_meter_is_named(http: httpx.Client, world: World) -> None:
    """400 in both languages."""
    response = http.post("/__mock__/meters", json={"number": "1", "online": False})
    assert (response.status_code, response.json()["error"]) == (400, "there is no meter 1")


@pytest.mark.parametrize(
    ("meter", "code"), [("999900000006", 1011), ("999900000007", 500), ("999900000008", 200), ("202600000000", 200)]
)
def test_reserved_meters_with_faults(
    http: httpx.Client, world: World, body: dict[str, str], meter: str, code: int
) -> None:
    """A call that names one meets its fault, each time; the journal says so."""
    for _ in range(2):
        response = http.post("/meter/readMeter", json={**body, "tableNo": meter})
        is_json = response.headers["content-type"].startswith("application/json") and code != 200
        assert (response.json()["code"] if is_json else response.status_code) == code
    faults = [entry.fault for entry in world.journal.of("meters.latest_readings")]
    assert faults == [{1011: "code", 500: "status"}.get(code, "garbage" if meter.startswith("9") else None)] * 2


def test_a_reserved_meter_that_resets(http: httpx.Client, world: World, body: dict[str, str]) -> None:
    """The valve was switched, and the connection is reset."""
    with pytest.raises(httpx.ReadError):
        http.post("/meter/meterInstruct", json={**body, "deviceId": "999900000005", "type": "1"})
    assert world.journal.of("meters.instruct")[0].carried_out


async def test_a_snapshot_keeps_them(mock: LiveMock, http: httpx.Client, world: World) -> None:
    """Valves, meters offline and commands that wait are as they were."""
    control(http, valve="slow")
    await mock.plain_client.call("meters.instruct", METER, Instruction.DISCONNECT)
    control(http, "202600000000", online=False)
    snapshot = world.snapshot()
    world.reset()
    world.restore(snapshot)
    assert (control(http)["valve"], control(http)["waiting"]) == ("slow", 1)
    assert control(http, "202600000000")["online"] is False
    mock.advance(timedelta(seconds=61))
    assert await gate_of(mock) is Gate.DISCONNECTED
