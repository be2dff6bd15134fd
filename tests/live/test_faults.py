"""Faults between client and server: reads are repeated, money and commands never are."""

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
from chaobiao.jrhsz import Gate, Instruction, InstructMeter, ListMeters, ListRecharges, Login, Recharge
from chaobiao_mock import MockServer
from tests.harness.clients import ClientUnderTest
from tests.harness.concurrency import outcome_of
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, DEVICE, RESIDENT, recharge, world_with_account

#: Every way to lose a response.
KINDS = ["cut", "hang", "status", "garbage", "large"]
LIMITS: dict[str, Any] = {"max_response_bytes": 100_000, "wait": tenacity.wait_fixed(0.5)}


async def connected(mock: LiveMock, **options: Any) -> ClientUnderTest:
    """Return a logged-in client with small limits."""
    client = mock.client(**{**LIMITS, **options})
    await client.login()
    return client


def with_short_timeout(client: ClientUnderTest, kind: str) -> ClientUnderTest:
    """Shorten the time-out where the server is going to hang; elsewhere a busy machine must not cut responses off."""
    return client.with_options(timeout=0.3) if kind == "hang" else client


async def payments(mock: LiveMock, client: ClientUnderTest) -> list[tuple[str | None, Decimal | None]]:
    """Return the resident's recharges as the server lists them."""
    now = mock.world.clock.now()
    day = datetime.timedelta(days=1)
    page = await client.send(ListRecharges(RESIDENT, begin=now - day, end=now + day))
    return [(row.order_number, row.amount) for row in page]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_read_is_repeated(mock: LiveMock, kind: str) -> None:
    """However a read's response is lost, the read is sent again one interval later, and that response counts."""
    client = await connected(mock)
    mock.add_fault(BUILDINGS, kind)
    assert len(await with_short_timeout(client, kind).send(BUILDINGS)) > 0
    assert len(mock.times("buildings.list")) == 2 or kind == "hang"
    assert mock.times("buildings.list")[1] - mock.times("buildings.list")[0] >= 2.0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("cut", NoResponse),
        ("status", HttpStatusError),
        ("garbage", UnreadableResponse),
        ("large", NoResponse),
    ],
)
async def test_a_read_that_always_fails_says_how(mock: LiveMock, kind: str, error: type[Exception]) -> None:
    """After four attempts a read raises what happened last, as a typed error that counts the attempts."""
    client = await connected(mock)
    mock.add_fault(BUILDINGS, kind, times=100)
    found = await outcome_of(lambda: client.send(BUILDINGS))
    assert type(found) is error
    assert found.attempts == len(mock.codes("buildings.list")) == 4
    assert found.operation == "buildings.list"


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_recharge_is_never_repeated(mock: LiveMock, kind: str, carried_out: bool) -> None:
    """A recharge whose response is lost is OutcomeUnknown with its order number, sent once; the list tells."""
    client = await connected(mock)
    mock.add_fault(Recharge, kind, phase="after_commit" if carried_out else "before_parsing")
    order = recharge("order-1", amount="10.00")
    error = await outcome_of(lambda: with_short_timeout(client, kind).send(order))
    assert type(error) is OutcomeUnknown
    assert error.reference == "order-1"
    assert error.attempts == len(mock.codes("recharges.create")) == 1
    assert await payments(mock, client) == [("order-1", Decimal("10.00"))] * carried_out


@pytest.mark.single_client  # the recharges above have shown that sync and async clients agree
@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_command_is_never_repeated(mock: LiveMock, kind: str, carried_out: bool) -> None:
    """A command whose response is lost raises OutcomeUnknown and is sent once; the meter's state is read back."""
    client = await connected(mock)
    assert await gate(client) is Gate.CONNECTED
    mock.add_fault(InstructMeter, kind, phase="after_commit" if carried_out else "before_parsing")
    mock.clock.advance(60.0)
    command = InstructMeter(DEVICE, Instruction.DISCONNECT)
    error = await outcome_of(lambda: with_short_timeout(client, kind).send(command))
    assert type(error) is OutcomeUnknown
    assert error.reference == f"{DEVICE} DISCONNECT"
    assert len(mock.codes("meters.instruct")) == 1
    mock.clock.advance(600.0)
    assert await gate(client) is (Gate.DISCONNECTED if carried_out else Gate.CONNECTED)


async def gate(client: ClientUnderTest) -> Gate | None:
    """Return the state of the meter's valve, as the server lists it."""
    meters = await client.send(ListMeters())
    return next(meter.gate for meter in meters if meter.device_id == DEVICE)


@pytest.mark.parametrize("code", [1001, 1010, 4711])
async def test_refused_money_is_not_repeated(mock: LiveMock, code: int) -> None:
    """A vendor code ends a recharge at once; an unlisted code leaves open whether it was carried out, and says so."""
    client = await connected(mock)
    mock.add_fault(Recharge, "code", code=code)
    error = await outcome_of(lambda: client.send(recharge("order-2")))
    assert error.code == code
    assert isinstance(error, OutcomeUnknown) == (code == 4711)
    assert len(mock.codes("recharges.create")) == 1


@pytest.mark.parametrize("code", [1006, 1007, 1011])
async def test_money_that_was_refused_unprocessed_is_repeated(mock: LiveMock, code: int) -> None:
    """A recharge refused for its session, or as too fast, was not carried out: it is repeated, and paid in once."""
    client = await connected(mock)
    mock.add_fault(Recharge, "code", code=code)
    assert isinstance(await client.send(recharge("order-3")), Acknowledgement)
    assert mock.codes("recharges.create") == [code, 200]
    assert await payments(mock, client) == [("order-3", Decimal("1.00"))]


async def test_a_closed_port_raises_not_sent(mock: LiveMock) -> None:
    """A closed port raises NotSent for every kind of call, after several attempts: nothing was carried out."""
    with MockServer() as gone:
        url = gone.url
    client = mock.client(base_url=url, **LIMITS)
    for operation in (BUILDINGS, recharge("order-4")):
        error = await outcome_of(lambda operation=operation: client.send(operation))
        assert type(error) is NotSent
        assert (error.operation, error.attempts, error.retryable) == ("login", 4, True)


async def test_a_server_that_stops_between_calls(mock: LiveMock) -> None:
    """With a valid login and the server stopped, a recharge raises NotSent: nothing was carried out."""
    with MockServer(world_with_account()) as server:
        client = mock.client(base_url=server.url, **LIMITS)
        await client.login()
    error = await outcome_of(lambda: client.send(recharge("order-5")))
    assert type(error) is NotSent
    assert (error.operation, error.attempts) == ("recharges.create", 4)


async def test_a_command_waits_for_a_server_until_its_deadline(mock: LiveMock) -> None:
    """A command that could not be sent is tried until its deadline, however many attempts that are."""
    with MockServer(world_with_account()) as server:
        client = mock.client(base_url=server.url, deadline=30.0, **LIMITS)
        await client.login()
    error = await outcome_of(lambda: client.send(InstructMeter(DEVICE, Instruction.READ)))
    assert isinstance(error, NotSent)
    assert error.attempts > 8
    assert 25.0 < mock.clock.monotonic() <= 30.0


async def test_a_server_restart_between_calls_costs_one_login(mock: LiveMock) -> None:
    """A server that restarts on its port and has forgotten all tokens costs one login and no call."""
    world = world_with_account(mock.clock)
    with MockServer(world) as before:
        port = int(before.url.rpartition(":")[2])
        client = mock.client(base_url=before.url, **LIMITS)
        assert len(await client.send(BUILDINGS)) > 0
    mock.clock.advance(10.0)
    world.states["jrhsz"].accounts.revoke()
    with MockServer(world, port=port):
        assert len(await client.send(BUILDINGS)) > 0
        await client.close()
    assert [entry.code for entry in world.journal.of("buildings.list")] == [200, 1006, 200]


async def test_a_login_that_fails_is_repeated(mock: LiveMock) -> None:
    """A login whose response is lost or broken is sent again: to log in twice changes nothing."""
    client = mock.client(**LIMITS)
    for kind in ("cut", "garbage", "status"):
        mock.add_fault(Login, kind)
    assert len(await client.send(BUILDINGS)) > 0
    assert len(mock.codes("login")) == 4
