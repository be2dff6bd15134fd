"""Whatever is sent, the response is JSON that says what is wrong, and never HTTP 500."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import fields_of
from chaobiao._wire.arguments import write_arguments
from chaobiao_mock.app import MAX_BODY
from tests.harness.mock_server import LiveMock
from tests.harness.operations import example, for_each_family

NOT_JSON = {"code": 1001, "msg": "请求体不是合法的 JSON"}
MISSING = {"code": 1008, "msg": "缺少参数"}
NOT_AN_OBJECT = {"code": 1001, "msg": "请求体必须是 JSON 对象"}
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content", "expected"),
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
def test_a_body_that_is_no_json_object(http: httpx.Client, content: bytes, expected: dict[str, Any]) -> None:
    """Broken JSON, JSON of another type, and numbers and nestings of excessive size are refused with the reason."""
    response = http.post("/user/getBuildCode", content=content, headers=JSON)
    assert (response.status_code, response.json()) == (200, expected)


def test_forms_are_taken(http: httpx.Client, body: dict[str, str]) -> None:
    """A form is taken like JSON, whatever the case of its content type."""
    assert http.post("/user/getBuildCode", data=body).json()["code"] == 200
    content = str(httpx.QueryParams({**body, "address": "一栋一层"})).encode()
    headers = {"content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}
    found = http.post("/user/addressUserInfo", content=content, headers=headers).json()
    assert len(json.loads(found["data"])) == 2


@pytest.mark.parametrize("content", [b"", b"&&&==&", b"%ff%zz=%00&token", b"\xff" * 100, b"a=" * 10_000])
def test_broken_forms_lack_parameters(http: httpx.Client, content: bytes) -> None:
    """A broken form is a request without its parameters."""
    assert http.post("/user/getBuildCode", content=content, headers=FORM).json()["code"] == 1008


def test_multipart_is_refused_by_name(http: httpx.Client, body: dict[str, str]) -> None:
    """The refusal of a multipart form names the content types that are taken."""
    found = http.post("/user/getBuildCode", data=body, files={"file": b"x"}).json()
    assert found == {"code": 1001, "msg": "请求体须为 JSON 或 application/x-www-form-urlencoded"}


def test_huge_bodies_are_refused(http: httpx.Client, body: dict[str, str]) -> None:
    """413 above the limit, announced or not; at the limit a body is read."""
    padded = json.dumps({**body, "padding": ""}).encode()
    padded = padded[:-2] + b"x" * (MAX_BODY - len(padded)) + b'"}'
    assert http.post("/user/getBuildCode", content=padded, headers=JSON).json()["code"] == 200
    for content in (padded + b" ", iter([padded, b" "])):
        response = http.post("/user/getBuildCode", content=content, headers=JSON)
        assert response.status_code == 413
        assert response.json()["error"] == f"request body larger than {MAX_BODY} bytes"
        assert str(MAX_BODY) in response.json()["error_zh"]


@pytest.mark.parametrize("text", ["\\ud800", "\\udfff\\ud800", "\\ud83d\\ude00"])
def test_any_text_comes_back_as_json(http: httpx.Client, body: dict[str, str], text: str) -> None:
    """Unpaired surrogates, which JSON can hold and UTF-8 cannot, come back as the escapes that they were."""
    content = json.dumps(body)[:-1] + f', "user_code": "{text}"}}'
    response = http.post("/user/GetUserInfo", content=content, headers=JSON)
    resident = json.loads(f'"{text}"')
    assert response.json() == {"code": 1001, "msg": f"用户 {resident} 不存在"}


def test_a_wrong_argument_is_named_by_its_wire_name(http: httpx.Client, body: dict[str, str]) -> None:
    """The words about an argument use the name that the request used."""
    found = http.post("/meter/meterList", json={**body, "pageSize": 1001}).json()
    assert found["code"] == 1001
    assert found["msg"].startswith("参数 pageSize ")
    found = http.post("/meter/meterList", json={**body, "pageNo": "one"}).json()
    assert found == {"code": 1001, "msg": "参数 pageNo 须为不小于 1 的整数，最多 18 位"}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2023-04-01", "2023-04-01 00:00:00", "0001-01-01", "9999-12-31 23:59:59", "1687709763000"])
    | st.sampled_from(["1", "2", "3", "2026000001", "202600000003", "202600000000,202600000001", "1e400", "-0", "1_0"])
    | st.sampled_from(
        ["9" * 5000, 10**4000, "1e2", "NaN", "２０２６", "\x00", "\ud800", ",", "a,,b", "2026-02-30 00:00:00"]
    )
)
VALUES = SCALARS | st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


@for_each_family
def test_no_arguments_are_too_odd(live_mock: Callable[..., LiveMock], family: Family) -> None:
    """Any JSON or query at any endpoint gets JSON and never HTTP 500, complete or not, with and without a login."""
    mock = live_mock(family.name, meters=10)
    times = family.dialect().times
    names = sorted({field.name for kind in family.operations for field in fields_of(kind)})

    @settings(max_examples=120, deadline=None)
    @given(
        kind=st.sampled_from(family.operations),
        odd=st.dictionaries(st.sampled_from(names) | st.text(max_size=5), VALUES, max_size=9),
        complete=st.booleans(),
        logged_in=st.booleans(),
    )
    def check(kind: Kind, odd: dict[str, Any], complete: bool, logged_in: bool) -> None:
        mock.clock.advance(2.0)  # no interval is violated
        session = mock.session() if logged_in else mock.no_session()
        sent = {**(write_arguments(example(kind), times) if complete else {}), **odd}
        if kind.spec.method == "GET":
            response = mock.request(kind, {name: in_utf8(value) for name, value in sent.items()})
        else:
            content = json.dumps({**sent, **session}, default=str).encode()  # an amount as text, a file as nonsense
            response = mock.request(kind, content=content, headers=JSON)
        assert response.status_code < 500
        assert isinstance(response.json(), dict)

    check()


def in_utf8(value: Any) -> str:
    """Return a value as text that can be sent in a query."""
    return str(value).encode("utf-8", "replace").decode()


@settings(max_examples=50, deadline=None)
@given(path=st.text(max_size=20), sent=VALUES)
def test_no_path_is_too_odd(http: httpx.Client, path: str, sent: Any) -> None:
    """Any JSON at any path gets JSON and never HTTP 500."""
    response = http.post("/" + quote(path, safe=""), content=json.dumps(sent).encode(), headers=JSON)
    assert response.status_code < 500
    assert isinstance(response.json(), dict)


def test_no_bytes_are_too_odd(mock: LiveMock, http: httpx.Client) -> None:
    """Any bytes under any content type are refused in the platform's own envelope."""

    @settings(max_examples=50, deadline=None)
    @given(content=st.binary(max_size=200), kind=st.sampled_from([JSON["content-type"], FORM["content-type"], ""]))
    def check(content: bytes, kind: str) -> None:
        response = http.post("/user/login", content=content, headers={"content-type": kind})
        assert response.status_code == 200
        assert response.json()["code"] in (1001, 1002, 1008)

    check()
