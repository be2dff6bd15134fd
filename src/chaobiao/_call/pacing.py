"""Keep the calls of one (server, account, endpoint) far enough apart.

A server enforces its interval at the moment it sees a call, somewhere between our send and its response. So the next
call is safe one interval after the response, and nearly safe one interval and a margin after the send; taking the
earlier of the two keeps fast servers at full speed and does not let slow ones halve it. A call that is refused as too
fast (1011) pushes the pacer back and widens the margin; calls that go well narrow it.

A pacer does no waiting itself. Callers queue with :meth:`Pacer.join` and ask :meth:`Pacer.claim` how long to wait;
zero means that it is their turn. Threads and event loops share one pacer, so a place in the queue is a lease: a caller
that is first and does not claim for :data:`LEASE` seconds (its event loop was stopped) is passed over.
"""

import random
import threading
import weakref
from collections import deque
from typing import Final

from chaobiao.clock import Clock, Waiter

#: How far a call's way to the server may vary at first, in seconds.
MARGIN: Final = 0.25
#: The margin is never narrowed below this, nor widened above this.
MARGIN_BOUNDS: Final = (0.02, 1.0)
#: How long the first in the queue may stay away, in seconds.
LEASE: Final = 2.0
#: How long one that is not first sleeps at the least before it looks again, in seconds.
LOOK_AGAIN: Final = 1.0


class Ticket:
    """A place in a pacer's queue. Only its caller holds it: a caller that is gone has lost its place."""

    __slots__ = ("__weakref__", "number", "queued", "sent_at", "took", "waiter")

    def __init__(self, waiter: Waiter) -> None:
        self.waiter = waiter
        self.number = 0
        self.queued = False
        #: When its call left, and how long the response took, in seconds.
        self.sent_at = self.took = 0.0


class Pacer:
    """The queue and the timing of one endpoint. ``interval`` and ``margin`` are in seconds."""

    def __init__(self, clock: Clock, interval: float, margin: float = MARGIN) -> None:
        self._clock = clock
        self._interval = interval
        self._lock = threading.Lock()
        self._queue: deque[weakref.ref[Ticket]] = deque()
        self._last_number = 0
        #: Tickets to take out of the queue. Leaving must not wait for the lock: garbage collection may close an
        #: abandoned call in a thread that holds it.
        self._leaving: deque[Ticket] = deque()
        self._gone = 0
        #: Since when the first in the queue has been first.
        self._first_since = float("-inf")
        #: The call whose turn it is, and until when it may take to be sent.
        self._turn: Ticket | None = None
        self._turn_until = float("-inf")
        self._newest: Ticket | None = None
        self._sent = float("-inf")
        self._answered = float("inf")
        self._held_until = float("-inf")
        self._asked = MARGIN
        self._least = MARGIN_BOUNDS[0]
        self._margin = margin
        self._refusals = 0
        #: How long responses usually take, in seconds.
        self._usual: float | None = None

    @property
    def margin(self) -> float:
        """How far a call's way to the server may vary, in seconds, by what calls have met so far."""
        return self._margin

    def allow(self, margin: float) -> None:
        """Keep at least the margin that a client asks for, where it is more than the usual one."""
        if margin > self._asked:
            with self._lock:
                self._asked = self._least = margin
                self._margin = max(self._margin, margin)

    def wait_ahead(self, *, first: bool = False) -> float:
        """Tell how long a call that joined now would wait at least, in seconds."""
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            waiting = len(self._queue) - self._gone
            if self._turn is not None:  # it is about to be sent
                return (1 if first else waiting + 1) * self._interval
            if first or not waiting:
                return max(self._ready_at(now) - now, 0.0)
            # if the newest call's response came at once
            earliest = max(self._sent + self._interval, self._held_until)
            return max(earliest - now, 0.0) + waiting * self._interval

    def join(self, *, first: bool = False) -> Ticket:
        """Take a place at the end of the queue. Give it back with :meth:`leave`, whatever happens.

        ``first`` is for a caller who had a turn and was turned away by the server: later callers must not overtake it.
        """
        ticket = Ticket(self._clock.waiter())
        with self._lock:
            self._enqueue(ticket, first=first)
        return ticket

    def claim(self, ticket: Ticket, lease: float = LEASE) -> tuple[float, bool]:
        """Return 0 when it is the ticket's turn, else how many seconds to wait before asking again.

        A wake-up may come earlier. The second value tells whether the turn comes after those seconds, and not earlier.
        The caller whose turn it is has ``lease`` seconds to send: it says so with :meth:`sent`, or gives the turn back
        with :meth:`leave`.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            if not ticket.queued:  # it was passed over, and is back
                self._enqueue(ticket)
            head = self._queue[0]()
            if head is not ticket:
                # It can't be its turn before half the calls ahead have had theirs; then it looks again.
                ahead = ticket.number - head.number if head is not None else 1
                return max(LOOK_AGAIN, ahead * self._interval / 2), False
            self._first_since = now
            wait = self._ready_at(now) - now
            if wait > 0:
                return wait, self._turn is None and self._answered < float("inf")
            self._queue.popleft()
            ticket.queued = False
            self._turn, self._turn_until, self._first_since = ticket, now + lease, now
            self._tidy(now)
            return 0.0, True

    def leave(self, ticket: Ticket) -> None:
        """Give the place back, or the turn of a call that was not sent; a no-op once it was sent."""
        if ticket.queued or ticket is self._turn:
            self._leaving.append(ticket)
            if self._lock.acquire(blocking=False):  # else the holder, or the next to look, takes it out
                try:
                    self._tidy(self._clock.monotonic())
                finally:
                    self._lock.release()

    def sent(self, ticket: Ticket) -> None:
        """Note that the call leaves for the server now."""
        with self._lock:
            if self._turn is ticket:
                self._turn = None
            now = ticket.sent_at = self._clock.monotonic()
            self._newest, self._sent, self._answered = ticket, now, float("inf")
            self._wake_first()

    def responded(self, ticket: Ticket) -> None:
        """Note that a response came. Late responses to earlier calls say nothing of when the newest one arrives."""
        with self._lock:
            now = self._clock.monotonic()
            ticket.took = now - ticket.sent_at
            if ticket is self._newest:
                self._answered = now
                self._wake_first()

    def went_well(self, ticket: Ticket) -> None:
        """Narrow the margin if the call took about as long as the others: the way to the server varies little."""
        with self._lock:
            self._refusals = 0
            if self._asked <= MARGIN:
                self._least = max(self._least * 0.98, MARGIN_BOUNDS[0])
            if self._usual is None:
                self._usual = ticket.took
                return
            if abs(ticket.took - self._usual) <= self._margin / 2:
                self._margin = max(self._margin / 2, self._least)
            self._usual += (ticket.took - self._usual) / 4

    def push_back(self) -> float:
        """Note that the server was called too fast: wait a whole interval, and widen the margin.

        Other processes may use the account as well, so the wait varies, and grows while refusals follow one another.
        Returns the seconds until the next call may go.
        """
        with self._lock:
            self._refusals += 1
            widest = max(MARGIN_BOUNDS[1], self._asked)
            self._margin = self._least = min(max(self._margin * 2, 2 * MARGIN_BOUNDS[0]), widest)
            spread = self._interval * min(self._refusals - 1, 4) / 2
            wait = self._interval + self._margin + random.uniform(0.0, spread)
            self._held_until = max(self._held_until, self._clock.monotonic() + wait)
            self._wake_first()
            return wait

    def after_fork(self) -> None:
        """Forget, in a child process, the queue of its parent's threads; the times of the last call still hold."""
        self._lock = threading.Lock()
        self._queue.clear()
        self._leaving.clear()
        self._gone = 0
        self._turn = None

    def _enqueue(self, ticket: Ticket, *, first: bool = False) -> None:
        if not self._queue or first:
            self._first_since = self._clock.monotonic()
        head = self._queue[0]() if self._queue else None
        if first and head is not None:
            ticket.number = head.number - 1
        else:
            ticket.number = self._last_number = self._last_number + 1
        ticket.queued = True
        place = weakref.ref(ticket)
        if first:
            self._queue.appendleft(place)
        else:
            self._queue.append(place)

    def _tidy(self, now: float) -> None:
        """Take out who left, and who is first and has not moved for the length of a lease; end a turn that lasts."""
        while self._leaving:
            ticket = self._leaving.popleft()
            if ticket is self._turn:
                self._turn = None
                self._wake_first()
            elif ticket.queued:
                ticket.queued = False
                self._gone += 1
        if self._turn is not None and now >= self._turn_until:
            # Its call may still go out: count it as sent now.
            self._newest, self._sent, self._answered, self._turn = self._turn, now, float("inf"), None
        while self._queue:
            head = self._queue[0]()
            if head is not None and head.queued:
                ready = max(self._first_since, self._ready_at(now))
                if len(self._queue) == 1 or now < ready + LEASE:
                    break
                head.queued = False  # it keeps others waiting; it may join again
            elif head is not None:
                self._gone -= 1
            self._queue.popleft()
            self._first_since = now
            self._wake_first()

    def _ready_at(self, now: float) -> float:
        if self._turn is not None:
            return max(self._turn_until, now)
        ready = min(self._sent + self._interval + self._margin, self._answered + self._interval)
        return max(ready, self._held_until)

    def _wake_first(self) -> None:
        head = self._queue[0]() if self._queue else None
        if head is not None:
            head.waiter.wake()


class Pacers:
    """The pacers of one (server, account), by endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pacers: dict[str, Pacer] = {}

    def of(self, endpoint: str, interval: float, margin: float) -> Pacer:
        """Return the endpoint's pacer; the first caller's interval holds, and the widest margin."""
        pacer = self._pacers.get(endpoint)
        if pacer is None:
            pacer = self._pacers.setdefault(endpoint, Pacer(self._clock, interval, margin))
        pacer.allow(margin)
        return pacer

    def after_fork(self) -> None:
        """Forget, in a child process, the queues of its parent's threads."""
        for pacer in self._pacers.values():
            pacer.after_fork()
