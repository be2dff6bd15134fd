"""Documented responses fit the described envelopes; broken ones do not."""

import json
from copy import deepcopy
from typing import Any

import pytest

from chaobiao.jrhsz import FAMILY as JRHSZ
from tests.openapi.described import Document, problems, validator

ROWS = [
    {
        "project_code": "zc",
        "deviceId": "202005005292",
        "deviceName": "202005005292",
        "tableNo": "202005005292",
        "tableAddress": "7栋",
        "tableType": "2",
        "onlineAt": "2023-07-14 10:00:08",
        "netStatis": "不在线",
        "gate": "跳闸",
        "user_code": "ceshi1",
        "user_name": "ceshi1",
        "house_number": "位置1",
    }
]
METERS = {"code": 200, "data": ROWS, "msg": "操作成功", "totalCount": 3}
LATEST = {
    "code": 200,
    "data": {
        "deviceId": "190620833464",
        "tableNo": "190620833464",
        "reading": "346.90",
        "readTime": "2023-04-22 10:31:53",
        "gate": "跳闸",
    },
    "msg": "操作成功",
    "totalCount": 52,
}
PAYMENTS: Document = {
    "code": 200,
    "data": '[{"out_trade_no":"jrh2023030716084144045","total_fee":"10.00","trade_type":"微信充值",'
    '"create_time":"2023-04-06 13:39:21"}]',
    "msg": "操作成功",
    "totalCount": 2,
}
CONSUMPTION = {
    "code": 200,
    "data": [{"tableNo": "202005004869", "reading": "71.00", "dosage": "0", "amout": "0", "type": 1}],
    "totalCount": 1,
}
REGIONS = {
    "data": [
        {
            "id": 1212,
            "name": "山东省",
            "children": [
                {"id": 1215, "name": "烟台市", "children": None},
                {"id": 1217, "name": "青岛市", "children": None},
            ],
        }
    ]
}
SCHEDULES = {
    "data": [
        {
            "user_code": "234567890",
            "user_name": "Raephel",
            "water_meter_number": "78",
            "operation_type": "操作类型",
            "execution_status": "执行状态",
            "execution_count": "执行次数",
            "created_at": "1687709763000",
            "execution_time": "6767",
        }
    ],
    "total": 100,
}
FLOWS = {
    "data": [{"username": "张三", "balance": 100, "created_at": "1687709763000", "last_month_flow": 100}],
    "total": 100,
}


@pytest.mark.parametrize(
    ("family", "operation", "response"),
    [
        ("jrhsz", "ListMeters", METERS),
        ("jrhsz", "ListMeters", {**METERS, "data": json.dumps(ROWS, ensure_ascii=False)}),
        ("jrhsz", "ListLatestReadings", LATEST),
        ("jrhsz", "ListRecharges", PAYMENTS),
        ("jrhsz", "ListConsumption", CONSUMPTION),
        ("jrhsz", "Login", {"code": "200", "data": "eyJ0aW1lIjoxfQ==", "msg": "登录成功"}),
        ("jrhsz", "Recharge", {"code": 200, "msg": "充值成功"}),
        ("water", "ListRegions", REGIONS),
        ("water", "ListSchedules", SCHEDULES),
        ("water", "ListFlows", FLOWS),
        ("water", "ListFlows", {"data": None, "total": "0"}),
    ],
)
def test_documented_responses_fit(documents: dict[str, Document], family: str, operation: str, response: Any) -> None:
    """The vendor's samples are valid responses, whichever form their data has."""
    assert problems(documents[family], f"{operation}Response", response) == []


@pytest.mark.parametrize(
    ("family", "operation", "response", "path", "value"),
    [
        ("jrhsz", "ListMeters", METERS, ("code",), None),
        ("jrhsz", "ListMeters", METERS, ("code",), "ok"),
        ("jrhsz", "ListMeters", METERS, ("data",), 7),
        ("jrhsz", "ListMeters", METERS, ("data", 0, "onlineAt"), "yesterday"),
        ("jrhsz", "ListMeters", METERS, ("data", 0, "tableType"), "水表"),
        ("jrhsz", "ListMeters", METERS, ("data", 0, "gate"), ["跳闸"]),
        ("jrhsz", "ListLatestReadings", LATEST, ("data", "reading"), "a lot"),
        ("jrhsz", "ListLatestReadings", LATEST, ("totalCount",), "many"),
        ("water", "ListRegions", REGIONS, ("data",), "[]"),
        ("water", "ListRegions", REGIONS, ("data", 0, "children", 1, "children"), [{"id": 1.5}]),
        ("water", "ListFlows", FLOWS, ("data", 0, "created_at"), "2023-06-26 00:16:03"),
        ("water", "ListFlows", FLOWS, ("data", 0, "balance"), "much"),
    ],
)
def test_one_wrong_value_spoils_a_response(
    documents: dict[str, Document], family: str, operation: str, response: Any, path: tuple[Any, ...], value: Any
) -> None:
    """Each documented response stops being one when a single value in it takes a wrong form."""
    broken = deepcopy(response)
    inside = broken
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    assert problems(documents[family], f"{operation}Response", broken)


def test_refusals_fit_every_return_type_the_prepaid_platform(jrhsz: Document) -> None:
    """A refusal is a code and words, without data, whatever was asked; without a code it is no response."""
    responses = [name for name in jrhsz["components"]["schemas"] if name.endswith("Response")]
    assert len(responses) == len(JRHSZ.operations)
    for name in responses:
        assert problems(jrhsz, name, {"code": 1011, "msg": "访问过快"}) == []
        assert problems(jrhsz, name, {"code": "1006"}) == []
        assert problems(jrhsz, name, {"msg": "访问过快"})


def test_text_in_data_is_described_like_data_itself(jrhsz: Document) -> None:
    """The JSON text that data may hold has a schema, which tells right rows from wrong ones."""
    forms = jrhsz["components"]["schemas"]["ListRechargesResponse"]["properties"]["data"]["anyOf"]
    (text,) = (form for form in forms if form.get("contentMediaType") == "application/json")
    inside = validator(jrhsz, text["contentSchema"])
    rows = json.loads(PAYMENTS["data"])
    assert inside.is_valid(rows)
    assert inside.is_valid(rows[0])
    assert not inside.is_valid([{**rows[0], "total_fee": "ten"}])


def test_responses_may_lack_fields_and_have_others(jrhsz: Document) -> None:
    """Every field of a record may be missing, null or unknown."""
    assert problems(jrhsz, "Meter", {}) == []
    assert problems(jrhsz, "Meter", dict.fromkeys(ROWS[0])) == []
    assert problems(jrhsz, "Meter", {"newField": {"a": 1}}) == []
