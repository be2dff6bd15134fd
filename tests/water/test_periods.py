"""Histories are asked for from one moment to another, both included, to the millisecond."""

from datetime import timedelta
from typing import Any

import pytest

from tests.water.waterworks import BEGAN, DAY, MILLISECOND, Waterworks

pytestmark = pytest.mark.one_colour

HISTORIES = ("readings.list", "payments.list")
DEVICE = "230000000012"


@pytest.mark.parametrize("method", HISTORIES)
async def test_both_ends_of_a_period_belong_to_it(works: Waterworks, method: str) -> None:
    """A row stands in the period that begins or ends at its moment, and not in one that misses it by a millisecond."""
    rows = await works.all(method, device_code=DEVICE)
    one = rows[len(rows) // 2]
    at = one.collected_at

    async def between(start: Any, end: Any) -> list[Any]:
        return await works.all(method, device_code=DEVICE, start=start, end=end)

    assert await between(at, at) == [one]
    assert await between(at - MILLISECOND, at + MILLISECOND) == [one]
    assert await between(at + MILLISECOND, at + DAY / 2) == []
    assert await between(at - DAY / 2, at - MILLISECOND) == []


@pytest.mark.parametrize("method", HISTORIES)
async def test_either_end_may_be_left_open(works: Waterworks, method: str) -> None:
    """From a moment, until a moment, and their overlap are what the whole history says they are."""
    rows = await works.all(method, device_code=DEVICE)
    start, end = rows[3].collected_at, rows[8].collected_at
    assert await works.all(method, device_code=DEVICE, start=start) == rows[3:]
    assert await works.all(method, device_code=DEVICE, end=end) == rows[:9]
    assert await works.all(method, device_code=DEVICE, start=start, end=end) == rows[3:9]


@pytest.mark.parametrize("method", HISTORIES)
async def test_the_total_counts_the_period_only(works: Waterworks, method: str) -> None:
    """Beside the rows of a period of all devices stands their number, and neither knows of the future."""
    start = BEGAN - 40 * DAY
    rows = await works.made_up(method, start=start, end=BEGAN - 30 * DAY, page_size=1000)
    assert all(start <= row.collected_at <= BEGAN - 30 * DAY for row in rows)
    everything = await works.made_up(method, page_size=1000, start=BEGAN - 45 * DAY)
    assert rows == [row for row in everything if start <= row.collected_at <= BEGAN - 30 * DAY]
    pages = await works.pages(method, start=start, end=BEGAN - 30 * DAY, page_size=1000)
    assert pages[0].total == len(rows)
    assert await works.all(method, start=BEGAN + MILLISECOND, end=BEGAN + 400 * DAY) == []
    assert max(row.collected_at for row in everything) <= BEGAN


async def test_a_period_before_all_history_is_empty(works: Waterworks) -> None:
    """Nothing was read or paid before the devices were there."""
    for method in HISTORIES:
        assert await works.all(method, start=BEGAN - 5000 * DAY, end=BEGAN - 1000 * DAY) == []


async def test_a_reading_appears_at_its_moment(works: Waterworks) -> None:
    """The next reading is not there a second early, and there on time."""
    task = (await works.all("schedules.list", water_meter_number=DEVICE))[0]
    works.advance(task.execution_time - BEGAN - timedelta(seconds=1))
    assert await works.all("readings.list", device_code=DEVICE, start=BEGAN) == []
    works.advance(timedelta(seconds=1))
    readings = await works.all("readings.list", device_code=DEVICE, start=BEGAN)
    assert [reading.collected_at for reading in readings] == [task.execution_time]


async def test_the_documented_rows_have_their_moments(works: Waterworks) -> None:
    """The document's reading and payment are found by their own moments, and not beside them."""
    reading = (await works.all("readings.list", device_code="123456789"))[0]
    payment = (await works.all("payments.list", user_name="Fish"))[0]
    for method, row in (("readings.list", reading), ("payments.list", payment)):
        at = row.collected_at
        found = await works.all(method, device_code="123456789", start=at, end=at)
        assert found == [row]
        assert await works.all(method, device_code="123456789", start=at + MILLISECOND) == []
        assert await works.all(method, device_code="123456789", end=at - MILLISECOND) == []
