"""Worlds: the same settings make the same one, and two share nothing."""

from datetime import datetime

import httpx
import pytest

from chaobiao import Jrhsz, TooFast, VirtualClock
from chaobiao.jrhsz import Gate, Instruction
from chaobiao_mock import Fault, MockServer, World
from chaobiao_mock.world import WorldSettings


def test_the_same_settings_make_the_same_world() -> None:
    """Residents, meters and readings follow from size, seed and time; another seed makes others."""

    def readings(seed: int) -> list[object]:
        world = World(WorldSettings(meters=40, seed=seed, start=datetime(2026, 1, 1)), VirtualClock())
        fleet = world.states["jrhsz"].fleet
        plans = [fleet.spec(index) for index in range(len(fleet))]
        return [(spec, fleet.reading(spec, world.clock.now())) for spec in plans]

    assert readings(1) == readings(1)
    assert readings(1) != readings(2)


def test_a_world_starts_when_it_is_told_to() -> None:
    """The start is China Standard Time, and time moves on from there with the underlying clock."""
    clock = VirtualClock()
    world = World(WorldSettings(start=datetime(2023, 4, 22, 10, 31, 53)), clock)
    assert world.clock.now().isoformat() == "2023-04-22T10:31:53+08:00"
    clock.advance(60)
    world.clock.advance(7)
    assert world.clock.now().isoformat() == "2023-04-22T10:33:00+08:00"
    world.reset()
    assert world.clock.now().isoformat() == "2023-04-22T10:31:53+08:00"


def test_two_worlds_share_nothing() -> None:
    """Tokens, orders, gates, time, intervals, faults and journals of one server are not another's."""
    with MockServer(World(clock=VirtualClock())) as one, MockServer(World(clock=VirtualClock())) as other:
        clients = [Jrhsz("khcs", "123456", base_url=s.url, clock=VirtualClock(), paced=False) for s in (one, other)]
        first, second = clients
        first.recharges.create("2022040001", amount=1, order_number="order-1")
        first.meters.instruct("202364555511", Instruction.DISCONNECT)
        first.buildings.list().collect()
        with pytest.raises(TooFast):
            first.buildings.list().collect()
        one.world.clock.advance(1000)
        one.world.faults.add(Fault("/user/getBuildCode", "code", times=99))
        assert len(other.world.journal) == 0
        token = one.world.states["jrhsz"].accounts.issue(
            one.world.states["jrhsz"].accounts.find("khcs"), end_others=False
        )  # type: ignore[arg-type]  # the account exists
        stolen = {"token": token, "admin_user_name": "khcs"}
        assert httpx.post(f"{other.url}/user/getAddress", json=stolen, verify=False).json()["code"] == 1006
        second.recharges.create("2022040001", amount=1, order_number="order-1")
        assert next(iter(second.meters.latest_readings(table_no="202364555511"))).gate is Gate.CONNECTED
        second.buildings.list().collect()
        assert (one.world.clock.now() - other.world.clock.now()).total_seconds() == 1000
        for client in clients:
            client.close()


def test_a_port_that_is_taken_is_an_error() -> None:
    """A port that is taken raises OSError when the server is made."""
    with MockServer() as server, pytest.raises(OSError, match="in use"):
        MockServer(port=int(server.url.rpartition(":")[2]))


def test_a_server_that_never_started_can_be_stopped() -> None:
    """stop() closes the socket, so that the port is free again."""
    server = MockServer()
    server.stop()
    port = int(server.url.rpartition(":")[2])
    MockServer(port=port).stop()


def test_quirks_of_another_server_are_refused() -> None:
    """A world names, in both languages, the kinds of quirks that it takes."""
    with pytest.raises(ValueError, match=r"Fault are the quirks of no family here; there are .* / Fault 不"):
        World(WorldSettings(quirks=[Fault("/user/login", "cut")]))
