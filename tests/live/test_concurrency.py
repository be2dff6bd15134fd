"""Many callers at once: one login, no violated interval, and no caller waits for an unrelated one."""

import asyncio
from typing import Any

import httpx

from chaobiao import ChaobiaoError
from chaobiao.jrhsz import ListMeters
from tests.harness.concurrency import eventually, gaps, run_concurrently, sending, taking_part
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, INTERVAL, METERS, RESIDENTS, USERNAME, admit


def assert_kept(mock: LiveMock, operation: str, expected: int) -> None:
    """Check that the server has seen so many calls, has refused none, and that none came early."""
    assert mock.codes(operation) == [200] * expected
    assert min(gaps(mock.times(operation)), default=INTERVAL) >= INTERVAL


async def test_fifty_callers_share_one_login_and_keep_the_interval(mock: LiveMock) -> None:
    """Fifty threads (or tasks) on one client log in once, and the server sees every call at least 2 s apart."""
    client = mock.client()
    pages = await run_concurrently(mock.clock, [(client, sending(BUILDINGS))] * 50)
    assert [len(page) for page in pages] == [len(pages[0])] * 50
    assert len(pages[0]) > 0
    assert_kept(mock, "login", 1)
    assert_kept(mock, "buildings.list", 50)


async def test_pacing_runs_at_full_speed(mock: LiveMock) -> None:
    """Many callers are not slower than the documented interval: call n is sent 2 n seconds after the first."""
    await run_concurrently(mock.clock, [(mock.client(), sending(BUILDINGS))] * 10)
    assert gaps(mock.times("buildings.list")) == [INTERVAL] * 9


async def test_sync_and_async_clients_share_an_account(async_mock: LiveMock) -> None:
    """Two sync and two async clients of one account, all at once, need one login and keep one interval together."""
    clients = [async_mock.client(client_kind=kind) for kind in ("sync", "async", "sync", "async")]
    calls = [(client, sending(BUILDINGS)) for client in clients for _ in range(6)]
    results = await run_concurrently(async_mock.clock, calls)
    assert not [found for found in results if isinstance(found, BaseException)]
    assert_kept(async_mock, "login", 1)
    assert_kept(async_mock, "buildings.list", 24)


async def test_with_options_shares_login_and_pacing(mock: LiveMock) -> None:
    """A copy made by with_options uses the original's login and its queue."""
    client = mock.client()
    copy = client.with_options(timeout=5.0, deadline=60.0)
    await run_concurrently(mock.clock, [(client, sending(BUILDINGS)), (copy, sending(BUILDINGS))] * 3)
    assert_kept(mock, "login", 1)
    assert_kept(mock, "buildings.list", 6)


async def test_two_accounts_do_not_wait_for_each_other(mock: LiveMock) -> None:
    """Accounts have queues and logins of their own: both are served at the same times."""
    admit(mock, "second-account", "another")
    ours, theirs = mock.client(), mock.client("second-account", "another")
    await run_concurrently(mock.clock, [(ours, sending(BUILDINGS)), (theirs, sending(BUILDINGS))] * 3)
    assert mock.times("buildings.list", USERNAME) == mock.times("buildings.list", "second-account") == [0.0, 2.0, 4.0]
    assert len(mock.world.journal.of("login")) == 2


async def test_endpoints_do_not_wait_for_each_other(mock: LiveMock) -> None:
    """Each endpoint has an interval of its own."""
    client = mock.client()
    await run_concurrently(mock.clock, [(client, sending(operation)) for operation in (BUILDINGS, METERS, RESIDENTS)])
    found = [mock.times(operation) for operation in ("buildings.list", "meters.list", "residents.list")]
    assert found == [[0.0], [0.0], [0.0]]


async def test_callers_are_served_in_the_order_of_their_arrival(mock: LiveMock, client_kind: str) -> None:
    """The queue of an endpoint is first come, first served."""
    client = mock.client()
    order: list[int] = []

    def at(moment: int) -> Any:
        def in_thread(client: Any) -> None:
            mock.clock.sleep(moment / 1024)
            client.send(ListMeters(page=moment + 1))
            order.append(moment)

        async def in_task(client: Any) -> None:
            await mock.clock.waiter().wait_async(moment / 1024)
            await client.send(ListMeters(page=moment + 1))
            order.append(moment)

        return in_thread if client_kind == "sync" else in_task

    shuffled = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5]
    found = await run_concurrently(mock.clock, [(client, at(moment)) for moment in shuffled])
    assert found == [None] * 10
    assert order == sorted(shuffled)
    assert_kept(mock, "meters.list", 10)


async def test_an_interrupted_caller_leaves_the_queue(mock: LiveMock) -> None:
    """Ctrl-C (or a cancellation) while queueing costs no turn: the next caller is served at that very time."""
    client = mock.client()
    await run_concurrently(mock.clock, [(client, sending(BUILDINGS))])
    mock.clock.interrupt()  # the next caller that queues
    found = await run_concurrently(mock.clock, [(client, sending(BUILDINGS))] * 3)
    interrupted = [each for each in found if isinstance(each, KeyboardInterrupt | asyncio.CancelledError)]
    assert len(interrupted) == 1
    assert mock.times("buildings.list") == [0.0, 2.0, 4.0]


async def test_a_cancelled_task_leaves_the_queue(async_mock: LiveMock) -> None:
    """Of three queueing tasks the first is cancelled: the other two take the turns at 2 s and 4 s."""
    client = async_mock.client()
    await client.send(BUILDINGS)
    with async_mock.clock.taking_part():  # time stands still until the task has ended
        waiting = [asyncio.create_task(taking_part(async_mock.clock, client.send(BUILDINGS))) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
    await asyncio.gather(*waiting[1:])
    assert waiting[0].cancelled()
    assert async_mock.times("buildings.list") == [0.0, 2.0, 4.0]


async def test_a_cancelled_request_does_not_stop_the_queue(async_mock: LiveMock) -> None:
    """A task cancelled while its request is under way leaves the endpoint usable, one interval and a margin later."""
    client = async_mock.client()
    await client.login()
    async_mock.add_fault(BUILDINGS, "hang")
    first = asyncio.create_task(client.send(BUILDINGS))
    await eventually(lambda: async_mock.codes("buildings.list"))
    first.cancel()
    await asyncio.wait([first])
    assert len(await client.send(BUILDINGS)) > 0
    assert async_mock.times("buildings.list") == [0.0, 2.25]


async def test_stopping_early_leaves_no_page_under_way(async_mock: LiveMock) -> None:
    """Leaving an async list after its first row gives back the turn that the next page was waiting for."""
    client = async_mock.client()
    with async_mock.clock.taking_part():
        rows = client.client.iterate(ListMeters(page_size=5)).__aiter__()
        await rows.__anext__()
        await rows.aclose()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []
    await client.send(METERS)
    assert async_mock.times("meters.list") == [0.0, 2.0]


async def test_a_late_response_does_not_hurry_the_next_call(async_mock: LiveMock) -> None:
    """The response to an earlier call says nothing of when the newest one arrives: its interval counts from its own."""
    requests, first_may_end = 0, async_mock.clock.waiter()

    async def on_request(request: httpx.Request) -> None:
        nonlocal requests
        if request.url.path == BUILDINGS.spec.path:
            requests += 1
            if requests == 2:
                first_may_end.wake()
                await async_mock.clock.waiter().wait_async(0.25)

    async def on_response(response: httpx.Response) -> None:
        if response.request.url.path == BUILDINGS.spec.path and requests == 1:
            await first_may_end.wait_async(None)

    hooks: Any = {"request": [on_request], "response": [on_response]}
    async with httpx.AsyncClient(trust_env=False, event_hooks=hooks) as http:
        client = async_mock.client(http_client=http)
        await client.login()
        found = await run_concurrently(async_mock.clock, [(client, sending(BUILDINGS))] * 3)
    assert [type(page).__name__ for page in found] == ["Page"] * 3
    assert async_mock.codes("buildings.list") == [200] * 3
    assert async_mock.times("buildings.list") == [0.0, 2.5, 4.5]


async def test_closing_a_client_ends_its_waiting_calls(mock: LiveMock, client_kind: str) -> None:
    """A call that waits for its turn while the client is closed raises ClientClosed and is not sent."""
    client = mock.client()
    await run_concurrently(mock.clock, [(client, sending(BUILDINGS))])

    def close_soon(client: Any) -> Any:
        if client_kind == "sync":
            mock.clock.sleep(1.0)
            return client.close()

        async def soon() -> None:
            await mock.clock.waiter().wait_async(1.0)
            await client.aclose()

        return soon()

    found = await run_concurrently(mock.clock, [(client, sending(BUILDINGS)), (client, close_soon)])
    assert type(found[0]).__name__ == "ClientClosed"
    assert isinstance(found[0], ChaobiaoError)
    assert len(mock.times("buildings.list")) == 1
