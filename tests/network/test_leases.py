"""A caller that no longer moves keeps no other waiting: places in the queue and logins under way are leases."""

import asyncio
import ctypes
import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chaobiao import AsyncJrhsz, Jrhsz, VirtualClock
from chaobiao._call.pacing import Pacer
from chaobiao._call.session import Leader, Session
from chaobiao.jrhsz import ListBuildings
from tests.network.raw_server import EMPTY, RawServer
from tests.network.test_responses import until

BUILDINGS = ListBuildings()


def test_a_stopped_event_loop_loses_its_place() -> None:
    """A task that queues in a loop which is stopped holds the endpoint for two seconds, and then queues again."""
    clock = VirtualClock()
    loop = asyncio.new_event_loop()
    tasks: list[asyncio.Task[Any]] = []

    async def begin() -> None:
        await client.send(BUILDINGS)
        tasks.append(asyncio.ensure_future(client.send(BUILDINGS)))
        await until(lambda: len(clock._waiting) > 0)

    with RawServer(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = AsyncJrhsz("account", "password", base_url=server.url, clock=clock)
        with clock.taking_part(), clock.taking_part():  # time stands still, so that the task waits for its turn
            loop.run_until_complete(begin())
        with Jrhsz("account", "password", base_url=server.url, clock=clock, deadline=20.0) as other:
            assert len(other.send(BUILDINGS)) == 0
        assert clock.monotonic() < 10.0
        assert len(loop.run_until_complete(tasks[0])) == 0
        loop.run_until_complete(client.aclose())
        loop.close()
        assert len(server.exchanges) == 3


def test_a_leader_in_a_stopped_event_loop_loses_the_login() -> None:
    """A login whose task will not be resumed is led by the next caller after the time that an attempt may take."""
    clock = VirtualClock()
    loop = asyncio.new_event_loop()
    hold = threading.Event()

    class Holding(RawServer):
        """Holds the first login's response."""

        def before_login(self, number: int) -> None:
            if number == 1:
                hold.wait(30)

    async def begin(server: RawServer) -> "asyncio.Task[Any]":
        task = asyncio.ensure_future(client.send(BUILDINGS))
        await until(lambda: server.logins == 1)
        return task

    with Holding(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = AsyncJrhsz("account", "password", base_url=server.url, clock=clock)
        task = loop.run_until_complete(begin(server))
        with Jrhsz("account", "password", base_url=server.url, clock=clock, deadline=100.0) as other:
            assert len(other.send(BUILDINGS)) == 0
        assert server.logins == 2
        assert clock.monotonic() < 60.0
        hold.set()
        assert len(loop.run_until_complete(task)) == 0
        loop.run_until_complete(client.aclose())
        loop.close()


class Interrupted(BaseException):
    """What a task queue raises inside a thread whose time is over."""


# An exception that falls inside socket.create_connection() leaves the socket to the collector, in any program.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
# One that falls before or after the try below ends the thread, as it should.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_that_are_interrupted_anywhere_leave_nothing_behind() -> None:
    """Exceptions raised at any point of a call, as Celery's soft limit does, lose neither a place nor a login."""
    clock = VirtualClock()
    with RawServer(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = Jrhsz("account", "password", base_url=server.url, clock=clock)

        def work() -> None:
            try:
                while True:
                    client.send(BUILDINGS)
                    client._context.session._grant = None  # type: ignore[union-attr]  # each call logs in
            except Interrupted:
                return

        for number in range(60):
            thread = threading.Thread(target=work)
            thread.start()
            threading.Event().wait(0.001 * (number % 7))
            while thread.is_alive():
                ident = ctypes.c_ulong(thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Interrupted))
                thread.join(0.01)
        before = clock.monotonic()
        assert len(client.with_options(deadline=60.0).send(BUILDINGS)) == 0
        assert clock.monotonic() - before < 50.0
        client.close()
    gc.collect()  # here, where the warnings of the sockets below are expected


class Meddling(VirtualClock):
    """A clock that is asked for the time inside locked sections; it does there what garbage collection may do."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Callable[[], None] | None = None

    def monotonic(self) -> float:
        if self.meddle is not None:
            meddle, self.meddle = self.meddle, None
            meddle()
        return super().monotonic()


def within_seconds(body: Callable[[], Any]) -> None:
    """Fail, rather than hang, where a lock is asked for twice."""
    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "a lock was asked for by the thread that holds it"


def test_leaving_the_queue_inside_a_locked_section_does_not_block() -> None:
    """A call that is closed while its thread holds the pacer's lock gives its place back all the same."""
    clock = Meddling()
    pacer = Pacer(clock, 2.0)
    gone, next_one = pacer.join(), pacer.join()

    def meet() -> None:
        clock.meddle = lambda: pacer.leave(gone)
        found.append(pacer.claim(next_one))

    found: list[tuple[float, bool]] = []
    within_seconds(meet)
    assert found == [(0.0, True)]


def test_giving_a_login_up_inside_a_locked_section_does_not_block() -> None:
    """A login that is closed while its thread holds the session's lock is given up, and the next caller leads."""
    clock = Meddling()
    session = Session(clock, 7200.0)
    leader = session.look()
    assert isinstance(leader, Leader)

    def meet() -> None:
        clock.meddle = lambda: session.failed(leader.login, None)
        found.append(session.look())

    found: list[Any] = []
    within_seconds(meet)
    assert isinstance(found[0], Leader)
    assert found[0].login == leader.login + 1


def test_a_place_whose_caller_is_gone_is_dropped() -> None:
    """A ticket that nothing refers to any more keeps no other waiting."""
    pacer = Pacer(VirtualClock(), 2.0)
    lost = pacer.join()
    next_one = pacer.join()
    assert pacer.claim(next_one)[0] > 0
    del lost
    assert pacer.claim(next_one) == (0.0, True)


@pytest.mark.parametrize("ahead", [0, 100, 10_000])
def test_claiming_does_not_depend_on_the_queue(ahead: int) -> None:
    """However many wait, the first claims at once, and leaving from the middle searches for nothing."""
    pacer = Pacer(VirtualClock(), 2.0)
    tickets = [pacer.join() for _ in range(ahead + 1)]
    pacer.leave(tickets[ahead // 2])
    first = tickets[0] if ahead else pacer.join()
    assert pacer.claim(first)[0] == 0.0
