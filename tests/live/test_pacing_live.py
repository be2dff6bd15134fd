"""Pacing against a live server that enforces the interval, with other processes about, within deadlines."""

from collections.abc import Callable
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
from chaobiao.jrhsz import Recharge
from tests.live.people import BUILDINGS, METERS, Place, crowd, gaps, outcome, sending, sending_later, settled

PATH = "/user/getBuildCode"


async def test_another_process_on_the_account_is_waited_out(place: Place, colour: str) -> None:
    """A call that another process has crossed is refused with 1011, pushed back, and repeated until it goes through."""
    told: list[CallEvent] = []
    client = place.connect(colour, on_retry=told.append)
    await settled(client.send(BUILDINGS))
    place.clock.advance(2.0)
    assert place.elsewhere(PATH)["code"] == 200
    assert len(await settled(client.send(BUILDINGS))) > 0
    assert place.codes("buildings.list") == [200, 200, 1011, 200]
    assert place.times("buildings.list") == [0.0, 2.0, 2.0, 4.5]
    assert [(event.operation, event.code, event.outcome) for event in told] == [("buildings.list", 1011, "TooFast")]


async def test_one_refusal_pushes_all_callers_back(place: Place, colour: str) -> None:
    """After a 1011 nobody of this process tries before a whole interval has passed; the queue then goes on."""
    client = place.connect(colour)
    await settled(client.login())
    place.clock.advance(10.0)
    assert place.elsewhere(PATH)["code"] == 200
    found = await crowd(place.clock, [(client, sending(BUILDINGS))] * 4)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert place.codes("buildings.list") == [200, 1011, 200, 200, 200, 200]
    assert gaps(place.times("buildings.list")) == [0.0, 2.5, 2.0, 2.0, 2.0]


async def test_without_pacing_the_refusal_is_shown(place: Place, colour: str) -> None:
    """paced=False sends at once, and raises TooFast with the interval as its wait instead of repeating."""
    client = place.connect(colour, paced=False)
    await settled(client.send(BUILDINGS))
    error = await outcome(lambda: client.send(BUILDINGS))
    assert isinstance(error, TooFast)
    assert (error.wait, error.attempts, error.retryable) == (2.0, 1, True)
    assert place.times("buildings.list") == [0.0, 0.0]


async def test_a_refusal_that_does_not_end_is_raised_within_the_deadline(place: Place, colour: str) -> None:
    """A server that refuses everything as too fast is asked until the deadline, and no longer."""
    client = place.connect(colour, deadline=30.0)
    place.fault(PATH, "code", code=1011, times=1000)
    error = await outcome(lambda: client.send(BUILDINGS))
    assert type(error) is TooFast
    assert 20.0 < place.clock.monotonic() <= 30.0
    assert min(gaps(place.times("buildings.list"))) >= 2.25
    assert error.attempts == len(place.codes("buildings.list")) > 5


@pytest.mark.parametrize(("spent", "wait"), [(0.0, 2.0), (0.5, 1.5), (1.5, 0.5)])
async def test_a_hopeless_wait_fails_at_once(place: Place, colour: str, spent: float, wait: float) -> None:
    """When the turn comes after the deadline, WaitTooLong says by how much; nothing is sent, no time passes."""
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    place.clock.advance(spent)
    error = await outcome(lambda: client.with_options(deadline=wait / 2).send(BUILDINGS))
    assert isinstance(error, WaitTooLong)
    assert error.wait == wait
    assert (error.attempts, error.operation) == (0, "buildings.list")
    assert place.clock.monotonic() == spent
    assert len(place.codes("buildings.list")) == 1
    place.clock.advance(error.wait)
    assert len(await settled(client.with_options(deadline=wait / 2).send(BUILDINGS))) > 0  # the wait was the truth


async def test_a_long_queue_counts(place: Place, colour: str) -> None:
    """WaitTooLong counts those who queue already: of 12 callers with 11 s each, six go and six are told at once."""
    client = place.connect(colour, deadline=11.0)
    await settled(client.send(BUILDINGS))
    place.clock.advance(2.0)
    found = await crowd(place.clock, [(client, sending(BUILDINGS))] * 12)
    refused = [each for each in found if isinstance(each, WaitTooLong)]
    assert len(refused) == 6
    assert len([each for each in found if not isinstance(each, BaseException)]) == 6
    assert all(error.wait is not None and error.wait > 11.0 for error in refused)
    assert len(place.codes("buildings.list")) == 7


async def test_a_hopeless_wait_costs_no_login(place: Place, colour: str) -> None:
    """Whoever cannot be served in time does not log in first."""
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    place.clock.advance(7200.0 - 10.0)
    await settled(client.send(BUILDINGS))
    place.world.states["jrhsz"].accounts.revoke()
    before = len(place.codes("login"))
    assert isinstance(await outcome(lambda: client.with_options(deadline=1.0).send(BUILDINGS)), WaitTooLong)
    assert len(place.codes("login")) == before


async def test_the_deadline_covers_all_attempts(place: Place, colour: str) -> None:
    """A read that always fails is repeated until the deadline and raised before it, whatever the stop policy."""
    policies: dict[str, Any] = {"stop": tenacity.stop_never, "wait": tenacity.wait_fixed(0.5)}
    client = place.connect(colour, deadline=20.0, **policies)
    place.fault(PATH, "status", status=503, times=1000)
    error = await outcome(lambda: client.send(BUILDINGS))
    assert type(error) is ServerUnavailable
    assert 17.0 < place.clock.monotonic() <= 20.0
    assert len(place.codes("buildings.list")) >= 8


async def test_the_deadline_covers_the_login(place: Place, colour: str) -> None:
    """A login that another process keeps crossing uses the call's time up; the call itself is never sent."""
    client = place.connect(colour, deadline=9.0)
    place.fault("/user/login", "code", code=1011, times=1000)
    error = await outcome(lambda: client.send(BUILDINGS))
    assert type(error) is TooFast
    assert error.operation == "login"
    assert place.clock.monotonic() <= 9.0
    assert place.codes("buildings.list") == []


async def test_whoever_waits_for_a_login_keeps_a_deadline_of_its_own(place: Place, colour: str) -> None:
    """A follower with 5 s gives up after 5 s though the login that it waits for goes on."""
    patient, hasty = place.connect(colour, deadline=60.0), place.connect(colour, deadline=5.0)
    place.fault("/user/login", "code", code=1011, times=8)
    found = await crowd(place.clock, [(patient, sending(BUILDINGS)), (hasty, sending_later(place, METERS, 0.25))])
    assert len(found[0]) > 0
    assert isinstance(found[1], DeadlineExceeded)


async def test_a_leader_without_time_hands_the_login_over(place: Place, colour: str) -> None:
    """Who logs in for all gives up after 6.5 s; the one that waited and has 60 s goes on, and succeeds."""
    patient, hasty = place.connect(colour, deadline=60.0), place.connect(colour, deadline=6.5)
    place.fault("/user/login", "code", code=1011, times=8)
    found = await crowd(place.clock, [(hasty, sending(BUILDINGS)), (patient, sending_later(place, METERS, 0.25))])
    assert isinstance(found[0], TooFast)
    assert len(found[1]) > 0


async def test_the_timeout_is_per_attempt(place: Place, colour: str) -> None:
    """Two attempts that get no answer within the timeout are given up, and the third one's answer counts."""
    told: list[CallEvent] = []
    client = place.connect(colour, on_response=told.append)
    await settled(client.login())
    place.fault(PATH, "hang", times=2)
    assert len(await settled(client.with_options(timeout=0.3).send(BUILDINGS))) > 0
    found = [event.outcome for event in told if event.operation != "login"]
    assert found[:2] == ["NoResponse", "NoResponse"]
    assert found[-1] == "ok"
    assert len(place.codes("buildings.list")) == len(found)


async def test_the_timeout_ends_an_attempt_that_is_not_repeated(place: Place, colour: str) -> None:
    """With a stop policy of one attempt, a hanging server is a NoResponse after the timeout."""
    client = place.connect(colour, stop=tenacity.stop_after_attempt(1))
    await settled(client.login())
    place.fault(PATH, "hang")
    error = await outcome(lambda: client.with_options(timeout=0.2).send(BUILDINGS))
    assert isinstance(error, NoResponse)
    assert error.attempts == 1


def recharge(number: int) -> Recharge:
    return Recharge("2022040001", amount="1.00", order_number=f"order-{number}")


@pytest.mark.parametrize("server", ["yes", "no"])
@pytest.mark.parametrize("client_paces", [True, False])
async def test_recharges_by_either_document(
    settle: Callable[..., Place], colour: str, server: str, client_paces: bool
) -> None:
    """Whether or not recharges have an interval, by our reading and by the server's: all go through, each once.

    Only where the server keeps one and the client does not are calls refused with 1011, and repeated.
    """
    place = settle(recharge_paced=server)
    client = place.connect(colour, dialect=JrhszDialect(recharge_paced=client_paces))
    for number in range(3):
        await settled(client.send(recharge(number)))
    codes = place.codes("recharges.create")
    assert codes.count(200) == 3
    assert (1011 in codes) == (server == "yes" and not client_paces)
    assert set(codes) <= {200, 1011}
    assert place.clock.monotonic() >= (4.0 if client_paces or server == "yes" else 0.0)
    if not client_paces and server == "no":
        assert place.clock.monotonic() == 0.0
    payments = place.world.states["jrhsz"].ledger.payments("2022040001", *whole_time(place))
    ours = [payment.amount for payment in payments if str(payment.order_number).startswith("order-")]
    assert ours == [Decimal("1.00")] * 3


@pytest.mark.parametrize("server", ["yes", "no"])
@pytest.mark.parametrize("client_paces", [True, False])
async def test_logins_by_either_document(
    settle: Callable[..., Place], colour: str, server: str, client_paces: bool
) -> None:
    """Whether or not logins have an interval, by our reading and by the server's: three in a row succeed.

    Only where the server keeps one and the client does not are logins refused with 1011, and repeated.
    """
    place = settle(login_paced=server)
    client = place.connect(colour, dialect=JrhszDialect(login_paced=client_paces))
    for _ in range(3):
        await settled(client.login())
    codes = place.codes("login")
    assert codes.count(200) == 3
    assert (1011 in codes) == (server == "yes" and not client_paces)
    assert place.clock.monotonic() >= (4.0 if client_paces or server == "yes" else 0.0)


def whole_time(place: Place) -> tuple[Any, Any]:
    """From long ago to far ahead, on the world's clock."""
    now = place.world.clock.now()
    return now.replace(year=now.year - 5), now.replace(year=now.year + 5)
