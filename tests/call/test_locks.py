"""The state that threads share is locked: while one thread works on it, no other gets in."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chaobiao import NoResponse, VirtualClock
from chaobiao._call.pacing import Pacer, Ticket
from chaobiao._call.session import Follower, Leader, Session
from chaobiao._contract.secret import Secret


class WatchingClock(VirtualClock):
    """A virtual clock at which, the next time it is read, another thread makes a call of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._call: Callable[[], Any] | None = None
        self._thread: threading.Thread | None = None
        #: Whether that call ended while the clock was being read.
        self.got_in: bool | None = None

    def watch(self, call: Callable[[], Any]) -> None:
        """Make this call in another thread when the clock is read next."""
        self._call = call

    def monotonic(self) -> float:
        if self._call is not None:
            self._thread, self._call = threading.Thread(target=self._call), None
            self._thread.start()
            self._thread.join(0.05)
            self.got_in = not self._thread.is_alive()
        return super().monotonic()

    def finish(self) -> None:
        """Wait for the other thread, which goes on once the first is done."""
        assert self._thread is not None, "the clock was not read"
        self._thread.join(10)
        assert not self._thread.is_alive()


SESSION: dict[str, Callable[[Session], Any]] = {
    "look": lambda session: session.look(),
    "force": lambda session: session.force(30.0),
    "start_renewal": lambda session: session.start_renewal(30.0),
    "keep": lambda session: session.keep(1, 30.0),
    "granted": lambda session: session.granted(1, Secret("token")),
    "failed": lambda session: session.failed(1, NoResponse("cut off")),
    "failure_of": lambda session: session.failure_of(1),
}


@pytest.mark.parametrize("method", SESSION)
def test_a_session_is_used_by_one_thread_at_a_time(method: str) -> None:
    """While one thread is in any method of a session, another that looks for a login waits."""
    clock = WatchingClock()
    session = Session(clock, lifetime=7200.0)
    assert isinstance(session.look(), Leader)
    clock.watch(session.look)
    SESSION[method](session)
    clock.finish()
    assert clock.got_in is False


PACER: dict[str, Callable[[Pacer, Any], Any]] = {
    "wait_ahead": lambda pacer, ticket: pacer.wait_ahead(),
    "join": lambda pacer, ticket: pacer.join(first=True),
    "claim": lambda pacer, ticket: pacer.claim(ticket),
    "leave": lambda pacer, ticket: pacer.leave(ticket),
    "sent": lambda pacer, ticket: pacer.sent(ticket),
    "responded": lambda pacer, ticket: pacer.responded(ticket),
    "push_back": lambda pacer, ticket: pacer.push_back(),
}


@pytest.mark.parametrize("method", PACER)
def test_a_pacer_is_used_by_one_thread_at_a_time(method: str) -> None:
    """While one thread is in any method of a pacer, another that asks for the wait ahead waits."""
    clock = WatchingClock()
    pacer = Pacer(clock, 2.0)
    ticket = pacer.join()
    if method == "sent":
        assert pacer.claim(ticket) == (0.0, True)  # it is the ticket's turn
    clock.watch(pacer.wait_ahead)
    PACER[method](pacer, ticket)
    clock.finish()
    assert clock.got_in is False


#: What reads no clock while it holds the lock, so that nothing can be made to happen in its middle.
WAITING: dict[str, Callable[[Session, Pacer], Any]] = {
    "Session.invalidate": lambda session, pacer: session.invalidate(1),
    "Pacer.allow": lambda session, pacer: pacer.allow(0.75),
    "Pacer.went_well": lambda session, pacer: pacer.went_well(Ticket(VirtualClock().waiter())),
}


@pytest.mark.parametrize("method", WAITING)
def test_a_method_waits_while_another_thread_holds_the_lock(method: str) -> None:
    """While one thread works on a session or a pacer, another that changes it waits, and goes on afterwards."""
    clock = VirtualClock()
    session, pacer = Session(clock, lifetime=7200.0), Pacer(clock, 2.0)
    other = threading.Thread(target=WAITING[method], args=(session, pacer))
    with session._lock, pacer._lock:
        other.start()
        other.join(0.05)
        assert other.is_alive()
    other.join(10)
    assert not other.is_alive()


def test_a_follower_that_joins_while_the_login_ends_is_woken() -> None:
    """A login that succeeds while another thread joins its followers wakes that follower, or is seen by it."""
    clock = WatchingClock()
    session = Session(clock, lifetime=7200.0)
    leader = session.look()
    assert isinstance(leader, Leader)
    clock.watch(lambda: session.granted(leader.login, Secret("token")))
    follower = session.look()
    clock.finish()
    assert isinstance(follower, Follower)
    before = clock.monotonic()
    follower.waiter.wait(60.0)
    assert clock.monotonic() == before
