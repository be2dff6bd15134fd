"""The meter list, newest readings, and what commands do to meters."""

import itertools
from decimal import Decimal

import pytest

from chaobiao import InvalidArgument, OperationFailed, OutcomeUnknown
from chaobiao.jrhsz import Commodity, Gate, Instruction, InstructMeter, LatestReading, NetworkState
from tests.harness.clients import ClientUnderTest, resolve
from tests.harness.mock_server import LiveMock

pytestmark = pytest.mark.single_client

DEVICE = "202600000002"


async def latest(client: ClientUnderTest, table_no: str) -> LatestReading:
    """Return a meter's newest reading."""
    (row,) = await client.rows("meters.latest_readings", table_no=table_no)
    assert isinstance(row, LatestReading)
    return row


async def test_the_list_over_several_pages(mock: LiveMock) -> None:
    """Four pages of ten hold each of 38 meters once, in order, in four calls that keep the interval."""
    mock.restart(meters=30)
    client = mock.client()
    listing = await client.call("meters.list", page_size=10)
    meters = await resolve(listing.collect())
    numbers = [meter.table_no for meter in meters]
    assert len(numbers) == len(set(numbers)) == listing.total == 38
    assert numbers[8:] == [str(202600000000 + place) for place in range(30)]
    calls = mock.world.journal.of("meters.list")
    assert len(calls) == 4
    assert all(later.at - earlier.at >= 2 for earlier, later in itertools.pairwise(calls))


async def test_a_list_from_a_later_page(mock: LiveMock) -> None:
    """A list that starts at a later page leaves the earlier ones out; the last page holds the rest."""
    client = mock.client()
    meters = await client.rows("meters.list")
    assert await client.rows("meters.list", page=3, page_size=10) == meters[20:]
    assert await client.rows("meters.list", page=4, page_size=10) == []


async def test_newest_readings_of_all_meters(mock: LiveMock) -> None:
    """Without a number, every meter has a row, in the order of the meter list and over pages."""
    client = mock.client()
    numbers = [meter.table_no for meter in await client.rows("meters.list")]
    listing = await client.call("meters.latest_readings", page_size=9)
    assert [row.table_no for row in await resolve(listing.collect())] == numbers
    assert listing.total == 28
    assert len(mock.world.journal.of("meters.latest_readings")) == 4


async def test_time_moves_readings(mock: LiveMock) -> None:
    """A connected meter reads more an hour later, at a later time that is never ahead of the clock."""
    client = mock.client()
    before = await latest(client, DEVICE)
    mock.clock.advance(3600)
    after = await latest(client, DEVICE)
    assert after.reading > before.reading
    assert before.read_at < after.read_at <= mock.now


async def test_an_unknown_meter_is_refused(mock: LiveMock) -> None:
    """1001, with words that name the meter."""
    with pytest.raises(OperationFailed) as caught:
        await latest(mock.client(), "999")
    assert caught.value.vendor_message == "表 999 不存在"


async def test_several_numbers_are_rejected_before_sending(mock: LiveMock) -> None:
    """This endpoint takes one number; the client rejects several without a call, as the server would."""
    with pytest.raises(InvalidArgument):
        await mock.client().rows("meters.latest_readings", table_no="202600000000,202600000001")
    assert len(mock.world.journal) == 0
    body = mock.authorised(tableNo="202600000000,202600000001")
    assert mock.post("/meter/readMeter", body)["code"] == 1001


async def test_a_disconnected_meter_counts_nothing(mock: LiveMock) -> None:
    """DISCONNECT shows in both lists, stops the reading, and costs no more."""
    client = mock.client()
    acknowledged = await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    assert acknowledged.message == "操作成功"
    stopped = await latest(client, DEVICE)
    assert stopped.gate is Gate.DISCONNECTED
    (listed,) = [meter for meter in await client.rows("meters.list") if meter.table_no == DEVICE]
    assert listed.gate is Gate.DISCONNECTED
    mock.clock.advance(3600)
    first = await latest(client, DEVICE)
    mock.clock.advance(86_400)
    later = await latest(client, DEVICE)
    assert later.reading == first.reading
    assert later.read_at > first.read_at
    period = {"begin": first.read_at, "end": mock.now, "table_no": DEVICE}
    rows = await client.rows("meters.consumption", **period)
    assert len(rows) == 25
    assert sum(row.usage for row in rows[1:]) == sum(row.amount for row in rows[1:]) == 0


async def test_a_reconnected_meter_counts_on(mock: LiveMock) -> None:
    """RECONNECT shows, and the reading goes on from its last value."""
    client = mock.client()
    await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    mock.clock.advance(7200)
    stopped = await latest(client, DEVICE)
    await client.call("meters.instruct", DEVICE, Instruction.RECONNECT)
    assert (await latest(client, DEVICE)).gate is Gate.CONNECTED
    mock.clock.advance(7200)
    moving = await latest(client, DEVICE)
    assert Decimal(0) < moving.reading - stopped.reading < Decimal(3)


async def test_a_documented_meter_counts_once_reconnected(mock: LiveMock) -> None:
    """A meter of the samples does not count until it is reconnected; then it is online and counts."""
    client = mock.client()
    await client.call("recharges.create", "2020072806247", amount=100, order_number="order-1")
    await client.call("meters.instruct", "190620833464", Instruction.RECONNECT)
    mock.clock.advance(86_400)
    alive = await latest(client, "190620833464")
    assert alive.reading > Decimal("346.90")
    assert alive.read_at == mock.now
    (listed,) = [meter for meter in await client.rows("meters.list") if meter.table_no == "190620833464"]
    assert (listed.network, listed.gate) == (NetworkState.ONLINE, Gate.CONNECTED)


async def test_a_reading_taken_on_demand_is_kept(mock: LiveMock) -> None:
    """READ takes a reading at this second, and the history keeps it, at both ends of a period."""
    client = mock.client()
    mock.clock.advance(1000.7)
    before = await latest(client, DEVICE)
    await client.call("meters.instruct", DEVICE, Instruction.READ)
    moment = mock.now
    taken = await latest(client, DEVICE)
    assert taken.read_at == moment > before.read_at
    (kept,) = await client.rows("meters.readings", begin=moment, end=moment, table_no=DEVICE)
    assert (kept.reading, kept.read_at) == (taken.reading, taken.read_at)
    mock.clock.advance(7200)
    assert (await latest(client, DEVICE)).read_at > moment
    assert await client.rows("meters.readings", begin=moment, end=moment, table_no=DEVICE) == [kept]


async def test_commands_to_unknown_devices_are_refused(mock: LiveMock) -> None:
    """An unknown device is 1001; an unknown instruction never leaves the client, and the server knows only three."""
    client = mock.client()
    with pytest.raises(OperationFailed) as caught:
        await client.call("meters.instruct", "999", Instruction.DISCONNECT)
    assert caught.value.vendor_message == "设备 999 不存在"
    with pytest.raises(InvalidArgument):
        await client.call("meters.instruct", DEVICE, "4")
    mock.set_quirks(paced="no")
    assert mock.post("/meter/meterInstruct", mock.authorised(deviceId=DEVICE, type="4"))["code"] == 1001
    assert (await latest(client, DEVICE)).gate is Gate.CONNECTED


async def test_the_effect_of_a_lost_command_can_be_read(mock: LiveMock) -> None:
    """The valve closed but the response was lost: OutcomeUnknown names device and command; the state shows it."""
    client = mock.client()
    mock.add_fault(InstructMeter, "cut", phase="after_commit")
    with pytest.raises(OutcomeUnknown) as caught:
        await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    assert caught.value.reference == f"{DEVICE} DISCONNECT"
    assert len(mock.world.journal.of("meters.instruct")) == 1
    assert (await latest(client, DEVICE)).gate is Gate.DISCONNECTED


async def test_every_kind_in_the_fleet_is_water_or_electricity(mock: LiveMock) -> None:
    """Made-up meters are of assigned kinds; each resident has one for electricity and one for water."""
    meters = (await mock.client().rows("meters.list"))[8:]
    commodities = [meter.kind.commodity for meter in meters]
    assert commodities == [Commodity.ELECTRICITY, Commodity.WATER] * 10
