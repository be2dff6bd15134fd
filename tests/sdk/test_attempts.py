"""What is repeated and what is not: by what the operation does, and by what is known to have happened."""

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tenacity import stop_after_attempt, wait_fixed

import chaobiao
from chaobiao._call.retry import Outcome, Step, decide
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, operation
from tests.sdk.driver import Driver, FakeServer

Connect = Callable[..., Driver]

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
READ = ("residents.get", {"user_code": "1"})
MONEY = ("recharges.create", {"user_code": "1", "amount": "1.00", "order_number": "order-1"})
COMMAND = ("meters.instruct", {"device_id": "1", "instruction": "1"})
Call = tuple[str, dict[str, Any]]
named = {"ids": ["read", "money", "command"]}
OK = {"code": 200, "data": [], "msg": "操作成功"}


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


def test_the_table_of_decisions() -> None:
    """Every effect meets every happening with the documented step."""
    order = (Outcome.NOT_SENT, Outcome.TOO_FAST, Outcome.SESSION, Outcome.REFUSED, Outcome.UNKNOWN)
    assert {effect: tuple(decide(effect, outcome) for outcome in order) for effect in Effect} == DECISIONS
    assert set(order) == set(Outcome)


@pytest.mark.parametrize("failure", NOT_SENT, ids=label)
@pytest.mark.parametrize("call", [READ, MONEY, COMMAND], **named)
async def test_what_was_not_sent_is_sent_again(call: Call, failure: Any, connect: Connect) -> None:
    """A request that provably never left is repeated, whatever it does, and nothing is said about it."""
    server = FakeServer(failure, OK)
    answer = await connect(server).call(call[0], **call[1])
    assert len(server.requests) == 2
    assert call is READ or answer == Acknowledgement("操作成功")


@pytest.mark.parametrize(("call", "attempts"), [(READ, 4), (MONEY, 4), (COMMAND, None)], **named)
async def test_a_server_out_of_reach_ends_as_not_sent(call: Call, attempts: int | None, connect: Connect) -> None:
    """Four attempts, or for a command as many as its deadline allows; then NotSent, which is safe to call again."""
    server = FakeServer(httpx.ConnectError("refused"))
    driver = connect(server, deadline=300)
    with pytest.raises(chaobiao.NotSent) as caught:
        await driver.call(call[0], **call[1])
    assert caught.value.attempts == len(server.requests)
    assert driver.clock.monotonic() <= 300
    if attempts is None:
        assert len(server.requests) > 10
    else:
        assert len(server.requests) == attempts


@pytest.mark.parametrize("reply", UNKNOWN, ids=label)
async def test_an_unanswered_read_is_repeated(reply: Any, connect: Connect) -> None:
    """Four attempts whatever went wrong, and one good answer is enough."""
    server = FakeServer(reply, reply, reply, OK)
    assert list(await connect(server, max_response_bytes=1000).call(READ[0], **READ[1])) == []
    assert len(server.requests) == 4


@pytest.mark.parametrize("reply", UNKNOWN, ids=label)
async def test_a_read_that_is_never_answered_says_why(reply: Any, connect: Connect) -> None:
    """After four attempts: NoResponse, HttpStatusError or UnreadableResponse, by what came back."""
    server = FakeServer(reply)
    with pytest.raises(chaobiao.VendorFault) as caught:
        await connect(server, max_response_bytes=1000).call(READ[0], **READ[1])
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
@pytest.mark.parametrize(
    ("call", "reference"), [(MONEY, "order-1"), (COMMAND, "1 DISCONNECT")], ids=["money", "command"]
)
async def test_money_and_commands_are_never_repeated_blindly(
    call: Call, reference: str, reply: Any, connect: Connect
) -> None:
    """Sent once and not known to be done or refused: OutcomeUnknown, with what to look for, after one request."""
    server = FakeServer(reply, OK)
    with pytest.raises(chaobiao.OutcomeUnknown) as caught:
        await connect(server, max_response_bytes=1000).call(call[0], **call[1])
    assert len(server.requests) == 1
    error = caught.value
    assert (error.operation, error.reference, error.attempts) == (call[0], reference, 1)
    assert pickle.loads(pickle.dumps(error)).reference == reference


@pytest.mark.parametrize("call", [READ, MONEY, COMMAND], **named)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413])
async def test_an_http_refusal_is_final(call: Call, status: int, connect: Connect) -> None:
    """A 4xx means that the request was understood and refused: one attempt, and no doubt about the outcome."""
    server = FakeServer(httpx.Response(status, text="<html>not here</html>"))
    with pytest.raises(chaobiao.HttpStatusError) as caught:
        await connect(server).call(call[0], **call[1])
    assert (caught.value.code, len(server.requests)) == (status, 1)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize("call", [READ, MONEY, COMMAND], **named)
async def test_http_429_is_too_fast(call: Call, connect: Connect) -> None:
    """A gateway's 429 is the same as 1011: not carried out, wait and repeat."""
    server = FakeServer(httpx.Response(429), OK)
    await connect(server).call(call[0], **call[1])
    assert len(server.requests) == 2
    with pytest.raises(chaobiao.TooFast):
        await connect(FakeServer(httpx.Response(429)), paced=False).call(call[0], **call[1])


async def test_redirects_are_not_followed(connect: Connect) -> None:
    """A redirect is an error: the token must not travel to wherever the answer points."""
    server = FakeServer(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    with pytest.raises(chaobiao.HttpStatusError):
        await connect(server).call(READ[0], **READ[1])
    assert {request.url.host for request in server.requests} == {"prepaid.example"}


@operation("POST", "/thing", section="test", call="things.update", effect=Effect.UPDATE)
@frozen
class UpdateThing(ObjectOperation[Acknowledgement]):
    """Update something."""

    thing: str = arg("thing")


async def test_an_update_that_was_repeated_says_so(connect: Connect) -> None:
    """An update may be sent twice, and its acknowledgement then tells; one that was never sent does not count."""
    timed_out = FakeServer(httpx.ReadTimeout("slow"), OK)
    assert await connect(timed_out).send(UpdateThing(thing="a")) == Acknowledgement("操作成功", repeated=True)
    not_sent = FakeServer(httpx.ConnectError("refused"), OK)
    assert await connect(not_sent).send(UpdateThing(thing="a")) == Acknowledgement("操作成功", repeated=False)


async def test_a_login_is_repeated_like_a_read(connect: Connect) -> None:
    """An unanswered login changes nothing, so it is tried again before the call fails."""
    replies = [httpx.ReadTimeout("slow"), httpx.ConnectError("refused")]

    def login(request: httpx.Request) -> Any:
        return replies.pop() if replies else {"code": 200, "data": "t", "msg": "登录成功"}

    server = FakeServer(OK, login=login)
    await connect(server).call(READ[0], **READ[1])
    assert (len(server.logins), len(server.requests)) == (3, 1)


async def test_the_callers_policies_replace_ours(connect: Connect) -> None:
    """stop= and wait= are tenacity's own: two attempts, seven seconds apart."""
    server = FakeServer(httpx.ReadTimeout("slow"))
    driver = connect(server, stop=stop_after_attempt(2), wait=wait_fixed(7), paced=False)
    await driver.call("login")
    before = driver.clock.monotonic()
    with pytest.raises(chaobiao.NoResponse):
        await driver.call(READ[0], **READ[1])
    assert len(server.requests) == 2
    assert driver.clock.monotonic() - before == pytest.approx(7)


async def test_one_deadline_covers_all_attempts(connect: Connect) -> None:
    """No attempt begins after the deadline, and each attempt's time-out is cut to what is left of it."""
    clock = chaobiao.VirtualClock()

    def slow(request: httpx.Request) -> Any:
        clock.advance(request.extensions["timeout"]["read"])
        return httpx.ReadTimeout("slow")

    server = FakeServer(slow)
    driver = connect(server, clock=clock, timeout=30, deadline=50, wait=wait_fixed(1))
    with pytest.raises(chaobiao.NoResponse):
        await driver.call(READ[0], **READ[1])
    assert [request.extensions["timeout"]["read"] for request in server.requests] == [30, pytest.approx(19)]
    assert clock.monotonic() <= 50


async def test_a_turn_after_the_deadline_fails_at_once(connect: Connect) -> None:
    """A call whose turn comes too late is refused without waiting, and says how long it would have been."""
    server = FakeServer(OK)
    driver = connect(server, deadline=1.5)
    await driver.call(READ[0], **READ[1])
    before = driver.clock.monotonic()
    with pytest.raises(chaobiao.WaitTooLong) as caught:
        await driver.call(READ[0], **READ[1])
    assert caught.value.wait == pytest.approx(2.0)
    assert driver.clock.monotonic() == before
    assert len(server.requests) == 1


@pytest.mark.parametrize("size", [999, 1000, 1001])
async def test_answers_are_read_up_to_their_bound(size: int, connect: Connect) -> None:
    """max_response_bytes bytes are read; one more is refused."""
    body = b'{"code":200,"data":[]' + b" " * (size - 22) + b"}"
    assert len(body) == size
    driver = connect(FakeServer(body), max_response_bytes=1000)
    if size <= 1000:
        await driver.call(READ[0], **READ[1])
        return
    with pytest.raises(chaobiao.VendorFault, match="larger than 1000 bytes"):
        await driver.call(READ[0], **READ[1])


@pytest.mark.parametrize("data", ["[1", "{", "12", '"x"', 7, True])
async def test_data_that_is_no_data_is_unreadable(data: Any, connect: Connect) -> None:
    """Text that should hold JSON and does not, or JSON that is neither rows nor an object, is no answer."""
    server = FakeServer({"code": 200, "data": data, "msg": "操作成功"})
    with pytest.raises(chaobiao.UnreadableResponse) as caught:
        await connect(server).call(READ[0], **READ[1])
    assert "data" in str(caught.value)


@pytest.mark.parametrize("data", [None, "", [], "[]"])
async def test_no_data_is_an_empty_list(data: Any, connect: Connect) -> None:
    """null, an empty text and an empty list all mean that there is nothing."""
    answer = await connect(FakeServer({"code": 200, "data": data})).call(READ[0], **READ[1])
    assert list(answer) == []


@pytest.mark.parametrize("body", ['{"total": 1}', '{"data": {"a": 1}}', '{"data": "x"}', "[]", "7"])
async def test_a_water_answer_needs_its_list(body: str, connect: Connect) -> None:
    """The water API has no codes: an answer without a list called data is no answer."""
    with pytest.raises(chaobiao.UnreadableResponse):
        await connect(FakeServer(body), "water").collect("flows.list")


async def test_a_bad_field_is_final_when_reading_strictly(connect: Connect) -> None:
    """strict=True names the row and the field, and does not ask the server again."""
    server = FakeServer({"code": 200, "data": [{"tableNo": "1"}, {"tableNo": "2", "readTime": "昨天"}]})
    with pytest.raises(chaobiao.UnreadableResponse) as caught:
        await connect(server, strict=True).call(READ[0], **READ[1])
    assert (caught.value.row, caught.value.field, caught.value.operation) == (1, "readTime", "residents.get")
    assert len(server.requests) == 1
