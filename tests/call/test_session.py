"""The state of a login while several threads use it."""

import threading
from collections.abc import Callable

from chaobiao import VirtualClock
from chaobiao._call.session import Follower, Leader, Session
from chaobiao._contract.secret import Secret
from chaobiao.clock import Waiter


class BusyClock(VirtualClock):
    """A virtual clock that starts another thread when a waiter is made, and lets it run until it ends or blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] = lambda: None
        self.thread: threading.Thread | None = None

    def waiter(self) -> Waiter:
        if self.thread is None:
            self.thread = threading.Thread(target=self.meanwhile)
            self.thread.start()
            self.thread.join(0.05)
        return super().waiter()


def test_a_follower_that_joins_while_the_login_ends_is_woken() -> None:
    """A login that succeeds while a caller joins its followers wakes that caller too: the lock keeps them apart."""
    clock = BusyClock()
    session = Session(clock, lifetime=7200.0)
    leader = session.look()
    assert isinstance(leader, Leader)
    clock.meanwhile = lambda: session.granted(leader.login, Secret("token"))
    follower = session.look()
    assert isinstance(follower, Follower)
    assert clock.thread is not None
    clock.thread.join(10)
    before = clock.monotonic()
    follower.waiter.wait(follower.seconds)
    assert clock.monotonic() == before  # it was woken, and did not wait until the leader's time was over
