"""What a client is set up with: arguments, environment, copies, hooks, logs, the caller's HTTP client; and its end."""

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
from tests.sdk.driver import BASE_URLS, PASSWORD, TOKEN, USERNAME, Driver, FakeServer, client_type, each, settle

Connect = Callable[..., Driver]
OK = {"code": 200, "data": [{"tableNo": "1"}], "totalCount": 1}


async def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    """What is not passed is looked up; what is passed wins."""
    monkeypatch.setenv("CHAOBIAO_JRHSZ_BASE_URL", "https://env.example/api/")
    monkeypatch.setenv("CHAOBIAO_JRHSZ_USERNAME", "env-user")
    monkeypatch.setenv("CHAOBIAO_JRHSZ_PASSWORD", "env-password")
    server = FakeServer(OK)
    await connect(server, username=None, password=None, base_url=None).call("residents.get", "1")
    assert str(server.logins[0].url) == "https://env.example/api/user/login"
    assert b'"env-user"' in server.logins[0].content
    assert b'"env-password"' in server.logins[0].content
    await connect(server).call("residents.get", "1")
    assert server.logins[1].url.host == "prepaid.example"
    assert PASSWORD.encode() in server.logins[1].content
    assert b"env-" not in server.logins[1].content


async def test_the_water_host_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> None:
    """CHAOBIAO_WATER_BASE_URL stands in for base_url, which has no documented value."""
    with pytest.raises(ConfigurationError, match="CHAOBIAO_WATER_BASE_URL"):
        connect(FakeServer({"data": []}), "water", base_url=None)
    monkeypatch.setenv("CHAOBIAO_WATER_BASE_URL", "https://env.example")
    server = FakeServer({"data": []})
    await connect(server, "water", base_url=None).collect("flows.list")
    assert server.requests[0].url.host == "env.example"


@pytest.mark.parametrize("missing", ["username", "password"])
async def test_missing_credentials_are_named_at_the_first_call(missing: str, connect: Connect) -> None:
    """A client without an account can be made; its calls say what to set, and send nothing."""
    server = FakeServer(OK)
    driver = connect(server, **{missing: None})
    for call in (("residents.get", "1"), ("login",)):
        with pytest.raises(ConfigurationError, match="CHAOBIAO_JRHSZ_PASSWORD"):
            await driver.call(*call)
    assert (server.logins, server.requests) == ([], [])


@pytest.mark.parametrize(
    "url",
    ["prepaid.example", "ftp://prepaid.example", "https://", "https:///x", "https://a.example?x=1", "https://a.example/#x",
     "https://a.example/ x", "https://a.example\n", "https://user:secret-word@a.example"],
)  # fmt: skip
def test_a_base_url_that_cannot_work_is_refused(url: str, connect: Connect) -> None:
    """Wrong scheme, no host, a query, a fragment, spaces or a password in the URL: refused, and never quoted."""
    with pytest.raises(ConfigurationError) as caught:
        connect(FakeServer(OK), base_url=url)
    assert caught.value.argument == "base_url"
    assert "secret-word" not in str(caught.value)


async def test_paths_are_added_to_the_base_url(connect: Connect) -> None:
    """A prefix and a trailing slash in the base URL make no double slash."""
    server = FakeServer(OK)
    await connect(server, base_url="https://gate.example:8443/imr/").call("residents.get", "1")
    assert str(server.requests[0].url) == "https://gate.example:8443/imr/user/GetUserInfo"


def test_plain_http_is_warned_of_once(colour: str) -> None:
    """The documented http host warns once a process; loopback and https do not."""

    def make(**options: Any) -> None:
        client_type(colour, "jrhsz")("a", "b", http_client=object(), **options)

    with pytest.warns(chaobiao.PlainHttpWarning, match="plain.example") as caught:
        make(base_url=f"http://{colour}.plain.example")
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        make(base_url=f"http://{colour}.plain.example")
        make(base_url="http://127.0.0.1:8000")
        make(base_url="http://localhost:8000")
        make(base_url="https://safe.example")


@pytest.mark.parametrize("name", ["timeout", "deadline", "max_response_bytes", "margin"])
@pytest.mark.parametrize("value", [0, -1, "30", None, True, float("nan")])
async def test_options_that_make_no_sense_are_refused(name: str, value: Any, connect: Connect) -> None:
    """Times and sizes are positive numbers, at the start and in copies."""
    with pytest.raises(InvalidArgument) as caught:
        connect(FakeServer(OK), **{name: value})
    assert caught.value.argument == name
    driver = connect(FakeServer(OK))
    with pytest.raises(InvalidArgument):
        driver.copy(**{name: value})


@pytest.mark.parametrize("value", [0, -1.0, True])
def test_a_rate_that_makes_no_sense_is_refused(value: Any) -> None:
    """max_rate is a positive number of requests a second."""
    with pytest.raises(InvalidArgument, match="max_rate"):
        Driver("async", "jrhsz", FakeServer(OK), max_rate=value)


class Limiter:
    """Stands in for aiolimiter's, which runs on real time."""

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
    driver = Driver("async", "water", FakeServer(httpx.ReadTimeout("slow"), {"data": []}), max_rate=rate)
    await driver.collect("flows.list")
    await driver.copy(timeout=3).collect("flows.list")
    limiter = Limiter.made.pop()
    assert Limiter.made == []
    assert limiter.rate == pytest.approx(rate)
    assert limiter.acquired == 3
    await driver.close_all()


async def test_copies_share_the_login_and_the_pacing(connect: Connect) -> None:
    """with_options() makes a client of the same kind: one login for both, and one interval between their calls."""
    server = FakeServer(OK)
    driver = connect(server)
    copy = driver.copy(timeout=7, strict=True)
    assert type(copy.client) is type(driver.client)
    await driver.call("residents.get", "1")
    await copy.call("residents.get", "1")
    assert (len(server.logins), len(server.requests)) == (1, 2)
    assert driver.clock.monotonic() == pytest.approx(2.0)
    assert [request.extensions["timeout"]["read"] for request in server.requests] == [30, 7]


async def test_copies_change_what_they_name_only(connect: Connect) -> None:
    """A copy keeps every option that it does not name, and the original keeps its own."""
    seen: list[str] = []
    server = FakeServer({"code": 200, "data": [{"reading": "?"}]})
    driver = connect(server, headers={"X-A": "1"}, on_request=lambda event: seen.append(event.operation))
    strict = driver.copy(strict=True)
    with pytest.raises(chaobiao.UnreadableResponse):
        await strict.call("residents.get", "1")
    await driver.call("residents.get", "1")
    assert [request.headers["X-A"] for request in server.requests] == ["1", "1"]
    assert seen.count("residents.get") == 2
    silent = driver.copy(on_request=None, headers={"X-B": "2"})
    await silent.call("residents.get", "1")
    assert seen.count("residents.get") == 2
    assert "X-A" not in server.requests[-1].headers
    assert server.requests[-1].headers["X-B"] == "2"
    # What was odd is counted for all copies together.
    assert driver.client.oddities == {("ResidentMeter", "unreadable", "reading"): 2}


async def test_hooks_are_told_of_every_step(connect: Connect) -> None:
    """Request, answer and retry of each attempt, with what is known of it, the login's included."""
    events: list[CallEvent] = []
    hooks = {"on_request": events.append, "on_response": events.append, "on_retry": events.append}
    server = FakeServer(httpx.ReadTimeout("slow"), {"code": 1007, "msg": "x"}, OK)
    await connect(server, **hooks).call("residents.get", "1")
    told = [(event.kind, event.operation, event.attempt, event.code, event.outcome) for event in events]
    login = [("request", "login", 1, None, None), ("response", "login", 1, 200, "ok")]
    get = "residents.get"
    assert told == [
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
    """A recharge that went through is answered, whatever the hooks do; their failure is logged."""

    def broken(event: CallEvent) -> None:
        raise RuntimeError("hook")

    server = FakeServer(httpx.ConnectError("refused"), {"code": 200, "msg": "充值成功"})
    driver = connect(server, on_request=broken, on_response=broken, on_retry=broken)
    answer = await driver.call("recharges.create", "1", amount="1", order_number="o")
    assert answer == chaobiao.Acknowledgement("充值成功")
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
    """Log records have the listed facts only: no account, password, token, argument, value, or word of the vendor's."""
    server = FakeServer(
        httpx.ReadTimeout("slow"),
        {"code": 1007, "msg": "vendor-words"},
        {"code": 200, "data": [{"tableNo": "canary-value", "reading": "canary-cell", "colour": "canary-extra"}]},
    )
    with caplog.at_level(logging.DEBUG, "chaobiao"):
        await connect(server).call("residents.get", "canary-argument")
    ours = [record for record in caplog.records if record.name.startswith("chaobiao")]
    assert len(ours) >= 10
    standard = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
    for record in ours:
        assert set(vars(record)) - standard <= ALLOWED
        for secret in (USERNAME, PASSWORD, TOKEN, "canary", "vendor-words", "prepaid.example"):
            assert secret not in record.getMessage()
            assert secret not in repr(record.args)


async def test_headers_of_the_caller_are_sent(connect: Connect) -> None:
    """headers= go with every request, the login included, beside our own."""
    server = FakeServer(OK)
    await connect(server, headers={"Authorization": "Bearer x"}).call("residents.get", "1")
    for request in (*server.logins, *server.requests):
        assert request.headers["authorization"] == "Bearer x"
        assert request.headers["accept"] == "application/json"
        assert request.headers["user-agent"].startswith("chaobiao/")


async def test_httpx2_clients_work_as_well(colour: str) -> None:
    """A caller's httpx2 client sends, answers, and has its errors told apart like httpx's."""
    replies: list[Any] = [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.Response(200, json=OK),
        httpx2.ReadTimeout("slow"),
    ]
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/user/login":
            return httpx2.Response(200, json={"code": 200, "data": TOKEN})
        sent.append(request)
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        found: httpx2.Response = reply
        return found

    kind = httpx2.AsyncClient if colour == "async" else httpx2.Client
    driver = Driver(colour, "jrhsz", FakeServer(OK), http_client=kind(transport=httpx2.MockTransport(answer)))
    page = await driver.call("residents.get", "1")
    assert page[0].table_no == "1"
    assert len(sent) == 3
    with pytest.raises(chaobiao.OutcomeUnknown) as caught:
        await driver.call("recharges.create", "1", amount="1", order_number="o")
    assert caught.value.reference == "o"
    assert isinstance(caught.value.__cause__, httpx2.ReadTimeout)
    await driver.close_all()


async def test_a_closed_client_says_so(connect: Connect) -> None:
    """After close() every call raises ClientClosed and sends nothing; closing twice is fine."""
    server = FakeServer(OK)
    driver = connect(server)
    copy = driver.copy(timeout=5)
    listing = await driver.call("meters.list")
    await driver.close()
    await driver.close()
    for client in (driver, copy):
        with pytest.raises(chaobiao.ClientClosed):
            await client.call("residents.get", "1")
        with pytest.raises(chaobiao.ClientClosed):
            await client.call("login")
    with pytest.raises(chaobiao.ClientClosed):
        async for _ in each(listing):
            pass
    assert (server.logins, server.requests) == ([], [])
    assert not driver.http_client.is_closed


async def test_copies_close_nothing(connect: Connect) -> None:
    """Closing a copy leaves the original at work."""
    server = FakeServer(OK)
    driver = connect(server)
    await driver.copy(timeout=5).close()
    await driver.call("residents.get", "1")
    assert len(server.requests) == 1


async def test_with_blocks_close_the_client(connect: Connect) -> None:
    """The end of a with block closes, also when it ends in an error."""
    driver = connect(FakeServer(OK))

    async def fail() -> None:
        if driver.is_async:
            async with driver.client as entered:
                assert entered is driver.client
                raise ZeroDivisionError
        with driver.client as entered:
            assert entered is driver.client
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    with pytest.raises(chaobiao.ClientClosed):
        await driver.call("login")


async def test_a_callers_closed_http_client_is_not_sent(connect: Connect) -> None:
    """If the caller's HTTP client is closed, a recharge was provably not sent, and the error says so."""
    driver = connect(FakeServer(OK), deadline=20)
    await driver.call("login")
    await settle(driver.http_client.aclose() if driver.is_async else driver.http_client.close())
    with pytest.raises(chaobiao.NotSent, match="closed"):
        await driver.call("recharges.create", "1", amount="1", order_number="o")


def test_clients_show_where_and_who_but_no_secret(connect: Connect) -> None:
    """repr() names class, server and account, and a client refuses to be pickled."""
    driver = connect(FakeServer(OK))
    text = repr(driver.client)
    assert BASE_URLS["jrhsz"] in text
    assert USERNAME in text
    assert PASSWORD not in text
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(driver.client)


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


async def test_login_can_be_had_ahead(connect: Connect) -> None:
    """login() logs in now, each time it is called; later calls need none."""
    server = FakeServer(OK)
    driver = connect(server)
    assert await driver.call("login") is None
    await driver.call("residents.get", "1")
    assert len(server.logins) == 1
    await driver.call("login")
    assert len(server.logins) == 2
    assert driver.clock.monotonic() >= 2.0  # logins keep the interval too
