"""Logging in, and what the platform answers to tokens: first as raw answers, then as clients meet them."""

import base64
import itertools
import json
from typing import Any

import pytest

from chaobiao import ParameterMissing, PermissionRefused, TooFast, UnknownAccount, WrongPassword
from chaobiao.jrhsz import Instruction
from chaobiao_mock import Fault
from tests.jrhsz.platform import PASSWORD, USERNAME, Platform

TWO_HOURS = 2 * 3600


def login(username: str, password: str) -> dict[str, Any]:
    """The body of a login."""
    return {"admin_user_name": username, "api_password": password}


def test_the_token_has_the_documented_form(raw: Platform) -> None:
    """A token is base64 of account, password and time: at the sample's time it is the sample's token."""
    raw.begin(start="2023-04-06 17:28:07")
    assert raw.post("/user/login", login(USERNAME, PASSWORD)) == {
        "code": 200,
        "data": "eyJhZG1pbl91c2VyX25hbWUiOiJraGNzIiwiYXBpX3Bhc3N3b3JkIjoiMTIzNDU2IiwidGltZSI6MTY4MDc3MzI4N30=",
        "msg": "登录成功",
    }


def test_the_token_holds_what_was_sent(raw: Platform) -> None:
    """Whoever reads a token reads the password."""
    held = json.loads(base64.b64decode(raw.token()))
    assert held == {"admin_user_name": USERNAME, "api_password": PASSWORD, "time": int(raw.now.timestamp())}


@pytest.mark.parametrize("username", ["nobody", "web-only"])
def test_1002_no_account_or_no_right_to_the_api(raw: Platform, username: str) -> None:
    """An unknown account and one without API permission are answered alike."""
    answer = raw.post("/user/login", login(username, PASSWORD))
    assert answer == {"code": 1002, "msg": "账号不存在或没有 API 权限"}


def test_1005_wrong_password(raw: Platform) -> None:
    """A wrong password is told from an unknown account."""
    assert raw.post("/user/login", login(USERNAME, "654321")) == {"code": 1005, "msg": "密码错误"}


def test_1006_unknown_token(raw: Platform) -> None:
    """A token that was never issued does not exist."""
    body = {"token": "bm90IGEgdG9rZW4=", "admin_user_name": USERNAME}
    assert raw.post("/user/getBuildCode", body) == {"code": 1006, "msg": "Token 不存在"}


def test_1007_after_two_hours(raw: Platform) -> None:
    """A token is good for two hours, to the second, counted from its issue and not from its last use."""
    body = raw.authorised()
    raw.clock.advance(TWO_HOURS - 2)
    assert raw.post("/user/getBuildCode", body)["code"] == 200
    raw.clock.advance(2)
    assert raw.post("/user/getBuildCode", body) == {"code": 1007, "msg": "Token 已过期"}


@pytest.mark.parametrize("left_out", ["token", "admin_user_name"])
@pytest.mark.parametrize("how", ["absent", "empty", "null"])
def test_1008_without_token_or_account(raw: Platform, left_out: str, how: str) -> None:
    """Token and account belong in every body but login's, and neither may be empty."""
    body = raw.authorised()
    del body[left_out]
    if how != "absent":
        body[left_out] = "" if how == "empty" else None
    assert raw.post("/user/getBuildCode", body) == {"code": 1008, "msg": "缺少参数"}


@pytest.mark.parametrize("left_out", ["admin_user_name", "api_password"])
def test_1008_login_without_account_or_password(raw: Platform, left_out: str) -> None:
    """A login names both; the answer says which is missing."""
    body = login(USERNAME, PASSWORD)
    del body[left_out]
    assert raw.post("/user/login", body) == {"code": 1008, "msg": f"缺少参数 {left_out}"}


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("/user/GetUserInfo", "user_code"),
        ("/user/Prestore", "user_code"),
        ("/user/Prestore", "total_fee"),
        ("/user/Prestore", "out_trade_no"),
        ("/user/GetPaymentList", "user_code"),
        ("/user/GetPaymentList", "BeginDate"),
        ("/user/GetConsumenList", "EndDate"),
        ("/user/addressUserInfo", "address"),
        ("/meter/readMeterList", "pageNo"),
        ("/meter/readMeterDataList", "type"),
        ("/meter/meterInstruct", "deviceId"),
        ("/meter/meterInstruct", "type"),
        ("/meter/peaksValleysRead", "pageSize"),
        ("/meter/cameraRead", "EndDate"),
    ],
)
def test_1008_without_a_required_parameter(raw: Platform, path: str, left_out: str) -> None:
    """What a table calls required is missed when it is not there, and named."""
    body = raw.authorised(
        user_code="2022040001",
        total_fee="1.00",
        out_trade_no="order-1",
        BeginDate="2023-04-01 00:00:00",
        EndDate="2023-05-01 00:00:00",
        pageNo=1,
        pageSize=10,
        address="一栋一层",
        deviceId="202005005292",
        type="1",
    )
    assert raw.post(path, body)["code"] == 200
    raw.clock.advance(2)
    body["out_trade_no"] = "order-2"
    del body[left_out]
    assert raw.post(path, body) == {"code": 1008, "msg": f"缺少参数 {left_out}"}


def test_1009_an_endpoint_that_the_account_may_not_use(raw: Platform) -> None:
    """An account for recharges may not give commands, and nothing happens when it tries."""
    token = raw.token("recharge-only", "123456")
    body = {"token": token, "admin_user_name": "recharge-only", "deviceId": "202364555511", "type": "1"}
    assert raw.post("/meter/meterInstruct", body) == {"code": 1009, "msg": "账号与 token 不符合或没有该接口权限"}
    meters = raw.post("/meter/meterList", raw.authorised())["data"]
    assert next(meter["gate"] for meter in meters if meter["tableNo"] == "202364555511") == "合闸"


def test_1009_the_token_of_somebody_else(raw: Platform) -> None:
    """A token goes with the account that it was issued to."""
    body = {"token": raw.token("recharge-only", "123456"), "admin_user_name": USERNAME}
    assert raw.post("/user/getBuildCode", body) == {"code": 1009, "msg": "账号与 token 不符合或没有该接口权限"}


def test_1010_an_order_number_that_was_used(raw: Platform) -> None:
    """An order number counts once."""
    body = raw.authorised(user_code="2022040001", total_fee="1.00", out_trade_no="order-1")
    assert raw.post("/user/Prestore", body) == {"code": 200, "msg": "充值成功"}
    assert raw.post("/user/Prestore", body) == {"code": 1010, "msg": "重复订单"}


def test_1011_called_too_fast(raw: Platform) -> None:
    """An endpoint takes an account's call every two seconds; what it refused does not count as a call."""
    body = raw.authorised()
    assert raw.post("/user/getBuildCode", body)["code"] == 200
    raw.clock.advance(1.9)
    assert raw.post("/user/getBuildCode", body) == {"code": 1011, "msg": "访问过快"}
    raw.clock.advance(0.1)
    assert raw.post("/user/getBuildCode", body)["code"] == 200


def test_the_interval_is_each_account_s_and_each_endpoint_s(raw: Platform) -> None:
    """Other endpoints and other accounts are not held up."""
    body = raw.authorised()
    other = {"token": raw.token("recharge-only", "123456"), "admin_user_name": "recharge-only"}
    answers = [raw.post("/user/getBuildCode", body), raw.post("/user/getAddress", body)]
    answers.append(raw.post("/user/getBuildCode", other))
    assert [answer["code"] for answer in answers] == [200, 200, 200]


async def test_clients_log_in_by_themselves_and_once(platform: Platform) -> None:
    """The first call logs in, the next ones do not."""
    client = platform.client()
    await client.rows("buildings.list")
    await client.rows("addresses.list")
    assert [entry.operation for entry in platform.world.journal] == ["login", "buildings.list", "addresses.list"]


@pytest.mark.parametrize(
    ("username", "password", "error"),
    [("nobody", PASSWORD, UnknownAccount), ("web-only", PASSWORD, UnknownAccount), (USERNAME, "wrong", WrongPassword)],
)
async def test_refused_logins_are_typed_and_not_repeated(
    platform: Platform, username: str, password: str, error: type[Exception]
) -> None:
    """A refused login raises what to correct, and is tried once, lest the account be locked."""
    client = platform.client(username, password)
    with pytest.raises(error):
        await client.call("login")
    assert len(platform.world.journal.of("login")) == 1


async def test_the_client_logs_in_anew_before_two_hours_are_over(platform: Platform) -> None:
    """A call three hours later succeeds without ever showing the server an expired token."""
    client = platform.client()
    await client.rows("buildings.list")
    platform.clock.advance(3 * 3600)
    await client.rows("buildings.list")
    assert [entry.code for entry in platform.world.journal] == [200, 200, 200, 200]
    assert len(platform.world.journal.of("login")) == 2


async def test_the_client_logs_in_anew_when_the_server_forgot_the_token(platform: Platform) -> None:
    """1006 leads to one login and one repetition."""
    client = platform.client()
    await client.rows("buildings.list")
    platform.world.states["jrhsz"].accounts.revoke()
    assert await client.rows("buildings.list")
    assert [entry.code for entry in platform.world.journal.of("buildings.list")] == [200, 1006, 200]


async def test_a_forbidden_endpoint_is_a_permission_error(platform: Platform) -> None:
    """1009 raises at once: no second login, no second attempt."""
    client = platform.client("recharge-only", "123456")
    with pytest.raises(PermissionRefused) as caught:
        await client.call("meters.instruct", "202364555511", Instruction.DISCONNECT)
    assert caught.value.code == 1009
    assert [entry.operation for entry in platform.world.journal] == ["login", "meters.instruct"]


async def test_a_missing_parameter_is_typed(platform: Platform) -> None:
    """1008 raises ParameterMissing with the server's own words."""
    platform.world.faults.add(Fault("/user/getBuildCode", "code", code=1008))
    with pytest.raises(ParameterMissing) as caught:
        await platform.client().rows("buildings.list")
    assert (caught.value.code, caught.value.vendor_message) == (1008, "缺少参数")


async def test_paced_clients_are_never_too_fast_and_unpaced_ones_see_it(platform: Platform) -> None:
    """The pacer keeps the interval; without it 1011 is TooFast."""
    client = platform.client()
    for _ in range(3):
        await client.rows("buildings.list")
    assert [entry.code for entry in platform.world.journal.of("buildings.list")] == [200] * 3
    moments = [entry.at for entry in platform.world.journal.of("buildings.list")]
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(moments))
    hurried = platform.client(paced=False)
    with pytest.raises(TooFast):
        await hurried.rows("buildings.list")
