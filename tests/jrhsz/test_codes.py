"""The vendor's codes through a client: each raises its class, with the vendor's words."""

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import chaobiao
from chaobiao.jrhsz import CODES, Commodity, Gate, ImageStatus, MeterKind, NetworkState
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.samples import sample_named

Connect = Callable[..., ClientUnderTest]

#: Code, class, and how many requests follow: (logins, calls).
TABLE: list[tuple[int, type[chaobiao.ChaobiaoError], tuple[int, int]]] = [
    (1001, chaobiao.OperationFailed, (1, 1)),
    (1002, chaobiao.UnknownAccount, (1, 1)),
    (1005, chaobiao.WrongPassword, (1, 1)),
    (1006, chaobiao.SessionRefused, (2, 2)),
    (1007, chaobiao.SessionRefused, (2, 2)),
    (1008, chaobiao.ParameterMissing, (1, 1)),
    (1009, chaobiao.PermissionRefused, (1, 1)),
    (1010, chaobiao.DuplicateOrder, (1, 1)),
    (1011, chaobiao.TooFast, (1, 1)),
    (4242, chaobiao.UnknownCode, (1, 1)),
]
RECHARGE: dict[str, Any] = {"user_code": "2022040001", "amount": "10.00", "order_number": "order-1"}


def test_the_table_has_every_code() -> None:
    """All codes of both documents have a class; 200 is no error."""
    assert set(CODES) == {code for code, _, _ in TABLE} - {4242}


@pytest.mark.parametrize("written", [int, str])
@pytest.mark.parametrize(("code", "kind", "counts"), TABLE, ids=[str(code) for code, _, _ in TABLE])
async def test_each_code_becomes_its_class(
    code: int, kind: type[chaobiao.ChaobiaoError], counts: tuple[int, int], written: Any, connect: Connect
) -> None:
    """Number or text, a code raises its class with operation, section, code and the vendor's words."""
    server = FakeServer({"code": written(code), "msg": "平台原话"})
    client = connect(server, paced=False)
    with pytest.raises(kind) as caught:
        await client.call("residents.get", "2022040001")
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.vendor_message) == (code, "平台原话")
    assert (error.operation, error.section) == ("residents.get", "recharge 4.4")
    assert (len(server.logins), len(server.requests)) == counts
    assert error.attempts == counts[1]
    assert pickle.loads(pickle.dumps(error)).__dict__ == error.__dict__


@pytest.mark.parametrize("code", [1006, 1007])
async def test_a_refused_session_is_renewed_once(code: int, connect: Connect) -> None:
    """The call logs in again and is repeated once, also a recharge: the refusal says that it was not carried out."""
    server = FakeServer({"code": code, "msg": "x"}, {"code": 200, "msg": "充值成功"})
    assert await connect(server).call("recharges.create", **RECHARGE) == chaobiao.Acknowledgement("充值成功")
    assert (len(server.logins), len(server.requests)) == (2, 2)


@pytest.mark.parametrize(("relogin", "logins"), [(False, 1), (True, 2)])
async def test_1009_is_a_missing_permission_unless_the_dialect_says_otherwise(
    relogin: bool, logins: int, connect: Connect
) -> None:
    """1009 logs in again only where the dialect says that other processes renew the token too."""
    server = FakeServer({"code": 1009, "msg": "x"})
    client = connect(server, dialect=chaobiao.JrhszDialect(relogin_on_1009=relogin))
    with pytest.raises(chaobiao.PermissionRefused):
        await client.call("residents.get", "2022040001")
    assert len(server.logins) == logins


async def test_a_duplicate_order_names_the_order(connect: Connect) -> None:
    """1010 on a recharge carries the order number, and is not repeated."""
    server = FakeServer({"code": 1010, "msg": "重复订单"})
    with pytest.raises(chaobiao.DuplicateOrder) as caught:
        await connect(server).call("recharges.create", **RECHARGE)
    assert caught.value.reference == "order-1"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("method", "arguments", "reference"),
    [
        ("recharges.create", RECHARGE, "order-1"),
        ("meters.instruct", {"device_id": "1", "instruction": "2"}, "1 RECONNECT"),
    ],
)
async def test_an_unlisted_code_for_money_or_a_command_is_an_unknown_outcome(
    method: str, arguments: dict[str, Any], reference: str, connect: Connect
) -> None:
    """What code 4242 means for a recharge is unknown, so it must not be taken as "not carried out"."""
    server = FakeServer({"code": 4242, "msg": "处理中"})
    with pytest.raises(chaobiao.OutcomeUnknown) as caught:
        await connect(server).call(method, **arguments)
    assert (caught.value.code, caught.value.vendor_message) == (4242, "处理中")
    assert caught.value.reference == reference
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [None, "", "abc", True, 2.5, [], "-200", "９９"])
async def test_a_code_that_is_no_number_is_an_unreadable_response(code: Any, connect: Connect) -> None:
    """An envelope without a readable code is unreadable, whatever its data."""
    server = FakeServer({"code": code, "data": [], "msg": "操作成功"})
    with pytest.raises(chaobiao.UnreadableResponse):
        await connect(server).call("residents.get", "1")


async def test_too_fast_is_waited_out(connect: Connect) -> None:
    """1011 delays the call by its interval, and the call succeeds in the end."""
    server = FakeServer({"code": 1011, "msg": "x"}, {"code": 1011, "msg": "x"}, {"code": 200, "data": []})
    client = connect(server)
    assert list(await client.call("residents.get", "1")) == []
    assert len(server.requests) == 3
    assert client.clock.monotonic() >= 4.0


async def test_too_fast_without_end_ends_with_the_deadline(connect: Connect) -> None:
    """A server that always returns 1011 is called until the deadline, and the error says how long to wait."""
    server = FakeServer({"code": 1011, "msg": "x"})
    client = connect(server, deadline=20)
    with pytest.raises(chaobiao.RetryLater) as caught:
        await client.call("residents.get", "1")
    assert 5 <= len(server.requests) <= 10
    assert client.clock.monotonic() <= 20
    assert caught.value.wait is None or caught.value.wait > 0


@pytest.mark.parametrize(("code", "kind", "counts"), TABLE[:3], ids=["1001", "1002", "1005"])
async def test_a_failed_login_is_raised_by_the_call(
    code: int, kind: type[chaobiao.ChaobiaoError], counts: tuple[int, int], connect: Connect
) -> None:
    """The login's error is raised by the call that needs it; the login is not repeated, and the call not sent."""
    server = FakeServer({"code": 200, "data": []}, login={"code": code, "msg": "x"})
    client = connect(server)
    with pytest.raises(kind) as caught:
        await client.call("residents.get", "1")
    assert caught.value.operation == "login"
    assert (len(server.logins), server.requests) == (1, [])
    with pytest.raises(kind):
        await client.login()


@pytest.mark.parametrize("data", [None, "", 7, ["x"], {"token": "x"}])
async def test_a_login_without_a_token_is_unreadable(data: Any, connect: Connect) -> None:
    """A login that succeeds without a token in data is an unreadable response."""
    server = FakeServer({"code": 200, "data": []}, login={"code": 200, "data": data, "msg": "登录成功"})
    with pytest.raises(chaobiao.UnreadableResponse):
        await connect(server).call("residents.get", "1")
    assert server.requests == []


async def test_a_token_that_looks_like_json_is_not_parsed(connect: Connect) -> None:
    """The login's data is the token itself, whatever it looks like."""
    server = FakeServer({"code": 200, "data": []}, login={"code": 200, "data": '{"a": 1}', "msg": "登录成功"})
    await connect(server).call("residents.get", "1")
    assert server.arguments[0]["token"] == '{"a": 1}'


@pytest.mark.parametrize("kind", [MeterKind, Gate, NetworkState, ImageStatus])
def test_unlisted_values_behave_like_members(kind: Any) -> None:
    """A value that no table lists compares, hashes, pickles and prints like others, and is not listed."""
    value = 99 if kind is MeterKind else "不明"
    member = kind(value)
    assert member == value
    assert member == kind(value)
    assert {member: 1}[kind(value)] == 1
    assert pickle.loads(pickle.dumps(member)) == member
    assert type(pickle.loads(pickle.dumps(member))) is kind
    assert str(value) in repr(member)
    assert member not in list(kind)
    assert f"{member}" == str(value)


def test_unlisted_words_are_marked() -> None:
    """Gate("半开").listed is False, and of a listed word True."""
    assert not Gate("半开").listed
    assert Gate("跳闸").listed
    assert Gate("跳闸") is Gate.DISCONNECTED


def test_the_commodity_of_a_kind_follows_the_lists() -> None:
    """Electricity and water by the meter document's lists; the four unassigned numbers and unknown ones are neither."""
    electricity = {1, 3, 5, 7, 9, 11, 13, 15, 16, 18, 21, 26, 30, 42, 43, 46, 48}
    for number in range(60):
        expected = None
        if number in electricity:
            expected = Commodity.ELECTRICITY
        elif 2 <= number <= 49 and number not in {25, 29, 33, 34}:
            expected = Commodity.WATER
        assert MeterKind(number).commodity is expected, number


async def test_an_echoed_token_is_struck_out(connect: Connect) -> None:
    """A token in the server's words does not get into an error."""
    token = sample_named("jrhsz", "login").response["data"]
    server = FakeServer({"code": 1008, "msg": f"bad request: token={token}"})
    with pytest.raises(chaobiao.ParameterMissing) as caught:
        await connect(server).call("residents.get", "1")
    assert token not in str(caught.value)
    assert "***" in str(caught.value)


async def test_the_servers_page_total_may_be_missing_or_odd(connect: Connect) -> None:
    """A totalCount that is no number is no total."""
    for total in ("many", None, -1.5, True):
        server = FakeServer({"code": 200, "data": [{"tableNo": "1"}], "totalCount": total})
        page = await connect(server).send(chaobiao.jrhsz.ListMeters())
        assert page.total is None


async def test_form_bodies_and_dates_are_switches_of_the_dialect(connect: Connect) -> None:
    """The dialect's body="form" and dates="date" put the same arguments on the wire in the other form."""
    server = FakeServer({"code": 200, "data": []})
    client = connect(server, dialect=chaobiao.JrhszDialect(body="form", dates="date"))
    begin = chaobiao.VirtualClock().now()
    await client.rows("recharges.list", "2022040001", begin=begin, end=begin)
    request: httpx.Request = server.requests[0]
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    sent = dict(httpx.QueryParams(request.content.decode()))
    assert (sent["BeginDate"], sent["EndDate"]) == ("2026-01-01", "2026-01-01")
    assert (sent["user_code"], sent["admin_user_name"], sent["pageNo"]) == ("2022040001", "khcs", "1")


@pytest.mark.parametrize("paced", [False, True])
async def test_recharges_are_paced_only_where_the_dialect_says(paced: bool, connect: Connect) -> None:
    """The recharge document exempts recharges from the interval, the meter document does not: a switch decides."""
    server = FakeServer({"code": 200, "msg": "充值成功"})
    client = connect(server, dialect=chaobiao.JrhszDialect(recharge_paced=paced))
    await client.call("recharges.create", **RECHARGE)
    before = client.clock.monotonic()
    await client.call("recharges.create", **{**RECHARGE, "order_number": "order-2"})
    assert client.clock.monotonic() - before == (pytest.approx(2.0) if paced else 0.0)


@pytest.mark.parametrize("data", ["[1", "{", "12", '"x"', 7, True])
async def test_data_that_is_no_data_is_unreadable(data: Any, connect: Connect) -> None:
    """Text that is no JSON, and JSON that is neither rows nor an object, are unreadable responses."""
    server = FakeServer({"code": 200, "data": data, "msg": "操作成功"})
    with pytest.raises(chaobiao.UnreadableResponse) as caught:
        await connect(server).call("residents.get", user_code="1")
    assert "data" in str(caught.value)


@pytest.mark.parametrize("data", [None, "", [], "[]"])
async def test_no_data_is_an_empty_list(data: Any, connect: Connect) -> None:
    """null, an empty text and an empty list all mean that there is nothing."""
    found = await connect(FakeServer({"code": 200, "data": data})).call("residents.get", user_code="1")
    assert list(found) == []
