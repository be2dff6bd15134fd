"""Logging in, and what the platform returns for tokens: first by hand, then through clients."""

import base64
import itertools
import json
from typing import Any

import pytest

from chaobiao import ParameterMissing, PermissionRefused, TooFast, UnknownAccount, WrongPassword
from chaobiao.jrhsz import Instruction, ListBuildings
from tests.harness.mock_server import LiveMock, at
from tests.harness.samples import sample_named
from tests.jrhsz.documented import PASSWORD, USERNAME

TWO_HOURS = 2 * 3600


def login(username: str, password: str) -> dict[str, Any]:
    """Return the body of a login."""
    return {"admin_user_name": username, "api_password": password}


def test_the_token_has_the_documented_form(raw: LiveMock) -> None:
    """A token is base64 of account, password and time: at the sample's time it is the sample's token."""
    raw.restart(start=at("2023-04-06 17:28:07"))
    assert raw.post("/user/login", login(USERNAME, PASSWORD)) == sample_named("jrhsz", "login").response


def test_the_token_holds_what_was_sent(raw: LiveMock) -> None:
    """A token holds the password in readable form."""
    held = json.loads(base64.b64decode(raw.session()["token"]))
    assert held == {"admin_user_name": USERNAME, "api_password": PASSWORD, "time": int(raw.now.timestamp())}


@pytest.mark.parametrize("username", ["no-such-account", "web-only"])
def test_1002_no_account_or_no_right_to_the_api(raw: LiveMock, username: str) -> None:
    """An unknown account and one without API permission get the same response."""
    assert raw.post("/user/login", login(username, PASSWORD)) == {"code": 1002, "msg": "账号不存在或没有 API 权限"}


def test_1005_wrong_password(raw: LiveMock) -> None:
    """A wrong password has another code than an unknown account."""
    assert raw.post("/user/login", login(USERNAME, "654321")) == {"code": 1005, "msg": "密码错误"}


def test_1006_unknown_token(raw: LiveMock) -> None:
    """A token that was never issued does not exist."""
    body = {"token": "bm90IGEgdG9rZW4=", "admin_user_name": USERNAME}
    assert raw.post("/user/getBuildCode", body) == {"code": 1006, "msg": "Token 不存在"}


def test_1007_after_two_hours(raw: LiveMock) -> None:
    """A token is valid for two hours, to the second, from its issue and not from its last use."""
    body = raw.authorised()
    raw.clock.advance(TWO_HOURS - 2)
    assert raw.post("/user/getBuildCode", body)["code"] == 200
    raw.clock.advance(2)
    assert raw.post("/user/getBuildCode", body) == {"code": 1007, "msg": "Token 已过期"}


@pytest.mark.parametrize("left_out", ["token", "admin_user_name"])
@pytest.mark.parametrize("how", ["absent", "empty", "null"])
def test_1008_without_token_or_account(raw: LiveMock, left_out: str, how: str) -> None:
    """Token and account belong in every body but login's, and neither may be empty."""
    body = raw.authorised()
    del body[left_out]
    if how != "absent":
        body[left_out] = "" if how == "empty" else None
    assert raw.post("/user/getBuildCode", body) == {"code": 1008, "msg": "缺少参数"}


def test_1009_an_endpoint_that_the_account_may_not_use(raw: LiveMock) -> None:
    """An account for recharges may not give commands, and nothing happens when it tries."""
    token = raw.session("recharge-only", "123456")["token"]
    body = {"token": token, "admin_user_name": "recharge-only", "deviceId": "202364555511", "type": "1"}
    assert raw.post("/meter/meterInstruct", body) == {"code": 1009, "msg": "账号与 token 不符合或没有该接口权限"}
    meters = raw.post("/meter/meterList", raw.authorised())["data"]
    assert next(meter["gate"] for meter in meters if meter["tableNo"] == "202364555511") == "合闸"


def test_1009_the_token_of_another_account(raw: LiveMock) -> None:
    """A token is valid only for the account that it was issued to."""
    body = {"token": raw.session("recharge-only", "123456")["token"], "admin_user_name": USERNAME}
    assert raw.post("/user/getBuildCode", body) == {"code": 1009, "msg": "账号与 token 不符合或没有该接口权限"}


def test_1010_an_order_number_that_was_used(raw: LiveMock) -> None:
    """An order number counts once."""
    body = raw.authorised(user_code="2022040001", total_fee="1.00", out_trade_no="order-1")
    assert raw.post("/user/Prestore", body) == {"code": 200, "msg": "充值成功"}
    assert raw.post("/user/Prestore", body) == {"code": 1010, "msg": "重复订单"}


def test_1011_called_too_fast(raw: LiveMock) -> None:
    """An endpoint takes one call of an account every two seconds; a refused one does not count."""
    body = raw.authorised()
    assert raw.post("/user/getBuildCode", body)["code"] == 200
    raw.clock.advance(1.9)
    assert raw.post("/user/getBuildCode", body) == {"code": 1011, "msg": "访问过快"}
    raw.clock.advance(0.1)
    assert raw.post("/user/getBuildCode", body)["code"] == 200


def test_the_interval_is_counted_for_each_account_and_endpoint(raw: LiveMock) -> None:
    """Other endpoints and other accounts do not wait."""
    body = raw.authorised()
    other = {"token": raw.session("recharge-only", "123456")["token"], "admin_user_name": "recharge-only"}
    responses = [raw.post("/user/getBuildCode", body), raw.post("/user/getAddress", body)]
    responses.append(raw.post("/user/getBuildCode", other))
    assert [response["code"] for response in responses] == [200, 200, 200]


async def test_clients_log_in_by_themselves_once(mock: LiveMock) -> None:
    """The first call logs in, the next ones do not."""
    client = mock.client()
    await client.rows("buildings.list")
    await client.rows("addresses.list")
    assert [entry.operation for entry in mock.world.journal] == ["login", "buildings.list", "addresses.list"]


@pytest.mark.parametrize(
    ("username", "password", "error"),
    [
        ("no-such-account", PASSWORD, UnknownAccount),
        ("web-only", PASSWORD, UnknownAccount),
        (USERNAME, "wrong", WrongPassword),
    ],
)
async def test_refused_logins_are_typed_and_not_repeated(
    mock: LiveMock, username: str, password: str, error: type[Exception]
) -> None:
    """A refused login raises what to correct and is tried once, so that the account is not locked."""
    client = mock.client(username, password)
    with pytest.raises(error):
        await client.login()
    assert len(mock.world.journal.of("login")) == 1


async def test_the_client_logs_in_again_before_two_hours_have_passed(mock: LiveMock) -> None:
    """A call three hours later succeeds, and no expired token is sent."""
    client = mock.client()
    await client.rows("buildings.list")
    mock.clock.advance(3 * 3600)
    await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal] == [200, 200, 200, 200]
    assert len(mock.world.journal.of("login")) == 2


async def test_the_client_logs_in_again_when_the_server_has_forgotten_the_token(mock: LiveMock) -> None:
    """1006 leads to one login and one repetition."""
    client = mock.client()
    await client.rows("buildings.list")
    mock.state.accounts.revoke()
    assert await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200, 1006, 200]


async def test_a_forbidden_endpoint_is_a_permission_error(mock: LiveMock) -> None:
    """1009 raises at once: no second login, no second attempt."""
    client = mock.client("recharge-only", "123456")
    with pytest.raises(PermissionRefused) as caught:
        await client.call("meters.instruct", "202364555511", Instruction.DISCONNECT)
    assert caught.value.code == 1009
    assert [entry.operation for entry in mock.world.journal] == ["login", "meters.instruct"]


async def test_a_missing_parameter_is_typed(mock: LiveMock) -> None:
    """1008 raises ParameterMissing with the server's words."""
    mock.add_fault(ListBuildings, "code", code=1008)
    with pytest.raises(ParameterMissing) as caught:
        await mock.client().rows("buildings.list")
    assert (caught.value.code, caught.value.vendor_message) == (1008, "缺少参数")


async def test_paced_clients_are_never_too_fast_and_unpaced_ones_are(mock: LiveMock) -> None:
    """The pacer keeps the interval; without it 1011 raises TooFast."""
    client = mock.client()
    for _ in range(3):
        await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200] * 3
    moments = [entry.at for entry in mock.world.journal.of("buildings.list")]
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(moments))
    unpaced = mock.client(paced=False)
    with pytest.raises(TooFast):
        await unpaced.rows("buildings.list")
