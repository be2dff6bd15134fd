"""Many callers at once: one login, no violated interval, nobody in anybody's way who need not be."""

import asyncio
from typing import Any

import httpx

from chaobiao import ChaobiaoError
from chaobiao.jrhsz import ListMeters
from tests.live.people import BUILDINGS, INTERVAL, METERS, RESIDENTS, Place, crowd, gaps, seen, sending, taking_part


def assert_kept(place: Place, operation: str, expected: int) -> None:
    """The server saw so many calls, refused none, and none came early."""
    assert place.codes(operation) == [200] * expected
    assert min(gaps(place.times(operation)), default=INTERVAL) >= INTERVAL


async def test_fifty_callers_share_one_login_and_keep_the_interval(place: Place, colour: str) -> None:
    """Fifty threads (or tasks) on one client log in once, and the server sees every call at least 2 s apart."""
    client = place.connect(colour)
    pages = await crowd(place.clock, [(client, sending(BUILDINGS))] * 50)
    assert [len(page) for page in pages] == [len(pages[0])] * 50
    assert len(pages[0]) > 0
    assert_kept(place, "login", 1)
    assert_kept(place, "buildings.list", 50)


async def test_pacing_runs_at_full_speed(place: Place, colour: str) -> None:
    """A crowd is not slower than the documented interval: the call after n others goes 2 n seconds after the first."""
    await crowd(place.clock, [(place.connect(colour), sending(BUILDINGS))] * 10)
    assert gaps(place.times("buildings.list")) == [INTERVAL] * 9


async def test_clients_of_both_colours_share_an_account(place: Place) -> None:
    """Two sync and two async clients of one account, all at once, need one login and keep one interval together."""
    clients = [place.connect(colour) for colour in ("sync", "async", "sync", "async")]
    results = await crowd(place.clock, [(client, sending(BUILDINGS)) for client in clients for _ in range(6)])
    assert not [found for found in results if isinstance(found, BaseException)]
    assert_kept(place, "login", 1)
    assert_kept(place, "buildings.list", 24)


async def test_with_options_shares_login_and_pacing(place: Place, colour: str) -> None:
    """A copy made by with_options lives off the same login and queues with the original."""
    client = place.connect(colour)
    copy = client.with_options(timeout=5.0, deadline=60.0)
    await crowd(place.clock, [(client, sending(BUILDINGS)), (copy, sending(BUILDINGS))] * 3)
    assert_kept(place, "login", 1)
    assert_kept(place, "buildings.list", 6)


async def test_two_accounts_do_not_wait_for_each_other(place: Place, colour: str) -> None:
    """Accounts have queues and logins of their own: both are served at the same moments."""
    place.admit("somebody-else", "another")
    ours, theirs = place.connect(colour), place.connect(colour, "somebody-else", "another")
    await crowd(place.clock, [(ours, sending(BUILDINGS)), (theirs, sending(BUILDINGS))] * 3)
    assert place.times("buildings.list") == place.times("buildings.list", "somebody-else") == [0.0, 2.0, 4.0]
    assert len(place.world.journal.of("login")) == 2


async def test_endpoints_do_not_wait_for_each_other(place: Place, colour: str) -> None:
    """Each endpoint has an interval of its own."""
    client = place.connect(colour)
    await crowd(place.clock, [(client, sending(operation)) for operation in (BUILDINGS, METERS, RESIDENTS)])
    found = [place.times(operation) for operation in ("buildings.list", "meters.list", "residents.list")]
    assert found == [[0.0], [0.0], [0.0]]


async def test_callers_go_in_the_order_in_which_they_came(place: Place, colour: str) -> None:
    """The queue of an endpoint is first come, first served."""
    client = place.connect(colour)
    order: list[int] = []

    def at(moment: int) -> Any:
        def in_thread(client: Any) -> None:
            place.clock.sleep(moment / 1024)
            client.send(ListMeters(page=moment + 1))
            order.append(moment)

        async def in_task(client: Any) -> None:
            await place.clock.waiter().wait_async(moment / 1024)
            await client.send(ListMeters(page=moment + 1))
            order.append(moment)

        return in_thread if colour == "sync" else in_task

    shuffled = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5]
    found = await crowd(place.clock, [(client, at(moment)) for moment in shuffled])
    assert found == [None] * 10
    assert order == sorted(shuffled)
    assert_kept(place, "meters.list", 10)


async def test_an_interrupted_waiter_gives_its_place_back(place: Place, colour: str) -> None:
    """Ctrl-C (or a cancellation) while queueing costs nobody a turn: the next caller goes at that very moment."""
    client = place.connect(colour)
    await crowd(place.clock, [(client, sending(BUILDINGS))])
    place.clock.interrupt()  # whoever queues next
    found = await crowd(place.clock, [(client, sending(BUILDINGS))] * 3)
    interrupted = [each for each in found if isinstance(each, KeyboardInterrupt | asyncio.CancelledError)]
    assert len(interrupted) == 1
    assert place.times("buildings.list") == [0.0, 2.0, 4.0]


async def test_a_cancelled_task_gives_its_place_back(place: Place) -> None:
    """Of three queueing tasks the first is cancelled: the other two take the turns at 2 s and 4 s."""
    client = place.connect("async")
    await client.send(BUILDINGS)
    with place.clock.taking_part():  # time stands still until the cancellation is through
        waiting = [asyncio.create_task(taking_part(place.clock, client.send(BUILDINGS))) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
    await asyncio.gather(*waiting[1:])
    assert waiting[0].cancelled()
    assert place.times("buildings.list") == [0.0, 2.0, 4.0]


async def test_a_cancelled_request_does_not_stop_the_queue(place: Place) -> None:
    """A task cancelled while its request is under way leaves the endpoint usable, one interval and a margin later."""
    client = place.connect("async")
    await client.login()
    place.fault("/user/getBuildCode", "hang")
    first = asyncio.create_task(client.send(BUILDINGS))
    await seen(lambda: place.codes("buildings.list"))
    first.cancel()
    await asyncio.wait([first])
    assert len(await client.send(BUILDINGS)) > 0
    assert place.times("buildings.list") == [0.0, 2.25]


async def test_stopping_early_leaves_no_page_under_way(place: Place) -> None:
    """Who leaves an async list after its first row gives back the turn that the next page was waiting for."""
    client = place.connect("async")
    with place.clock.taking_part():
        rows = client.iterate(ListMeters(page_size=5)).__aiter__()
        await rows.__anext__()
        await rows.aclose()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []
    await client.send(METERS)
    assert place.times("meters.list") == [0.0, 2.0]


async def test_a_late_answer_does_not_hurry_the_next_call(place: Place) -> None:
    """An answer to an earlier call says nothing of when the newest one arrives: its interval counts from its own."""
    requests, first_may_end = 0, place.clock.waiter()

    async def on_its_way(request: httpx.Request) -> None:
        nonlocal requests
        if request.url.path == "/user/getBuildCode":
            requests += 1
            if requests == 2:
                first_may_end.wake()
                await place.clock.waiter().wait_async(0.25)

    async def answered(response: httpx.Response) -> None:
        if response.request.url.path == "/user/getBuildCode" and requests == 1:
            await first_may_end.wait_async(None)

    hooks: Any = {"request": [on_its_way], "response": [answered]}
    async with httpx.AsyncClient(trust_env=False, event_hooks=hooks) as http:
        client = place.connect("async", http_client=http)
        await client.login()
        found = await crowd(place.clock, [(client, sending(BUILDINGS))] * 3)
    assert [type(page).__name__ for page in found] == ["Page"] * 3
    assert place.codes("buildings.list") == [200] * 3
    assert place.times("buildings.list") == [0.0, 2.5, 4.5]


async def test_a_closed_client_ends_its_waiters(place: Place, colour: str) -> None:
    """A caller who waits for a turn while the client is closed gets ClientClosed, and sends nothing more."""
    client = place.connect(colour)
    await crowd(place.clock, [(client, sending(BUILDINGS))])

    def close_soon(client: Any) -> Any:
        if colour == "sync":
            place.clock.sleep(1.0)
            return client.close()

        async def soon() -> None:
            await place.clock.waiter().wait_async(1.0)
            await client.aclose()

        return soon()

    found = await crowd(place.clock, [(client, sending(BUILDINGS)), (client, close_soon)])
    assert type(found[0]).__name__ == "ClientClosed"
    assert isinstance(found[0], ChaobiaoError)
    assert len(place.times("buildings.list")) == 1
