"""A client made before a fork works in the child: no lock, queue, login or connection is shared with the parent."""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from chaobiao import CallEvent
from chaobiao._call import state
from tests.harness.concurrency import outcome_of, run_concurrently, sending
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, METERS


def in_child(body: Callable[[], Any]) -> int:
    """Run a function in a forked process, and return its exit code: 0 if the function returned something true."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            threading.Timer(20.0, os._exit, (9,)).start()  # a child that never ends would hang the tests
            code = 0 if body() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


# Python 3.12 warns of what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


async def test_a_child_has_connections_of_its_own(sync_mock: LiveMock) -> None:
    """Parent and child use one client in turn; the child's call is sent over a new connection."""
    client = sync_mock.client(paced=False)
    await client.send(BUILDINGS)
    parents = sockets()

    def child() -> bool:
        sync_mock.clock.advance(10.0)
        return len(client.client.send(METERS)) > 0 and not sockets() <= parents

    assert in_child(child) == 0
    sync_mock.clock.advance(10.0)
    assert len(await client.send(BUILDINGS)) > 0
    assert sockets() <= parents  # pyreqwest's thread may still be closing those of earlier clients


def sockets() -> set[str]:
    """Return the sockets that this process has open."""
    found = set()
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the listing's own
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


async def test_a_login_under_way_in_the_parent_does_not_block_the_child(sync_mock: LiveMock) -> None:
    """Forked while another thread of the parent logs in, a child logs in itself instead of waiting for that thread."""
    logging_in, go_on = threading.Event(), threading.Event()

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and threading.current_thread() is not threading.main_thread():
            logging_in.set()
            go_on.wait(30)

    client = sync_mock.client(on_request=hold)
    other = threading.Thread(target=client.client.send, args=(BUILDINGS,))
    other.start()
    assert logging_in.wait(30)
    try:
        assert in_child(lambda: len(client.client.with_options(deadline=8.0).send(METERS)) > 0) == 0
    finally:
        go_on.set()
        other.join(30)


async def test_a_queue_in_the_parent_does_not_block_the_child(sync_mock: LiveMock) -> None:
    """Forked while threads of the parent queue for an endpoint, a child does not queue behind them."""
    sync_mock.restart(paced="no")  # the child's virtual time is not the server's
    client = sync_mock.client()
    await client.send(BUILDINGS)
    started = time.monotonic()
    with sync_mock.clock.taking_part():  # no turn comes
        waiting = threading.Thread(target=client.client.send, args=(BUILDINGS,))
        while sync_mock.clock.made.acquire(blocking=False):
            pass  # the waiters of earlier calls
        waiting.start()
        assert sync_mock.clock.made.acquire(timeout=30)

        def child() -> bool:
            sync_mock.clock.advance(10.0)
            return len(client.client.with_options(deadline=1.0).send(BUILDINGS)) > 0

        assert in_child(child) == 0
    waiting.join(30)
    assert time.monotonic() - started < 30
    await run_concurrently(sync_mock.clock, [(client, sending(BUILDINGS))])
    assert not isinstance(await outcome_of(lambda: client.send(BUILDINGS)), BaseException)


@pytest.mark.parametrize("whose", ["session", "pacer", "state of all accounts"])
async def test_a_lock_held_in_the_parent_does_not_block_the_child(sync_mock: LiveMock, whose: str) -> None:
    """Forked while the parent holds a lock of the account's state, a child calls with locks of its own."""
    sync_mock.restart(paced="no")  # the child's virtual time is not the server's
    client = sync_mock.client()
    await client.send(BUILDINGS)
    context = client.client._context
    locks = {
        "session": context.session._lock,
        "pacer": context.pacers._pacers[BUILDINGS.spec.path]._lock,
        "state of all accounts": state._lock,
    }

    def child() -> bool:
        sync_mock.clock.advance(10.0)
        return len(sync_mock.client(deadline=8.0).client.send(BUILDINGS)) > 0

    with locks[whose]:
        assert in_child(child) == 0
