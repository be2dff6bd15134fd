"""The meter list, newest readings, and what commands do to meters."""

import itertools
from decimal import Decimal

import pytest

from chaobiao import InvalidArgument, OperationFailed, OutcomeUnknown
from chaobiao.jrhsz import Commodity, Gate, Instruction, LatestReading, Meter, MeterKind, NetworkState
from chaobiao_mock import Fault
from tests.jrhsz.platform import LiveDriver, Platform, at
from tests.sdk.driver import settle

pytestmark = pytest.mark.one_colour

DEVICE = "202600000002"


async def latest(client: LiveDriver, table_no: str) -> LatestReading:
    """A meter's newest reading."""
    (row,) = await client.rows("meters.latest_readings", table_no=table_no)
    assert isinstance(row, LatestReading)
    return row


async def test_the_documented_meters_come_first(platform: Platform) -> None:
    """The sample's three meters, verbatim, lead the list."""
    meters = await platform.client().rows("meters.list")
    assert meters[:3] == [
        Meter(
            project_code="zc",
            device_id=number,
            device_name=number,
            table_no=number,
            table_address="7栋",
            kind=MeterKind.WATER,
            online_at=at("2023-07-14 10:00:08"),
            network=NetworkState.OFFLINE,
            gate=Gate.DISCONNECTED,
            user_code=user,
            user_name=user,
            house_number=place,
        )
        for number, user, place in (
            ("202005005292", "ceshi1", "位置1"),
            ("202005005194", "ceshi2", "位置2"),
            ("202005004869", "ceshi3", "位置3"),
        )
    ]


async def test_the_list_over_several_pages(platform: Platform) -> None:
    """Four pages of ten hold each of 38 meters once, in order, in four calls that keep the interval."""
    platform.begin(meters=30)
    client = platform.client()
    listing = await client.call("meters.list", page_size=10)
    meters = await settle(listing.collect())
    numbers = [meter.table_no for meter in meters]
    assert len(numbers) == len(set(numbers)) == listing.total == 38
    assert numbers[8:] == [str(202600000000 + place) for place in range(30)]
    calls = platform.world.journal.of("meters.list")
    assert len(calls) == 4
    assert all(later.at - earlier.at >= 2 for earlier, later in itertools.pairwise(calls))


async def test_a_page_of_one_s_own(platform: Platform) -> None:
    """Starting at a later page leaves the earlier ones out; the last page is what remains."""
    client = platform.client()
    meters = await client.rows("meters.list")
    assert await client.rows("meters.list", page=3, page_size=10) == meters[20:]
    assert await client.rows("meters.list", page=4, page_size=10) == []


async def test_the_documented_newest_reading(platform: Platform) -> None:
    """The sample's meter stands where the sample shows it."""
    assert await latest(platform.client(), "190620833464") == LatestReading(
        device_id="190620833464",
        table_no="190620833464",
        reading=Decimal("346.90"),
        read_at=at("2023-04-22 10:31:53"),
        gate=Gate.DISCONNECTED,
    )


async def test_newest_readings_of_all_meters(platform: Platform) -> None:
    """Without a number, all meters answer, in the order of the meter list and over pages."""
    client = platform.client()
    numbers = [meter.table_no for meter in await client.rows("meters.list")]
    listing = await client.call("meters.latest_readings", page_size=9)
    assert [row.table_no for row in await settle(listing.collect())] == numbers
    assert listing.total == 28
    assert len(platform.world.journal.of("meters.latest_readings")) == 4


async def test_time_moves_readings(platform: Platform) -> None:
    """A meter that is connected reads more an hour later, at a later time; it never runs ahead of the clock."""
    client = platform.client()
    before = await latest(client, DEVICE)
    platform.clock.advance(3600)
    after = await latest(client, DEVICE)
    assert after.reading > before.reading
    assert before.read_at < after.read_at <= platform.now


async def test_an_unknown_meter_is_refused(platform: Platform) -> None:
    """1001, with words that name the meter."""
    with pytest.raises(OperationFailed) as caught:
        await latest(platform.client(), "999")
    assert caught.value.vendor_message == "表 999 不存在"


async def test_several_numbers_are_refused_before_sending(platform: Platform) -> None:
    """This endpoint takes one number; the client says so without a call, and the server would refuse."""
    with pytest.raises(InvalidArgument):
        await platform.client().rows("meters.latest_readings", table_no="202600000000,202600000001")
    assert len(platform.world.journal) == 0
    body = platform.authorised(tableNo="202600000000,202600000001")
    assert platform.post("/meter/readMeter", body)["code"] == 1001


async def test_a_disconnected_meter_stands_still(platform: Platform) -> None:
    """DISCONNECT shows in both lists, stops the reading, and costs no more."""
    client = platform.client()
    said = await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    assert said.message == "操作成功"
    stopped = await latest(client, DEVICE)
    assert stopped.gate is Gate.DISCONNECTED
    (listed,) = [meter for meter in await client.rows("meters.list") if meter.table_no == DEVICE]
    assert listed.gate is Gate.DISCONNECTED
    platform.clock.advance(3600)
    first = await latest(client, DEVICE)
    platform.clock.advance(86_400)
    later = await latest(client, DEVICE)
    assert later.reading == first.reading
    assert later.read_at > first.read_at
    period = {"begin": first.read_at, "end": platform.now, "table_no": DEVICE}
    rows = await client.rows("meters.consumption", **period)
    assert len(rows) == 25
    assert sum(row.usage for row in rows[1:]) == sum(row.amount for row in rows[1:]) == 0


async def test_a_reconnected_meter_goes_on(platform: Platform) -> None:
    """RECONNECT shows, and the reading goes on from where it stood."""
    client = platform.client()
    await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    platform.clock.advance(7200)
    stopped = await latest(client, DEVICE)
    await client.call("meters.instruct", DEVICE, Instruction.RECONNECT)
    assert (await latest(client, DEVICE)).gate is Gate.CONNECTED
    platform.clock.advance(7200)
    moving = await latest(client, DEVICE)
    assert Decimal(0) < moving.reading - stopped.reading < Decimal(3)


async def test_a_documented_meter_comes_to_life(platform: Platform) -> None:
    """A meter that stood still since the samples were taken is online and counts once it is reconnected."""
    client = platform.client()
    await client.call("meters.instruct", "190620833464", Instruction.RECONNECT)
    platform.clock.advance(86_400)
    alive = await latest(client, "190620833464")
    assert alive.reading > Decimal("346.90")
    assert alive.read_at == platform.now
    (listed,) = [meter for meter in await client.rows("meters.list") if meter.table_no == "190620833464"]
    assert (listed.network, listed.gate) == (NetworkState.ONLINE, Gate.CONNECTED)


async def test_a_reading_taken_on_demand_is_kept(platform: Platform) -> None:
    """READ makes the newest reading one of this second, and the history keeps it, at both ends of a period."""
    client = platform.client()
    platform.clock.advance(1000.7)
    before = await latest(client, DEVICE)
    await client.call("meters.instruct", DEVICE, Instruction.READ)
    moment = platform.now
    taken = await latest(client, DEVICE)
    assert taken.read_at == moment > before.read_at
    (kept,) = await client.rows("meters.readings", begin=moment, end=moment, table_no=DEVICE)
    assert (kept.reading, kept.read_at) == (taken.reading, taken.read_at)
    platform.clock.advance(7200)
    assert (await latest(client, DEVICE)).read_at > moment
    assert await client.rows("meters.readings", begin=moment, end=moment, table_no=DEVICE) == [kept]


async def test_commands_to_nobody_are_refused(platform: Platform) -> None:
    """An unknown device is 1001; an unknown instruction never leaves the client, and the server knows only three."""
    client = platform.client()
    with pytest.raises(OperationFailed) as caught:
        await client.call("meters.instruct", "999", Instruction.DISCONNECT)
    assert caught.value.vendor_message == "设备 999 不存在"
    with pytest.raises(InvalidArgument):
        await client.call("meters.instruct", DEVICE, "4")
    platform.quirks(paced="no")
    assert platform.post("/meter/meterInstruct", platform.authorised(deviceId=DEVICE, type="4"))["code"] == 1001
    assert (await latest(client, DEVICE)).gate is Gate.CONNECTED


async def test_a_lost_command_can_be_read_back(platform: Platform) -> None:
    """The valve closed though the answer got lost: OutcomeUnknown names device and command, and the state tells."""
    client = platform.client()
    platform.world.faults.add(Fault("/meter/meterInstruct", "cut", carried_out=True))
    with pytest.raises(OutcomeUnknown) as caught:
        await client.call("meters.instruct", DEVICE, Instruction.DISCONNECT)
    assert caught.value.reference == f"{DEVICE} DISCONNECT"
    assert len(platform.world.journal.of("meters.instruct")) == 1
    assert (await latest(client, DEVICE)).gate is Gate.DISCONNECTED


async def test_every_kind_in_the_estate_is_water_or_electricity(platform: Platform) -> None:
    """Made-up meters are of assigned kinds, a resident's pair one of each."""
    meters = (await platform.client().rows("meters.list"))[8:]
    commodities = [meter.kind.commodity for meter in meters]
    assert commodities == [Commodity.ELECTRICITY, Commodity.WATER] * 10
