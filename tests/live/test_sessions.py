"""Logins against a live server: once for all, renewed in time, taken over, never repeated with a wrong password."""

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
from chaobiao.jrhsz import ListLatestReadings
from tests.live.people import (
    BUILDINGS,
    METERS,
    PASSWORD,
    RESIDENTS,
    USERNAME,
    Place,
    crowd,
    gaps,
    outcome,
    seen,
    sending,
    sending_later,
    settled,
    taking_part,
)

HOUR = 3600.0
LOGIN = "/user/login"


def when_all_wait(place: Place, waiters: int, then: Callable[[], None] = lambda: None) -> Callable[[CallEvent], None]:
    """A hook that holds the first login of a sync client until so many waiters were made: all callers have begun."""
    first = [True]

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and first:
            first.clear()
            for _ in range(waiters):
                assert place.clock.made.acquire(timeout=30), "somebody does not wait"
            then()

    return hold


async def test_a_wrong_password_is_tried_once_for_all(place: Place, colour: str) -> None:
    """Fifty callers with a wrong password cost one login attempt; each gets an error of its own."""
    # A sync crowd begins one thread after another: the login is held until each has queued and found it under way.
    options = {"on_request": when_all_wait(place, 50 + 50)} if colour == "sync" else {}
    client = place.connect(colour, password="not-the-password", **options)
    errors = await crowd(place.clock, [(client, sending(BUILDINGS))] * 50)
    assert {type(error) for error in errors} == {WrongPassword}
    assert place.codes("login") == [1005]
    assert len({id(error) for error in errors}) == 50
    assert len({id(error.__traceback__) for error in errors}) == 50
    assert [error.operation for error in errors] == ["login"] * 50


async def test_a_client_with_a_wrong_password_does_not_live_off_another(place: Place, colour: str) -> None:
    """The right password in one client opens nothing for a wrong one in the same process."""
    await settled(place.connect(colour).login())
    assert isinstance(await outcome(place.connect(colour, password="wrong").login), WrongPassword)


@pytest.mark.parametrize("step", [0.9 * HOUR, HOUR, 1.9 * HOUR])
async def test_logins_are_renewed_before_they_end(place: Place, colour: str, step: float) -> None:
    """A client used for days never has a call refused because its two hours ended."""
    client = place.connect(colour)
    for _ in range(12):
        await settled(client.send(BUILDINGS))
        await seen(lambda: not client._background)  # no two hours pass while a renewal is on the wire
        place.clock.advance(step)
    assert place.codes("buildings.list") == [200] * 12
    assert place.codes("login") == [200] * len(place.codes("login"))
    assert len(place.codes("login")) >= 11 * step / (2 * HOUR + step)


async def test_a_renewal_ahead_of_time_keeps_nobody_waiting(place: Place) -> None:
    """Five minutes before the end a thread renews in the background while the call goes out with the old token."""
    answered = threading.Event()
    renewing = threading.Event()

    def hold(event: CallEvent) -> None:
        if event.operation == "login" and threading.current_thread() is not threading.main_thread():
            renewing.set()
            answered.wait(30)

    client = place.connect("sync", on_request=hold)
    client.send(BUILDINGS)
    place.clock.advance(2 * HOUR - 300)
    assert len(client.send(BUILDINGS)) > 0
    assert renewing.wait(30)
    assert place.codes("login") == [200]
    answered.set()
    await seen(lambda: len(place.codes("login")) == 2)
    client.close()
    assert place.codes("login") == [200, 200]


async def test_a_renewal_that_hangs_does_not_block_tasks(place: Place) -> None:
    """Calls go on with the old token while the login in the background gets no answer."""
    client = place.connect("async")
    await client.send(BUILDINGS)
    place.clock.advance(2 * HOUR - 300)
    place.fault(LOGIN, "hang")
    for _ in range(3):
        assert len(await client.send(BUILDINGS)) > 0
    await client.aclose()
    assert place.codes("buildings.list") == [200] * 4


async def test_a_renewal_with_a_changed_password_is_tried_once(place: Place, colour: str) -> None:
    """When the password was changed at the server, the background renewal does not knock until the account locks."""
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    place.admit(USERNAME, "changed")
    place.clock.advance(2 * HOUR - 590)
    for _ in range(8):
        await settled(client.send(BUILDINGS))
        await seen(lambda: not client._background)
        place.clock.advance(60)
    await settled(client.close() if colour == "sync" else asyncio.sleep(0.0))
    assert place.codes("login")[:2] == [200, 1005][: len(place.codes("login"))]
    assert len(place.codes("login")) <= 2
    assert place.codes("buildings.list") == [200] * 9


async def test_a_server_that_forgets_its_tokens_costs_one_login(place: Place, colour: str) -> None:
    """Fifty callers on five endpoints meet a restarted server: one new login, and every call succeeds."""
    client = place.connect(colour)
    await settled(client.login())
    place.clock.advance(10.0)
    place.world.states["jrhsz"].accounts.revoke()
    operations = [BUILDINGS, METERS, RESIDENTS, ListLatestReadings(), ListLatestReadings(table_no="202005005292")]
    calls = [(client, sending(operation)) for operation in operations for _ in range(10)]
    found = await crowd(place.clock, calls)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert place.codes("login") == [200, 200]
    for operation in ("buildings.list", "meters.list", "residents.list", "meters.latest_readings"):
        codes = place.codes(operation)
        assert codes.count(1006) <= 1  # the one that was under way; nobody spends a turn on a token known to be dead
        assert codes.count(200) == len(codes) - codes.count(1006)


async def test_a_refused_call_keeps_its_place(place: Place, colour: str) -> None:
    """A call refused with 1011, and then for its session, is repeated before those who queued behind it."""
    client = place.connect(colour)
    hasty = place.connect(colour, deadline=8.0)  # had it to queue anew behind the others, it would fail
    await settled(client.login())
    place.clock.advance(10.0)
    place.world.states["jrhsz"].accounts.revoke()
    place.fault("/user/getBuildCode", "code", code=1011)

    later = sending_later(place, BUILDINGS, 0.25)
    found = await crowd(place.clock, [(hasty, sending(BUILDINGS)), *[(client, later)] * 8])
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert place.codes("buildings.list")[:3] == [1011, 1006, 200]


async def test_a_late_refusal_does_not_kill_a_newer_login(place: Place) -> None:
    """A 1006 that was on its way while somebody else logged in again costs no third login."""
    held, waiting = place.clock.waiter(), []

    async def answered(response: httpx.Response) -> None:
        if response.request.url.path == "/user/getBuildCode" and not waiting:
            waiting.append(response)
            await held.wait_async(None)

    async with httpx.AsyncClient(trust_env=False, event_hooks={"response": [answered]}) as http:
        client = place.connect("async", http_client=http)
        await client.login()
        waiting.append(None)
        await client.send(BUILDINGS)
        place.clock.advance(10.0)
        place.world.states["jrhsz"].accounts.revoke()
        waiting.clear()
        late = asyncio.create_task(taking_part(place.clock, client.send(BUILDINGS)))
        await seen(lambda: waiting)
        await client.send(METERS)  # is refused too, and logs in again
        held.wake()
        assert len(await late) > 0
        await client.send(RESIDENTS)
    assert place.codes("buildings.list") == [200, 1006, 200]
    assert place.codes("login") == [200, 200]


async def test_a_cancelled_login_hands_leadership_over(place: Place) -> None:
    """The task that logs in for all is cancelled: one of those who wait logs in, and all but it succeed."""
    client = place.connect("async")
    place.fault(LOGIN, "hang")
    callers = [asyncio.create_task(taking_part(place.clock, client.send(BUILDINGS))) for _ in range(5)]
    await seen(lambda: place.codes("login"))
    callers[0].cancel()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(each).__name__ for each in found] == ["CancelledError"] + ["Page"] * 4
    assert len(place.codes("login")) == 2


async def test_an_interrupted_login_hands_leadership_over(place: Place) -> None:
    """The thread that logs in for all meets Ctrl-C: one of those who wait logs in, and all but it succeed."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    client = place.connect("sync", on_request=when_all_wait(place, 10, interrupt))
    found = await crowd(place.clock, [(client, sending(BUILDINGS))] * 5)
    assert sorted(type(each).__name__ for each in found) == ["KeyboardInterrupt"] + ["Page"] * 4
    assert place.codes("login") == [200]


async def test_login_takes_over_from_a_leader_that_gives_up(place: Place) -> None:
    """login() that waits for somebody else's login, which is given up, logs in itself instead of reporting success."""
    client = place.connect("async")
    place.fault(LOGIN, "hang")
    leader = asyncio.create_task(taking_part(place.clock, client.send(BUILDINGS)))
    await seen(lambda: place.codes("login"))
    follower = asyncio.create_task(taking_part(place.clock, client.login()))
    await asyncio.sleep(0)
    leader.cancel()
    await follower
    assert len(place.codes("login")) == 2


async def test_login_and_calls_at_once_end_well(place: Place, colour: str) -> None:
    """Callers who ask for a new login while others call neither break anything nor wait for ever."""
    client = place.connect(colour)
    calls = [(client, sending(BUILDINGS)), (client, lambda client: client.login())] * 10
    found = await crowd(place.clock, calls)
    assert [each for each in found if isinstance(each, BaseException)] == []
    assert min(gaps(place.times("login")), default=2.0) >= 2.0


async def test_a_session_refused_again_is_an_error(place: Place, colour: str) -> None:
    """A server that refuses each fresh token gets one new login and one repetition, and then the caller is told."""
    client = place.connect(colour)
    place.fault("/user/getBuildCode", "code", code=1006, times=100)
    error = await outcome(lambda: client.send(BUILDINGS))
    assert isinstance(error, SessionRefused)
    assert (error.code, error.attempts) == (1006, 2)
    assert place.codes("buildings.list") == [1006, 1006]
    assert place.codes("login") == [200, 200]


async def test_an_expired_token_is_renewed_and_the_call_repeated(place: Place, colour: str) -> None:
    """1007 from a server whose clock runs ahead of ours is cured by one login."""
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    place.world.clock.advance(2 * HOUR)  # the server's clock only
    assert len(await settled(client.send(BUILDINGS))) > 0
    assert place.codes("buildings.list") == [200, 1007, 200]


@pytest.mark.parametrize("relogin", [True, False])
async def test_an_account_that_other_processes_log_in_too(
    settle: Callable[..., Place], colour: str, relogin: bool
) -> None:
    """Where a new login ends others' tokens with 1009: log in again if told that the account is shared, else say so."""
    place = settle(sessions="one-1009")
    client = place.connect(colour, dialect=JrhszDialect(relogin_on_1009=relogin))
    await settled(client.send(BUILDINGS))
    place.clock.advance(10.0)
    assert place.raw(LOGIN, admin_user_name=USERNAME, api_password=PASSWORD)["code"] == 200
    place.clock.advance(10.0)
    found = await outcome(lambda: client.send(BUILDINGS))
    if relogin:
        assert len(found) > 0
        assert place.codes("buildings.list") == [200, 1009, 200]
    else:
        assert isinstance(found, PermissionRefused)
        assert place.codes("buildings.list") == [200, 1009]


async def test_a_missing_permission_is_not_repeated_for_ever(place: Place, colour: str) -> None:
    """With relogin_on_1009 a real lack of permission costs one login and one repetition."""
    client = place.connect(colour, dialect=JrhszDialect(relogin_on_1009=True))
    place.fault("/user/getBuildCode", "code", code=1009, times=100)
    assert isinstance(await outcome(lambda: client.send(BUILDINGS)), PermissionRefused)
    assert place.codes("buildings.list") == [1009, 1009]
    assert place.codes("login") == [200, 200]


async def test_where_a_new_login_ends_the_old_token(settle: Callable[..., Place], colour: str) -> None:
    """A server that keeps one token an account, and answers 1006 to older ones, is borne as well."""
    place = settle(sessions="one-1006")
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    place.clock.advance(10.0)
    place.raw(LOGIN, admin_user_name=USERNAME, api_password=PASSWORD)
    place.clock.advance(10.0)
    found = await crowd(place.clock, [(client, sending(operation)) for operation in (BUILDINGS, METERS)])
    assert [each for each in found if isinstance(each, BaseException)] == []


async def test_a_login_that_gets_no_answer_in_time_speaks_for_one_caller_only(
    settle: Callable[..., Place], colour: str
) -> None:
    """Who logs in for all has half a second and no answer; the one that waited has more time, logs in, and succeeds."""
    place = settle(paced="no")
    options: dict[str, Any] = {"clock": SystemClock(), "paced": False}  # the server's silence lasts in real time
    patient = place.connect(colour, **options)
    begun = threading.Event()
    impatience: dict[str, Any] = {"timeout": 0.5, "stop": tenacity.stop_after_attempt(1)}
    hasty = place.connect(colour, on_request=lambda _: begun.set(), **impatience, **options)
    place.fault(LOGIN, "hang")

    def calling(client: Any, operation: Any) -> Any:
        return asyncio.to_thread(client.send, operation) if colour == "sync" else client.send(operation)

    first = asyncio.create_task(calling(hasty, BUILDINGS))
    await seen(begun.is_set)
    found = await asyncio.gather(first, calling(patient, METERS), return_exceptions=True)
    assert isinstance(found[0], NoResponse)
    assert isinstance(found[1], Page)
    assert len(place.codes("login")) == 2
