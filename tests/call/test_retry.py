"""What is repeated and what is not: by the operation's effect, and by what is known of the attempt."""

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tenacity import stop_after_attempt, wait_fixed

import chaobiao
from chaobiao._call.retry import Outcome, Step, decide
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation, operation
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.operations import (
    ONE_OF_EACH_EFFECT,
    ONE_READ,
    example,
    family_of,
    for_each,
    success,
)
from tests.harness.wire_formats import format_of

Connect = Callable[..., ClientUnderTest]

NOT_SENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
UNKNOWN: list[Any] = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("cut off"),
    httpx.Response(500, text="<html>"),
    httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
    httpx.Response(408),
    "",
    "<html>busy</html>",
    b"\xff\xfe",
    '{"code": 200',
    "[1, 2]",
    '"200"',
    "null",
    httpx.Response(200, text="x" * 2000),
]
ONE_UNREPEATABLE = [kind for kind in ONE_OF_EACH_EFFECT if not kind.spec.effect.repeatable]
READ = ONE_READ[0]
OK = success(READ)
#: A success that acknowledges a call, and one of a login, of the same family.
DONE = format_of(family_of(READ)).acknowledgement("done")  # type: ignore[misc]  # the first family has them
LOGIN = format_of(family_of(READ)).login


def label(reply: Any) -> str:
    if isinstance(reply, Exception):
        return type(reply).__name__
    return str(reply.status_code) if isinstance(reply, httpx.Response) else repr(reply)


R, D, S, N, U = Step.RETRY, Step.RETRY_TO_DEADLINE, Step.RENEW, Step.RAISE, Step.RAISE_UNKNOWN
#: Effect → what follows when it was not sent, came too fast, met a refused session, was refused, is of unknown outcome.
DECISIONS = {
    Effect.READ: (R, D, S, N, R),
    Effect.UPDATE: (R, D, S, N, R),
    Effect.DELETE: (R, D, S, N, R),
    Effect.CREATE: (R, D, S, N, U),
    Effect.MONEY: (R, D, S, N, U),
    Effect.COMMAND: (D, D, S, N, U),
    Effect.SESSION: (R, D, N, N, R),
}


#: Outcome → what follows instead where the session was renewed already, and where the client keeps no intervals.
RENEWED = {Outcome.SESSION: Step.RAISE}
UNPACED = {Outcome.TOO_FAST: Step.RAISE}


@pytest.mark.parametrize("paced", [True, False], ids=["paced", "unpaced"])
@pytest.mark.parametrize("renewed", [False, True], ids=["first session", "renewed"])
@pytest.mark.parametrize("effect", Effect)
def test_the_table_of_decisions(effect: Effect, renewed: bool, paced: bool) -> None:
    """For every effect, outcome, renewal and pacing there is the documented next step."""
    order = (Outcome.NOT_SENT, Outcome.TOO_FAST, Outcome.SESSION, Outcome.REFUSED, Outcome.UNKNOWN)
    assert set(order) == set(Outcome)
    expected = dict(zip(order, DECISIONS[effect], strict=True))
    expected |= RENEWED if renewed else {}
    expected |= {} if paced else UNPACED
    assert {outcome: decide(effect, outcome, renewed=renewed, paced=paced) for outcome in order} == expected


@pytest.mark.parametrize("failure", NOT_SENT, ids=label)
@for_each(ONE_OF_EACH_EFFECT)
async def test_what_was_not_sent_is_sent_again(kind: Kind, failure: Any, connect: Connect) -> None:
    """A request that provably was not sent is repeated, whatever it does, and does not count as repeated."""
    server = FakeServer(failure, success(kind))
    found = await connect(server, family_of(kind).name).send(example(kind))
    assert len(server.requests) == 2
    assert not getattr(found, "repeated", False)


@for_each(ONE_OF_EACH_EFFECT)
async def test_a_server_out_of_reach_ends_as_not_sent(kind: Kind, connect: Connect) -> None:
    """Four attempts, or for a command as many as its deadline allows; then NotSent, which is safe to call again."""
    server = FakeServer(httpx.ConnectError("refused"))
    client = connect(server, family_of(kind).name, deadline=300)
    with pytest.raises(chaobiao.NotSent) as caught:
        await client.send(example(kind))
    assert caught.value.attempts == len(server.requests)
    assert client.clock.monotonic() <= 300
    if kind.spec.effect is Effect.COMMAND:
        assert len(server.requests) > 10
    else:
        assert len(server.requests) == 4


@pytest.mark.parametrize("reply", UNKNOWN, ids=label)
@for_each(ONE_READ)
async def test_a_read_without_a_response_is_repeated(kind: Kind, reply: Any, connect: Connect) -> None:
    """A read has four attempts whatever goes wrong, and one good response is enough."""
    server = FakeServer(reply, reply, reply, success(kind))
    client = connect(server, family_of(kind).name, max_response_bytes=1000)
    assert await client.records(example(kind)) == ([] if issubclass(kind, RowsOperation) else [kind.spec.returns()])
    assert len(server.requests) == 4


@pytest.mark.parametrize("reply", UNKNOWN, ids=label)
@for_each(ONE_READ)
async def test_a_read_that_always_fails_says_why(kind: Kind, reply: Any, connect: Connect) -> None:
    """After four attempts: NoResponse, HttpStatusError or UnreadableResponse, by what came back."""
    server = FakeServer(reply)
    with pytest.raises(chaobiao.VendorFault) as caught:
        await connect(server, family_of(kind).name, max_response_bytes=1000).send(example(kind))
    assert len(server.requests) == caught.value.attempts == 4
    if isinstance(reply, Exception):
        assert type(caught.value) is chaobiao.NoResponse
        assert type(caught.value.__cause__) is type(reply)
        assert not hasattr(caught.value.__cause__, "_request")
    elif isinstance(reply, httpx.Response) and reply.status_code != 200:
        assert isinstance(caught.value, chaobiao.HttpStatusError)
        assert caught.value.code == reply.status_code
    elif isinstance(reply, httpx.Response):
        assert "max_response_bytes" in str(caught.value)
    else:
        assert type(caught.value) is chaobiao.UnreadableResponse
        assert "busy" not in str(caught.value)


@pytest.mark.parametrize("reply", UNKNOWN, ids=label)
@for_each(ONE_UNREPEATABLE)
async def test_money_and_commands_are_never_repeated_blindly(kind: Kind, reply: Any, connect: Connect) -> None:
    """Sent once and not known to be done or refused: OutcomeUnknown with a reference, after one request."""
    server = FakeServer(reply, success(kind))
    with pytest.raises(chaobiao.OutcomeUnknown) as caught:
        await connect(server, family_of(kind).name, max_response_bytes=1000).send(example(kind))
    assert len(server.requests) == 1
    error = caught.value
    assert (error.operation, error.reference, error.attempts) == (kind.spec.call, example(kind).reference, 1)
    assert pickle.loads(pickle.dumps(error)).reference == example(kind).reference


@for_each(ONE_OF_EACH_EFFECT)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413])
async def test_an_http_refusal_is_final(kind: Kind, status: int, connect: Connect) -> None:
    """HTTP 4xx means that the request was refused: one attempt, and the outcome is known."""
    server = FakeServer(httpx.Response(status, text="<html>not here</html>"))
    with pytest.raises(chaobiao.HttpStatusError) as caught:
        await connect(server, family_of(kind).name).send(example(kind))
    assert (caught.value.code, len(server.requests)) == (status, 1)
    assert "html" not in str(caught.value)


@for_each(ONE_OF_EACH_EFFECT)
async def test_http_429_is_too_fast(kind: Kind, connect: Connect) -> None:
    """HTTP 429, as a gateway returns it, means: not carried out, wait and repeat."""
    server = FakeServer(httpx.Response(429), success(kind))
    await connect(server, family_of(kind).name).send(example(kind))
    assert len(server.requests) == 2
    with pytest.raises(chaobiao.TooFast):
        await connect(FakeServer(httpx.Response(429)), family_of(kind).name, paced=False).send(example(kind))


@for_each(ONE_READ)
async def test_redirects_are_not_followed(kind: Kind, connect: Connect) -> None:
    """A redirect is an error: the token must not be sent to another host."""
    server = FakeServer(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    client = connect(server, family_of(kind).name)
    with pytest.raises(chaobiao.HttpStatusError):
        await client.send(example(kind))
    assert "elsewhere.example" not in {request.url.host for request in server.requests}


@operation("POST", "/thing", section="test", call="things.update", effect=Effect.UPDATE)
@frozen
class UpdateThing(ObjectOperation[Acknowledgement]):
    """Update something."""

    thing: str = arg("thing")


async def test_an_update_that_was_repeated_says_so(connect: Connect) -> None:
    """The acknowledgement of an update says whether it was sent twice; an attempt that was not sent does not count."""
    timed_out = FakeServer(httpx.ReadTimeout("slow"), DONE)
    assert await connect(timed_out).send(UpdateThing(thing="a")) == Acknowledgement("done", repeated=True)
    not_sent = FakeServer(httpx.ConnectError("refused"), DONE)
    assert await connect(not_sent).send(UpdateThing(thing="a")) == Acknowledgement("done", repeated=False)


async def test_a_login_is_repeated_like_a_read(connect: Connect) -> None:
    """A login without a response changes nothing, so it is tried again before the call fails."""
    replies = [httpx.ReadTimeout("slow"), httpx.ConnectError("refused")]

    def login(request: httpx.Request) -> Any:
        return replies.pop() if replies else LOGIN

    server = FakeServer(OK, login=login)
    await connect(server).send(example(READ))
    assert (len(server.logins), len(server.requests)) == (3, 1)


async def test_the_callers_policies_replace_the_default(connect: Connect) -> None:
    """stop= and wait= take tenacity's policies: two attempts, seven seconds apart."""
    server = FakeServer(httpx.ReadTimeout("slow"))
    client = connect(server, stop=stop_after_attempt(2), wait=wait_fixed(7), paced=False)
    await client.login()
    before = client.clock.monotonic()
    with pytest.raises(chaobiao.NoResponse):
        await client.send(example(READ))
    assert len(server.requests) == 2
    assert client.clock.monotonic() - before == pytest.approx(7)


async def test_one_deadline_covers_all_attempts(connect: Connect) -> None:
    """No attempt begins after the deadline, and each attempt's time-out is cut to what is left of it."""
    clock = chaobiao.VirtualClock()

    def slow(request: httpx.Request) -> Any:
        clock.advance(request.extensions["timeout"]["read"])
        return httpx.ReadTimeout("slow")

    server = FakeServer(slow)
    client = connect(server, clock=clock, timeout=30, deadline=50, wait=wait_fixed(1))
    with pytest.raises(chaobiao.NoResponse):
        await client.send(example(READ))
    assert [request.extensions["timeout"]["read"] for request in server.requests] == [30, pytest.approx(19)]
    assert clock.monotonic() <= 50


async def test_a_turn_after_the_deadline_fails_at_once(connect: Connect) -> None:
    """A call whose turn comes after its deadline fails without waiting, and says how long the wait would be."""
    server = FakeServer(OK)
    client = connect(server, deadline=1.5)
    await client.send(example(READ))
    before = client.clock.monotonic()
    with pytest.raises(chaobiao.WaitTooLong) as caught:
        await client.send(example(READ))
    assert caught.value.wait == pytest.approx(2.0)
    assert client.clock.monotonic() == before
    assert len(server.requests) == 1


@pytest.mark.parametrize("size", [999, 1000, 1001])
async def test_responses_are_read_up_to_their_bound(size: int, connect: Connect) -> None:
    """max_response_bytes bytes are read; one byte more is an error."""
    body = b'{"code":200,"data":[]' + b" " * (size - 22) + b"}"
    assert len(body) == size
    client = connect(FakeServer(body), max_response_bytes=1000)
    if size <= 1000:
        await client.send(example(READ))
        return
    with pytest.raises(chaobiao.VendorFault, match="larger than 1000 bytes"):
        await client.send(example(READ))
