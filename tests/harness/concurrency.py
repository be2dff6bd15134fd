"""Many callers at once, threads and tasks alike, under one virtual clock."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Any

from chaobiao import VirtualClock
from chaobiao.clock import Waiter
from tests.harness.clients import ClientUnderTest, resolve

#: A call on a sync or an async client; returns a value or an awaitable.
Call = Callable[[Any], Any]


class WatchedClock(VirtualClock):
    """A virtual clock that counts the waiters it makes, and that can interrupt one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.made = threading.Semaphore(0)
        self._interrupt_after: int | None = None

    def interrupt(self, after: int = 0) -> None:
        """Interrupt the next waiter but ``after`` the moment it waits."""
        self._interrupt_after = after

    def waiter(self) -> Waiter:
        self.made.release()
        if self._interrupt_after is not None:
            self._interrupt_after -= 1
            if self._interrupt_after < 0:
                self._interrupt_after = None
                return _Interrupted()
        return super().waiter()


class _Interrupted:
    """A waiter whose wait is interrupted at once, by Ctrl-C or a cancellation."""

    def wake(self) -> None:
        return

    def wait(self, timeout: float | None) -> None:
        raise KeyboardInterrupt

    async def wait_async(self, timeout: float | None) -> None:  # noqa: ASYNC109  # the protocol's own name
        raise asyncio.CancelledError


def gaps(times: Sequence[float]) -> list[float]:
    """Return the times between calls."""
    return [after - before for before, after in pairwise(times)]


async def outcome_of(call: Callable[[], Any]) -> Any:
    """Return a call's value, or the error with which it ended."""
    try:
        return await resolve(call())
    except BaseException as error:  # noqa: BLE001  # a test looks at whatever it is
        return error


async def run_concurrently(clock: VirtualClock, calls: Sequence[tuple[ClientUnderTest, Call]]) -> list[Any]:
    """Make all calls at once, on sync clients in threads and on async ones in tasks.

    Returns values and errors in the order of ``calls``. Time stands still until all have begun.
    """
    results: list[Any] = [None] * len(calls)
    threads = [(number, client.client, call) for number, (client, call) in enumerate(calls) if not client.is_async]
    tasks = [(number, client.client, call) for number, (client, call) in enumerate(calls) if client.is_async]
    ready = threading.Barrier(len(threads) + 1)
    gate = asyncio.Event()

    def in_thread(number: int, client: Any, call: Call) -> None:
        with clock.taking_part():
            ready.wait(30)
            try:
                results[number] = call(client)
            except BaseException as error:  # noqa: BLE001  # a test looks at whatever it is
                results[number] = error

    async def in_task(number: int, client: Any, call: Call) -> None:
        with clock.taking_part():
            await gate.wait()
            results[number] = await outcome_of(lambda: call(client))

    started = [threading.Thread(target=in_thread, args=each) for each in threads]
    for thread in started:
        thread.start()
    running = [asyncio.create_task(in_task(*each)) for each in tasks]
    await asyncio.sleep(0)  # every task announces itself
    await asyncio.to_thread(ready.wait, 30)
    gate.set()
    await asyncio.gather(*running)
    for thread in started:
        await asyncio.to_thread(thread.join, 60)
    assert not any(thread.is_alive() for thread in started), "a thread never ended"
    return results


def sending(operation: Any) -> Call:
    """Return a call that sends one operation."""
    return lambda client: client.send(operation)


def sending_later(clock: VirtualClock, client: ClientUnderTest, operation: Any, seconds: float) -> Call:
    """Return a call that sends one operation a little later, when the others have begun."""

    def in_thread(client: Any) -> Any:
        clock.sleep(seconds)
        return client.send(operation)

    async def in_task(client: Any) -> Any:
        await clock.waiter().wait_async(seconds)
        return await client.send(operation)

    return in_task if client.is_async else in_thread


async def taking_part(clock: VirtualClock, call: Awaitable[Any]) -> Any:
    """Await a call while time stands still as long as its request is under way."""
    with clock.taking_part():
        return await call


async def eventually(what: Callable[[], Any]) -> None:
    """Let the event loop run until a condition holds, such as a request in the server's journal."""
    async with asyncio.timeout(30):
        # The server runs in a thread of its own and cannot set this loop's events.
        while not what():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0)
