"""Keep the calls of one (server, account, endpoint) far enough apart.

A server enforces its interval at the moment it sees a call, somewhere between our send and its answer. So the next
call is safe one interval after the answer, and nearly safe one interval and a margin after the send; taking the
earlier of the two keeps fast servers at full speed and does not let slow ones halve it. What slips through is refused
with 1011, which pushes the pacer back.

A pacer does no waiting itself. Callers queue with :meth:`Pacer.join` and ask :meth:`Pacer.claim` how long to wait;
zero means go. Threads and event loops share one pacer.
"""

import threading
from collections import deque
from typing import Final

from chaobiao.clock import Clock, Waiter

#: How far a call's way to the server may vary, in seconds.
MARGIN: Final = 0.25


class Ticket:
    """A place in a pacer's queue."""

    __slots__ = ("waiter",)

    def __init__(self, waiter: Waiter) -> None:
        self.waiter = waiter


class Pacer:
    """The queue and the timing of one endpoint. ``interval`` is in seconds."""

    def __init__(self, clock: Clock, interval: float, margin: float = MARGIN) -> None:
        self._clock = clock
        self._interval = interval
        self._margin = margin
        self._lock = threading.Lock()
        self._queue: deque[Ticket] = deque()
        self._newest: Ticket | None = None
        self._sent: float | None = None
        self._answered: float | None = None
        self._held_until = float("-inf")

    def wait_ahead(self, *, first: bool = False) -> float:
        """Tell how long a call that joined now would wait at least, in seconds."""
        with self._lock:
            if first or not self._queue:
                return max(self._ready_at() - self._clock.monotonic(), 0.0)
            return max(self._earliest() - self._clock.monotonic(), 0.0) + len(self._queue) * self._interval

    def join(self, *, first: bool = False) -> Ticket:
        """Take a place at the end of the queue. Give it back with :meth:`leave`, whatever happens.

        ``first`` is for whoever had a turn and was turned away by the server: later callers must not overtake it.
        """
        ticket = Ticket(self._clock.waiter())
        with self._lock:
            if first:
                self._queue.appendleft(ticket)
            else:
                self._queue.append(ticket)
        return ticket

    def claim(self, ticket: Ticket) -> float | None:
        """Answer 0 when it is the ticket's turn (the call counts as sent now), else how long to wait before asking.

        ``None`` means: until woken. A wake-up may come earlier in any case, when somebody ahead has gone or an answer
        has come.
        """
        with self._lock:
            if self._queue[0] is not ticket:
                return None
            now = self._clock.monotonic()
            wait = self._ready_at() - now
            if wait > 0:
                return wait
            self._queue.popleft()
            self._newest, self._sent, self._answered = ticket, now, None
            self._wake_first()
            return 0.0

    def leave(self, ticket: Ticket) -> None:
        """Give the place back; a no-op once the turn was taken."""
        with self._lock:
            if ticket in self._queue:
                self._queue.remove(ticket)
                self._wake_first()

    def answered(self, ticket: Ticket) -> None:
        """Note that a call was answered. Late answers to earlier calls say nothing of when the newest one arrives."""
        with self._lock:
            if ticket is self._newest:
                self._answered = self._clock.monotonic()
                self._wake_first()

    def push_back(self) -> None:
        """Note that the server called us too fast: start a whole interval anew."""
        with self._lock:
            self._held_until = self._clock.monotonic() + self._interval + self._margin
            self._wake_first()

    def after_fork(self) -> None:
        """Forget, in a child process, the queue of its parent's threads; the times of the last call still hold."""
        self._lock = threading.Lock()
        self._queue.clear()

    def _earliest(self) -> float:
        """The first moment at which the next call could go, were the newest one answered at once."""
        sent = float("-inf") if self._sent is None else self._sent + self._interval
        return max(sent, self._held_until)

    def _ready_at(self) -> float:
        if self._sent is None:
            return self._held_until
        ready = self._sent + self._interval + self._margin
        if self._answered is not None:
            ready = min(ready, self._answered + self._interval)
        return max(ready, self._held_until)

    def _wake_first(self) -> None:
        if self._queue:
            self._queue[0].waiter.wake()


class Pacers:
    """The pacers of one (server, account), by endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pacers: dict[str, Pacer] = {}

    def of(self, endpoint: str, interval: float, margin: float) -> Pacer:
        """Answer the endpoint's pacer; the first caller's interval and margin hold."""
        pacer = self._pacers.get(endpoint)
        if pacer is None:
            pacer = self._pacers.setdefault(endpoint, Pacer(self._clock, interval, margin))
        return pacer

    def after_fork(self) -> None:
        """Forget, in a child process, the queues of its parent's threads."""
        for pacer in self._pacers.values():
            pacer.after_fork()
