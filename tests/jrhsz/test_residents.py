"""Residents as payers: their meters, balances, and what they used."""

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest

from chaobiao import OperationFailed
from chaobiao.jrhsz import Commodity
from tests.harness.clients import resolve
from tests.harness.mock_server import LiveMock, at

pytestmark = pytest.mark.single_client

FIRST = "2026000000"


async def test_two_meters_come_as_a_list(mock: LiveMock) -> None:
    """A resident with a water and an electricity meter gets both, with one balance."""
    rows = await mock.client().rows("residents.get", FIRST)
    assert [row.kind.commodity for row in rows] == [Commodity.ELECTRICITY, Commodity.WATER]
    assert [row.table_no for row in rows] == ["202600000000", "202600000001"]
    assert len({row.balance for row in rows}) == 1


async def test_the_meters_of_a_resident_are_those_of_the_meter_list(mock: LiveMock) -> None:
    """Both lists show the same meters, readings and kinds."""
    client = mock.client()
    listed = [meter for meter in await client.rows("meters.list") if meter.user_code == FIRST]
    own = await client.rows("residents.get", FIRST)
    assert [(meter.table_no, meter.kind) for meter in listed] == [(row.table_no, row.kind) for row in own]
    for row in own:
        (latest,) = await client.rows("meters.latest_readings", table_no=row.table_no)
        assert (latest.reading, latest.read_at) == (row.reading, row.read_at)


@pytest.mark.parametrize("user_code", ["2026999999", "no-such-resident", "２０２６０００００１"])
async def test_an_unknown_resident_is_refused(mock: LiveMock, user_code: str) -> None:
    """1001, with words that name the resident."""
    with pytest.raises(OperationFailed) as caught:
        await mock.client().rows("residents.get", user_code)
    assert caught.value.vendor_message == f"用户 {user_code} 不存在"


async def test_consumption_rows_follow_one_another(mock: LiveMock) -> None:
    """Each row begins where the one before ended, so the usage sums to the difference of the readings."""
    begin, end = mock.now - timedelta(days=2), mock.now
    rows = await mock.client().rows("residents.consumption", FIRST, begin=begin, end=end)
    for number in ("202600000000", "202600000001"):
        own = [row for row in rows if row.table_no == number]
        assert len(own) == 48
        for earlier, later in itertools.pairwise(own):
            assert (later.previous_read_at, later.previous_reading) == (earlier.read_at, earlier.reading)
        used = sum(row.reading - row.previous_reading for row in own)
        assert used == own[-1].reading - own[0].previous_reading > 0


async def test_consumption_is_paged(mock: LiveMock) -> None:
    """Small pages and one large page hold the same rows in the same order."""
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    whole = await client.rows("residents.consumption", FIRST, **period)
    listing = await client.call("residents.consumption", FIRST, page_size=11, **period)
    assert await resolve(listing.collect()) == whole
    assert len(whole) == listing.total == 48
    assert len(mock.world.journal.of("residents.consumption")) == 1 + 5


@pytest.mark.parametrize("resident", [FIRST, "2022040001"])
async def test_the_balance_falls_by_what_consumption_cost(mock: LiveMock, resident: str) -> None:
    """Between two moments the balance falls by exactly the amounts of the consumption records between them."""
    client = mock.client()
    meters = [row.table_no for row in await client.rows("residents.get", resident)]
    before, since = (await client.rows("residents.get", resident))[0].balance, mock.now
    mock.clock.advance(5 * 86_400 + 1234)
    after, until = (await client.rows("residents.get", resident))[0].balance, mock.now
    cost = Decimal(0)
    for number in meters:
        rows = await client.rows("meters.consumption", begin=since, end=until, table_no=number)
        cost += sum((row.amount for row in rows if row.read_at > since), Decimal(0))
    assert before - after == cost > 1


async def test_a_documented_meter_that_is_connected_has_a_history(mock: LiveMock) -> None:
    """What a resident pays for is listed, from the time at which the world began."""
    client = mock.client()
    mock.clock.advance(86_400)
    rows = await client.rows("residents.consumption", "2022040001", begin=at("2020-01-01 00:00:00"), end=mock.now)
    assert [row.table_no for row in rows] == ["202364555511"] * 24
    assert rows[0].previous_reading == Decimal("3.00") < rows[-1].reading
