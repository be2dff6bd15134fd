"""Histories: readings, consumption, time-of-use and camera readings."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import InvalidArgument
from chaobiao.jrhsz import (
    CameraReading,
    Commodity,
    Consumption,
    ConsumptionKind,
    ImageStatus,
    MeterKind,
    Reading,
    TimeOfUseReading,
)
from tests.jrhsz.platform import SAMPLES, Platform, at
from tests.sdk.driver import settle

pytestmark = pytest.mark.one_colour

#: Electricity (time of use) and water (camera) of the first resident.
POWER, CAMERA = "202600000000", "202600000001"
#: Cents a unit.
PRICES = {Commodity.ELECTRICITY: Decimal("0.58"), Commodity.WATER: Decimal("3.30")}
HISTORIES = ["meters.readings", "meters.consumption", "meters.time_of_use_readings", "meters.camera_readings"]


def days(platform: Platform, count: int) -> dict[str, Any]:
    """The last days."""
    return {"begin": platform.now - timedelta(days=count), "end": platform.now}


async def test_the_documented_readings(platform: Platform) -> None:
    """The sample's two readings, verbatim."""
    assert await platform.client().rows("meters.readings", **SAMPLES) == [
        Reading(
            device_id="190620833464",
            table_no="190620833464",
            reading=Decimal(reading),
            read_at=at(moment),
            imei="",
            user_code="2020072806247",
            table_address="190620833464",
            device_name="190620833464",
        )
        for reading, moment in (("313.60", "2023-04-06 10:30:28"), ("316.03", "2023-04-07 10:30:01"))
    ]


async def test_the_documented_consumption(platform: Platform) -> None:
    """The sample's two rows, verbatim."""
    assert await platform.client().rows("meters.consumption", **SAMPLES) == [
        Consumption(
            project_code="zc",
            device_id=number,
            table_no=number,
            reading=Decimal("71.00"),
            read_at=at(moment),
            usage=Decimal(0),
            amount=Decimal(0),
            kind=MeterKind.NB_ELECTRICITY_RS485,
        )
        for number, moment in (("202005004869", "2023-04-05 10:31:42"), ("202005004984", "2023-04-06 10:30:43"))
    ]


async def test_the_documented_time_of_use_reading(platform: Platform) -> None:
    """The sample's row, verbatim, with numbers that were numbers and numbers that were text."""
    assert await platform.client().rows("meters.time_of_use_readings", **SAMPLES) == [
        TimeOfUseReading(
            project_code="cs",
            device_id="202005004869",
            table_no="202005004869",
            reported_at=at("2025-07-01 00:57:05"),
            frozen_at=at("2025-07-01 00:57:05"),
            total=Decimal("10622.5"),
            sharp=Decimal("24863.7"),
            peak=Decimal("31086.9"),
            flat=Decimal("41868"),
            valley=Decimal("8403.9"),
            voltage_a=Decimal("238.90"),
            voltage_b=Decimal("238.90"),
            voltage_c=Decimal("238.90"),
            current_a=Decimal("3.78"),
            current_b=Decimal("0.21"),
            current_c=Decimal("0.12"),
            active_power=Decimal("29.50"),
            active_power_a=Decimal("29.00"),
            active_power_b=Decimal("0.20"),
            active_power_c=Decimal("0.20"),
            reactive_power=Decimal("1.90"),
            reactive_power_a=Decimal("0.00"),
            reactive_power_b=Decimal("1.30"),
            reactive_power_c=Decimal("0.50"),
        )
    ]


async def test_the_documented_camera_reading(platform: Platform) -> None:
    """The sample's row, verbatim."""
    assert await platform.client().rows("meters.camera_readings", **SAMPLES) == [
        CameraReading(
            project_code="cs",
            table_no="8408301559",
            read_at=at("2025-07-01 00:57:05"),
            status=ImageStatus.PARSED,
            image_url="https://xxx.com/",
            reading=Decimal("24863.7"),
        )
    ]


async def test_consumption_sums_to_the_readings(platform: Platform) -> None:
    """A row's usage is the difference to the reading before, so the rows sum to the whole difference."""
    rows = await platform.client().rows("meters.consumption", table_no=POWER, **days(platform, 3))
    assert len(rows) == 72
    for earlier, later in itertools.pairwise(rows):
        assert later.reading - earlier.reading == later.usage
        assert later.read_at - earlier.read_at == timedelta(hours=1)
    assert sum(row.usage for row in rows[1:]) == rows[-1].reading - rows[0].reading > 10


async def test_realtime_consumption_sums_to_daily(platform: Platform) -> None:
    """Each day's row is the sum of its 24 hourly rows, in usage and in amount, for every meter."""
    client = platform.client()
    period = days(platform, 5)
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


async def test_amounts_are_usage_times_price(platform: Platform) -> None:
    """A row's amount is its usage times the price to the cent, and rounding never adds up."""
    rows = await platform.client().rows("meters.consumption", **days(platform, 2))
    cent = Decimal("0.01")
    for number in {row.table_no for row in rows if row.table_no >= POWER}:
        own = [row for row in rows if row.table_no == number]
        price = PRICES[own[0].kind.commodity]
        assert all(abs(row.amount - row.usage * price) < cent for row in own)
        assert abs(sum(row.amount for row in own) - sum(row.usage for row in own) * price) < cent
        assert sum(row.usage for row in own) > 0


async def test_daily_readings_agree_with_consumption(platform: Platform) -> None:
    """Two daily readings differ by what was used between them, to the hour."""
    client = platform.client()
    readings = await client.rows("meters.readings", table_no=POWER, **days(platform, 3))
    assert [row.read_at.hour for row in readings] == [10, 10, 10]
    for earlier, later in itertools.pairwise(readings):
        period = {"begin": earlier.read_at, "end": later.read_at}
        rows = await client.rows("meters.consumption", table_no=POWER, **period)
        assert len(rows) == 24
        hourly = max(row.usage for row in rows)
        assert abs(later.reading - earlier.reading - sum(row.usage for row in rows)) <= hourly


async def test_time_of_use_readings_belong_to_time_of_use_meters(platform: Platform) -> None:
    """Only time-of-use kinds report them, once a night, and the four tariffs sum to the total."""
    client = platform.client()
    kinds = {meter.table_no: meter.kind for meter in await client.rows("meters.list")}
    rows = await client.rows("meters.time_of_use_readings", **days(platform, 3))
    assert {kinds[row.table_no] for row in rows} == {MeterKind(7), MeterKind(15)}
    assert len(rows) == 3 * sum(kind in (7, 11, 15) for kind in kinds.values())
    for row in rows:
        assert row.sharp + row.peak + row.flat + row.valley == row.total
        assert row.active_power_a + row.active_power_b + row.active_power_c == row.active_power
        assert row.frozen_at.hour == 0 or (row.frozen_at.hour, row.frozen_at.minute) < (1, 3)


async def test_time_of_use_readings_grow(platform: Platform) -> None:
    """No tariff's reading ever falls."""
    rows = await platform.client().rows("meters.time_of_use_readings", table_no=POWER, **days(platform, 30))
    assert len(rows) == 30
    for earlier, later in itertools.pairwise(rows):
        assert earlier.total < later.total
        assert (earlier.sharp, earlier.peak, earlier.flat) <= (later.sharp, later.peak, later.flat)
        assert earlier.valley <= later.valley


async def test_camera_readings_belong_to_camera_meters(platform: Platform) -> None:
    """Only kind 24 reports them; a picture that could not be read has no reading, and another status."""
    platform.begin(meters=200)
    client = platform.client()
    kinds = {meter.table_no: meter.kind for meter in await client.rows("meters.list")}
    rows = await client.rows("meters.camera_readings", **days(platform, 20))
    assert {kinds[row.table_no] for row in rows} == {MeterKind.WATER_4G}
    assert len(rows) == 20 * 25
    failed = [row for row in rows if row.status is not ImageStatus.PARSED]
    assert 0 < len(failed) < len(rows) // 10
    assert {(row.status.value, row.status.listed, row.reading) for row in failed} == {("解析失败", False, None)}
    assert all(row.reading is not None for row in rows if row.status is ImageStatus.PARSED)


@pytest.mark.parametrize("numbers", [f"{CAMERA},{POWER}", [POWER, CAMERA]])
async def test_several_numbers(platform: Platform, numbers: Any) -> None:
    """Several meters' rows come in one answer, whether joined by commas or as a list."""
    client = platform.client()
    both = await client.rows("meters.readings", table_no=numbers, **days(platform, 2))
    single = [await client.rows("meters.readings", table_no=number, **days(platform, 2)) for number in (POWER, CAMERA)]
    assert both == single[0] + single[1]
    assert len(both) == 4


@pytest.mark.parametrize("method", HISTORIES)
async def test_unknown_numbers_find_nothing(platform: Platform, method: str) -> None:
    """A number that no meter has is no error in a history, and does not hide the others."""
    client = platform.client()
    period = days(platform, 2)
    assert await client.rows(method, table_no="999", **period) == []
    if method != "meters.consumption":
        known = await client.rows(method, table_no=[POWER, CAMERA], **period)
        assert await client.rows(method, table_no=["999", POWER, CAMERA], **period) == known != []


@pytest.mark.parametrize("method", HISTORIES)
async def test_the_period_includes_both_ends(platform: Platform, method: str) -> None:
    """A row at the first or last second of a period belongs to it; one second off, it does not."""
    client = platform.client()
    number = CAMERA if "camera" in method else POWER
    moment = "frozen_at" if "time_of_use" in method else "read_at"
    rows = await client.rows(method, table_no=number, **days(platform, 3))
    first, last = getattr(rows[0], moment), getattr(rows[-1], moment)
    second = timedelta(seconds=1)

    async def found(begin: Any, end: Any) -> list[Any]:
        return await client.rows(method, table_no=number, begin=begin, end=end)

    assert await found(first, last) == rows
    assert await found(first + second, last) == rows[1:]
    assert await found(first, last - second) == rows[:-1]


@pytest.mark.parametrize("method", HISTORIES)
async def test_nothing_is_reported_ahead_of_time(platform: Platform, method: str) -> None:
    """A period that reaches into the future holds what has happened; a day later it holds more."""
    client = platform.client()
    period = {"begin": platform.now - timedelta(days=1), "end": platform.now + timedelta(days=30)}
    before = await client.rows(method, **period)
    platform.clock.advance(86_400)
    after = [row for row in await client.rows(method, **period) if row.table_no >= POWER]
    assert len(after) == 2 * len(before) > 0
    assert [row for row in before if row not in after] == []


@pytest.mark.parametrize(("method", "size"), list(zip(HISTORIES, [200, 200, 50, 25], strict=True)))
async def test_pages_hold_the_same_rows(platform: Platform, method: str, size: int) -> None:
    """Small pages and one large page hold the same rows, across documented, living and made-up meters."""
    platform.begin(meters=8)
    client = platform.client()
    platform.clock.advance(3 * 86_400)
    period = {"begin": at("2023-01-01 00:00:00"), "end": platform.now}
    kind = {"kind": ConsumptionKind.DAILY} if method == "meters.consumption" else {}
    whole = await client.rows(method, **period, **kind)
    listing = await client.call(method, page_size=size, **period, **kind)
    assert await settle(listing.collect()) == whole
    assert listing.total == len(whole) > 3 * size


async def test_a_period_that_ends_before_it_begins_is_refused(platform: Platform) -> None:
    """The client says so before sending, and the server refuses it as well."""
    with pytest.raises(InvalidArgument):
        await platform.client().rows("meters.readings", begin=SAMPLES["end"], end=SAMPLES["begin"])
    assert len(platform.world.journal) == 0
    period = {"BeginDate": "2023-05-01", "EndDate": "2023-04-01"}
    answer = platform.post("/meter/readMeterList", platform.authorised(pageNo=1, pageSize=1, **period))
    assert answer["code"] == 1001
    assert answer["msg"].startswith("参数 BeginDate 不能晚于 EndDate（2023-05-01 00:00:00 > ")
