"""Pacing against a live server that enforces the interval, beside other processes and within deadlines."""

from decimal import Decimal
from typing import Any

import pytest
import tenacity

from chaobiao import (
    CallEvent,
    DeadlineExceeded,
    JrhszDialect,
    NoResponse,
    ServerUnavailable,
    TooFast,
    WaitTooLong,
)
from chaobiao.jrhsz import Login
from tests.harness.concurrency import gaps, outcome_of, run_concurrently, sending, sending_later
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, METERS, RESIDENT, call_from_another_process, recharge


async def test_a_refusal_caused_by_another_process_is_waited_out(mock: LiveMock) -> None:
    """A call that comes too soon after another process's call is refused with 1011, delayed, and then succeeds."""
    told: list[CallEvent] = []
    client = mock.client(on_retry=told.append)
    await client.send(BUILDINGS)
    mock.clock.advance(2.0)
    assert call_from_another_process(mock, BUILDINGS) == 200
    assert len(await client.send(BUILDINGS)) > 0
    assert mock.codes("buildings.list") == [200, 200, 1011, 200]
    assert mock.times("buildings.list") == [0.0, 2.0, 2.0, 4.5]
    assert [(event.operation, event.code, event.outcome) for event in told] == [("buildings.list", 1011, "TooFast")]


async def test_one_refusal_delays_all_callers(mock: LiveMock) -> None:
    """After a 1011 no caller of this process tries before a whole interval has passed; then the queue goes on."""
    client = mock.client()
    await client.login()
    mock.clock.advance(10.0)
    assert call_from_another_process(mock, BUILDINGS) == 200
    found = await run_concurrently(mock.clock, [(client, sending(BUILDINGS))] * 4)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert mock.codes("buildings.list") == [200, 1011, 200, 200, 200, 200]
    assert gaps(mock.times("buildings.list")) == [0.0, 2.5, 2.0, 2.0, 2.0]


async def test_without_pacing_the_refusal_is_raised(mock: LiveMock) -> None:
    """paced=False sends at once, and raises TooFast with the interval as its wait instead of repeating."""
    client = mock.client(paced=False)
    await client.send(BUILDINGS)
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert isinstance(error, TooFast)
    assert (error.wait, error.attempts, error.retryable) == (2.0, 1, True)
    assert mock.times("buildings.list") == [0.0, 0.0]


async def test_a_refusal_that_does_not_end_is_raised_within_the_deadline(mock: LiveMock) -> None:
    """A server that refuses everything as too fast is asked until the deadline, and no longer."""
    client = mock.client(deadline=30.0)
    mock.add_fault(BUILDINGS, "code", code=1011, times=1000)
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert type(error) is TooFast
    assert 20.0 < mock.clock.monotonic() <= 30.0
    assert min(gaps(mock.times("buildings.list"))) >= 2.25
    assert error.attempts == len(mock.codes("buildings.list")) > 5


@pytest.mark.parametrize(("spent", "wait"), [(0.0, 2.0), (0.5, 1.5), (1.5, 0.5)])
async def test_a_wait_beyond_the_deadline_fails_at_once(mock: LiveMock, spent: float, wait: float) -> None:
    """When the turn comes after the deadline, WaitTooLong gives the wait; nothing is sent and no time passes."""
    client = mock.client()
    await client.send(BUILDINGS)
    mock.clock.advance(spent)
    error = await outcome_of(lambda: client.with_options(deadline=wait / 2).send(BUILDINGS))
    assert isinstance(error, WaitTooLong)
    assert error.wait == wait
    assert (error.attempts, error.operation) == (0, "buildings.list")
    assert mock.clock.monotonic() == spent
    assert len(mock.codes("buildings.list")) == 1
    mock.clock.advance(error.wait)
    assert len(await client.with_options(deadline=wait / 2).send(BUILDINGS)) > 0  # after that wait the call succeeds


async def test_a_long_queue_counts_towards_the_wait(mock: LiveMock) -> None:
    """WaitTooLong counts the callers in the queue: of 12 with 11 s each, six are served and six fail at once."""
    client = mock.client(deadline=11.0)
    await client.send(BUILDINGS)
    mock.clock.advance(2.0)
    found = await run_concurrently(mock.clock, [(client, sending(BUILDINGS))] * 12)
    refused = [each for each in found if isinstance(each, WaitTooLong)]
    assert len(refused) == 6
    assert len([each for each in found if not isinstance(each, BaseException)]) == 6
    assert all(error.wait is not None and error.wait > 11.0 for error in refused)
    assert len(mock.codes("buildings.list")) == 7


async def test_a_wait_beyond_the_deadline_costs_no_login(mock: LiveMock) -> None:
    """A call that cannot be served in time does not log in first."""
    client = mock.client()
    await client.send(BUILDINGS)
    mock.clock.advance(7200.0 - 10.0)
    await client.send(BUILDINGS)
    mock.state.accounts.revoke()
    before = len(mock.codes("login"))
    assert isinstance(await outcome_of(lambda: client.with_options(deadline=1.0).send(BUILDINGS)), WaitTooLong)
    assert len(mock.codes("login")) == before


async def test_the_deadline_covers_all_attempts(mock: LiveMock) -> None:
    """A read that always fails is repeated until the deadline and raised before it, whatever the stop policy."""
    policies: dict[str, Any] = {"stop": tenacity.stop_never, "wait": tenacity.wait_fixed(0.5)}
    client = mock.client(deadline=20.0, **policies)
    mock.add_fault(BUILDINGS, "status", status=503, times=1000)
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert type(error) is ServerUnavailable
    assert 17.0 < mock.clock.monotonic() <= 20.0
    assert len(mock.codes("buildings.list")) >= 8


async def test_the_deadline_covers_the_login(mock: LiveMock) -> None:
    """A login that is always refused as too fast uses the call's time up; the call itself is never sent."""
    client = mock.client(deadline=9.0)
    mock.add_fault(Login, "code", code=1011, times=1000)
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert type(error) is TooFast
    assert error.operation == "login"
    assert mock.clock.monotonic() <= 9.0
    assert mock.codes("buildings.list") == []


async def test_a_follower_of_a_login_keeps_its_own_deadline(mock: LiveMock) -> None:
    """A follower with 5 s gives up after 5 s although the login that it waits for goes on."""
    leader, follower = mock.client(deadline=60.0), mock.client(deadline=5.0)
    mock.add_fault(Login, "code", code=1011, times=8)
    later = sending_later(mock.clock, follower, METERS, 0.25)
    found = await run_concurrently(mock.clock, [(leader, sending(BUILDINGS)), (follower, later)])
    assert len(found[0]) > 0
    assert isinstance(found[1], DeadlineExceeded)


async def test_a_leader_at_its_deadline_hands_the_login_over(mock: LiveMock) -> None:
    """The caller that logs in for all gives up after 6.5 s; a follower with 60 s takes over and succeeds."""
    leader, follower = mock.client(deadline=6.5), mock.client(deadline=60.0)
    mock.add_fault(Login, "code", code=1011, times=8)
    later = sending_later(mock.clock, follower, METERS, 0.25)
    found = await run_concurrently(mock.clock, [(leader, sending(BUILDINGS)), (follower, later)])
    assert isinstance(found[0], TooFast)
    assert len(found[1]) > 0


async def test_the_timeout_is_per_attempt(mock: LiveMock) -> None:
    """Two attempts without a response within the timeout are given up, and the response to the third counts."""
    told: list[CallEvent] = []
    client = mock.client(on_response=told.append)
    await client.login()
    mock.add_fault(BUILDINGS, "hang", times=2)
    assert len(await client.with_options(timeout=0.3).send(BUILDINGS)) > 0
    found = [event.outcome for event in told if event.operation != "login"]
    assert found[:2] == ["NoResponse", "NoResponse"]
    assert found[-1] == "ok"
    assert len(mock.codes("buildings.list")) == len(found)


async def test_the_timeout_ends_an_attempt_that_is_not_repeated(mock: LiveMock) -> None:
    """With a stop policy of one attempt, a server that hangs causes a NoResponse after the timeout."""
    client = mock.client(stop=tenacity.stop_after_attempt(1))
    await client.login()
    mock.add_fault(BUILDINGS, "hang")
    error = await outcome_of(lambda: client.with_options(timeout=0.2).send(BUILDINGS))
    assert isinstance(error, NoResponse)
    assert error.attempts == 1


@pytest.mark.parametrize("server_keeps_it", ["yes", "no"])
@pytest.mark.parametrize("client_keeps_it", [True, False])
async def test_recharges_by_either_document(mock: LiveMock, server_keeps_it: str, client_keeps_it: bool) -> None:
    """Whether or not the client and the server keep an interval for recharges: all succeed, each once.

    Only where the server keeps one and the client does not are calls refused with 1011, and repeated.
    """
    mock.restart(recharge_paced=server_keeps_it)
    client = mock.client(dialect=JrhszDialect(recharge_paced=client_keeps_it))
    for number in range(3):
        await client.send(recharge(f"order-{number}"))
    codes = mock.codes("recharges.create")
    assert codes.count(200) == 3
    assert (1011 in codes) == (server_keeps_it == "yes" and not client_keeps_it)
    assert set(codes) <= {200, 1011}
    assert mock.clock.monotonic() >= (4.0 if client_keeps_it or server_keeps_it == "yes" else 0.0)
    if not client_keeps_it and server_keeps_it == "no":
        assert mock.clock.monotonic() == 0.0
    payments = mock.state.ledger.payments(RESIDENT, *years_around(mock))
    ours = [payment.amount for payment in payments if str(payment.order_number).startswith("order-")]
    assert ours == [Decimal("1.00")] * 3


@pytest.mark.parametrize("server_keeps_it", ["yes", "no"])
@pytest.mark.parametrize("client_keeps_it", [True, False])
async def test_logins_by_either_document(mock: LiveMock, server_keeps_it: str, client_keeps_it: bool) -> None:
    """Whether or not the client and the server keep an interval for logins: three in a row succeed.

    Only where the server keeps one and the client does not are logins refused with 1011, and repeated.
    """
    mock.restart(login_paced=server_keeps_it)
    client = mock.client(dialect=JrhszDialect(login_paced=client_keeps_it))
    for _ in range(3):
        await client.login()
    codes = mock.codes("login")
    assert codes.count(200) == 3
    assert (1011 in codes) == (server_keeps_it == "yes" and not client_keeps_it)
    assert mock.clock.monotonic() >= (4.0 if client_keeps_it or server_keeps_it == "yes" else 0.0)


def years_around(mock: LiveMock) -> tuple[Any, Any]:
    """Return a period of ten years around the world's time."""
    now = mock.world.clock.now()
    return now.replace(year=now.year - 5), now.replace(year=now.year + 5)
