"""A client that lives for weeks: nothing grows, nothing is left running, nothing stays open."""

import asyncio
import gc
import threading
from typing import Any

import pytest

from chaobiao import ChaobiaoError
from tests.live.people import BUILDINGS, METERS, RESIDENTS, Place, crowd, outcome, sending, settled

FAULTS = ("cut", "status", "garbage")


async def live_long(place: Place, client: Any, calls: int) -> None:
    """Call now and then, with failures in between, over many logins."""
    for number in range(calls):
        if number % 25 == 0:
            place.fault("/user/getBuildCode", FAULTS[number // 25 % 3])
        await settled(client.send((BUILDINGS, METERS, RESIDENTS)[number % 3]))
        place.clock.advance(1300.0)
        await asyncio.sleep(0)


async def test_state_stays_bounded(place: Place, colour: str) -> None:
    """After two days, with faults and some two dozen logins, there is one pacer an endpoint, and no queue."""
    client = place.connect(colour)
    await live_long(place, client, 150)
    context = client._context
    assert len(place.codes("login")) > 20
    assert set(place.codes("meters.list")) == {200}
    assert len(context.pacers._pacers) == 4  # three lists and the login
    assert all(not pacer._queue for pacer in context.pacers._pacers.values())
    assert not context.session._followers
    assert len(client._background) <= 1


async def test_nothing_is_left_running_or_open(place: Place, colour: str) -> None:
    """After a crowd, a renewal in the background and failures, close() leaves no thread, no task and no socket."""
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    client = place.connect(colour)
    copy = client.with_options(deadline=60.0)
    await crowd(place.clock, [(client, sending(BUILDINGS)), (copy, sending(METERS))] * 5)
    place.clock.advance(7200.0 - 300.0)
    place.fault("/user/getBuildCode", "cut")
    await settled(copy.send(BUILDINGS))  # the copy begins the renewal
    await settled(client.close() if colour == "sync" else client.aclose())
    assert asyncio.all_tasks() == tasks
    ours = {thread for thread in set(threading.enumerate()) - threads if not thread.name.startswith("asyncio")}
    assert ours == set()
    del client, copy
    gc.collect()  # an open socket would warn here, and warnings are errors


async def test_a_closed_client_refuses_calls(place: Place, colour: str) -> None:
    """After close() every call raises ClientClosed at once, copies included; closing twice is fine."""
    client = place.connect(colour)
    copy = client.with_options(deadline=60.0)
    await settled(client.send(BUILDINGS))
    for _ in range(2):
        await settled(client.close() if colour == "sync" else client.aclose())
    for closed in (client, copy):
        error = await outcome(lambda closed=closed: closed.send(METERS))
        assert type(error).__name__ == "ClientClosed"
        assert isinstance(error, ChaobiaoError)
    assert place.codes("meters.list") == []


async def test_closing_a_copy_closes_nothing(place: Place, colour: str) -> None:
    """A copy made by with_options shares the connections; closing it leaves the original open."""
    client = place.connect(colour)
    copy = client.with_options(deadline=60.0)
    await settled(copy.close() if colour == "sync" else copy.aclose())
    assert len(await settled(client.send(BUILDINGS))) > 0


async def test_a_connection_is_kept(place: Place, colour: str) -> None:
    """One caller after another uses one connection: no new one for each call."""
    client = place.connect(colour)
    ports: set[Any] = set()
    http = client._http
    pool = http._pools[False] if colour == "sync" else http._pool(asyncio.get_running_loop(), exclusive=False)
    for _ in range(5):
        await settled(client.send(BUILDINGS))
        ports |= {id(connection) for connection in pool.connections}
    assert len(ports) == 1


@pytest.mark.parametrize("times", [20])
async def test_clients_come_and_go(place: Place, colour: str, times: int) -> None:
    """A client for each call, one after another, keeps to the interval and the login of those before it."""
    for _ in range(times):
        client = place.connect(colour)
        await settled(client.send(BUILDINGS))
        await settled(client.close() if colour == "sync" else client.aclose())
    assert place.codes("buildings.list") == [200] * times
    assert place.codes("login") == [200]
