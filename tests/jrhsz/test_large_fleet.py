"""A hundred thousand meters: nothing is made before it is asked for, and what is made is right."""

import tracemalloc
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chaobiao import VirtualClock
from chaobiao.jrhsz import ListCameraReadings, ListConsumption, ListReadings, ListTimeOfUseReadings, MeterKind
from chaobiao_mock import World
from chaobiao_mock.jrhsz import FAMILY, schedule
from chaobiao_mock.jrhsz.fleet import KINDS_REPEAT_AFTER
from chaobiao_mock.world import WorldSettings
from tests.harness.clients import resolve
from tests.harness.mock_server import LiveMock

pytestmark = pytest.mark.single_client

METERS = 100_000


def world_of(meters: int) -> World:
    """Return a world with this many made-up meters."""
    return World(WorldSettings(meters=meters), VirtualClock())


def page_of(world: World, operation: type[Any], days: float, **more: Any) -> Any:
    """Return one page of a history of the last days."""
    end = world.clock.now()
    return FAMILY.handlers[operation](
        world.states["jrhsz"], operation(begin=end - timedelta(days=days), end=end, **more)
    )


def test_a_fleet_costs_no_memory_before_it_is_used() -> None:
    """A world of a hundred thousand meters takes no more memory than one of two hundred."""
    world_of(METERS)
    sizes = []
    for meters in (200, METERS):
        tracemalloc.start()
        kept = world_of(meters)
        sizes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert len(kept.states["jrhsz"].fleet) == meters + 8
    assert sizes[1] < sizes[0] + 20_000


async def test_totals_are_right_at_the_last_page(mock: LiveMock) -> None:
    """The last page of the meter list holds the rest, and every page the total of all."""
    mock.restart(meters=METERS)
    client = mock.client()
    listing = await client.call("meters.list", page=101)
    rows = await resolve(listing.collect())
    assert len(rows) == 8
    assert listing.total == METERS + 8
    assert rows[-1].table_no == str(202600000000 + METERS - 1)
    assert (await client.rows("meters.latest_readings", table_no=rows[-1].table_no))[0].device_id == rows[-1].device_id


async def test_the_last_resident_is_found(mock: LiveMock) -> None:
    """By code, by building and by address, and has two meters."""
    mock.restart(meters=METERS)
    client = mock.client()
    last = (await client.rows("residents.list", build_code="demo-1000"))[-1]
    assert last.user_code == str(2026000000 + METERS // 2 - 1)
    assert len(await client.rows("residents.get", last.user_code)) == 2
    address = (await client.rows("addresses.list", build_code="demo-1000"))[-1]
    assert (await client.rows("addresses.rooms", address.address))[-1] == last


@pytest.mark.parametrize(
    ("operation", "share"),
    [(ListReadings, 8), (ListConsumption, 8), (ListTimeOfUseReadings, 2), (ListCameraReadings, 1)],
)
def test_histories_count_in_blocks_what_they_would_count_one_by_one(operation: type[Any], share: int) -> None:
    """The totals of a fleet of many blocks and a rest are those of counting every meter."""
    meters = 3 * 3600 + 1234
    world = world_of(meters)
    fleet = world.states["jrhsz"].fleet
    kinds = {ListTimeOfUseReadings: {7, 11, 15}, ListCameraReadings: {24}}.get(operation)
    reports = {ListReadings: schedule.daily, ListConsumption: schedule.hourly}.get(operation, schedule.nightly)(fleet)
    end = world.clock.now()
    generated = range(fleet.first_generated, len(fleet))
    chosen = [index for index in generated if kinds is None or int(fleet.kind_of(index)) in kinds]
    assert abs(len(chosen) * 8 - meters * share) < 16
    for days in (0.3, 1.37, 95):
        counted = schedule.reports_of(reports, ((index, end - timedelta(days=days)) for index in chosen), end)
        page = page_of(world, operation, days, page_size=1)
        assert counted.count <= page.total <= counted.count + len(fleet._documented)  # documented rows come first


def test_the_last_page_of_a_history_ends_with_the_last_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three million readings: the last page ends with the last meter's newest, and one block is counted."""
    world = world_of(METERS)
    counted: list[int] = []
    spans = schedule.Schedule.spans

    def counting(self: schedule.Schedule, indexes: Iterable[int], begin: datetime, end: datetime) -> Any:
        chosen = [*indexes]
        counted.extend(chosen)
        return spans(self, chosen, begin, end)

    monkeypatch.setattr(schedule.Schedule, "spans", counting)
    page = page_of(world, ListReadings, 30, page=3000, page_size=1000)
    assert page.total == 30 * METERS
    assert len(page) == 1000
    assert page[-1].table_no == str(202600000000 + METERS - 1)
    assert page[-1].read_at > world.clock.now() - timedelta(days=1)
    assert 0 < len(counted) <= 3600
    assert not page_of(world, ListReadings, 30, page=3001, page_size=1000).rows


def test_pages_join_without_gap_or_overlap() -> None:
    """Consecutive pages across the border of two blocks hold each (meter, time) once, in order."""
    world = world_of(8_000)
    border = 3600 * 24
    rows = [
        (row.table_no, row.read_at)
        for page in range(border // 500 - 2, border // 500 + 3)
        for row in page_of(world, ListConsumption, 1, page=page, page_size=500)
    ]
    assert len(rows) == len(set(rows)) == 2500
    assert rows == sorted(rows)


def test_kinds_repeat_as_the_histories_assume() -> None:
    """Histories count one block of meters for all blocks, which is right only while kinds repeat."""
    fleet = world_of(METERS).states["jrhsz"].fleet
    first = fleet.first_generated
    for index in range(first, first + 100):
        assert fleet.kind_of(index) is fleet.kind_of(index + KINDS_REPEAT_AFTER)
    assert MeterKind.WATER_4G in {fleet.kind_of(index) for index in range(first, first + KINDS_REPEAT_AFTER)}
