"""Canaries: a password and a token are planted, everything goes wrong, and nothing that comes out may hold them."""

import asyncio
import base64
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import tenacity

import chaobiao
from chaobiao import CallEvent, ChaobiaoError, JrhszDialect
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz import Instruction, InstructMeter, ListMeters, Login, Recharge
from tests.live.people import BUILDINGS, PASSWORD, USERNAME, Place, outcome, seen, settled

SOURCE = str(Path(chaobiao.__file__).parent)
RESIDENT = "2022040001"


class Leaks:
    """Looks for canaries in whatever is shown to it."""

    def __init__(self) -> None:
        self._canaries: dict[str, str] = {}
        self.looked_at = 0
        self.plant("password", PASSWORD)

    def plant(self, name: str, secret: str) -> None:
        """Look for a secret from now on, in every spelling in which it travels."""
        encoded = base64.b64encode(secret.encode())
        for spelling, text in {
            "plain": secret,
            "escaped": json.dumps(secret)[1:-1],
            "quoted": quote(secret),
            "base64": encoded.decode().rstrip("="),
            "bytes": repr(secret.encode())[2:-1],
        }.items():
            self._canaries[f"{name}, {spelling}"] = text

    def look(self, where: str, shown: object) -> None:
        """Fail if a canary can be read in it."""
        text = shown if isinstance(shown, str) else repr(shown)
        self.looked_at += 1
        for name, canary in self._canaries.items():
            assert canary not in text, f"{name} in {where}: {text[:2000]}"

    def look_at_error(self, error: BaseException) -> None:
        """Look at everything that an error tracker would keep: words, attributes, causes, frames with their locals."""
        seen: set[int] = set()
        waiting: list[BaseException | None] = [error]
        while waiting:
            found = waiting.pop()
            if found is None or id(found) in seen:
                continue
            seen.add(id(found))
            name = type(found).__name__
            self.look(f"str of {name}", str(found))
            self.look(f"repr of {name}", repr(found))
            self.look(f"arguments of {name}", repr(found.args))
            self.look(f"attributes of {name}", repr(vars(found)))
            self._look_inside(name, found)
            self.look(f"traceback of {name}", "".join(traceback.format_exception(found)))
            self._look_at_frames(name, found)
            if isinstance(found, ChaobiaoError):
                self.look(f"pickle of {name}", pickle.dumps(found, protocol=0).decode("latin-1"))
                self.look(f"pickle of {name}", pickle.dumps(found).decode("latin-1"))
                again = pickle.loads(pickle.dumps(found))
                assert (type(again), str(again)) == (type(found), str(found))
            waiting += [found.__cause__, found.__context__]

    def _look_inside(self, name: str, error: BaseException) -> None:
        """No attribute of an error may lead to a request."""
        for attribute in ("request", "_request", "response", "object", "doc"):
            inside = getattr(error, attribute, None) if attribute in dir(error) else None
            content = getattr(inside, "content", inside)
            self.look(f"{attribute} of {name}", content.decode("latin-1") if isinstance(content, bytes) else content)

    def _look_at_frames(self, name: str, error: BaseException) -> None:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        for frame in report.stack:
            if frame.filename.startswith(SOURCE):
                self.look(f"locals of {frame.name} below {name}", repr(frame.locals))


@pytest.fixture
def leaks() -> Iterator[Leaks]:
    """Canaries, and a look at every log record with its extra fields when the test ends."""
    found = Leaks()
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keep(logging.DEBUG)
    levels = {"chaobiao": logging.DEBUG, "httpx": logging.INFO, "httpcore": logging.INFO}
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).addHandler(handler)
    yield found
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).removeHandler(handler)
    assert records, "nothing was logged"
    for record in records:
        found.look(f"log record {record.msg!r}", record.getMessage())
        found.look(f"fields of log record {record.msg!r}", repr(vars(record)))
        if record.exc_info and record.exc_info[1] is not None:
            found.look_at_error(record.exc_info[1])


async def token_of(place: Place, leaks: Leaks) -> None:
    """Plant every token that the server has issued."""
    for token in place.world.states["jrhsz"].accounts._tokens:  # the server's own store; it shows them nowhere
        leaks.plant("token", token)
        leaks.plant("token's end", token[-24:])


async def test_nothing_shows_a_secret(place: Place, leaks: Leaks, colour: str) -> None:
    """Clients, options, contexts, sessions, operations and requests have reprs without password or token."""
    client = place.connect(colour, headers={"Authorization": f"Bearer {PASSWORD}"})
    await settled(client.send(BUILDINGS))
    await token_of(place, leaks)
    context = client._context
    grant = context.session.look().grant
    operation = Login(USERNAME, Secret(PASSWORD))
    request = context.dialect.request(ListMeters(), USERNAME, grant.credential)
    logging_in = context.dialect.request(operation, None, None)
    assert PASSWORD.encode() in logging_in.content  # it is there, and not shown
    for thing in (client, context, context.options, context.credentials, context.session, grant, grant.credential):
        leaks.look(type(thing).__name__, repr(thing))
        leaks.look(type(thing).__name__, str(thing))
    for thing in (operation, request, logging_in, client.__dict__, client.meters, BUILDINGS):
        leaks.look(type(thing).__name__, repr(thing))
    from chaobiao._call import state as shared

    leaks.look("the state of all clients", repr({**shared._by_clock}))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
async def test_clients_and_secrets_refuse_to_be_pickled(place: Place, colour: str, protocol: int) -> None:
    """Pickling a client, a secret, a grant or a login raises TypeError, so that no cache or queue gets a password."""
    client = place.connect(colour)
    await settled(client.login())
    grant = client._context.session.look().grant
    things = (client, Secret(PASSWORD), grant, client._context, client._context.credentials, Login(USERNAME, PASSWORD))
    for thing in things:
        with pytest.raises(TypeError):
            pickle.dumps(thing, protocol=protocol)


async def test_records_hold_no_secret(place: Place, leaks: Leaks, colour: str) -> None:
    """What a server sends into a row stays in the row; the SDK adds nothing of the session to it."""
    client = place.connect(colour)
    page = await settled(client.send(ListMeters()))
    await token_of(place, leaks)
    leaks.look("pickle of a page", pickle.dumps(page, protocol=0).decode("latin-1"))
    leaks.look("page", repr(page))


#: What goes wrong: the operation, the faults to add, and options.
def failing(name: str) -> tuple[Any, list[dict[str, Any]], dict[str, Any]]:
    read, money, path = BUILDINGS, Recharge(RESIDENT, amount=1, order_number="order-1"), "/user/getBuildCode"
    pay, login = "/user/Prestore", "/user/login"
    return {
        "wrong password": (read, [{"path": login, "kind": "code", "code": 1005}], {}),
        "unknown account": (read, [{"path": login, "kind": "code", "code": 1002}], {}),
        "1006 for ever": (read, [{"path": path, "kind": "code", "code": 1006, "times": 99}], {}),
        "1007 for money": (money, [{"path": pay, "kind": "code", "code": 1007, "times": 99}], {}),
        "no permission": (
            read,
            [{"path": path, "kind": "code", "code": 1009, "times": 99}],
            {"dialect": JrhszDialect(relogin_on_1009=True)},
        ),
        "too fast for ever": (read, [{"path": path, "kind": "code", "code": 1011, "times": 99}], {"deadline": 20.0}),
        "unlisted code": (money, [{"path": pay, "kind": "code", "code": 4711}], {}),
        "garbage": (read, [{"path": path, "kind": "garbage", "times": 99}], {}),
        "garbage for money": (money, [{"path": pay, "kind": "garbage"}], {}),
        "garbage login": (read, [{"path": login, "kind": "garbage", "times": 99}], {}),
        "login cut in the middle of the token": (
            read,
            [{"path": login, "kind": "cut", "times": 99, "carried_out": True}],
            {},
        ),
        "http 500": (read, [{"path": path, "kind": "status", "times": 99}], {}),
        "too large": (read, [{"path": path, "kind": "large", "times": 99}], {"max_response_bytes": 10_000}),
        "cut": (money, [{"path": pay, "kind": "cut", "carried_out": True}], {}),
        "timeout": (
            InstructMeter("202364555511", Instruction.READ),
            [{"path": "/meter/meterInstruct", "kind": "hang"}],
            {"timeout": 0.4},
        ),
        "half a character": (Recharge("\ud800", amount=1, order_number="order-1"), [], {}),
        "half a character in a form": (
            Recharge("\ud800", amount=1, order_number="order-1"),
            [],
            {"dialect": JrhszDialect(body="form")},
        ),
    }[name]


SCENES = [
    "wrong password",
    "unknown account",
    "1006 for ever",
    "1007 for money",
    "no permission",
    "too fast for ever",
    "unlisted code",
    "garbage",
    "garbage for money",
    "garbage login",
    "login cut in the middle of the token",
    "http 500",
    "too large",
    "cut",
    "timeout",
    "half a character",
    "half a character in a form",
]


@pytest.mark.parametrize("scene", SCENES)
async def test_no_failure_leaks(place: Place, leaks: Leaks, colour: str, scene: str) -> None:
    """Each kind of failure ends in a typed error; neither it nor anything logged on the way holds password or token."""
    operation, faults, options = failing(scene)
    events: list[CallEvent] = []
    hooks = {"on_request": events.append, "on_response": events.append, "on_retry": events.append}
    client = place.connect(colour, **{"wait": tenacity.wait_fixed(0.5), **hooks, **options})
    for fault in faults:
        place.fault(**fault)
    error = await outcome(lambda: client.send(operation))
    await token_of(place, leaks)
    assert isinstance(error, ChaobiaoError), repr(error)
    leaks.look_at_error(error)
    leaks.look("events", repr(events))
    assert leaks.looked_at > 10


def echoing(place: Place, answer: Callable[[dict[str, Any]], Any]) -> tuple[Any, Any]:
    """Transports for both colours whose server answers what ``answer`` makes of a request's arguments."""
    token = base64.b64encode(json.dumps({"api_password": PASSWORD, "time": 1}).encode()).decode()

    def respond(request: httpx.Request) -> httpx.Response:
        arguments = json.loads(request.content)
        if request.url.path == "/user/login" and "token" not in arguments:
            arguments = {**arguments, "token": token}
            if answer is not login_echo:
                return httpx.Response(200, json={"code": 200, "data": token, "msg": "ok"})
        return httpx.Response(200, json=answer(arguments))

    return httpx.MockTransport(respond), token


def login_echo(arguments: dict[str, Any]) -> Any:
    """A login's answer in a form nobody documents, with the token in it."""
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
async def test_a_server_that_echoes_the_token_is_not_quoted(place: Place, leaks: Leaks, colour: str, name: str) -> None:
    """Whatever part of the answer repeats token or password, the error's words have it struck out."""
    transport, token = echoing(place, ECHOES[name])
    leaks.plant("token", token)
    kind: Any = httpx.Client if colour == "sync" else httpx.AsyncClient
    http = kind(transport=transport, trust_env=False)
    client = place.connect(colour, http_client=http, strict=True, deadline=30.0)
    operation: Any = BUILDINGS if name != "acknowledged" else Recharge(RESIDENT, amount=1, order_number="order-1")
    found = await outcome(lambda: client.send(operation))
    if name == "acknowledged":
        leaks.look("acknowledgement", repr(found))
    else:
        assert isinstance(found, ChaobiaoError), repr(found)
        leaks.look_at_error(found)
    await settled(http.close() if colour == "sync" else http.aclose())


async def test_a_hook_that_raises_tells_nothing(place: Place, leaks: Leaks, colour: str) -> None:
    """A hook's own failure is logged with its traceback, whose frames show no secret, and the call goes on."""

    def fail(event: CallEvent) -> None:
        raise RuntimeError(f"the hook failed at {event}")

    client = place.connect(colour, on_request=fail, on_response=fail)
    assert len(await settled(client.send(BUILDINGS))) > 0
    await token_of(place, leaks)


async def test_a_cancelled_call_tells_nothing(place: Place, leaks: Leaks) -> None:
    """The traceback of a cancelled recharge shows no secret, and what is logged of it has the order number only."""
    client = place.connect("async")
    await client.login()
    place.fault("/user/Prestore", "hang")
    call = asyncio.create_task(client.send(Recharge(RESIDENT, amount=1, order_number="order-1")))
    await seen(lambda: place.codes("recharges.create"))
    call.cancel()
    await asyncio.wait([call])
    await token_of(place, leaks)
    try:
        await call
    except asyncio.CancelledError as error:
        leaks.look_at_error(error)


async def test_an_interrupted_call_tells_nothing(place: Place, leaks: Leaks, colour: str) -> None:
    """The traceback of an interrupt while queueing shows no secret."""
    client = place.connect(colour)
    await settled(client.send(BUILDINGS))
    await token_of(place, leaks)
    place.clock.interrupt()
    leaks.look_at_error(await outcome(lambda: client.send(BUILDINGS)))


async def test_a_server_that_cannot_be_reached_tells_nothing(place: Place, leaks: Leaks, colour: str) -> None:
    """A refused connection's error names the reason, and holds no request."""
    client = place.connect(colour, base_url="http://127.0.0.1:9")
    error = await outcome(lambda: client.send(BUILDINGS))
    assert isinstance(error, chaobiao.NotSent)
    leaks.look_at_error(error)


@pytest.mark.parametrize("options", [{"base_url": "nowhere"}, {"timeout": -1}, {"deadline": "soon"}])
async def test_a_client_that_cannot_be_made_tells_nothing(
    place: Place, leaks: Leaks, colour: str, options: dict[str, Any]
) -> None:
    """A refused setting is a typed error that shows no password, nor does a frame or the unfinished client."""
    error = await outcome(lambda: place.connect(colour, **options))
    assert isinstance(error, ChaobiaoError)
    logging.getLogger("chaobiao").debug("refused: %s", error)
    leaks.look_at_error(error)


@pytest.mark.parametrize("url", [f"http://user:{PASSWORD}@127.0.0.1", f"http://127.0.0.1/?token={quote(PASSWORD)}"])
async def test_a_refused_base_url_is_not_quoted(place: Place, leaks: Leaks, colour: str, url: str) -> None:
    """A base URL with a password in it is refused in words that do not repeat it."""
    error = await outcome(lambda: place.connect(colour, base_url=url))
    assert isinstance(error, chaobiao.ConfigurationError)
    logging.getLogger("chaobiao").debug("refused: %s", error)
    leaks.look("error", f"{error} {error!r} {vars(error)}")
