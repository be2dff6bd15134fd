"""Where the documents leave open how rows, totals and fields arrive: rows 9 to 16 of the published page."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import (
    IncompleteList,
    JrhszDialect,
    OperationFailed,
    UnreadableResponse,
)
from chaobiao.jrhsz import Commodity, ConsumptionKind, MeterKind
from chaobiao_mock.jrhsz.serializer import UNASSIGNED
from tests.harness.clients import ClientUnderTest, each, resolve
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock, at
from tests.harness.samples import sample_named
from tests.jrhsz.documented import PERIOD
from tests.jrhsz.every_list import EMPTY, POWER, RESIDENT, WATER, all_lists, differing

pytestmark = pytest.mark.single_client


async def test_row_09_meters_of_a_resident_as_object_or_list(mock: LiveMock) -> None:
    """One object, one row in a list, two rows in a list: the page has all of them."""
    client = mock.client()
    for single_row in ("object", "list"):
        mock.set_quirks(single_row=single_row)
        one, two = [await client.rows("residents.get", code) for code in ("2022040001", RESIDENT)]
        assert [row.table_no for row in one] == ["202364555511"]
        assert [row.table_no for row in two] == [POWER, WATER]


def test_row_09_the_documented_object_on_the_wire(raw: LiveMock) -> None:
    """By default a single meter is an object in a string, as in the sample."""
    raw.restart(start=at("2022-04-20 21:00:04"))
    found = raw.post("/user/GetUserInfo", raw.authorised(user_code="2022040001"))
    assert found == sample_named("jrhsz", "residents.get").response


async def test_row_10_one_newest_reading_beside_a_total_of_52(mock: LiveMock) -> None:
    """An object beside a larger total is one row, and the list ends."""
    mock.restart(total="more")
    response = mock.post("/meter/readMeter", mock.authorised(tableNo="190620833464"))
    assert (type(response["data"]), response["totalCount"]) == (dict, 52)
    mock.clock.advance(2)
    listing = await mock.client().call("meters.latest_readings", table_no="190620833464")
    assert [row.table_no for row in await resolve(listing.collect())] == ["190620833464"]
    assert len(mock.world.journal.of("meters.latest_readings")) == 2


async def test_row_10_a_list_short_of_its_total_is_incomplete(mock: LiveMock) -> None:
    """Where the total is larger than the rows, all rows come, and then the error that tells how many there are."""
    mock.restart(total="more")
    listing = await mock.client().call("meters.list", page_size=10)
    seen: list[Any] = []

    async def read() -> None:
        async for page in each(listing.pages()):
            seen.extend(meter.table_no for meter in page)

    with pytest.raises(IncompleteList) as caught:
        await read()
    assert len(set(seen)) == len(seen) == 28
    assert (caught.value.rows, caught.value.total, caught.value.page) == (28, 79, 4)


async def test_row_10_all_newest_readings_are_a_list(mock: LiveMock) -> None:
    """Without a number, and where a platform always returns lists, all rows come."""
    client = mock.client()
    assert len(await client.rows("meters.latest_readings")) == 28
    mock.set_quirks(single_row="list")
    assert len(await client.rows("meters.latest_readings", table_no=POWER)) == 1


@pytest.mark.parametrize(
    ("total", "after_last", "size"),
    list(itertools.product(["all", "page", "one", "more", "none"], ["empty", "repeat"], [9, 14, 28, 100])),
)
async def test_totals_and_last_pages_cost_no_row(mock: LiveMock, total: str, after_last: str, size: int) -> None:
    """Whatever the total is and whatever follows the last page, a list has every row once, and ends."""
    mock.restart(total=total, after_last=after_last)
    dialect = JrhszDialect(trust_totals=total != "more")
    meters = await mock.client(dialect=dialect).rows("meters.list", page_size=size)
    numbers = [meter.table_no for meter in meters]
    assert len(numbers) == len(set(numbers)) == 28


@pytest.mark.parametrize("total", ["all", "page", "one", "more", "none"])
async def test_a_repeated_page_is_recognised_though_its_reading_changed(mock: LiveMock, total: str) -> None:
    """A meter whose reading changes from page to page is one meter, and the list ends."""
    mock.restart(total=total, after_last="repeat")
    client = mock.client()
    for size in (1, 1000):
        rows = await client.rows("meters.latest_readings", table_no="202364555511", page_size=size)
        assert [row.table_no for row in rows] == ["202364555511"]


def test_row_11_kinds_by_the_longer_lists() -> None:
    """The meter document's lists decide: what they leave out is neither, and no code from 1 to 49 is in both."""
    electricity = {kind for kind in range(1, 50) if MeterKind(kind).commodity is Commodity.ELECTRICITY}
    water = {kind for kind in range(1, 50) if MeterKind(kind).commodity is Commodity.WATER}
    assert electricity == {1, 3, 5, 7, 9, 11, 13, 15, 16, 18, 21, 26, 30, 42, 43, 46, 48}
    assert set(range(1, 50)) - electricity - water == {25, 29, 33, 34}
    assert len(water) == 28


@pytest.mark.parametrize("kind_key", ["tableType", "typeType"])
async def test_row_11_the_kind_under_both_names(mock: LiveMock, kind_key: str) -> None:
    """The sample's tableType and the table's typeType are one field, and neither is left over."""
    mock.restart(kind_key=kind_key)
    meters = await mock.client().rows("meters.list")
    assert [meter.kind for meter in meters[:3]] == [MeterKind.WATER] * 3
    assert all(not meter.extra for meter in meters)


async def test_row_11_unassigned_kinds_are_kept(mock: LiveMock) -> None:
    """25, 29, 33 and 34 decode to their numbers, as text and as numbers, and belong to no commodity."""
    mock.restart(kinds="unassigned")
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    for rows in (
        await client.rows("meters.list"),
        await client.rows("residents.get", RESIDENT),
        await client.rows("meters.consumption", **period),
    ):
        assert {row.kind for row in rows} <= set(UNASSIGNED)
        assert len({row.kind for row in rows}) > 1
        assert all(row.kind.commodity is None and not row.unreadable for row in rows)


@pytest.mark.parametrize("numbers", ["text", "number"])
async def test_row_12_numbers_as_text_or_as_numbers(mock: LiveMock, numbers: str) -> None:
    """However a server writes numbers, they are read as the same decimals and the same kinds."""
    client = mock.client()
    documented = await all_lists(mock, client)
    samples = await client.rows("meters.time_of_use_readings", **PERIOD)
    mock.set_quirks(numbers=numbers)
    assert differing(documented, await all_lists(mock, client)) == []
    assert await client.rows("meters.time_of_use_readings", **PERIOD) == samples
    assert samples[0].total == Decimal("10622.5")


async def test_row_12_no_number_passes_through_a_float(connect: Any) -> None:
    """A number with more digits than a float holds arrives whole."""
    server = FakeServer('{"code":200,"data":[{"tableNo":"1","reading":12345678901234567.89}]}')
    (row,) = await connect(server).rows("meters.latest_readings", page_size=2)
    assert row.reading == Decimal("12345678901234567.89")


@pytest.mark.parametrize("amount_key", ["amout", "amount"])
async def test_row_13_the_amount_under_both_names(mock: LiveMock, amount_key: str) -> None:
    """The sample's amout and the table's amount are one field."""
    mock.restart(amount_key=amount_key)
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    response = mock.post(
        "/meter/readMeterDataList",
        mock.authorised(type="1", BeginDate="2025-12-31", EndDate="2025-12-31", pageNo=1, pageSize=1),
    )
    assert amount_key in response["data"][0]
    mock.clock.advance(2)
    rows = await mock.client().rows("meters.consumption", table_no=POWER, **period)
    assert all(row.amount is not None and not row.extra for row in rows)
    assert sum(row.amount for row in rows) > 0


async def test_row_14_daily_consumption_is_type_2_by_inference(mock: LiveMock, connect: Any) -> None:
    """REALTIME sends the documented 1, DAILY the inferred 2, and the type of a row is the kind of meter."""
    server = FakeServer(EMPTY)
    client: ClientUnderTest = connect(server)
    for kind in ({}, {"kind": ConsumptionKind.DAILY}):
        await client.rows("meters.consumption", begin=at("2023-04-01"), end=at("2023-04-02"), **kind)
    assert [body["type"] for body in server.arguments] == ["1", "2"]
    live = mock.client()
    period = {"begin": mock.now - timedelta(days=4), "end": mock.now, "table_no": POWER}
    days = await live.rows("meters.consumption", kind=ConsumptionKind.DAILY, **period)
    assert [row.kind for row in days] == [MeterKind.TIME_OF_USE_ELECTRICITY] * 4
    assert len({row.read_at.date() for row in days}) == 4


async def test_row_14_a_platform_without_type_2_refuses_it(mock: LiveMock) -> None:
    """Where the inference is wrong the refusal is an error, never an empty list; realtime still works."""
    mock.restart(daily="no")
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    with pytest.raises(OperationFailed) as caught:
        await client.rows("meters.consumption", kind=ConsumptionKind.DAILY, **period)
    assert caught.value.vendor_message == "type 仅支持 1"
    assert await client.rows("meters.consumption", **period)


async def test_row_15_samples_lack_fields(mock: LiveMock) -> None:
    """deviceId, which only the table has, and house_number, which one row lacks, are None where they are missing."""
    client = mock.client()
    (row,) = await client.rows("residents.consumption", "2022040002", **PERIOD)
    assert row.device_id is None
    assert [resident.house_number for resident in await client.rows("addresses.rooms", "一栋一层")] == ["101", None]


async def test_row_15_any_field_may_be_missing(mock: LiveMock) -> None:
    """Rows that lack a field each keep all their others, and no row is lost or called unreadable."""
    client = mock.client(strict=True)
    whole = await all_lists(mock, client)
    mock.set_quirks(missing="one")
    for method, rows in (await all_lists(mock, client)).items():
        assert len(rows) == len(whole[method])
        for short, full in zip(rows, whole[method], strict=True):
            fields = [name for name in type(full).__slots__ if not name.startswith("_")]
            missing = [name for name in fields if getattr(short, name) != getattr(full, name)]
            assert len(missing) == 1, method
            assert getattr(short, missing[0]) is None
            assert not short.unreadable


async def test_row_16_a_key_that_comes_twice_with_one_value(mock: LiveMock) -> None:
    """The sample's second tableNo changes nothing, in text and in native data."""
    client = mock.client()
    documented = await all_lists(mock, client)
    mock.set_quirks(repeated_key="same")
    response = mock.http("POST", "/meter/readMeter", json=mock.authorised(tableNo=POWER))
    assert response.text.count('"tableNo"') == 2
    assert differing(documented, await all_lists(mock, client)) == []


async def test_row_16_a_key_that_comes_twice_with_two_values(mock: LiveMock) -> None:
    """Neither value is believed: the field is None, both are kept, and strict reading raises."""
    mock.restart(repeated_key="different")
    client = mock.client()
    (row,) = await client.rows("meters.latest_readings", table_no=POWER)
    assert row.table_no is None
    assert row.unreadable == {"table_no": (POWER, "0")}
    assert row.device_id == POWER
    with pytest.raises(UnreadableResponse) as caught:
        await mock.client(strict=True).rows("meters.latest_readings", table_no=POWER)
    assert (caught.value.row, caught.value.field) == (0, "tableNo")


@pytest.mark.parametrize("text", ['{"code":200,"data":[{"tableNo":"1",}]}', '{"code":200"data":[]}', '{"code":200'])
async def test_row_16_syntax_is_taken_strictly(connect: Any, text: str) -> None:
    """The samples' trailing commas and missing commas are damage: a response with them is unreadable."""
    with pytest.raises(UnreadableResponse):
        await connect(FakeServer(text)).rows("meters.list")
