"""Logins against a live server: one for all callers, renewed in time, never repeated with a wrong password."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import tenacity

from chaobiao import CallEvent, JrhszDialect, NoResponse, PermissionRefused, SessionRefused, WrongPassword
from chaobiao._contract.operation import Page
from chaobiao.clock import SystemClock
from chaobiao.jrhsz import ListLatestReadings, Login
from tests.harness.clients import ClientUnderTest
from tests.harness.concurrency import (
    eventually,
    gaps,
    outcome_of,
    run_concurrently,
    sending,
    sending_later,
    taking_part,
)
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, METERS, RESIDENTS, USERNAME, admit

HOUR = 3600.0


def when_all_wait(mock: LiveMock, waiters: int, then: Callable[[], None] = lambda: None) -> Callable[[CallEvent], None]:
    """Return a hook that holds the first login of a sync client until so many waiters exist: all callers have begun."""
    first = [True]

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and first:
            first.clear()
            for _ in range(waiters):
                assert mock.clock.made.acquire(timeout=30), "a caller does not wait"
            then()

    return hold


async def test_a_wrong_password_is_tried_once_for_all(mock: LiveMock, client_kind: str) -> None:
    """Fifty callers with a wrong password cost one login attempt; each gets an error object of its own."""
    # Threads begin one after another: the login is held until each has queued and found it under way.
    options = {"on_request": when_all_wait(mock, 50 + 50)} if client_kind == "sync" else {}
    client = mock.client(password="not-the-password", **options)
    errors = await run_concurrently(mock.clock, [(client, sending(BUILDINGS))] * 50)
    assert {type(error) for error in errors} == {WrongPassword}
    assert mock.codes("login") == [1005]
    assert len({id(error) for error in errors}) == 50
    assert len({id(error.__traceback__) for error in errors}) == 50
    assert [error.operation for error in errors] == ["login"] * 50


async def test_a_client_with_a_wrong_password_does_not_use_another_login(mock: LiveMock) -> None:
    """A login with the right password is not used by a client with a wrong one in the same process."""
    await mock.client().login()
    assert isinstance(await outcome_of(mock.client(password="wrong").login), WrongPassword)


@pytest.mark.parametrize("step", [0.9 * HOUR, HOUR, 1.9 * HOUR])
async def test_logins_are_renewed_before_they_end(mock: LiveMock, step: float) -> None:
    """A client used for days never has a call refused because its two hours ended."""
    client = mock.client()
    for _ in range(12):
        await client.send(BUILDINGS)
        await eventually(lambda: not client.client._background)  # no two hours pass while a renewal is being sent
        mock.clock.advance(step)
    assert mock.codes("buildings.list") == [200] * 12
    assert mock.codes("login") == [200] * len(mock.codes("login"))
    assert len(mock.codes("login")) >= 11 * step / (2 * HOUR + step)


async def test_a_renewal_ahead_of_time_blocks_no_call(sync_mock: LiveMock) -> None:
    """Five minutes before the end a thread renews in the background while the call goes out with the old token."""
    go_on = threading.Event()
    renewing = threading.Event()

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and threading.current_thread() is not threading.main_thread():
            renewing.set()
            go_on.wait(30)

    client = sync_mock.client(on_request=hold)
    await client.send(BUILDINGS)
    sync_mock.clock.advance(2 * HOUR - 300)
    assert len(await client.send(BUILDINGS)) > 0
    assert renewing.wait(30)
    assert sync_mock.codes("login") == [200]
    go_on.set()
    await eventually(lambda: len(sync_mock.codes("login")) == 2)
    await client.close()
    assert sync_mock.codes("login") == [200, 200]


async def test_a_renewal_that_hangs_does_not_block_tasks(async_mock: LiveMock) -> None:
    """Calls go on with the old token while the login in the background gets no response."""
    client = async_mock.client()
    await client.send(BUILDINGS)
    async_mock.clock.advance(2 * HOUR - 300)
    async_mock.add_fault(Login, "hang")
    for _ in range(3):
        assert len(await client.send(BUILDINGS)) > 0
    await client.close()
    assert async_mock.codes("buildings.list") == [200] * 4


async def test_a_renewal_with_a_changed_password_is_tried_once(mock: LiveMock) -> None:
    """When the password has been changed at the server, the background renewal does not try it again and again."""
    client = mock.client()
    await client.send(BUILDINGS)
    admit(mock, USERNAME, "changed")
    mock.clock.advance(2 * HOUR - 590)
    for _ in range(8):
        await client.send(BUILDINGS)
        await eventually(lambda: not client.client._background)
        mock.clock.advance(60)
    if not client.is_async:  # its renewal runs in a thread
        await client.close()
    assert mock.codes("login")[:2] == [200, 1005][: len(mock.codes("login"))]
    assert len(mock.codes("login")) <= 2
    assert mock.codes("buildings.list") == [200] * 9


async def test_a_server_that_forgets_its_tokens_costs_one_login(mock: LiveMock) -> None:
    """Fifty callers on four endpoints call a restarted server: one new login, and every call succeeds."""
    client = mock.client()
    await client.login()
    mock.clock.advance(10.0)
    mock.state.accounts.revoke()
    operations = [BUILDINGS, METERS, RESIDENTS, ListLatestReadings(), ListLatestReadings(table_no="202005005292")]
    calls = [(client, sending(operation)) for operation in operations for _ in range(10)]
    found = await run_concurrently(mock.clock, calls)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert mock.codes("login") == [200, 200]
    for operation in ("buildings.list", "meters.list", "residents.list", "meters.latest_readings"):
        codes = mock.codes(operation)
        assert codes.count(1006) <= 1  # the one under way; no turn is spent on a token that is known to be refused
        assert codes.count(200) == len(codes) - codes.count(1006)


async def test_a_refused_call_keeps_its_place_in_the_queue(mock: LiveMock) -> None:
    """A call refused with 1011, and then for its session, is repeated before those who queued behind it."""
    client = mock.client()
    impatient = mock.client(deadline=8.0)  # if it had to queue again behind the others, it would fail
    await client.login()
    mock.clock.advance(10.0)
    mock.state.accounts.revoke()
    mock.add_fault(BUILDINGS, "code", code=1011)

    later = sending_later(mock.clock, client, BUILDINGS, 0.25)
    found = await run_concurrently(mock.clock, [(impatient, sending(BUILDINGS)), *[(client, later)] * 8])
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert mock.codes("buildings.list")[:3] == [1011, 1006, 200]


async def test_a_late_refusal_does_not_end_a_newer_login(async_mock: LiveMock) -> None:
    """A 1006 that arrives after another call has already logged in again costs no third login."""
    held, waiting = async_mock.clock.waiter(), []

    async def on_response(response: httpx.Response) -> None:
        if response.request.url.path == BUILDINGS.spec.path and not waiting:
            waiting.append(response)
            await held.wait_async(None)

    async with httpx.AsyncClient(trust_env=False, event_hooks={"response": [on_response]}) as http:
        client = async_mock.client(http_client=http)
        await client.login()
        waiting.append(None)
        await client.send(BUILDINGS)
        async_mock.clock.advance(10.0)
        async_mock.state.accounts.revoke()
        waiting.clear()
        late = asyncio.create_task(taking_part(async_mock.clock, client.send(BUILDINGS)))
        await eventually(lambda: waiting)
        await client.send(METERS)  # is refused too, and logs in again
        held.wake()
        assert len(await late) > 0
        await client.send(RESIDENTS)
    assert async_mock.codes("buildings.list") == [200, 1006, 200]
    assert async_mock.codes("login") == [200, 200]


async def test_a_cancelled_login_hands_leadership_over(async_mock: LiveMock) -> None:
    """The task that logs in for all is cancelled: a waiting one logs in, and all but the cancelled one succeed."""
    client = async_mock.client()
    async_mock.add_fault(Login, "hang")
    callers = [asyncio.create_task(taking_part(async_mock.clock, client.send(BUILDINGS))) for _ in range(5)]
    await eventually(lambda: async_mock.codes("login"))
    callers[0].cancel()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(each).__name__ for each in found] == ["CancelledError"] + ["Page"] * 4
    assert len(async_mock.codes("login")) == 2


async def test_an_interrupted_login_hands_leadership_over(sync_mock: LiveMock) -> None:
    """The thread that logs in for all is interrupted: a waiting one logs in, and all but the first succeed."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    client = sync_mock.client(on_request=when_all_wait(sync_mock, 10, interrupt))
    found = await run_concurrently(sync_mock.clock, [(client, sending(BUILDINGS))] * 5)
    assert sorted(type(each).__name__ for each in found) == ["KeyboardInterrupt"] + ["Page"] * 4
    assert sync_mock.codes("login") == [200]


async def test_login_takes_over_from_a_cancelled_login(async_mock: LiveMock) -> None:
    """login() that waits for another caller's login logs in itself when that one is cancelled."""
    client = async_mock.client()
    async_mock.add_fault(Login, "hang")
    leader = asyncio.create_task(taking_part(async_mock.clock, client.send(BUILDINGS)))
    await eventually(lambda: async_mock.codes("login"))
    follower = asyncio.create_task(taking_part(async_mock.clock, client.login()))
    await asyncio.sleep(0)
    leader.cancel()
    await follower
    assert len(async_mock.codes("login")) == 2


async def test_login_and_calls_at_once_end_well(mock: LiveMock) -> None:
    """Calls of login() beside other calls: none fails, and none waits without end."""
    client = mock.client()
    calls = [(client, sending(BUILDINGS)), (client, lambda client: client.login())] * 10
    found = await run_concurrently(mock.clock, calls)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert min(gaps(mock.times("login")), default=2.0) >= 2.0


async def test_a_session_refused_again_is_an_error(mock: LiveMock) -> None:
    """A server that refuses each new token causes one new login and one repetition, then SessionRefused."""
    client = mock.client()
    mock.add_fault(BUILDINGS, "code", code=1006, times=100)
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert isinstance(error, SessionRefused)
    assert (error.code, error.attempts) == (1006, 2)
    assert mock.codes("buildings.list") == [1006, 1006]
    assert mock.codes("login") == [200, 200]


async def test_an_expired_token_is_renewed_and_the_call_repeated(mock: LiveMock) -> None:
    """1007 from a server whose clock runs ahead of the client's is followed by one login and one repetition."""
    client = mock.client()
    await client.send(BUILDINGS)
    mock.world.clock.advance(2 * HOUR)  # the server's clock only
    assert len(await client.send(BUILDINGS)) > 0
    assert mock.codes("buildings.list") == [200, 1007, 200]


@pytest.mark.parametrize("relogin", [True, False])
async def test_an_account_that_other_processes_log_in_too(mock: LiveMock, relogin: bool) -> None:
    """Where a new login ends earlier tokens with 1009, the client logs in again if told to, and else raises."""
    mock.restart(sessions="one-1009")
    client = mock.client(dialect=JrhszDialect(relogin_on_1009=relogin))
    await client.send(BUILDINGS)
    mock.clock.advance(10.0)
    assert mock.log_in().json()["code"] == 200
    mock.clock.advance(10.0)
    found = await outcome_of(lambda: client.send(BUILDINGS))
    if relogin:
        assert len(found) > 0
        assert mock.codes("buildings.list") == [200, 1009, 200]
    else:
        assert isinstance(found, PermissionRefused)
        assert mock.codes("buildings.list") == [200, 1009]


async def test_a_missing_permission_is_repeated_once(mock: LiveMock) -> None:
    """With relogin_on_1009 a real lack of permission costs one login and one repetition."""
    client = mock.client(dialect=JrhszDialect(relogin_on_1009=True))
    mock.add_fault(BUILDINGS, "code", code=1009, times=100)
    assert isinstance(await outcome_of(lambda: client.send(BUILDINGS)), PermissionRefused)
    assert mock.codes("buildings.list") == [1009, 1009]
    assert mock.codes("login") == [200, 200]


async def test_a_server_that_keeps_one_token_for_an_account(mock: LiveMock) -> None:
    """Where another login has ended the token with 1006, calls succeed after one login of their own."""
    mock.restart(sessions="one-1006")
    client = mock.client()
    await client.send(BUILDINGS)
    mock.clock.advance(10.0)
    mock.log_in()
    mock.clock.advance(10.0)
    found = await run_concurrently(mock.clock, [(client, sending(operation)) for operation in (BUILDINGS, METERS)])
    assert [each for each in found if isinstance(each, BaseException)] == []


async def test_a_login_that_times_out_fails_one_caller_only(mock: LiveMock) -> None:
    """The caller that logs in for all times out after half a second; a follower with more time logs in and succeeds."""
    mock.restart(paced="no")
    options: dict[str, Any] = {"clock": SystemClock(), "paced": False}  # a server that hangs takes real time
    follower = mock.client(**options)
    begun = threading.Event()
    limits: dict[str, Any] = {"timeout": 0.5, "stop": tenacity.stop_after_attempt(1)}
    leader = mock.client(on_request=lambda _: begun.set(), **limits, **options)
    mock.add_fault(Login, "hang")

    def calling(client: ClientUnderTest, operation: Any) -> Any:
        return client.send(operation) if client.is_async else asyncio.to_thread(client.client.send, operation)

    first = asyncio.create_task(calling(leader, BUILDINGS))
    await eventually(begun.is_set)
    found = await asyncio.gather(first, calling(follower, METERS), return_exceptions=True)
    assert isinstance(found[0], NoResponse)
    assert isinstance(found[1], Page)
    assert len(mock.codes("login")) == 2
