"""Money and valves, registers between two reports, offline meters and cameras: what happens as time passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from chaobiao.jrhsz import Gate, ImageStatus, Instruction, NetworkState
from chaobiao_mock.jrhsz.state import JrhszState
from tests.harness.clients import ClientUnderTest
from tests.harness.mock_server import LiveMock

pytestmark = pytest.mark.single_client

#: The documented resident whose meter is connected, with a balance of 130 yuan.
RESIDENT, METER = "2022040001", "202364555511"
OFFLINE, CAMERA = "202005005292", "8408301559"
DAY = 86_400


@pytest.fixture
def jrhsz(live_mock: Callable[..., LiveMock]) -> LiveMock:
    """A world of twenty made-up meters."""
    made = live_mock("jrhsz")
    made.restart(paced="no")
    return made


async def gate_and_balance(client: ClientUnderTest) -> tuple[Gate, Decimal]:
    """Return the gate of the documented meter and its resident's balance."""
    (reading,) = await client.rows("meters.latest_readings", table_no=METER)
    (own,) = await client.rows("residents.get", RESIDENT)
    assert own.reading == reading.reading
    return reading.gate, own.balance


async def used_in(client: ClientUnderTest, begin: datetime, end: datetime) -> Decimal:
    """Return what the documented meter used in a period, from its consumption records."""
    rows = await client.rows("meters.consumption", table_no=METER, begin=begin, end=end)
    return sum((row.usage for row in rows), Decimal(0))


async def test_at_zero_the_valve_trips_until_a_recharge(jrhsz: LiveMock) -> None:
    """The gate is open at the first report without money, nothing is used while it is, and a recharge closes it."""
    client = jrhsz.client(paced=False)
    began = jrhsz.now
    gate, before = await gate_and_balance(client)
    while gate is Gate.CONNECTED:
        jrhsz.clock.advance(DAY)
        gate, balance = await gate_and_balance(client)
    assert -Decimal("0.30") < balance <= 0
    rows = await client.rows("meters.consumption", table_no=METER, begin=began, end=jrhsz.now)
    assert before - sum((row.amount for row in rows), Decimal(0)) == balance
    assert rows[-1].usage == 0
    paid_at = jrhsz.now
    jrhsz.clock.advance(30 * DAY)
    assert await gate_and_balance(client) == (Gate.DISCONNECTED, balance)
    assert await used_in(client, paid_at, jrhsz.now) == 0
    await client.call("recharges.create", RESIDENT, amount="0.01", order_number="too-little")
    assert (await gate_and_balance(client))[0] is (Gate.CONNECTED if balance > -Decimal("0.01") else Gate.DISCONNECTED)
    await client.call("recharges.create", RESIDENT, amount=50, order_number="enough")
    assert await gate_and_balance(client) == (Gate.CONNECTED, balance + Decimal("50.01"))
    jrhsz.clock.advance(DAY)
    assert await used_in(client, jrhsz.now - timedelta(days=1), jrhsz.now) > 5


async def test_a_jump_over_the_end_of_the_money_trips_at_the_same_report(jrhsz: LiveMock) -> None:
    """However often the world is asked, the valve trips at the same report, with the same reading."""
    found = []
    for steps in (1, 60 * 24):
        jrhsz.restart(paced="no")
        client = jrhsz.client(paced=False)
        for _ in range(steps):
            jrhsz.clock.advance(60 * DAY / steps)
            jrhsz.state.settle()
        (reading,) = await client.rows("meters.latest_readings", table_no=METER)
        found.append((reading.reading, *await gate_and_balance(client)))
    assert found[0] == found[1]


async def test_a_valve_closed_by_a_command_stays_closed(jrhsz: LiveMock) -> None:
    """A recharge connects what the balance has tripped, and not what a command has closed."""
    client = jrhsz.client(paced=False)
    jrhsz.clock.advance(60 * DAY)
    assert (await gate_and_balance(client))[0] is Gate.DISCONNECTED
    await client.call("meters.instruct", METER, Instruction.DISCONNECT)
    await client.call("recharges.create", RESIDENT, amount=50, order_number="order-1")
    assert (await gate_and_balance(client))[0] is Gate.DISCONNECTED


async def test_a_valve_opened_without_money_trips_again(jrhsz: LiveMock) -> None:
    """A command opens it at once; at the next report it trips."""
    client = jrhsz.client(paced=False)
    jrhsz.clock.advance(60 * DAY)
    await gate_and_balance(client)
    await client.call("meters.instruct", METER, Instruction.RECONNECT)
    assert (await gate_and_balance(client))[0] is Gate.CONNECTED
    jrhsz.clock.advance(3_600)
    assert (await gate_and_balance(client))[0] is Gate.DISCONNECTED


async def test_credit_lets_consumption_go_on(jrhsz: LiveMock) -> None:
    """With the quirk, the valve stays connected and the balance falls below zero."""
    jrhsz.restart(paced="no", at_zero="credit")
    client = jrhsz.client(paced=False)
    jrhsz.clock.advance(60 * DAY)
    gate, balance = await gate_and_balance(client)
    assert gate is Gate.CONNECTED
    assert balance < -100
    assert await used_in(client, jrhsz.now - timedelta(days=1), jrhsz.now) > 5


def cost_of(state: JrhszState, resident: str, moment: datetime) -> Decimal:
    """Return the cost of the readings that a resident's meters had reported at a moment."""
    cents = 0
    for index in state.fleet.meters_of(resident):
        spec = state.fleet.spec(index)
        cents += state.fleet.cost(spec, state.fleet.reading(spec, state.hourly.latest(index, moment) or moment))
    return Decimal(cents) / 100


@pytest.mark.parametrize("step", [0.73, 97.3])
def test_generated_residents_recharge_for_years(jrhsz: LiveMock, step: float) -> None:
    """At any moment of three years the balance is above zero, and is what was paid minus what the usage cost."""
    state, began = jrhsz.state, jrhsz.now
    residents = [state.fleet.resident_code(index) for index in range(10)]
    opening = {each: state.ledger.balance(each, began) + cost_of(state, each, began) for each in residents}
    earlier: dict[str, list[str | None]] = {each: [] for each in residents}
    for _ in range(int((1_000 if step > 1 else 150) / step)):
        jrhsz.clock.advance(step * DAY)
        for each in residents:
            paid = state.ledger.payments(each, began, jrhsz.now)
            balance = state.ledger.balance(each, jrhsz.now)
            assert balance == opening[each] + sum(payment.amount or 0 for payment in paid) - cost_of(
                state, each, jrhsz.now
            )
            assert 0 < balance < 1_000
            orders = [payment.order_number for payment in paid]
            assert orders[: len(earlier[each])] == earlier[each]
            assert [payment.paid_at for payment in paid] == sorted(payment.paid_at for payment in paid)
            earlier[each] = orders
    assert all(len(orders) >= (20 if step > 1 else 2) for orders in earlier.values())
    assert len({tuple(orders) for orders in earlier.values()}) == len(residents)


async def test_a_register_between_two_reports_lies_between_their_readings(jrhsz: LiveMock) -> None:
    """The newest reading of a documented meter in use moves from minute to minute, within its hourly records."""
    client = jrhsz.client(paced=False)
    began, asked = jrhsz.now, []
    for _ in range(200):
        jrhsz.clock.advance(613.7)
        (reading,) = await client.rows("meters.latest_readings", table_no=METER)
        asked.append((reading.read_at, reading.reading))
    assert all(earlier < later for earlier, later in pairwise(asked))
    rows = await client.rows("meters.consumption", table_no=METER, begin=began, end=jrhsz.now)
    merged = sorted([*asked, *((row.read_at, row.reading) for row in rows)])
    assert len(rows) >= 34
    assert [reading for _, reading in merged] == sorted(reading for _, reading in merged)


async def test_an_offline_meter_takes_no_reading_before_it_is_online(jrhsz: LiveMock) -> None:
    """The command is accepted and changes nothing; once the meter is online, one reading is taken."""
    client = jrhsz.client(paced=False)
    (before,) = await client.rows("meters.latest_readings", table_no=OFFLINE)
    began = jrhsz.now
    for _ in range(2):
        await client.call("meters.instruct", OFFLINE, Instruction.READ)
        jrhsz.clock.advance(3_600)
    assert await client.rows("meters.latest_readings", table_no=OFFLINE) == [before]
    period = {"begin": began, "end": jrhsz.now + timedelta(hours=1)}
    assert await client.rows("meters.readings", table_no=OFFLINE, **period) == []
    (meter,) = [each for each in await client.rows("meters.list") if each.table_no == OFFLINE]
    assert meter.network is NetworkState.OFFLINE
    await client.call("meters.instruct", OFFLINE, Instruction.DISCONNECT)
    online_at = jrhsz.now.replace(microsecond=0)
    jrhsz.clock.advance(600)
    rows = await client.rows("meters.readings", table_no=OFFLINE, **period)
    assert [row.read_at for row in rows if row.read_at.minute == online_at.minute] == [online_at]


async def test_a_camera_takes_pictures_from_when_it_is_opened(jrhsz: LiveMock) -> None:
    """The documented camera meter has its one documented picture until it is opened, and then one a night."""
    client = jrhsz.client(paced=False)
    jrhsz.clock.advance(3 * DAY)
    everything = {"begin": datetime(2020, 1, 1), "end": datetime(2030, 1, 1)}
    (documented,) = await client.rows("meters.camera_readings", table_no=CAMERA, **everything)
    await client.call("meters.instruct", CAMERA, Instruction.RECONNECT)
    opened = jrhsz.now
    assert await client.rows("meters.camera_readings", table_no=CAMERA, **everything) == [documented]
    jrhsz.clock.advance(3 * DAY)
    first, *pictures = await client.rows("meters.camera_readings", table_no=CAMERA, **everything)
    assert first == documented
    assert len(pictures) == 3
    assert all(opened < picture.read_at <= jrhsz.now for picture in pictures)
    readings = [picture.reading for picture in pictures if picture.status is ImageStatus.PARSED]
    assert readings == sorted(readings)
    assert documented.reading < readings[0]
    listed = await client.rows("meters.camera_readings", begin=opened, end=jrhsz.now)
    assert [row for row in listed if row.table_no == CAMERA] == pictures
