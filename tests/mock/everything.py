"""Everything that clients can read of a world, to compare two worlds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from chaobiao import EnergyManager, Jrhsz, VirtualClock
from chaobiao.energy import GroupBy, TimeType
from chaobiao_mock import JrhszQuirks, MockServer, World, WorldSettings
from tests.harness.mock_server import at

START = at("2026-03-03 10:00:00")


def small_world(**settings: Any) -> World:
    """Return a world whose clock only moves when it is told to, and that enforces no intervals."""
    made = WorldSettings(**{"start": START, "quirks": [JrhszQuirks(paced="no")], "meters": 8, **settings})
    return World(made, VirtualClock())


@contextmanager
def served(world: World) -> Iterator[tuple[Jrhsz, EnergyManager]]:
    """Serve a world; yield clients of it."""
    with MockServer(world) as server, clients(server.url) as made:
        yield made


@contextmanager
def clients(url: str, account: tuple[str, str] = ("khcs", "123456")) -> Iterator[tuple[Jrhsz, EnergyManager]]:
    """Yield clients of a server."""
    with (
        Jrhsz(*account, base_url=url, clock=VirtualClock(), paced=False) as jrhsz,
        EnergyManager("zhangwei", "Energy2019", base_url=url, clock=VirtualClock()) as energy,
    ):
        yield jrhsz, energy


def jrhsz_lists(client: Jrhsz, now: datetime) -> dict[str, list[Any]]:
    """Return all lists of the prepaid platform up to a moment."""
    period: dict[str, Any] = {"begin": now - timedelta(days=400), "end": now}
    recent: dict[str, Any] = {"begin": now - timedelta(days=2), "end": now}
    residents = client.residents.list().collect()
    codes = [resident.user_code or "" for resident in residents]
    return {
        "buildings": client.buildings.list().collect(),
        "addresses": client.addresses.list().collect(),
        "residents": residents,
        "rooms": [client.addresses.rooms(each.address or "").collect() for each in client.addresses.list()],
        "meters": client.meters.list().collect(),
        "latest": client.meters.latest_readings().collect(),
        "readings": client.meters.readings(**period).collect(),
        "consumption": client.meters.consumption(**recent).collect(),
        "time_of_use": client.meters.time_of_use_readings(**recent).collect(),
        "camera": client.meters.camera_readings(**recent).collect(),
        "resident": [client.residents.get(code) for code in codes],
        "resident_consumption": [client.residents.consumption(code, **recent).collect() for code in codes],
        "payments": [client.recharges.list(code, **period).collect() for code in codes],
    }


def energy_lists(client: EnergyManager, now: datetime) -> dict[str, list[Any]]:
    """Return all tables and statistics of the energy management API up to a moment."""
    day: dict[str, Any] = {"start": now - timedelta(days=1), "end": now}
    return {
        "user": [client.users.get()],
        "machines": client.machines.list().collect(),
        "meters": client.meters.list().collect(),
        "rates": client.rates.list().collect(),
        "alarms": client.alarms.list().collect(),
        "alarm_rules": client.alarm_rules.list().collect(),
        "messages": client.alarm_messages.list(**day).collect(),
        "oee_rules": client.oee_rules.list().collect(),
        "products": client.products.list().collect(),
        "batches": client.batches.list().collect(),
        "outputs": client.outputs.list().collect(),
        "settings": [client.settings.get()],
        "organization": [client.province.organization()],
        "totals": client.consumption.totals(group_by=GroupBy.METER, time_type=TimeType.DAY, **day).collect(),
    }


def everything(world: World) -> dict[str, Any]:
    """Serve a world, and return all that clients can read of it."""
    now = world.clock.now().replace(microsecond=0)
    with served(world) as (jrhsz, energy):
        return {"jrhsz": jrhsz_lists(jrhsz, now), "energy": energy_lists(energy, now)}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the lists that differ."""
    return [f"{family}.{name}" for family, lists in one.items() for name in lists if lists[name] != other[family][name]]
