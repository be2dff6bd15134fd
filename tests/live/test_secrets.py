"""No password or token shows in what comes out of a client, whatever goes wrong."""

import asyncio
import base64
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import tenacity

import chaobiao
from chaobiao import CallEvent, ChaobiaoError, JrhszDialect
from chaobiao._call import state
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz import Instruction, InstructMeter, ListMeters, Login, Recharge
from tests.harness.concurrency import eventually, outcome_of
from tests.harness.leaks import Leaks
from tests.harness.mock_server import LiveMock
from tests.live.calls import BUILDINGS, DEVICE, PASSWORD, USERNAME, recharge


@pytest.fixture
def leaks() -> Iterator[Leaks]:
    """Look for the password from now on, and in every log record when the test ends."""
    found = Leaks()
    found.plant("password", PASSWORD)
    with found.in_log_records():
        yield found


def plant_tokens(mock: LiveMock, leaks: Leaks) -> None:
    """Plant every token that the server has issued."""
    for token in mock.state.accounts._tokens:  # the mock shows them nowhere
        leaks.plant("token", token)
        leaks.plant("token's end", token[-24:])


async def test_nothing_shows_a_secret(mock: LiveMock, leaks: Leaks) -> None:
    """Clients, options, contexts, sessions, operations and requests have reprs without password or token."""
    client = mock.client(headers={"Authorization": f"Bearer {PASSWORD}"})
    await client.send(BUILDINGS)
    plant_tokens(mock, leaks)
    context = client.client._context
    grant = context.session.look().grant
    operation = Login(USERNAME, Secret(PASSWORD))
    request = context.dialect.request(ListMeters(), USERNAME, grant.credential)
    logging_in = context.dialect.request(operation, None, None)
    assert PASSWORD.encode() in logging_in.content  # it is there but not shown
    parts = (context, context.options, context.credentials, context.session, grant, grant.credential)
    for thing in (client.client, *parts):
        leaks.check(type(thing).__name__, repr(thing))
        leaks.check(type(thing).__name__, str(thing))
    for thing in (operation, request, logging_in, vars(client.client), client.client.meters, BUILDINGS):
        leaks.check(type(thing).__name__, repr(thing))
    leaks.check("the state of all clients", repr({**state._by_clock}))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
async def test_clients_and_secrets_cannot_be_pickled(mock: LiveMock, protocol: int) -> None:
    """Pickling a client, a secret, a grant or a login raises TypeError, so that no cache or queue gets a password."""
    client = mock.client()
    await client.login()
    context = client.client._context
    grant = context.session.look().grant
    for thing in (client.client, Secret(PASSWORD), grant, context, context.credentials, Login(USERNAME, PASSWORD)):
        with pytest.raises(TypeError):
            pickle.dumps(thing, protocol=protocol)


async def test_records_hold_no_secret(mock: LiveMock, leaks: Leaks) -> None:
    """The SDK adds nothing of the session to the rows that a server returns."""
    client = mock.client()
    page = await client.send(ListMeters())
    plant_tokens(mock, leaks)
    leaks.check("pickle of a page", pickle.dumps(page, protocol=0).decode("latin-1"))
    leaks.check("page", repr(page))


#: What goes wrong, by name: the operation that is sent, the faults (of which operation, of which kind, …), the options.
FAILURES: dict[str, tuple[Any, list[tuple[Any, str, dict[str, Any]]], dict[str, Any]]] = {
    "wrong password": (BUILDINGS, [(Login, "code", {"code": 1005})], {}),
    "unknown account": (BUILDINGS, [(Login, "code", {"code": 1002})], {}),
    "1006 always": (BUILDINGS, [(BUILDINGS, "code", {"code": 1006, "times": 99})], {}),
    "1007 for money": (recharge("order-1"), [(Recharge, "code", {"code": 1007, "times": 99})], {}),
    "no permission": (
        BUILDINGS,
        [(BUILDINGS, "code", {"code": 1009, "times": 99})],
        {"dialect": JrhszDialect(relogin_on_1009=True)},
    ),
    "too fast always": (BUILDINGS, [(BUILDINGS, "code", {"code": 1011, "times": 99})], {"deadline": 20.0}),
    "unlisted code": (recharge("order-1"), [(Recharge, "code", {"code": 4711})], {}),
    "garbage": (BUILDINGS, [(BUILDINGS, "garbage", {"times": 99})], {}),
    "garbage for money": (recharge("order-1"), [(Recharge, "garbage", {})], {}),
    "garbage for a login": (BUILDINGS, [(Login, "garbage", {"times": 99})], {}),
    "login cut in the middle of the token": (BUILDINGS, [(Login, "cut", {"times": 99, "phase": "after_commit"})], {}),
    "http 500": (BUILDINGS, [(BUILDINGS, "status", {"times": 99})], {}),
    "too large": (BUILDINGS, [(BUILDINGS, "large", {"times": 99})], {"max_response_bytes": 10_000}),
    "cut": (recharge("order-1"), [(Recharge, "cut", {"phase": "after_commit"})], {}),
    "timeout": (InstructMeter(DEVICE, Instruction.READ), [(InstructMeter, "hang", {})], {"timeout": 0.4}),
    "unpaired surrogate": (Recharge("\ud800", amount=1, order_number="order-1"), [], {}),
    "unpaired surrogate in a form": (
        Recharge("\ud800", amount=1, order_number="order-1"),
        [],
        {"dialect": JrhszDialect(body="form")},
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_no_failure_leaks(mock: LiveMock, leaks: Leaks, failure: str) -> None:
    """Each kind of failure ends in a typed error; neither it nor any log record holds the password or a token."""
    operation, faults, options = FAILURES[failure]
    events: list[CallEvent] = []
    hooks = {"on_request": events.append, "on_response": events.append, "on_retry": events.append}
    client = mock.client(**{"wait": tenacity.wait_fixed(0.5), **hooks, **options})
    for where, kind, facts in faults:
        mock.add_fault(where, kind, **facts)
    error = await outcome_of(lambda: client.send(operation))
    plant_tokens(mock, leaks)
    assert isinstance(error, ChaobiaoError), repr(error)
    leaks.check_error(error)
    leaks.check("events", repr(events))
    assert leaks.checked > 10


def echoing(reply: Callable[[dict[str, Any]], Any]) -> tuple[Any, Any]:
    """Return a transport that returns what ``reply`` makes of a request's arguments, and the token that it grants."""
    token = base64.b64encode(json.dumps({"api_password": PASSWORD, "time": 1}).encode()).decode()

    def respond(request: httpx.Request) -> httpx.Response:
        arguments = json.loads(request.content)
        if request.url.path == Login.spec.path:
            arguments = {**arguments, "token": token}
            if reply is not login_echo:
                return httpx.Response(200, json={"code": 200, "data": token, "msg": "ok"})
        return httpx.Response(200, json=reply(arguments))

    return httpx.MockTransport(respond), token


def login_echo(arguments: dict[str, Any]) -> Any:
    """Return a login's response in an undocumented form, with the token in it."""
    return {"code": 200, "data": {"token": arguments["token"]}, "msg": f"{arguments['token']} {PASSWORD}"}


ECHOES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "refusal": lambda sent: {"code": 1001, "msg": f"bad token {sent['token']} of {PASSWORD}"},
    "session refused": lambda sent: {"code": 1006, "msg": f"token={quote(sent['token'])} does not exist"},
    "unlisted": lambda sent: {"code": 9999, "msg": json.dumps({"sent": sent["token"], "pw": PASSWORD})},
    "strict": lambda sent: {"code": 200, "data": [{"build_code": {"token": sent["token"]}}], "totalCount": 1},
    "not rows": lambda sent: {"code": 200, "data": sent["token"], "totalCount": 1},
    "no code": lambda sent: {"code": sent["token"], "msg": sent["token"]},
    "login": login_echo,
    "acknowledged": lambda sent: {"code": 200, "msg": f"done with {sent['token']}"},
}


@pytest.mark.parametrize("name", ECHOES)
async def test_an_echoed_token_is_struck_out(mock: LiveMock, leaks: Leaks, client_kind: str, name: str) -> None:
    """Whichever part of a response repeats the token or the password, it is struck out of the error's words."""
    transport, token = echoing(ECHOES[name])
    leaks.plant("token", token)
    kind: Any = httpx.Client if client_kind == "sync" else httpx.AsyncClient
    http = kind(transport=transport, trust_env=False)
    client = mock.client(http_client=http, strict=True, deadline=30.0)
    operation: Any = BUILDINGS if name != "acknowledged" else recharge("order-1")
    found = await outcome_of(lambda: client.send(operation))
    if name == "acknowledged":
        leaks.check("acknowledgement", repr(found))
    else:
        assert isinstance(found, ChaobiaoError), repr(found)
        leaks.check_error(found)
    await client.close_http()


async def test_a_hook_that_raises_leaks_nothing(mock: LiveMock, leaks: Leaks) -> None:
    """A hook's own failure is logged with its traceback, whose frames show no secret, and the call goes on."""

    def fail(event: CallEvent) -> None:
        raise RuntimeError(f"the hook failed at {event}")

    client = mock.client(on_request=fail, on_response=fail)
    assert len(await client.send(BUILDINGS)) > 0
    plant_tokens(mock, leaks)


async def test_a_cancelled_call_leaks_nothing(async_mock: LiveMock, leaks: Leaks) -> None:
    """Neither the traceback of a cancelled recharge nor what is logged of it shows a secret."""
    client = async_mock.client()
    await client.login()
    async_mock.add_fault(Recharge, "hang")
    call = asyncio.create_task(client.send(recharge("order-1")))
    await eventually(lambda: async_mock.codes("recharges.create"))
    call.cancel()
    await asyncio.wait([call])
    plant_tokens(async_mock, leaks)
    try:
        await call
    except asyncio.CancelledError as error:
        leaks.check_error(error)


async def test_an_interrupted_call_leaks_nothing(mock: LiveMock, leaks: Leaks) -> None:
    """The traceback of an interrupt while queueing shows no secret."""
    client = mock.client()
    await client.send(BUILDINGS)
    plant_tokens(mock, leaks)
    mock.clock.interrupt()
    leaks.check_error(await outcome_of(lambda: client.send(BUILDINGS)))


async def test_a_server_that_cannot_be_reached_leaks_nothing(mock: LiveMock, leaks: Leaks) -> None:
    """The error of a refused connection names the reason and holds no request."""
    client = mock.client(base_url="http://127.0.0.1:9")
    error = await outcome_of(lambda: client.send(BUILDINGS))
    assert isinstance(error, chaobiao.NotSent)
    leaks.check_error(error)


@pytest.mark.parametrize("options", [{"base_url": "nowhere"}, {"timeout": -1}, {"deadline": "soon"}])
async def test_a_client_that_cannot_be_made_leaks_nothing(
    mock: LiveMock, leaks: Leaks, options: dict[str, Any]
) -> None:
    """An invalid setting raises a typed error; neither it, nor a frame, nor the half-built client shows a password."""
    error = await outcome_of(lambda: mock.client(**options))
    assert isinstance(error, ChaobiaoError)
    logging.getLogger("chaobiao").debug("rejected: %s", error)
    leaks.check_error(error)


@pytest.mark.parametrize("url", [f"http://user:{PASSWORD}@127.0.0.1", f"http://127.0.0.1/?token={quote(PASSWORD)}"])
async def test_an_invalid_base_url_is_not_quoted(mock: LiveMock, leaks: Leaks, url: str) -> None:
    """A base URL with a password in it is rejected in words that do not repeat it."""
    error = await outcome_of(lambda: mock.client(base_url=url))
    assert isinstance(error, chaobiao.ConfigurationError)
    logging.getLogger("chaobiao").debug("rejected: %s", error)
    leaks.check("error", f"{error} {error!r} {vars(error)}")
