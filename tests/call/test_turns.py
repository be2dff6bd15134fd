"""What a call does to the pacing and the login that others share: it returns what it does not use, and reports."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chaobiao import DeadlineExceeded, InvalidArgument, JrhszDialect, VirtualClock
from chaobiao._call.effects import Admit, Transmit, Wait
from chaobiao._call.run import log_in
from chaobiao.jrhsz import ListBuildings, ListLatestReadings
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer

Connect = Callable[..., ClientUnderTest]

OK = {"code": 200, "data": [], "msg": "操作成功", "totalCount": 0}
TOKEN = {"code": 200, "data": "a-token", "msg": "操作成功"}


async def test_a_call_that_is_too_late_to_be_sent_gives_its_turn_back(connect: Connect) -> None:
    """A login takes longer than the call may: its turn is free, and the next call goes at once."""
    clock = VirtualClock()

    def slow(request: httpx.Request) -> Any:
        clock.advance(6.0)
        return TOKEN

    client = connect(FakeServer(OK, login=slow), clock=clock, deadline=5.0)
    with pytest.raises(DeadlineExceeded):
        await client.send(ListBuildings())
    before = clock.monotonic()
    await client.send(ListBuildings())
    assert clock.monotonic() == before


async def test_a_call_that_cannot_be_written_gives_its_turn_back(connect: Connect) -> None:
    """A text that UTF-8 has no bytes for is found when the turn has come; the next call goes at once."""
    clock = VirtualClock()
    client = connect(FakeServer(OK), clock=clock)
    with pytest.raises(InvalidArgument, match="surrogate"):
        await client.send(ListLatestReadings(table_no="\ud800"))
    before = clock.monotonic()
    await client.send(ListLatestReadings())
    assert clock.monotonic() == before


async def test_calls_that_take_alike_come_close_to_the_interval(connect: Connect) -> None:
    """Where each response takes 0.4 s, twenty calls are sent within 1.03 of the shortest time."""
    clock = VirtualClock()
    times = []

    def slow(request: httpx.Request) -> Any:
        times.append(clock.monotonic())
        clock.advance(0.4)
        return OK

    client = connect(FakeServer(slow), clock=clock)
    for _ in range(20):
        await client.send(ListBuildings())
    assert 19 * 2.0 <= times[-1] - times[0] <= 19 * 2.0 * 1.03


@pytest.mark.single_client
async def test_a_login_that_is_sent_late_is_followed_as_long_as_one_sent_at_once(connect: Connect) -> None:
    """A client's rate may hold a login back. Its time begins when it is sent, and no other caller logs in meanwhile."""
    clock = VirtualClock()
    client = connect(FakeServer(OK), clock=clock, timeout=30.0, dialect=JrhszDialect(login_paced=False))
    context = client.client._context
    leader, other = log_in(context), log_in(context)
    assert isinstance(next(leader), Admit)
    clock.advance(30.0)
    assert isinstance(leader.send(None), Transmit)
    clock.advance(25.0)
    assert isinstance(next(other), Wait)
    other.close()
    leader.close()
