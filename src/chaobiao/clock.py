"""Clocks: the system's, and a virtual one for tests, on which hours pass without any real waiting.

A waiter sleeps until its time-out or until :meth:`Waiter.wake` is called. The same waiters serve threads and asyncio
tasks, and any thread can wake them.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import asyncio

#: China Standard Time. The vendors' times carry no zone; all are taken to be in this one.
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Waiter(Protocol):
    """One wait of a thread or task, which another thread can end. A wake-up that comes before the wait is kept."""

    def wake(self) -> None:
        """End the current or the next wait. Any thread may call this."""

    def wait(self, timeout: float | None) -> None:
        """Block this thread until woken, for ``timeout`` seconds at most; ``None`` sets no limit."""

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # the time-out is the wait's length
        """Suspend this task until woken, for ``timeout`` seconds at most; ``None`` sets no limit."""


class Clock(Protocol):
    """The source of time for the SDK and the mock; pass one of your own as ``clock=``."""

    def now(self) -> datetime:
        """Return the wall-clock time, with its zone."""
        ...

    def monotonic(self) -> float:
        """Return seconds since an arbitrary start; the value never decreases."""
        ...

    def sleep(self, seconds: float) -> None:
        """Block this thread for some seconds."""

    def waiter(self) -> Waiter:
        """Return a new waiter on this clock."""
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
                with suppress(RuntimeError):  # the loop is closed, so no task waits in it
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

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # the time-out is the wait's length
        import asyncio  # sync programs don't pay for it

        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            must_wait = not self._woken
            if must_wait:
                self._loop, self._future = loop, future
        timer = None
        try:
            if must_wait:
                if timeout is not None:
                    timer = loop.call_later(timeout, self._resolve)
                await future
        finally:
            if timer is not None:
                timer.cancel()
            with self._lock:
                self._loop, self._future, self._woken = None, None, False


class SystemClock:
    """The machine's clock; its wall-clock time is in China Standard Time."""

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
    """A clock for tests: its time moves only while every participant waits, and then to the earliest time-out.

    Threads and tasks that run at the same time register with :meth:`taking_part`. While one of them works or has a
    request in progress, the time stands still, so the result of a test does not depend on the machine's speed. Without
    registered participants, any wait moves the clock at once.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime(2026, 1, 1, 8, 0, tzinfo=SHANGHAI)
        self._elapsed = 0.0
        self._lock = threading.RLock()
        self._participants = 0
        #: When each waiter's time-out is due, in elapsed seconds; ``None`` for a waiter without one.
        self._waiting: dict[_VirtualWaiter, float | None] = {}

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        self.waiter().wait(seconds)

    def waiter(self) -> Waiter:
        return _VirtualWaiter(self)

    def advance(self, seconds: float) -> None:
        """Move the clock forward and end every wait that is due by then."""
        with self._lock:
            self._elapsed += seconds
            self._release_due()

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        """Register a thread or task as a participant: the time stands still while it is not waiting."""
        with self._lock:
            self._participants += 1
        try:
            yield
        finally:
            with self._lock:
                self._participants -= 1
                self._advance_if_all_wait()

    def _start_waiting(self, waiter: "_VirtualWaiter", timeout: float | None) -> None:
        with self._lock:
            self._waiting[waiter] = None if timeout is None else self._elapsed + max(timeout, 0.0)
            if waiter.woken:
                self._release(waiter)
            self._advance_if_all_wait()

    def _stop_waiting(self, waiter: "_VirtualWaiter") -> None:
        with self._lock:
            self._waiting.pop(waiter, None)

    def _wake(self, waiter: "_VirtualWaiter") -> None:
        with self._lock:
            waiter.woken = True
            if waiter in self._waiting:
                self._release(waiter)

    def _release(self, waiter: "_VirtualWaiter") -> None:
        self._waiting.pop(waiter, None)
        waiter.real.wake()

    def _release_due(self) -> None:
        for waiter, due in list(self._waiting.items()):
            if due is not None and due <= self._elapsed:
                self._release(waiter)

    def _advance_if_all_wait(self) -> None:
        while self._waiting and len(self._waiting) >= max(self._participants, 1):
            due_times = [due for due in self._waiting.values() if due is not None]
            if not due_times:
                return  # only a wake-up can end these waits
            self._elapsed = max(self._elapsed, min(due_times))
            self._release_due()


class _VirtualWaiter:
    """A waiter on a virtual clock. It blocks on a real waiter, which the clock or a wake-up releases."""

    __slots__ = ("_clock", "real", "woken")

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.real = _Waiter()
        self.woken = False

    def wake(self) -> None:
        self._clock._wake(self)

    def wait(self, timeout: float | None) -> None:
        self._clock._start_waiting(self, timeout)
        try:
            self.real.wait(None)
        finally:
            self._clock._stop_waiting(self)
            self.woken = False

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # the time-out is the wait's length
        self._clock._start_waiting(self, timeout)
        try:
            await self.real.wait_async(None)
        finally:
            self._clock._stop_waiting(self)
            self.woken = False
