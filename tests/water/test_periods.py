"""A history's period includes both its ends, to the millisecond."""

from datetime import timedelta
from typing import Any

import pytest

from tests.harness.mock_server import LiveMock
from tests.water.rows import BEGAN, DAY, MILLISECOND, made_up

pytestmark = pytest.mark.single_client

HISTORIES = ("readings.list", "payments.list")
DEVICE = "230000000012"


@pytest.mark.parametrize("method", HISTORIES)
async def test_both_ends_of_a_period_belong_to_it(mock: LiveMock, method: str) -> None:
    """A row is in the period that begins or ends at its time, and not in one that misses it by a millisecond."""
    rows = await mock.rows(method, device_code=DEVICE)
    one = rows[len(rows) // 2]
    at = one.collected_at

    async def between(start: Any, end: Any) -> list[Any]:
        return await mock.rows(method, device_code=DEVICE, start=start, end=end)

    assert await between(at, at) == [one]
    assert await between(at - MILLISECOND, at + MILLISECOND) == [one]
    assert await between(at + MILLISECOND, at + DAY / 2) == []
    assert await between(at - DAY / 2, at - MILLISECOND) == []


@pytest.mark.parametrize("method", HISTORIES)
async def test_either_end_may_be_left_out(mock: LiveMock, method: str) -> None:
    """With a start, an end or both, a history has exactly the rows of the whole history in that period."""
    rows = await mock.rows(method, device_code=DEVICE)
    start, end = rows[3].collected_at, rows[8].collected_at
    assert await mock.rows(method, device_code=DEVICE, start=start) == rows[3:]
    assert await mock.rows(method, device_code=DEVICE, end=end) == rows[:9]
    assert await mock.rows(method, device_code=DEVICE, start=start, end=end) == rows[3:9]


@pytest.mark.parametrize("method", HISTORIES)
async def test_the_total_counts_the_period_only(mock: LiveMock, method: str) -> None:
    """The total of a period is the number of its rows, and there are no rows of the future."""
    start = BEGAN - 40 * DAY
    rows = await made_up(mock, method, start=start, end=BEGAN - 30 * DAY, page_size=1000)
    assert all(start <= row.collected_at <= BEGAN - 30 * DAY for row in rows)
    everything = await made_up(mock, method, page_size=1000, start=BEGAN - 45 * DAY)
    assert rows == [row for row in everything if start <= row.collected_at <= BEGAN - 30 * DAY]
    pages = await mock.pages(method, start=start, end=BEGAN - 30 * DAY, page_size=1000)
    assert pages[0].total == len(rows)
    assert await mock.rows(method, start=BEGAN + MILLISECOND, end=BEGAN + 400 * DAY) == []
    assert max(row.collected_at for row in everything) <= BEGAN


async def test_a_period_before_all_history_is_empty(mock: LiveMock) -> None:
    """Nothing was read or paid before the devices were installed."""
    for method in HISTORIES:
        assert await mock.rows(method, start=BEGAN - 5000 * DAY, end=BEGAN - 1000 * DAY) == []


async def test_a_reading_appears_at_its_time(mock: LiveMock) -> None:
    """The next reading is not there a second early, and there on time."""
    task = (await mock.rows("schedules.list", water_meter_number=DEVICE))[0]
    mock.advance(task.execution_time - BEGAN - timedelta(seconds=1))
    assert await mock.rows("readings.list", device_code=DEVICE, start=BEGAN) == []
    mock.advance(timedelta(seconds=1))
    readings = await mock.rows("readings.list", device_code=DEVICE, start=BEGAN)
    assert [reading.collected_at for reading in readings] == [task.execution_time]


async def test_the_documented_rows_have_their_times(mock: LiveMock) -> None:
    """The document's reading and payment are found at their own times, and not beside them."""
    reading = (await mock.rows("readings.list", device_code="123456789"))[0]
    payment = (await mock.rows("payments.list", user_name="Fish"))[0]
    for method, row in (("readings.list", reading), ("payments.list", payment)):
        at = row.collected_at
        found = await mock.rows(method, device_code="123456789", start=at, end=at)
        assert found == [row]
        assert await mock.rows(method, device_code="123456789", start=at + MILLISECOND) == []
        assert await mock.rows(method, device_code="123456789", end=at - MILLISECOND) == []
