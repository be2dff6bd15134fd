"""Histories: readings, consumption, time-of-use and camera readings."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import InvalidArgument
from chaobiao.jrhsz import Commodity, ConsumptionKind, ImageStatus, MeterKind
from tests.harness.clients import resolve
from tests.harness.mock_server import LiveMock, at
from tests.jrhsz.documented import PERIOD

pytestmark = pytest.mark.single_client

#: Electricity (time of use) and water (camera) of the first resident.
POWER, CAMERA = "202600000000", "202600000001"
#: Yuan a unit.
PRICES = {Commodity.ELECTRICITY: Decimal("0.58"), Commodity.WATER: Decimal("3.30")}
HISTORIES = ["meters.readings", "meters.consumption", "meters.time_of_use_readings", "meters.camera_readings"]


def days(mock: LiveMock, count: int) -> dict[str, Any]:
    """Return a period of the last days."""
    return {"begin": mock.now - timedelta(days=count), "end": mock.now}


async def test_consumption_sums_to_the_readings(mock: LiveMock) -> None:
    """A row's usage is the difference to the reading before, so the rows sum to the whole difference."""
    rows = await mock.client().rows("meters.consumption", table_no=POWER, **days(mock, 3))
    assert len(rows) == 72
    for earlier, later in itertools.pairwise(rows):
        assert later.reading - earlier.reading == later.usage
        assert later.read_at - earlier.read_at == timedelta(hours=1)
    assert sum(row.usage for row in rows[1:]) == rows[-1].reading - rows[0].reading > 10


async def test_realtime_consumption_sums_to_daily(mock: LiveMock) -> None:
    """Each day's row is the sum of its 24 hourly rows, in usage and in amount, for every meter."""
    client = mock.client()
    period = days(mock, 5)
    daily = await client.rows("meters.consumption", kind=ConsumptionKind.DAILY, **period)
    hourly = await client.rows("meters.consumption", kind=ConsumptionKind.REALTIME, **period)
    compared = 0
    for day in daily:
        hours = [
            row
            for row in hourly
            if row.table_no == day.table_no and day.read_at - timedelta(days=1) < row.read_at <= day.read_at
        ]
        if len(hours) == 24:  # the first day of the period lacks some
            assert sum(row.usage for row in hours) == day.usage
            assert sum(row.amount for row in hours) == day.amount
            assert hours[-1].reading == day.reading
            compared += 1
    assert compared == 4 * 20


async def test_amounts_are_usage_times_price(mock: LiveMock) -> None:
    """A row's amount is its usage times the price to the cent, and rounding errors do not add up."""
    rows = await mock.client().rows("meters.consumption", **days(mock, 2))
    cent = Decimal("0.01")
    for number in {row.table_no for row in rows if row.table_no >= POWER}:
        own = [row for row in rows if row.table_no == number]
        price = PRICES[own[0].kind.commodity]
        assert all(abs(row.amount - row.usage * price) < cent for row in own)
        assert abs(sum(row.amount for row in own) - sum(row.usage for row in own) * price) < cent
        assert sum(row.usage for row in own) > 0


async def test_daily_readings_agree_with_consumption(mock: LiveMock) -> None:
    """Two daily readings differ by what was used between them, to the hour."""
    client = mock.client()
    readings = await client.rows("meters.readings", table_no=POWER, **days(mock, 3))
    assert [row.read_at.hour for row in readings] == [10, 10, 10]
    for earlier, later in itertools.pairwise(readings):
        period = {"begin": earlier.read_at, "end": later.read_at}
        rows = await client.rows("meters.consumption", table_no=POWER, **period)
        assert len(rows) == 24
        hourly = max(row.usage for row in rows)
        assert abs(later.reading - earlier.reading - sum(row.usage for row in rows)) <= hourly


async def test_time_of_use_readings_belong_to_time_of_use_meters(mock: LiveMock) -> None:
    """Only time-of-use meters report them, once a night, and the four tariffs sum to the total."""
    client = mock.client()
    kinds = {meter.table_no: meter.kind for meter in await client.rows("meters.list")}
    rows = await client.rows("meters.time_of_use_readings", **days(mock, 3))
    assert {kinds[row.table_no] for row in rows} == {MeterKind(7), MeterKind(15)}
    assert len(rows) == 3 * sum(kind in (7, 11, 15) for kind in kinds.values())
    for row in rows:
        assert row.sharp + row.peak + row.flat + row.valley == row.total
        assert row.active_power_a + row.active_power_b + row.active_power_c == row.active_power
        assert row.frozen_at.hour == 0 or (row.frozen_at.hour, row.frozen_at.minute) < (1, 3)


async def test_time_of_use_readings_grow(mock: LiveMock) -> None:
    """No tariff's reading falls."""
    rows = await mock.client().rows("meters.time_of_use_readings", table_no=POWER, **days(mock, 30))
    assert len(rows) == 30
    for earlier, later in itertools.pairwise(rows):
        assert earlier.total < later.total
        assert (earlier.sharp, earlier.peak, earlier.flat) <= (later.sharp, later.peak, later.flat)
        assert earlier.valley <= later.valley


async def test_camera_readings_belong_to_camera_meters(mock: LiveMock) -> None:
    """Only kind 24 reports them; a picture that could not be read has no reading and another status."""
    mock.restart(meters=200)
    client = mock.client()
    kinds = {meter.table_no: meter.kind for meter in await client.rows("meters.list")}
    rows = await client.rows("meters.camera_readings", **days(mock, 20))
    assert {kinds[row.table_no] for row in rows} == {MeterKind.WATER_4G}
    assert len(rows) == 20 * 25
    failed = [row for row in rows if row.status is not ImageStatus.PARSED]
    assert 0 < len(failed) < len(rows) // 10
    assert {(row.status.value, row.status.listed, row.reading) for row in failed} == {("解析失败", False, None)}
    assert all(row.reading is not None for row in rows if row.status is ImageStatus.PARSED)


@pytest.mark.parametrize("numbers", [f"{CAMERA},{POWER}", [POWER, CAMERA]])
async def test_several_numbers(mock: LiveMock, numbers: Any) -> None:
    """Several meters' rows come in one list, whether the numbers are joined by commas or are a list."""
    client = mock.client()
    both = await client.rows("meters.readings", table_no=numbers, **days(mock, 2))
    single = [await client.rows("meters.readings", table_no=number, **days(mock, 2)) for number in (POWER, CAMERA)]
    assert both == single[0] + single[1]
    assert len(both) == 4


@pytest.mark.parametrize("method", HISTORIES)
async def test_unknown_numbers_find_nothing(mock: LiveMock, method: str) -> None:
    """A number that no meter has is no error in a history, and does not hide the rows of others."""
    client = mock.client()
    period = days(mock, 2)
    assert await client.rows(method, table_no="999", **period) == []
    if method != "meters.consumption":
        known = await client.rows(method, table_no=[POWER, CAMERA], **period)
        assert await client.rows(method, table_no=["999", POWER, CAMERA], **period) == known != []


@pytest.mark.parametrize("method", HISTORIES)
async def test_the_period_includes_both_ends(mock: LiveMock, method: str) -> None:
    """A row at the first or last second of a period belongs to it; one second off, it does not."""
    client = mock.client()
    number = CAMERA if "camera" in method else POWER
    moment = "frozen_at" if "time_of_use" in method else "read_at"
    rows = await client.rows(method, table_no=number, **days(mock, 3))
    first, last = getattr(rows[0], moment), getattr(rows[-1], moment)
    second = timedelta(seconds=1)

    async def found(begin: Any, end: Any) -> list[Any]:
        return await client.rows(method, table_no=number, begin=begin, end=end)

    assert await found(first, last) == rows
    assert await found(first + second, last) == rows[1:]
    assert await found(first, last - second) == rows[:-1]


@pytest.mark.parametrize("method", HISTORIES)
async def test_no_row_is_in_the_future(mock: LiveMock, method: str) -> None:
    """A period that reaches into the future has the rows up to now; a day later it has more."""
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now + timedelta(days=30)}
    before = await client.rows(method, **period)
    mock.clock.advance(86_400)
    after = [row for row in await client.rows(method, **period) if row.table_no >= POWER]
    assert len(after) == 2 * len(before) > 0
    assert [row for row in before if row not in after] == []


@pytest.mark.parametrize(("method", "size"), list(zip(HISTORIES, [200, 200, 50, 25], strict=True)))
async def test_pages_hold_the_same_rows(mock: LiveMock, method: str, size: int) -> None:
    """Small pages and one large page hold the same rows, of documented and of made-up meters."""
    mock.restart(meters=8)
    client = mock.client()
    mock.clock.advance(3 * 86_400)
    period = {"begin": at("2023-01-01 00:00:00"), "end": mock.now}
    kind = {"kind": ConsumptionKind.DAILY} if method == "meters.consumption" else {}
    whole = await client.rows(method, **period, **kind)
    listing = await client.call(method, page_size=size, **period, **kind)
    assert await resolve(listing.collect()) == whole
    assert listing.total == len(whole) > 3 * size


async def test_a_period_that_ends_before_it_begins_is_rejected(mock: LiveMock) -> None:
    """The client rejects it before sending, and the server refuses it too."""
    with pytest.raises(InvalidArgument):
        await mock.client().rows("meters.readings", begin=PERIOD["end"], end=PERIOD["begin"])
    assert len(mock.world.journal) == 0
    period = {"BeginDate": "2023-05-01", "EndDate": "2023-04-01"}
    refusal = mock.post("/meter/readMeterList", mock.authorised(pageNo=1, pageSize=1, **period))
    assert refusal["code"] == 1001
    assert refusal["msg"].startswith("参数 BeginDate 不能晚于 EndDate（2023-05-01 00:00:00 > ")
