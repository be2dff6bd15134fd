"""Requests are read strictly: what a strict server would not accept is refused, in words without Python."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import fields_of
from chaobiao._wire.arguments import write_arguments
from chaobiao._wire.codecs import FILE
from chaobiao._wire.records import codec_of
from chaobiao_mock.arguments import MAX_CODE, MAX_CODES, MAX_TEXT
from tests.harness.mock_server import LiveMock
from tests.harness.operations import example, for_each_family

PAY, RESIDENT, METERS, ONE = "/user/Prestore", "/user/GetUserInfo", "/meter/meterList", "/meter/readMeter"
ROOMS = "/user/addressUserInfo"
HISTORY, COMMAND, USED = "/meter/readMeterList", "/meter/meterInstruct", "/meter/readMeterDataList"
PERIOD = {"BeginDate": "2023-01-01 00:00:00", "EndDate": "2023-02-01 00:00:00", "pageNo": 1, "pageSize": 10}
ORDER = {"user_code": "2026000000", "total_fee": "10.00", "out_trade_no": "order-1"}
AMOUNT = "参数 total_fee 须为大于零、最多两位小数的金额，例如 10.00"
CODE = f"须为文本，最长 {MAX_CODE} 个字符，不含控制字符，首尾无空格"
TIME = "须为时间，格式为 YYYY-MM-DD HH:MM:SS"
CODES = f"须为编号，多个以英文逗号分隔，最多 {MAX_CODES} 个，每个最长 {MAX_CODE} 个字符"
SINGLE = f"须为一个编号，最长 {MAX_CODE} 个字符；该接口一次只接受一个编号，请逐个调用"


@pytest.mark.parametrize(
    ("path", "sent", "refusal"),
    [
        *((PAY, {**ORDER, "total_fee": fee}, AMOUNT) for fee in ("1e2", "１２", " 5", "+5", "0", "-1", "0.001", True)),
        (PAY, {**ORDER, "out_trade_no": "a\x00b"}, f"参数 out_trade_no {CODE}"),
        (PAY, {**ORDER, "out_trade_no": "x" * (MAX_CODE + 1)}, f"参数 out_trade_no {CODE}"),
        (PAY, {**ORDER, "out_trade_no": [1]}, f"参数 out_trade_no {CODE}"),
        (PAY, {**ORDER, "out_trade_no": 5.5}, f"参数 out_trade_no {CODE}"),
        (RESIDENT, {"user_code": "a\nb"}, f"参数 user_code {CODE}"),
        *(
            (METERS, {"pageNo": page}, "参数 pageNo 须为不小于 1 的整数，最多 18 位")
            for page in (5.5, 1.0, "１", "1e2", "0", True)
        ),
        (METERS, {"pageSize": 1001}, "参数 pageSize 须为 1 到 1000 的整数"),
        (HISTORY, {**PERIOD, "BeginDate": "2023-01-01T00:00:00+08:00"}, f"参数 BeginDate {TIME}"),
        (HISTORY, {**PERIOD, "BeginDate": "２０２３-01-01 00:00:00"}, f"参数 BeginDate {TIME}"),
        (HISTORY, {**PERIOD, "EndDate": "2023-02-30 00:00:00"}, f"参数 EndDate {TIME}"),
        (HISTORY, {**PERIOD, "tableNo": ",".join(["1"] * (MAX_CODES + 1))}, f"参数 tableNo {CODES}"),
        (HISTORY, {**PERIOD, "tableNo": "a,,b"}, f"参数 tableNo {CODES}"),
        (ONE, {"tableNo": "1,2"}, f"参数 tableNo {SINGLE}"),
        (COMMAND, {"deviceId": "1", "type": "4"}, "参数 type 须为以下之一：1、2、3"),
        (USED, {**PERIOD, "type": 1.0}, "参数 type 须为以下之一：1、2"),
        (
            "/user/addressUserInfo",
            {"address": "x" * 256},
            f"参数 address 须为文本，最长 {MAX_TEXT} 个字符，不含控制字符",
        ),
    ],
)
def test_what_a_strict_server_refuses(
    http: httpx.Client, body: dict[str, str], path: str, sent: dict[str, Any], refusal: str
) -> None:
    """Each is 1001 with the argument's wire name and the rule, and without the value."""
    assert http.post(path, json={**body, **sent}).json() == {"code": 1001, "msg": refusal}


@pytest.mark.parametrize("fee", ["10.00", "0.01", 10, 10.5])
def test_what_is_accepted(http: httpx.Client, body: dict[str, str], fee: Any) -> None:
    """Text as in the sample, and the JSON number of the same amount; an order number of the longest length."""
    sent = {**ORDER, "total_fee": fee, "out_trade_no": "x" * MAX_CODE}
    assert http.post(PAY, json={**body, **sent}).json()["code"] == 200


def test_a_form_of_too_many_fields(http: httpx.Client) -> None:
    """It is refused before it is read, because reading half a megabyte of them would hold other requests."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    found = http.post(METERS, content="a=1&" * 1_001, headers=form).json()
    assert found == {"code": 1001, "msg": "表单字段过多，最多 1000 个"}


@pytest.mark.parametrize("token", ["[1]", "5.5", "true", "9" * 5000, '{"a":1}'])
def test_a_token_of_another_type_is_unknown(http: httpx.Client, token: str) -> None:
    """A token that is no text is one that was never issued."""
    response = http.post(METERS, content=f'{{"admin_user_name":"khcs","token":{token}}}')
    assert response.json()["code"] == 1006


#: What only Python says: types, values of Python, exceptions.
PYTHON = re.compile(
    r"Decimal|datetime|\b(True|False|None|str|int|dict)\b|Traceback|Error|object at 0x|\.py\b|\\x|Enum|<"
)
ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["1e2", "１２", "\x00", "a\tb", "x" * 300, "9" * 5000, "0001-01-01 00:00:00", " 1", "1_0", "-0", ","]
    )
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)


@for_each_family
def test_refusals_say_name_and_rule_without_python(live_mock: Callable[..., LiveMock], family: Family) -> None:
    """Any odd argument at any endpoint is carried out, or refused by its wire name, without Python and the value."""
    mock = live_mock(family.name, meters=10)
    times = family.dialect().times
    with_arguments = [
        kind
        for kind in family.operations
        if fields_of(kind) and all(codec_of(field) is not FILE for field in fields_of(kind))
    ]

    @settings(max_examples=150, deadline=None)
    @given(kind=st.sampled_from(with_arguments), data=st.data())
    def check(kind: Kind, data: st.DataObject) -> None:
        mock.clock.advance(2.0)  # no interval is violated
        name = data.draw(st.sampled_from([field.name for field in fields_of(kind)]))
        odd = data.draw(ODD)
        arguments = {**write_arguments(example(kind), times), **mock.session(), name: odd}
        if kind.spec.method == "GET":
            query = {key: str(value).encode("utf-8", "replace").decode() for key, value in arguments.items()}
            response = mock.request(kind, query)
        else:
            response = mock.request(kind, content=json.dumps(arguments, default=str).encode())
        found = response.json()
        words = "".join(found.get(key, "") for key in ("msg", "Err_Msg", "error", "error_zh"))
        wrong = found.get("code") == 1001 or found.get("Err_No") == "4103"
        if wrong and "不存在" in words:
            return  # an unknown resident, meter or device, which is named
        assert not PYTHON.search(words), words
        assert len(words) < 300
        if response.status_code == 400 or wrong:  # a value that is well-formed may contradict another argument
            well_formed = isinstance(odd, int | str)
            assert name in words or (well_formed and any(field.name in words for field in fields_of(kind)))

    check()


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["clock", "faults"]),
    sent=st.dictionaries(
        st.sampled_from(
            ["advance", "operation", "kind", "times", "code", "status", "size", "phase", "nth", "seconds", "rate"]
        ),
        ODD | st.sampled_from([PAY, "cut", "status"]),
    ),
)
def test_the_admin_endpoints_speak_without_python(http: httpx.Client, path: str, sent: dict[str, Any]) -> None:
    """A wrong value is HTTP 400 with the name and the rule in two languages; it never quotes Python."""
    response = http.post(f"/__mock__/{path}", content=json.dumps(sent).encode())
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        found = response.json()
        assert not PYTHON.search(found["error"] + found["error_zh"])
        assert any(name in found["error"] for name in ("advance", "operation", "kind", *sent))
        assert re.search("[一-鿿]", found["error_zh"])
    http.post("/__mock__/reset")
