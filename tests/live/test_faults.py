"""When things go wrong between client and server: reads are repeated, money and commands never are."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
import tenacity

from chaobiao import (
    Acknowledgement,
    HttpStatusError,
    NoResponse,
    NotSent,
    OutcomeUnknown,
    UnreadableResponse,
)
from chaobiao.jrhsz import Gate, Instruction, InstructMeter, ListMeters, ListRecharges, Recharge
from chaobiao_mock import MockServer, World
from chaobiao_mock.jrhsz.accounts import Account
from tests.live.people import BUILDINGS, PASSWORD, USERNAME, Place, outcome, settled

READ_PATH, MONEY_PATH, COMMAND_PATH = "/user/getBuildCode", "/user/Prestore", "/meter/meterInstruct"
#: Every way to lose an answer.
KINDS = ["cut", "hang", "status", "garbage", "large"]
LIMITS: dict[str, Any] = {"max_response_bytes": 100_000, "wait": tenacity.wait_fixed(0.5)}
RESIDENT = "2022040001"
DEVICE = "202364555511"


async def connected(place: Place, colour: str, **options: Any) -> Any:
    """A logged-in client with small limits."""
    client = place.connect(colour, **{**LIMITS, **options})
    await settled(client.login())
    return client


def meeting(client: Any, kind: str) -> Any:
    """The client, not very patient where a server is going to hang; elsewhere a busy machine must not cut answers."""
    return client.with_options(timeout=0.3) if kind == "hang" else client


async def payments(place: Place, client: Any) -> list[tuple[str | None, Decimal | None]]:
    """Our recharges as the server lists them."""
    now = place.world.clock.now()
    day = datetime.timedelta(days=1)
    page = await settled(client.send(ListRecharges(RESIDENT, begin=now - day, end=now + day)))
    return [(row.order_number, row.amount) for row in page]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_read_is_repeated(place: Place, colour: str, kind: str) -> None:
    """Whatever became of a read's answer, the read is sent again, an interval later, and its answer counts."""
    client = await connected(place, colour)
    place.fault(READ_PATH, kind)
    assert len(await settled(meeting(client, kind).send(BUILDINGS))) > 0
    assert len(place.times("buildings.list")) == 2 or kind == "hang"
    assert place.times("buildings.list")[1] - place.times("buildings.list")[0] >= 2.0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("cut", NoResponse),
        ("status", HttpStatusError),
        ("garbage", UnreadableResponse),
        ("large", NoResponse),
    ],
)
async def test_a_read_that_always_fails_says_how(place: Place, colour: str, kind: str, error: type[Exception]) -> None:
    """After four attempts a read raises what happened last, as a typed error that counts the attempts."""
    client = await connected(place, colour)
    place.fault(READ_PATH, kind, times=100)
    found = await outcome(lambda: client.send(BUILDINGS))
    assert type(found) is error
    assert found.attempts == len(place.codes("buildings.list")) == 4
    assert found.operation == "buildings.list"


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_recharge_is_never_repeated(place: Place, colour: str, kind: str, carried_out: bool) -> None:
    """A recharge whose answer is lost is OutcomeUnknown with its order number, sent once; the list shows the truth."""
    client = await connected(place, colour)
    place.fault(MONEY_PATH, kind, carried_out=carried_out)
    order = Recharge(RESIDENT, amount="10.00", order_number="order-1")
    error = await outcome(lambda: meeting(client, kind).send(order))
    assert type(error) is OutcomeUnknown
    assert error.reference == "order-1"
    assert error.attempts == len(place.codes("recharges.create")) == 1
    assert await payments(place, client) == [("order-1", Decimal("10.00"))] * carried_out


@pytest.mark.one_colour  # the recharges above have shown that the colours agree
@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_command_is_never_repeated(place: Place, colour: str, kind: str, carried_out: bool) -> None:
    """A command whose answer is lost is OutcomeUnknown and was sent once; the meter's own state is read back."""
    client = await connected(place, colour)
    assert await gate(client) is Gate.CONNECTED
    place.fault(COMMAND_PATH, kind, carried_out=carried_out)
    place.clock.advance(60.0)
    error = await outcome(lambda: meeting(client, kind).send(InstructMeter(DEVICE, Instruction.DISCONNECT)))
    assert type(error) is OutcomeUnknown
    assert error.reference == f"{DEVICE} DISCONNECT"
    assert len(place.codes("meters.instruct")) == 1
    place.clock.advance(600.0)
    assert await gate(client) is (Gate.DISCONNECTED if carried_out else Gate.CONNECTED)


async def gate(client: Any) -> Gate | None:
    """The state of the meter's valve, as the server lists it."""
    meters = await settled(client.send(ListMeters()))
    return next(meter.gate for meter in meters if meter.device_id == DEVICE)


@pytest.mark.parametrize("code", [1001, 1010, 4711])
async def test_refused_money_is_not_repeated(place: Place, colour: str, code: int) -> None:
    """A vendor code ends a recharge at once; an unlisted one leaves open whether it was carried out, and says so."""
    client = await connected(place, colour)
    place.fault(MONEY_PATH, "code", code=code)
    error = await outcome(lambda: client.send(Recharge(RESIDENT, amount=1, order_number="order-2")))
    assert error.code == code
    assert isinstance(error, OutcomeUnknown) == (code == 4711)
    assert len(place.codes("recharges.create")) == 1


@pytest.mark.parametrize("code", [1006, 1007, 1011])
async def test_money_refused_before_it_was_looked_at_is_repeated(place: Place, colour: str, code: int) -> None:
    """A recharge refused for its session, or as too fast, was not carried out: it is repeated, and paid in once."""
    client = await connected(place, colour)
    place.fault(MONEY_PATH, "code", code=code)
    assert isinstance(await settled(client.send(Recharge(RESIDENT, amount=1, order_number="order-3"))), Acknowledgement)
    assert place.codes("recharges.create") == [code, 200]
    assert await payments(place, client) == [("order-3", Decimal("1.00"))]


async def test_a_server_that_is_gone_is_not_sent(place: Place, colour: str) -> None:
    """A closed port is NotSent for every kind of call, after several attempts: it was provably not carried out."""
    with MockServer() as gone:
        url = gone.url
    client = place.connect(colour, base_url=url, **LIMITS)
    for operation in (BUILDINGS, Recharge(RESIDENT, amount=1, order_number="order-4")):
        error = await outcome(lambda operation=operation: client.send(operation))
        assert type(error) is NotSent
        assert (error.operation, error.attempts, error.retryable) == ("login", 4, True)


async def test_a_server_that_goes_away_between_calls(place: Place, colour: str) -> None:
    """With a login in hand and the server gone, a recharge is NotSent: nothing was carried out."""
    with MockServer(World()) as server:
        server.world.states["jrhsz"].accounts.add(Account(USERNAME, PASSWORD))
        client = place.connect(colour, base_url=server.url, **LIMITS)
        await settled(client.login())
    error = await outcome(lambda: client.send(Recharge(RESIDENT, amount=1, order_number="order-5")))
    assert type(error) is NotSent
    assert (error.operation, error.attempts) == ("recharges.create", 4)


async def test_a_command_waits_for_a_server_until_its_deadline(place: Place, colour: str) -> None:
    """A command that could not be sent is tried until its deadline, however many attempts that takes."""
    with MockServer(World()) as server:
        server.world.states["jrhsz"].accounts.add(Account(USERNAME, PASSWORD))
        client = place.connect(colour, base_url=server.url, deadline=30.0, **LIMITS)
        await settled(client.login())
    error = await outcome(lambda: client.send(InstructMeter(DEVICE, Instruction.READ)))
    assert isinstance(error, NotSent)
    assert error.attempts > 8
    assert 25.0 < place.clock.monotonic() <= 30.0


async def test_a_restart_in_between_is_not_noticed(place: Place, colour: str) -> None:
    """A server that restarts on its port, and has forgotten all tokens, costs a login and no call."""
    world = World(clock=place.clock)
    with MockServer(world) as before:
        world.states["jrhsz"].accounts.add(Account(USERNAME, PASSWORD))
        port = int(before.url.rpartition(":")[2])
        client = place.connect(colour, base_url=before.url, **LIMITS)
        assert len(await settled(client.send(BUILDINGS))) > 0
    place.clock.advance(10.0)
    world.states["jrhsz"].accounts.revoke()
    with MockServer(world, port=port):
        assert len(await settled(client.send(BUILDINGS))) > 0
        await settled(client.close() if colour == "sync" else client.aclose())
    assert [entry.code for entry in world.journal.of("buildings.list")] == [200, 1006, 200]


async def test_a_login_that_fails_is_repeated(place: Place, colour: str) -> None:
    """A login whose answer is lost or garbled is sent again: it changes nothing to log in twice."""
    client = place.connect(colour, **LIMITS)
    for kind in ("cut", "garbage", "status"):
        place.fault("/user/login", kind)
    assert len(await settled(client.send(BUILDINGS))) > 0
    assert len(place.codes("login")) == 4
