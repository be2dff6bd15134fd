"""The pacer by itself: when the next call may go, and how its margin follows what calls meet."""

import random
from collections.abc import Callable
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaobiao import VirtualClock
from chaobiao._call.pacing import LEASE, MARGIN, Pacer, Pacers, Ticket

INTERVAL = 2.0


def take_turn(pacer: Pacer, clock: VirtualClock) -> tuple[float, Ticket]:
    """Queue alone, wait for the turn, and send; return the seconds waited, and the ticket."""
    ticket, began = pacer.join(), clock.monotonic()
    while (wait := pacer.claim(ticket)[0]) > 0:
        clock.advance(wait)
    pacer.sent(ticket)
    return clock.monotonic() - began, ticket


@attrs.frozen
class Run:
    """What came of calls to a server: which were refused, and how long all took, in units of the shortest time."""

    refused: list[bool]
    ratio: float


def call_a_strict_server(calls: int, latency: float, jitter: float, seed: int) -> Run:
    """Call a server that enforces the interval between arrivals; each way takes ``latency`` and up to ``jitter``."""
    chance, clock = random.Random(seed), VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    accepted = float("-inf")
    refused = []
    for _ in range(calls):
        _, ticket = take_turn(pacer, clock)
        clock.advance(latency + chance.uniform(0.0, jitter))
        refused.append(clock.monotonic() - accepted < INTERVAL)
        if not refused[-1]:
            accepted = clock.monotonic()
        clock.advance(latency + chance.uniform(0.0, jitter))
        pacer.responded(ticket)
        if refused[-1]:
            pacer.push_back()
        else:
            pacer.went_well(ticket)
    return Run(refused, clock.monotonic() / ((calls - 1) * INTERVAL))


@pytest.mark.parametrize("latency", [0.0, 0.025, 0.15])
def test_a_steady_way_costs_next_to_nothing(latency: float) -> None:
    """Twenty pages take at most 1.03 of the shortest time beside one round trip, and none is refused."""
    run = call_a_strict_server(20, latency, 0.0, seed=1)
    assert not any(run.refused)
    assert run.ratio - 2 * latency / (19 * INTERVAL) <= 1.03


@settings(deadline=None, max_examples=60)
@given(latency=st.floats(0.0, 0.4), jitter=st.floats(0.0, 0.5), seed=st.integers(0, 10**6))
def test_the_margin_never_settles_on_being_refused(latency: float, jitter: float, seed: int) -> None:
    """Whatever the way to the server, at most a few of the second hundred calls are refused, and no two in a row."""
    refused = call_a_strict_server(200, latency, jitter, seed).refused[100:]
    assert sum(refused) <= 6
    assert not any(one and other for one, other in pairwise(refused))


def test_a_late_response_says_nothing_of_the_newest_call() -> None:
    """A response that comes after the next call has left does not let the one after it go earlier."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    _, first = take_turn(pacer, clock)
    waited, _ = take_turn(pacer, clock)
    assert waited == INTERVAL + MARGIN
    pacer.responded(first)
    waited, _ = take_turn(pacer, clock)
    assert waited == INTERVAL + MARGIN


def test_refusals_in_a_row_spread_out() -> None:
    """Two processes that are refused alike do not wait alike, and the waits grow."""
    waits = []
    for _ in range(20):
        pacer = Pacer(VirtualClock(), INTERVAL)
        waits.append([pacer.push_back() for _ in range(5)])
    assert len({wait[0] for wait in waits}) == 1  # the first waits one interval and a margin
    assert len({wait[4] for wait in waits}) == 20
    assert max(wait[4] for wait in waits) > INTERVAL + 3.0
    assert all(min(wait) >= INTERVAL for wait in waits)


def test_the_margin_has_bounds() -> None:
    """Neither refusals without end nor a thousand good calls take it out of its bounds; a client's own margin stays."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    for _ in range(20):
        pacer.push_back()
    assert pacer.margin == 1.0
    for _ in range(1000):
        _, ticket = take_turn(pacer, clock)
        pacer.responded(ticket)
        pacer.went_well(ticket)
    assert pacer.margin == pytest.approx(0.02)


def test_the_widest_margin_that_a_client_asks_for_holds() -> None:
    """A later client with a wider margin widens it for all, and good calls do not narrow it below that."""
    clock = VirtualClock()
    pacers = Pacers(clock)
    pacer = pacers.of("/path", INTERVAL, MARGIN)
    assert pacers.of("/path", INTERVAL, 0.75) is pacer
    for _ in range(50):
        _, ticket = take_turn(pacer, clock)
        pacer.went_well(ticket)
    assert pacer.margin == 0.75


def test_a_turn_that_is_not_used_ends() -> None:
    """A caller that got its turn and does not send holds it for its lease; then its call counts as sent."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    idle = pacer.join()
    assert pacer.claim(idle, lease=5.0) == (0.0, True)
    waited, _ = take_turn(pacer, clock)
    assert waited == 5.0 + INTERVAL + MARGIN


def test_who_does_not_move_is_passed_over() -> None:
    """The first in the queue has a lease as well: others go on, and it queues again when it is back."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    take_turn(pacer, clock)
    idle = pacer.join()
    waited, _ = take_turn(pacer, clock)
    assert waited <= INTERVAL + MARGIN + LEASE + 1.0
    assert pacer.claim(idle)[0] > 0.0
    clock.advance(INTERVAL + MARGIN)
    assert pacer.claim(idle) == (0.0, True)


def test_a_forked_child_does_not_wait_for_the_queue_of_its_parent() -> None:
    """The callers that queued in the parent do not exist in the child, though their tickets are in its memory."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    queued = [pacer.join(), pacer.join()]
    pacer.leave(queued[1])
    pacers = Pacers(clock)
    pacers._pacers["/path"] = pacer
    pacers.after_fork()
    assert pacer.wait_ahead() == 0.0
    assert take_turn(pacer, clock)[0] == 0.0
    assert pacer.wait_ahead() == INTERVAL + MARGIN  # the time of the last call holds, and no one is ahead


def test_a_forked_child_does_not_wait_for_a_turn_of_its_parent() -> None:
    """A turn that a caller of the parent had not used yet is free in the child."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    assert pacer.claim(pacer.join(), lease=30.0) == (0.0, True)
    pacer.after_fork()
    assert take_turn(pacer, clock)[0] == 0.0


def test_refusals_that_are_over_do_not_spread_the_next_wait() -> None:
    """After a good call, a refusal counts as the first again, and waits one interval and a margin."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    for _ in range(10):
        pacer.push_back()
    _, ticket = take_turn(pacer, clock)
    pacer.responded(ticket)
    pacer.went_well(ticket)
    assert pacer.push_back() == INTERVAL + pacer.margin


def test_the_wait_after_refusals_is_bounded() -> None:
    """However many refusals follow one another, a call waits at most three intervals and the widest margin."""
    pacer = Pacer(VirtualClock(), INTERVAL)
    waits = [pacer.push_back() for _ in range(200)]
    assert max(waits) <= 3 * INTERVAL + 1.0


def test_the_wait_ahead_counts_who_is_there() -> None:
    """A turn that is about to be used, a refusal and each caller in the queue count; a caller that left does not."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    assert pacer.wait_ahead() == 0.0
    turn = pacer.join()
    assert pacer.claim(turn) == (0.0, True)
    queued = [pacer.join() for _ in range(3)]
    assert pacer.wait_ahead() == 4 * INTERVAL
    assert pacer.wait_ahead(first=True) == INTERVAL
    pacer.leave(queued[1])
    assert pacer.wait_ahead() == 3 * INTERVAL
    pacer.sent(turn)
    assert pacer.wait_ahead() == 3 * INTERVAL
    wait = pacer.push_back()
    assert pacer.wait_ahead() == pytest.approx(wait + 2 * INTERVAL)
    assert pacer.wait_ahead(first=True) == pytest.approx(wait)


def test_the_first_keeps_its_place_while_its_turn_has_not_come() -> None:
    """Its lease counts from the moment when it may go, so an interval longer than the lease costs no place."""
    clock = VirtualClock()
    pacer = Pacer(clock, 30.0)
    take_turn(pacer, clock)
    first, second = pacer.join(), pacer.join()
    wait, certain = pacer.claim(first)
    assert (wait, certain) == (30.0 + MARGIN, False)
    clock.advance(wait)
    assert pacer.claim(second)[0] > 0.0
    assert pacer.claim(first) == (0.0, True)


@pytest.mark.parametrize("end", [Pacer.sent, Pacer.leave])
def test_the_next_is_woken_when_a_turn_ends(end: Callable[[Pacer, Ticket], None]) -> None:
    """A caller that waits for the turn before it, at most the lease of that, learns at once of its end."""
    clock = VirtualClock()
    pacer = Pacer(clock, INTERVAL)
    turn, following = pacer.join(), pacer.join()
    assert pacer.claim(turn, lease=30.0) == (0.0, True)
    assert pacer.claim(following)[0] == 30.0
    end(pacer, turn)
    following.waiter.wait(30.0)
    assert clock.monotonic() == 0.0
