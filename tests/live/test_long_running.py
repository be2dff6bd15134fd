"""Clients that run for weeks: nothing grows, nothing is left running, nothing stays open."""

import asyncio
import gc
import threading

import pytest

from chaobiao import ChaobiaoError
from tests.harness.clients import ClientUnderTest
from tests.harness.concurrency import outcome_of, run_concurrently, sending
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, METERS, RESIDENTS

FAULTS = ("cut", "status", "garbage")


async def run_for_days(mock: LiveMock, client: ClientUnderTest, calls: int) -> None:
    """Make calls far apart, with failures in between, over many logins."""
    for number in range(calls):
        if number % 25 == 0:
            mock.add_fault(BUILDINGS, FAULTS[number // 25 % 3])
        await client.send((BUILDINGS, METERS, RESIDENTS)[number % 3])
        mock.clock.advance(1300.0)
        await asyncio.sleep(0)


async def test_state_stays_bounded(mock: LiveMock) -> None:
    """After two days with faults and some two dozen logins there is one pacer for each endpoint, and no queue."""
    client = mock.client()
    await run_for_days(mock, client, 150)
    context = client.client._context
    assert len(mock.codes("login")) > 20
    assert set(mock.codes("meters.list")) == {200}
    assert len(context.pacers._pacers) == 4  # three lists and the login
    assert all(not pacer._queue for pacer in context.pacers._pacers.values())
    assert not context.session._followers
    assert len(client.client._background) <= 1


async def test_nothing_is_left_running_or_open(mock: LiveMock) -> None:
    """After many callers, a renewal in the background and failures, close() leaves no thread, task or socket."""
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    client = mock.client()
    copy = client.with_options(deadline=60.0)
    await run_concurrently(mock.clock, [(client, sending(BUILDINGS)), (copy, sending(METERS))] * 5)
    mock.clock.advance(7200.0 - 300.0)
    mock.add_fault(BUILDINGS, "cut")
    await copy.send(BUILDINGS)  # the copy starts the renewal
    await client.close()
    assert asyncio.all_tasks() == tasks
    ours = {thread for thread in set(threading.enumerate()) - threads if not thread.name.startswith("asyncio")}
    assert ours == set()
    del client, copy
    gc.collect()  # an open socket would warn here, and warnings are errors


async def test_a_closed_client_rejects_calls(mock: LiveMock) -> None:
    """After close() every call raises ClientClosed at once, those of copies included; closing twice is allowed."""
    client = mock.client()
    copy = client.with_options(deadline=60.0)
    await client.send(BUILDINGS)
    for _ in range(2):
        await client.close()
    for closed in (client, copy):
        error = await outcome_of(lambda closed=closed: closed.send(METERS))
        assert type(error).__name__ == "ClientClosed"
        assert isinstance(error, ChaobiaoError)
    assert mock.codes("meters.list") == []


async def test_closing_a_copy_closes_nothing(mock: LiveMock) -> None:
    """A copy made by with_options shares the connections; closing it leaves the original open."""
    client = mock.client()
    copy = client.with_options(deadline=60.0)
    await copy.close()
    assert len(await client.send(BUILDINGS)) > 0


@pytest.mark.parametrize("times", [20])
async def test_one_client_for_each_call(mock: LiveMock, times: int) -> None:
    """A new client for each call uses the login of the clients before it and keeps the interval to their calls."""
    for _ in range(times):
        client = mock.client()
        await client.send(BUILDINGS)
        await client.close()
    assert mock.codes("buildings.list") == [200] * times
    assert mock.codes("login") == [200]
