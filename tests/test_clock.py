"""The virtual clock: hours pass at once, but only when all participants wait."""

import asyncio
import threading
from datetime import datetime, timedelta

import pytest

from chaobiao import SHANGHAI, SystemClock, VirtualClock


def test_time_stands_still_until_a_participant_waits() -> None:
    """now() and monotonic() agree, and move by exactly the time slept."""
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=SHANGHAI))
    assert (clock.monotonic(), clock.now()) == (0.0, datetime(2026, 1, 1, tzinfo=SHANGHAI))
    clock.sleep(7200)
    assert clock.monotonic() == 7200
    assert clock.now() - datetime(2026, 1, 1, tzinfo=SHANGHAI) == timedelta(hours=2)
    clock.sleep(0)
    clock.sleep(-5)
    assert clock.monotonic() == 7200


def test_threads_wake_in_the_order_of_their_times() -> None:
    """Five threads that sleep for different times wake in order, each at its own time."""
    clock = VirtualClock()
    seen: list[tuple[int, float]] = []
    ready = threading.Barrier(5)

    def sleeper(seconds: int) -> None:
        with clock.taking_part():
            ready.wait()
            clock.sleep(seconds)
            seen.append((seconds, clock.monotonic()))

    threads = [threading.Thread(target=sleeper, args=(seconds,)) for seconds in (50, 10, 40, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [(seconds, float(seconds)) for seconds in (10, 20, 30, 40, 50)]


async def test_tasks_wake_in_the_order_of_their_times() -> None:
    """The same holds for tasks."""
    clock = VirtualClock()
    seen: list[tuple[int, float]] = []

    async def sleeper(seconds: int) -> None:
        with clock.taking_part():
            await asyncio.sleep(0)  # all are announced before the first one waits
            await clock.waiter().wait_async(seconds)
            seen.append((seconds, clock.monotonic()))

    await asyncio.gather(*(sleeper(seconds) for seconds in (50, 10, 40, 20, 30)))
    assert seen == [(seconds, float(seconds)) for seconds in (10, 20, 30, 40, 50)]


def test_time_stands_still_while_a_participant_works() -> None:
    """A sleeper does not wake while another participant has not finished its work."""
    clock = VirtualClock()
    woke = threading.Event()

    def sleeper() -> None:
        with clock.taking_part():
            clock.sleep(10)
            woke.set()

    with clock.taking_part():
        thread = threading.Thread(target=sleeper)
        thread.start()
        assert not woke.wait(0.05)
        assert clock.monotonic() == 0
    thread.join(10)
    assert woke.is_set()
    assert clock.monotonic() == 10


def test_advance_ends_the_waits_that_are_over() -> None:
    """advance() moves the clock by hand, past the ends of waits."""
    clock = VirtualClock()
    ended: list[float] = []
    with clock.taking_part():
        threads = [
            threading.Thread(target=lambda s=seconds: (clock.waiter().wait(s), ended.append(s))) for seconds in (5, 500)
        ]
        with clock.taking_part(), clock.taking_part():
            for thread in threads:
                thread.start()
            while len(clock._waiting) < 2:
                threading.Event().wait(0.001)
            clock.advance(60)
            threads[0].join(10)
            assert ended == [5]
            assert clock.monotonic() == 60
            clock.advance(440)
            threads[1].join(10)
    assert ended == [5, 500]


@pytest.mark.parametrize("clock", [VirtualClock(), SystemClock()], ids=["virtual", "system"])
async def test_a_wake_up_before_the_wait_is_not_lost(clock: VirtualClock | SystemClock) -> None:
    """wake() then wait() goes on at once, in threads and in tasks, and counts for one wait."""
    waiter = clock.waiter()
    before = clock.monotonic()
    waiter.wake()
    waiter.wait(3600)
    waiter.wake()
    await waiter.wait_async(3600)
    assert clock.monotonic() - before < 3600
    waiter.wait(0.001)


@pytest.mark.parametrize("clock", [VirtualClock(), SystemClock()], ids=["virtual", "system"])
async def test_a_task_can_be_woken_from_a_thread(clock: VirtualClock | SystemClock) -> None:
    """A wake-up from a thread ends a task's wait."""
    waiter = clock.waiter()
    timer = threading.Timer(0.01, waiter.wake)
    timer.start()
    await asyncio.wait_for(waiter.wait_async(None), 10)
    timer.join()


@pytest.mark.parametrize("clock", [VirtualClock(), SystemClock()], ids=["virtual", "system"])
async def test_a_cancelled_wait_leaves_nothing(clock: VirtualClock | SystemClock) -> None:
    """After a waiting task is cancelled, its waiter can be used again."""
    waiter = clock.waiter()
    task = asyncio.ensure_future(waiter.wait_async(None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    waiter.wake()
    await asyncio.wait_for(waiter.wait_async(None), 10)


def test_the_system_clock_is_in_shanghai() -> None:
    """now() carries China Standard Time, and monotonic() never goes back."""
    clock = SystemClock()
    assert clock.now().tzinfo is SHANGHAI
    first = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() >= first + 0.001
