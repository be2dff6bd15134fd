"""Whatever is sent, the answer is JSON that says what is wrong, and never a 500."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaobiao import jrhsz, water
from chaobiao._contract.fields import fields_of
from chaobiao_mock.app import MAX_BODY

NOT_JSON = {"code": 1001, "msg": "请求体不是合法的 JSON"}
MISSING = {"code": 1008, "msg": "缺少参数"}
NOT_AN_OBJECT = {"code": 1001, "msg": "请求体必须是 JSON 对象"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b'{"a":1,}', NOT_JSON),
        (b'{"a":NaN}', NOT_JSON),
        (b"\xff\xfe", NOT_JSON),
        (b"[" * 200_000, NOT_JSON),
        (b'{"a":' + b"9" * 100_000 + b"}", MISSING),
        (b'{"a":1e99999999999999999999}', MISSING),
        (b"[]", NOT_AN_OBJECT),
        (b'[{"token":"x"}]', NOT_AN_OBJECT),
        (b'"text"', NOT_AN_OBJECT),
        (b"null", NOT_AN_OBJECT),
        (b"{}", MISSING),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_not_a_json_object_is_told_so(http: httpx.Client, content: bytes, answer: dict[str, Any]) -> None:
    """Broken JSON, other JSON, numbers and nestings beyond reason."""
    response = http.post("/user/getBuildCode", content=content, headers=JSON)
    assert (response.status_code, response.json()) == (200, answer)


def test_forms_are_taken(http: httpx.Client, body: dict[str, str]) -> None:
    """A form is as good as JSON, whatever the case of its content type."""
    assert http.post("/user/getBuildCode", data=body).json()["code"] == 200
    content = str(httpx.QueryParams({**body, "address": "一栋一层"})).encode()
    headers = {"content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}
    answer = http.post("/user/addressUserInfo", content=content, headers=headers).json()
    assert len(json.loads(answer["data"])) == 2


@pytest.mark.parametrize("content", [b"", b"&&&==&", b"%ff%zz=%00&token", b"\xff" * 100, b"a=" * 10_000])
def test_broken_forms_lack_parameters(http: httpx.Client, content: bytes) -> None:
    """What can be made of it is not enough."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert http.post("/user/getBuildCode", content=content, headers=headers).json()["code"] == 1008


def test_multipart_is_refused_by_name(http: httpx.Client, body: dict[str, str]) -> None:
    """A form of the wrong kind is told which kind is right."""
    answer = http.post("/user/getBuildCode", data=body, files={"file": b"x"}).json()
    assert answer == {"code": 1001, "msg": "请求体须为 JSON 或 application/x-www-form-urlencoded"}


def test_huge_bodies_are_refused(http: httpx.Client, body: dict[str, str]) -> None:
    """413 above the limit, announced or not; at the limit a body is read."""
    padded = json.dumps({**body, "padding": ""}).encode()
    padded = padded[:-2] + b"x" * (MAX_BODY - len(padded)) + b'"}'
    assert http.post("/user/getBuildCode", content=padded, headers=JSON).json()["code"] == 200
    for content in (padded + b" ", iter([padded, b" "])):
        response = http.post("/user/getBuildCode", content=content, headers=JSON)
        assert response.status_code == 413
        assert response.json() == {"error": f"request body larger than {MAX_BODY} bytes"}


@pytest.mark.parametrize("text", ["\\ud800", "\\udfff\\ud800", "\\u0000", "\\ud83d\\ude00"])
def test_any_text_comes_back_as_json(http: httpx.Client, body: dict[str, str], text: str) -> None:
    """Halves of surrogate pairs, which JSON can hold and UTF-8 cannot, come back as the escapes that they were."""
    content = json.dumps(body)[:-1] + f', "user_code": "{text}"}}'
    response = http.post("/user/GetUserInfo", content=content, headers=JSON)
    resident = json.loads(f'"{text}"')
    assert response.json() == {"code": 1001, "msg": f"用户 {resident} 不存在"}


def test_what_is_wrong_is_named_as_on_the_wire(http: httpx.Client, body: dict[str, str]) -> None:
    """Words about an argument use the name that the caller sent."""
    answer = http.post("/meter/meterList", json={**body, "pageSize": 1001}).json()
    assert answer["code"] == 1001
    assert answer["msg"].startswith("参数 pageSize ")
    answer = http.post("/meter/meterList", json={**body, "pageNo": "one"}).json()
    assert answer == {"code": 1001, "msg": "参数 pageNo 无法解析"}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2023-04-01", "2023-04-01 00:00:00", "0001-01-01", "9999-12-31 23:59:59", "1687709763000"])
    | st.sampled_from(["1", "2", "3", "2026000001", "202600000003", "202600000000,202600000001", "1e400", "-0", "1_0"])
)
VALUES = SCALARS | st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))
NAMES = sorted({field.name for operation in jrhsz.FAMILY.operations for field in fields_of(operation)})
PATHS = [operation.spec.path for operation in jrhsz.FAMILY.operations]
QUERIES = [operation.spec.path for operation in water.FAMILY.operations]
FILTERS = sorted({field.name for operation in water.FAMILY.operations for field in fields_of(operation)})


@settings(max_examples=50, deadline=None)
@given(
    path=st.sampled_from(PATHS) | st.text(max_size=20),
    sent=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), VALUES, max_size=9) | VALUES,
    known=st.booleans(),
)
def test_no_json_is_too_odd(mock_server: Any, http: httpx.Client, path: str, sent: Any, known: bool) -> None:
    """Any JSON at any path, known to the platform or not, is answered in JSON and never with a 500."""
    if known and isinstance(sent, dict):
        token = mock_server.world.states["jrhsz"].accounts.issue(
            mock_server.world.states["jrhsz"].accounts.find("khcs"), only=False
        )
        sent = {**sent, "token": token, "admin_user_name": "khcs"}
    target = path if path in PATHS else "/" + quote(path, safe="")
    response = http.post(target, content=json.dumps(sent).encode(), headers=JSON)
    assert response.status_code < 500
    assert isinstance(response.json(), dict)


@settings(max_examples=50, deadline=None)
@given(
    path=st.sampled_from(QUERIES),
    query=st.dictionaries(st.sampled_from(FILTERS), st.text(max_size=15) | st.integers().map(str), max_size=6),
)
def test_no_query_is_too_odd(mock_server: Any, http: httpx.Client, path: str, query: dict[str, str]) -> None:
    """Any query of the water API is answered in JSON and never with a 500."""
    response = http.get(path, params={name: value.encode("utf-8", "replace").decode() for name, value in query.items()})
    assert response.status_code < 500
    assert isinstance(response.json(), dict)


@settings(max_examples=50, deadline=None)
@given(
    content=st.binary(max_size=200), kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""])
)
def test_no_bytes_are_too_odd(http: httpx.Client, content: bytes, kind: str) -> None:
    """Any bytes under any content type are refused in the platform's own envelope."""
    response = http.post("/user/login", content=content, headers={"content-type": kind})
    assert response.status_code == 200
    assert response.json()["code"] in (1001, 1002, 1008)
