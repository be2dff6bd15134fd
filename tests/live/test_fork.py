"""A client made before a fork works in the child: no lock, queue, login or connection is shared with the parent."""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from chaobiao import CallEvent
from chaobiao.jrhsz import ListMeters
from tests.live.people import BUILDINGS, METERS, Place, crowd, outcome, sending


def in_child(body: Callable[[], Any]) -> int:
    """Run in a forked process; answer its exit code: 0 if the body answered something true."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            threading.Timer(20.0, os._exit, (9,)).start()  # a child that waits for ever would never be seen
            code = 0 if body() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # Python 3.12 warns of what we test


async def test_a_child_has_connections_of_its_own(place: Place) -> None:
    """Parent and child use one client by turns; the child's call goes out on a new connection."""
    client = place.connect("sync", paced=False)
    client.send(BUILDINGS)
    parents = sockets()

    def child() -> bool:
        place.clock.advance(10.0)
        return len(client.send(METERS)) > 0 and sockets() > parents  # the parent's is left open, and alone

    assert in_child(child) == 0
    place.clock.advance(10.0)
    assert len(client.send(BUILDINGS)) > 0
    assert sockets() == parents


def sockets() -> set[str]:
    """The sockets this process has open."""
    found = set()
    for number in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the listing's own
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


async def test_a_login_under_way_in_the_parent_does_not_hold_the_child(place: Place) -> None:
    """Forked while another thread of the parent logs in, a child logs in itself instead of waiting for that thread."""
    logging_in, go_on = threading.Event(), threading.Event()

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and threading.current_thread() is not threading.main_thread():
            logging_in.set()
            go_on.wait(30)

    client = place.connect("sync", on_request=hold)
    other = threading.Thread(target=lambda: outcome_of(client))
    other.start()
    assert logging_in.wait(30)
    try:
        assert in_child(lambda: len(client.with_options(deadline=8.0).send(ListMeters())) > 0) == 0
    finally:
        go_on.set()
        other.join(30)


def outcome_of(client: Any) -> None:
    client.send(BUILDINGS)


async def test_a_queue_in_the_parent_does_not_hold_the_child(settle: Callable[..., Place]) -> None:
    """Forked while threads of the parent queue for an endpoint, a child does not queue behind them."""
    place = settle(paced="no")  # the child's virtual time is not the server's
    client = place.connect("sync")
    client.send(BUILDINGS)
    started = time.monotonic()
    with place.clock.taking_part():  # nobody's turn comes
        waiting = threading.Thread(target=lambda: outcome_of(client))
        while place.clock.made.acquire(blocking=False):
            pass  # the waiters of earlier calls
        waiting.start()
        assert place.clock.made.acquire(timeout=30)

        def child() -> bool:
            place.clock.advance(10.0)
            return len(client.with_options(deadline=1.0).send(BUILDINGS)) > 0

        assert in_child(child) == 0
    waiting.join(30)
    assert time.monotonic() - started < 30
    await crowd(place.clock, [(client, sending(BUILDINGS))])
    assert not isinstance(await outcome(lambda: client.send(BUILDINGS)), BaseException)
