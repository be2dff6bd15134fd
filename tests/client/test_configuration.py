"""How clients are configured and closed: arguments, environment, copies, hooks, logs, the caller's HTTP client."""

import logging
import pickle
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import httpx
import httpx2
import pytest

import chaobiao
from chaobiao import CallEvent, ConfigurationError, InvalidArgument
from tests.harness.clients import (
    ClientUnderTest,
    account_of,
    base_url_of,
    client_type,
    each,
    over_fake_server,
)
from tests.harness.fake_server import FakeServer
from tests.harness.samples import sample_named

Connect = Callable[..., ClientUnderTest]
#: A family that has all settings stands for all: an account, intervals, money.
FAMILY = "jrhsz"
ACCOUNT = account_of(FAMILY)
assert ACCOUNT is not None
USERNAME, PASSWORD = ACCOUNT
TOKEN = sample_named(FAMILY, "login").response["data"]
OK = {"code": 200, "data": [{"tableNo": "1"}], "totalCount": 1}


async def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    """Settings that are not passed come from the environment; those that are passed take precedence."""
    monkeypatch.setenv("CHAOBIAO_JRHSZ_BASE_URL", "https://env.example/api/")
    monkeypatch.setenv("CHAOBIAO_JRHSZ_USERNAME", "env-user")
    monkeypatch.setenv("CHAOBIAO_JRHSZ_PASSWORD", "env-password")
    server = FakeServer(OK)
    await connect(server, username=None, password=None, base_url=None).call("residents.get", "1")
    assert str(server.logins[0].url) == "https://env.example/api/user/login"
    assert b'"env-user"' in server.logins[0].content
    assert b'"env-password"' in server.logins[0].content
    await connect(server).call("residents.get", "1")
    assert str(server.logins[1].url).startswith(base_url_of(FAMILY))
    assert PASSWORD.encode() in server.logins[1].content
    assert b"env-" not in server.logins[1].content


async def test_the_water_host_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    """CHAOBIAO_WATER_BASE_URL stands in for base_url, which has no documented value."""
    with pytest.raises(ConfigurationError, match="CHAOBIAO_WATER_BASE_URL"):
        connect(FakeServer({"data": []}), "water", base_url=None)
    monkeypatch.setenv("CHAOBIAO_WATER_BASE_URL", "https://env.example")
    server = FakeServer({"data": []})
    await connect(server, "water", base_url=None).rows("flows.list")
    assert server.requests[0].url.host == "env.example"


@pytest.mark.parametrize("missing", ["username", "password"])
async def test_missing_credentials_are_named_at_the_first_call(missing: str, connect: Connect) -> None:
    """A client without an account can be made; its calls raise an error that says what to set, and send nothing."""
    server = FakeServer(OK)
    client = connect(server, **{missing: None})
    for call in (("residents.get", "1"), ("login",)):
        with pytest.raises(ConfigurationError, match="CHAOBIAO_JRHSZ_PASSWORD"):
            await client.call(*call)
    assert (server.logins, server.requests) == ([], [])


@pytest.mark.parametrize(
    "url",
    ["prepaid.example", "ftp://prepaid.example", "https://", "https:///x", "https://a.example?x=1", "https://a.example/#x",
     "https://a.example/ x", "https://a.example\n", "https://user:secret-word@a.example"],
)  # fmt: skip
def test_an_invalid_base_url_is_rejected(url: str, connect: Connect) -> None:
    """Wrong scheme, no host, a query, a fragment, spaces or a password in the URL: rejected, and never quoted."""
    with pytest.raises(ConfigurationError) as caught:
        connect(FakeServer(OK), base_url=url)
    assert caught.value.argument == "base_url"
    assert "secret-word" not in str(caught.value)


async def test_paths_are_added_to_the_base_url(connect: Connect) -> None:
    """A prefix and a trailing slash in the base URL make no double slash."""
    server = FakeServer(OK)
    await connect(server, base_url="https://gate.example:8443/imr/").call("residents.get", "1")
    assert str(server.requests[0].url) == "https://gate.example:8443/imr/user/GetUserInfo"


def test_plain_http_is_warned_of_once(client_kind: str) -> None:
    """Plain http warns once for each server and process; loopback and https do not."""

    def make(**options: Any) -> None:
        client_type(client_kind, FAMILY)("a", "b", http_client=object(), **options)

    with pytest.warns(chaobiao.PlainHttpWarning, match="plain.example") as caught:
        make(base_url=f"http://{client_kind}.plain.example")
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make(base_url=f"http://{client_kind}.plain.example")
        make(base_url="http://127.0.0.1:8000")
        make(base_url="http://localhost:8000")
        make(base_url="https://safe.example")


@pytest.mark.parametrize("name", ["timeout", "deadline", "max_response_bytes", "margin"])
@pytest.mark.parametrize("value", [0, -1, "30", None, True, float("nan")])
async def test_invalid_options_are_rejected(name: str, value: Any, connect: Connect) -> None:
    """Times and sizes are positive numbers, in new clients and in copies."""
    with pytest.raises(InvalidArgument) as caught:
        connect(FakeServer(OK), **{name: value})
    assert caught.value.argument == name
    client = connect(FakeServer(OK))
    with pytest.raises(InvalidArgument):
        client.with_options(**{name: value})


@pytest.mark.parametrize("value", [0, -1.0, True])
def test_an_invalid_rate_is_rejected(value: Any) -> None:
    """max_rate is a positive number of requests a second."""
    with pytest.raises(InvalidArgument, match="max_rate"):
        over_fake_server("async", FakeServer(OK), max_rate=value)


class Limiter:
    """Replaces aiolimiter's limiter, which runs on real time."""

    made: ClassVar[list["Limiter"]] = []

    def __init__(self, max_rate: float, time_period: float) -> None:
        self.rate, self.acquired = max_rate / time_period, 0
        self.made.append(self)

    async def acquire(self) -> None:
        self.acquired += 1


@pytest.mark.parametrize("rate", [0.5, 100])
async def test_a_rate_caps_the_async_client(rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of the client and of its copies passes one limiter of max_rate requests a second."""
    monkeypatch.setattr("aiolimiter.AsyncLimiter", Limiter)
    client = over_fake_server("async", FakeServer(httpx.ReadTimeout("slow"), {"data": []}), "water", max_rate=rate)
    await client.rows("flows.list")
    await client.with_options(timeout=3).rows("flows.list")
    limiter = Limiter.made.pop()
    assert Limiter.made == []
    assert limiter.rate == pytest.approx(rate)
    assert limiter.acquired == 3
    await client.close_all()


async def test_copies_share_the_login_and_the_pacing(connect: Connect) -> None:
    """with_options() makes a client of the same kind: one login for both, and one interval between their calls."""
    server = FakeServer(OK)
    client = connect(server)
    copy = client.with_options(timeout=7, strict=True)
    assert type(copy.client) is type(client.client)
    await client.call("residents.get", "1")
    await copy.call("residents.get", "1")
    assert (len(server.logins), len(server.requests)) == (1, 2)
    assert client.clock.monotonic() == pytest.approx(2.0)
    assert [request.extensions["timeout"]["read"] for request in server.requests] == [30, 7]


async def test_copies_change_what_they_name_only(connect: Connect) -> None:
    """A copy keeps every option that it does not name, and the original keeps its own."""
    seen: list[str] = []
    server = FakeServer({"code": 200, "data": [{"reading": "?"}]})
    client = connect(server, headers={"X-A": "1"}, on_request=lambda event: seen.append(event.operation))
    strict = client.with_options(strict=True)
    with pytest.raises(chaobiao.UnreadableResponse):
        await strict.call("residents.get", "1")
    await client.call("residents.get", "1")
    assert [request.headers["X-A"] for request in server.requests] == ["1", "1"]
    assert seen.count("residents.get") == 2
    silent = client.with_options(on_request=None, headers={"X-B": "2"})
    await silent.call("residents.get", "1")
    assert seen.count("residents.get") == 2
    assert "X-A" not in server.requests[-1].headers
    assert server.requests[-1].headers["X-B"] == "2"
    # Oddities are counted for all copies together.
    assert client.client.oddities == {("ResidentMeter", "unreadable", "reading"): 2}


async def test_hooks_are_called_for_every_step(connect: Connect) -> None:
    """Request, response and retry of each attempt, those of the login included, with what is known of it."""
    events: list[CallEvent] = []
    hooks = {"on_request": events.append, "on_response": events.append, "on_retry": events.append}
    server = FakeServer(httpx.ReadTimeout("slow"), {"code": 1007, "msg": "x"}, OK)
    await connect(server, **hooks).call("residents.get", "1")
    seen = [(event.kind, event.operation, event.attempt, event.code, event.outcome) for event in events]
    login = [("request", "login", 1, None, None), ("response", "login", 1, 200, "ok")]
    get = "residents.get"
    assert seen == [
        *login,
        ("request", get, 1, None, None),
        ("response", get, 1, None, "NoResponse"),
        ("retry", get, 1, None, "NoResponse"),
        ("request", get, 2, None, None),
        ("response", get, 2, 1007, "SessionRefused"),
        ("retry", get, 2, 1007, "SessionRefused"),
        *login,
        ("request", get, 3, None, None),
        ("response", get, 3, 200, "ok"),
    ]
    assert all(event.section for event in events)
    assert all((event.duration is not None) == (event.kind == "response") for event in events)
    assert TOKEN not in repr(events)
    assert PASSWORD not in repr(events)


async def test_a_hook_that_fails_hides_nothing(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """A recharge that succeeded returns its acknowledgement, whatever the hooks do; their failure is logged."""

    def broken(event: CallEvent) -> None:
        raise RuntimeError("hook")

    server = FakeServer(httpx.ConnectError("refused"), {"code": 200, "msg": "充值成功"})
    client = connect(server, on_request=broken, on_response=broken, on_retry=broken)
    found = await client.call("recharges.create", "1", amount="1", order_number="o")
    assert found == chaobiao.Acknowledgement("充值成功")
    assert len(server.requests) == 2
    assert {record.getMessage() for record in caplog.records if record.levelno == logging.ERROR} == {
        f"the on_{kind} hook failed for {operation}"
        for kind, operation in [
            ("request", "login"),
            ("response", "login"),
            ("request", "recharges.create"),
            ("response", "recharges.create"),
            ("retry", "recharges.create"),
        ]
    }


ALLOWED = {"operation", "section", "attempt", "wait", "code", "duration", "record", "field"}


async def test_logs_hold_what_is_allowed_and_nothing_else(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """Log records hold the listed facts only: no account, password, token, argument, value or vendor's words."""
    server = FakeServer(
        httpx.ReadTimeout("slow"),
        {"code": 1007, "msg": "vendor-words"},
        {"code": 200, "data": [{"tableNo": "canary-value", "reading": "canary-cell", "unlisted": "canary-extra"}]},
    )
    with caplog.at_level(logging.DEBUG, "chaobiao"):
        await connect(server).call("residents.get", "canary-argument")
    ours = [record for record in caplog.records if record.name.startswith("chaobiao")]
    assert len(ours) >= 10
    standard = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
    for record in ours:
        assert set(vars(record)) - standard <= ALLOWED
        for secret in (USERNAME, PASSWORD, TOKEN, "canary", "vendor-words", base_url_of(FAMILY)):
            assert secret not in record.getMessage()
            assert secret not in repr(record.args)


async def test_headers_of_the_caller_are_sent(connect: Connect) -> None:
    """headers= are sent with every request, the login included, beside the client's own."""
    server = FakeServer(OK)
    await connect(server, headers={"Authorization": "Bearer x"}).call("residents.get", "1")
    for request in (*server.logins, *server.requests):
        assert request.headers["authorization"] == "Bearer x"
        assert request.headers["accept"] == "application/json"
        assert request.headers["user-agent"].startswith("chaobiao/")


async def test_httpx2_clients_work_as_well(client_kind: str) -> None:
    """A caller's httpx2 client works like one of httpx, and its errors are told apart in the same way."""
    replies: list[Any] = [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.Response(200, json=OK),
        httpx2.ReadTimeout("slow"),
    ]
    sent: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/user/login":
            return httpx2.Response(200, json={"code": 200, "data": TOKEN})
        sent.append(request)
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        found: httpx2.Response = reply
        return found

    kind = httpx2.AsyncClient if client_kind == "async" else httpx2.Client
    client = over_fake_server(client_kind, FakeServer(OK), http_client=kind(transport=httpx2.MockTransport(respond)))
    page = await client.call("residents.get", "1")
    assert page[0].table_no == "1"
    assert len(sent) == 3
    with pytest.raises(chaobiao.OutcomeUnknown) as caught:
        await client.call("recharges.create", "1", amount="1", order_number="o")
    assert caught.value.reference == "o"
    assert isinstance(caught.value.__cause__, httpx2.ReadTimeout)
    await client.close_all()


async def test_a_closed_client_rejects_calls(connect: Connect) -> None:
    """After close() every call raises ClientClosed, sends nothing and tells no hook; it may close twice."""
    server = FakeServer(OK)
    told: list[CallEvent] = []
    client = connect(server, on_request=told.append)
    copy = client.with_options(timeout=5)
    listing = await client.call("meters.list")
    await client.close()
    await client.close()
    for closed in (client, copy):
        with pytest.raises(chaobiao.ClientClosed):
            await closed.call("residents.get", "1")
        with pytest.raises(chaobiao.ClientClosed):
            await closed.login()
    with pytest.raises(chaobiao.ClientClosed):
        async for _ in each(listing):
            pass
    assert (server.logins, server.requests, told) == ([], [], [])
    assert not client.http_client.is_closed


async def test_copies_close_nothing(connect: Connect) -> None:
    """Closing a copy leaves the original open."""
    server = FakeServer(OK)
    client = connect(server)
    await client.with_options(timeout=5).close()
    await client.call("residents.get", "1")
    assert len(server.requests) == 1


async def test_with_blocks_close_the_client(connect: Connect) -> None:
    """The end of a with block closes, also when it ends in an error."""
    client = connect(FakeServer(OK))

    async def fail() -> None:
        if client.is_async:
            async with client.client as entered:
                assert entered is client.client
                raise ZeroDivisionError
        with client.client as entered:
            assert entered is client.client
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    with pytest.raises(chaobiao.ClientClosed):
        await client.login()


async def test_a_callers_closed_http_client_is_not_sent(connect: Connect) -> None:
    """If the caller's HTTP client is closed, a recharge raises NotSent."""
    client = connect(FakeServer(OK), deadline=20)
    await client.login()
    await client.close_http()
    with pytest.raises(chaobiao.NotSent, match="closed"):
        await client.call("recharges.create", "1", amount="1", order_number="o")


def test_clients_show_server_and_account_but_no_secret(connect: Connect) -> None:
    """repr() names server and account, and a client cannot be pickled."""
    client = connect(FakeServer(OK))
    text = repr(client.client)
    assert base_url_of(FAMILY) in text
    assert USERNAME in text
    assert PASSWORD not in text
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client.client)


async def test_accounts_do_not_share_a_login(connect: Connect) -> None:
    """Two clients of one account on one clock share the login; another account, password or server has its own."""
    clock = chaobiao.VirtualClock()
    server = FakeServer(OK)
    await connect(server, clock=clock).call("residents.get", "1")
    await connect(server, clock=clock).call("residents.get", "1")
    assert len(server.logins) == 1
    for number, other in enumerate(
        [{"username": "other"}, {"password": "other"}, {"base_url": "https://other.example"}], start=2
    ):
        await connect(server, clock=clock, **other).call("residents.get", "1")
        assert len(server.logins) == number


async def test_login_logs_in_ahead_of_calls(connect: Connect) -> None:
    """login() logs in now, each time it is called; later calls need none."""
    server = FakeServer(OK)
    client = connect(server)
    assert await client.call("login") is None
    await client.call("residents.get", "1")
    assert len(server.logins) == 1
    await client.login()
    assert len(server.logins) == 2
    assert client.clock.monotonic() >= 2.0  # logins keep the interval too
