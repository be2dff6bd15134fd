"""The session in cookies: one login for all, renewed at 4101, ended by logout, kept apart from the caller's cookies."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from chaobiao import AsyncEnergyManager, EnergyManager, SessionRefused, UnreadableResponse, VirtualClock
from chaobiao._contract.secret import Secret
from chaobiao.energy.cookies import SessionCookies, cookies_set_by
from tests.energy.servers import AUTH, SessionServer, cookies_of, envelope
from tests.harness.clients import ClientUnderTest, resolve
from tests.harness.concurrency import run_concurrently
from tests.harness.fake_server import FakeServer
from tests.harness.leaks import Leaks
from tests.network.raw_server import Exchange, RawServer, response

Connect = Callable[..., ClientUnderTest]


async def log_out(client: ClientUnderTest) -> None:
    await resolve(client.client.logout())


async def test_every_cookie_of_a_login_goes_along(connect: Connect) -> None:
    """All cookies that the login sets are sent with each call, and only those: not the ones that it deletes."""
    deleted = ("old=1; Max-Age=0", "past=1; expires=Thu, 01 Jan 1970 00:00:00 GMT", "empty=; Path=/")
    server = SessionServer(extra_cookies=("lang=zh; Max-Age=3600", *deleted))
    client = connect(server, "energy")
    await client.rows("meters.list")
    await client.rows("machines.list")
    assert [cookies_of(request) for request in server.requests] == [{**server.cookies, "lang": "zh"}] * len(
        server.requests
    )
    assert len(server.logins) == 1


@pytest.mark.parametrize("status", [200, 401])
async def test_4101_logs_in_once_and_repeats_once(status: int, connect: Connect) -> None:
    """A session that has ended, under HTTP 200 or 401, costs one login without the old cookies and one repetition."""
    server = SessionServer(status=status)
    client = connect(server, "energy")
    await client.call("meters.delete", 1)
    server.alive = False
    await client.call("meters.delete", 2)
    assert [cookies_of(request) for request in server.logins] == [{}, {}]
    sessions = [cookies_of(request)["sessionid"] for request in server.requests]
    assert sessions == ["session-secret-1", "session-secret-1", "session-secret-2"]


async def test_a_session_that_is_refused_at_once_is_an_error(connect: Connect) -> None:
    """4101 directly after a login raises SessionRefused, with the way out in both languages."""
    server = FakeServer(httpx.Response(401, json=envelope(code=4101)))
    with pytest.raises(SessionRefused, match=r"\[4101\].*(?s:.*)重新登录后仍被拒绝") as caught:
        await connect(server, "energy").call("meters.delete", 1)
    assert (len(server.logins), len(server.requests), caught.value.code) == (2, 2, 4101)


async def test_a_login_without_a_cookie_is_an_error(connect: Connect) -> None:
    """Success without Set-Cookie says what is missing."""
    client = connect(FakeServer(envelope([]), login=envelope()), "energy")
    with pytest.raises(UnreadableResponse, match="sets no cookie") as caught:
        await client.rows("meters.list")
    assert "Cookie" in caught.value.message_zh


async def test_logout_ends_the_session_that_all_clients_share(connect: Connect) -> None:
    """It is sent once with the session's cookies; the next call of another client of the account logs in again."""
    server, clock = SessionServer(), VirtualClock()
    first, second = (connect(server, "energy", clock=clock) for _ in range(2))
    await first.rows("meters.list")
    await second.rows("meters.list")
    assert len(server.logins) == 1
    await log_out(first)
    assert (len(server.logouts), cookies_of(server.logouts[0])) == (1, server.cookies)
    await log_out(second)
    assert len(server.logouts) == 1, "there was no session to end"
    await second.rows("meters.list")
    assert len(server.logins) == 2


async def test_logout_never_logs_in(connect: Connect) -> None:
    """Without a session nothing is sent; a session that had ended already counts as logged out."""
    server = SessionServer()
    client = connect(server, "energy")
    await log_out(client)
    assert (server.logins, server.logouts) == ([], [])
    await client.login()
    server.alive = False
    await log_out(client)
    assert (len(server.logins), len(server.logouts)) == (1, 1)


async def test_a_logout_without_a_response_is_repeated(connect: Connect) -> None:
    """The session is forgotten whatever happens, and 4101 at the second attempt means that the first one worked."""
    server = FakeServer(httpx.ReadTimeout("slow"), envelope(code="4101"))
    client = connect(server, "energy")
    await client.login()
    await log_out(client)
    assert (len(server.requests), len(server.logins)) == (2, 1)


async def test_many_callers_need_one_login(client_kind: str, connect: Connect) -> None:
    """Twenty callers at once, and twenty whose session has ended, cost one login each time."""
    server, clock = SessionServer(envelope()), VirtualClock()
    client = connect(server, "energy", clock=clock)
    for logins in (1, 2):
        found = await run_concurrently(clock, [(client, lambda each: each.meters.delete(1))] * 20)
        assert not [error for error in found if isinstance(error, BaseException)]
        assert len(server.logins) == logins
        server.alive = False


async def test_the_callers_cookies_go_along_and_stay_as_they_are(client_kind: str, connect: Connect) -> None:
    """Cookies of the caller's client and headers are sent beside the session's, which win where names are equal."""
    server = SessionServer(extra_cookies=("lang=zh",))
    kind = httpx.AsyncClient if client_kind == "async" else httpx.Client
    own = {"gate": "1", "lang": "en", "sessionid": "of-the-caller"}
    http = kind(transport=httpx.MockTransport(server), cookies=own, headers={"Cookie": "sso=2"})
    client = connect(server, "energy", http_client=http, headers={"Cookie": "tenant=7"})
    for logins in (1, 2):
        await client.rows("meters.list")
        await client.rows("meters.list")
        assert len(server.logins) == logins
        server.alive = False
    assert [cookies_of(request) for request in server.logins] == [{**own, "sso": "2", "tenant": "7"}] * 2
    expected = {"gate": "1", "sso": "2", "tenant": "7", "lang": "zh", **server.cookies}
    assert cookies_of(server.requests[-1]) == expected
    assert dict(http.cookies) == own


async def test_cookies_that_later_responses_set_stay_out(client_kind: str, connect: Connect) -> None:
    """A server that sets cookies with each response, also one that fails, changes neither session nor caller's jar."""
    replies = [httpx.Response(500, headers={"Set-Cookie": "sessionid=other"}), envelope([])]

    def reply(request: httpx.Request) -> Any:
        found = replies.pop(0) if len(replies) > 1 else replies[0]
        return found if isinstance(found, dict) else httpx.Response(500, headers={"Set-Cookie": "sessionid=other"})

    server = SessionServer(reply)
    client = connect(server, "energy")
    await client.rows("meters.list", id=1)
    assert client.http_client is not None
    assert dict(client.http_client.cookies) == {}
    assert {cookies_of(request)["sessionid"] for request in server.requests} == {"session-secret-1"}


@pytest.mark.parametrize("transport", ["httpx", "pyreqwest"])
async def test_over_real_connections(client_kind: str, transport: Any) -> None:
    """With connections of its own, httpx's and pyreqwest's alike, a client sends one header with all cookies."""

    def handle(exchange: Exchange) -> None:
        if exchange.path == AUTH:
            exchange.send(response(envelope(), "Set-Cookie: a=secret-1; Path=/", "Set-Cookie: b=secret=2; HttpOnly"))
        else:
            exchange.send(response(envelope([])))

    with RawServer(handle) as server:
        kind = AsyncEnergyManager if client_kind == "async" else EnergyManager
        client = ClientUnderTest.__new__(ClientUnderTest)
        client.client, client.is_async, client.http_client = (
            kind("a", "b", base_url=server.url, transport=transport),
            client_kind == "async",
            None,
        )
        await client.rows("meters.list", id=1, machine="机器1")
        await client.close()
    heads = [exchange.head.decode().lower() for exchange in server.exchanges]
    assert "cookie:" not in heads[0]
    assert all(head.count("cookie: a=secret-1; b=secret=2") == head.count("cookie:") == 1 for head in heads[1:])


@pytest.fixture
def leaks() -> Iterator[Leaks]:
    found = Leaks()
    yield found
    assert found.checked > 10


async def test_no_cookie_is_shown(connect: Connect, leaks: Leaks, client_kind: str) -> None:
    """Logs, hooks, reprs and errors show neither the cookies nor the password, though the server echoes all of them."""

    def echo(request: httpx.Request) -> dict[str, Any]:
        cookies = request.headers["cookie"]
        values = [value for _, _, value in (pair.partition("=") for pair in cookies.split("; "))]
        return envelope(code=4103, words=f"bad: {cookies} {json.dumps(values)} pass-word-1")

    server = SessionServer(echo)
    for value in ("session-secret-1", "csrf/secret+1==", "pass-word-1"):
        leaks.plant(value, value)
    hooks = {f"on_{kind}": lambda event: leaks.check("event", event) for kind in ("request", "response", "retry")}
    with leaks.in_log_records():
        client = connect(server, "energy", password="pass-word-1", **hooks)
        with pytest.raises(Exception, match="bad") as caught:
            await client.call("meters.update", 1, name="a", kind="b", machine_id=1)
    leaks.check_error(caught.value)
    leaks.check("client", client.client)
    leaks.check("session", client.client._context.session)
    leaks.check("context", client.client._context)


async def test_the_secrets_of_the_mini_program_are_struck(connect: Connect, leaks: Leaks) -> None:
    """9.1's code, encrypted data and initial vector are shown nowhere, not even where the server repeats them."""
    secrets = {"code": "wx-login-code-1", "encrypted_data": "RW5jcnlwdGVkIQ==/+x", "iv": "initial-vector-1"}

    def echo(request: httpx.Request) -> dict[str, Any]:
        return envelope(code=4103, words=f"bad {request.content.decode()}")

    for name, value in secrets.items():
        leaks.plant(name, value)
    client = connect(SessionServer(echo), "energy")
    with leaks.in_log_records(), pytest.raises(Exception, match="bad") as caught:
        await client.call("wechat.bind", **secrets)
    leaks.check_error(caught.value)
    from chaobiao.energy import BindMiniProgram

    leaks.check("operation", BindMiniProgram(**{name: Secret(value) for name, value in secrets.items()}))


def test_cookies_are_secrets() -> None:
    """The cookies of a session are one secret, and each of them is one."""
    found = SessionCookies(cookies_set_by([("set-cookie", "a=1=2; Path=/"), ("set-cookie", "b=3"), ("x", "c=4")]))
    assert found.items() == {"a": "1=2", "b": "3"}
    assert [part.reveal() for part in found.parts] == ["a=1=2; b=3", "1=2", "3"]
    assert "1=2" not in repr(found) + repr(found.parts)
