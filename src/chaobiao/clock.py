"""Time, injected: the system's clock, and a virtual one under which hours pass in no time.

Waiting is one mechanism for threads and tasks: a waiter sleeps until a time-out, or until it is woken. It can be
woken from any thread, whether a thread or a task waits.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

#: China Standard Time: what every vendor's times mean, though none says so.
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Waiter(Protocol):
    """A thread or a task that waits. A wake-up before the wait is not lost."""

    def wake(self) -> None:
        """End the current or the next wait; callable from any thread."""

    def wait(self, timeout: float | None) -> None:
        """Block this thread until woken, or for ``timeout`` seconds."""

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # a waiter is what times out
        """Suspend this task until woken, or for ``timeout`` seconds."""


class Clock(Protocol):
    """What the SDK and the mock know of time."""

    def now(self) -> datetime:
        """The wall clock, with zone."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block this thread."""

    def waiter(self) -> Waiter:
        """A new waiter on this clock."""
        ...


class _Waiter:
    """A waiter on real time."""

    __slots__ = ("_event", "_future", "_lock", "_loop", "_woken")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._woken = False
        self._event: threading.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._future: asyncio.Future[None] | None = None

    def wake(self) -> None:
        with self._lock:
            self._woken = True
            if self._event is not None:
                self._event.set()
            elif self._loop is not None:
                with suppress(RuntimeError):  # the loop has been closed: no task waits there any more
                    self._loop.call_soon_threadsafe(self._resolve)

    def _resolve(self) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)

    def wait(self, timeout: float | None) -> None:
        event = threading.Event()
        with self._lock:
            if not self._woken:
                self._event = event
        if self._event is not None:
            event.wait(timeout)
        with self._lock:
            self._event, self._woken = None, False

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # a waiter is what times out
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            waits = not self._woken
            if waits:
                self._loop, self._future = loop, future
        timer = None
        try:
            if waits:
                if timeout is not None:
                    timer = loop.call_later(timeout, self._resolve)
                await future
        finally:
            if timer is not None:
                timer.cancel()
            with self._lock:
                self._loop, self._future, self._woken = None, None, False


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def waiter(self) -> Waiter:
        return _Waiter()


SYSTEM_CLOCK: Final = SystemClock()


class VirtualClock:
    """A clock that stands still until all who take part wait, and then jumps to the next moment at which a wait ends.

    Threads and tasks that run side by side announce themselves with :meth:`taking_part`; while one of them works (or
    has a request under way) time stands still, so what a test sees does not depend on the machine's speed. With none
    announced, a wait moves the clock at once.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime(2026, 1, 1, 8, 0, tzinfo=SHANGHAI)
        self._elapsed = 0.0
        self._lock = threading.RLock()
        self._members = 0
        self._asleep: dict[_VirtualWaiter, float | None] = {}

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        self.waiter().wait(seconds)

    def waiter(self) -> Waiter:
        return _VirtualWaiter(self)

    def advance(self, seconds: float) -> None:
        """Let time pass; waits that end by then end."""
        with self._lock:
            self._elapsed += seconds
            self._release_due()

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        """Announce a thread or task: time stands still while it is not waiting."""
        with self._lock:
            self._members += 1
        try:
            yield
        finally:
            with self._lock:
                self._members -= 1
                self._move_if_idle()

    def _enter(self, waiter: "_VirtualWaiter", timeout: float | None) -> None:
        with self._lock:
            self._asleep[waiter] = None if timeout is None else self._elapsed + max(timeout, 0.0)
            if waiter.woken:
                self._release(waiter)
            self._move_if_idle()

    def _leave(self, waiter: "_VirtualWaiter") -> None:
        with self._lock:
            self._asleep.pop(waiter, None)

    def _wake(self, waiter: "_VirtualWaiter") -> None:
        with self._lock:
            waiter.woken = True
            if waiter in self._asleep:
                self._release(waiter)

    def _release(self, waiter: "_VirtualWaiter") -> None:
        self._asleep.pop(waiter, None)
        waiter.real.wake()

    def _release_due(self) -> None:
        for waiter, due in list(self._asleep.items()):
            if due is not None and due <= self._elapsed:
                self._release(waiter)

    def _move_if_idle(self) -> None:
        while self._asleep and len(self._asleep) >= max(self._members, 1):
            moments = [due for due in self._asleep.values() if due is not None]
            if not moments:
                return  # all wait for a wake-up from outside
            self._elapsed = max(self._elapsed, min(moments))
            self._release_due()


class _VirtualWaiter:
    """A waiter on a virtual clock: blocks for real until the clock or a wake-up releases it."""

    __slots__ = ("_clock", "real", "woken")

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.real = _Waiter()
        self.woken = False

    def wake(self) -> None:
        self._clock._wake(self)

    def wait(self, timeout: float | None) -> None:
        self._clock._enter(self, timeout)
        try:
            self.real.wait(None)
        finally:
            self._clock._leave(self)
            self.woken = False

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # a waiter is what times out
        self._clock._enter(self, timeout)
        try:
            await self.real.wait_async(None)
        finally:
            self._clock._leave(self)
            self.woken = False
