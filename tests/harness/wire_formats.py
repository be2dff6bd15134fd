"""What tests must know of each family's bytes beside its descriptor. A new family is one more entry in ``FORMATS``."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import attrs
import httpx

from chaobiao._contract.family import Family
from tests.harness.samples import sample_named

#: A response of a fake server: JSON, or a whole response with a status and headers of its own.
Body = dict[str, Any] | httpx.Response


@attrs.frozen(kw_only=True)
class WireFormat:
    """How a family wraps what it returns, and how its mock refuses. ``None``: the family has no such thing."""

    #: A success that returns these rows, beside this total (``None``: without one).
    rows: Callable[[Sequence[Any], Any], Body]
    #: The rows of a success, in whichever form it holds them.
    rows_in: Callable[[Mapping[str, Any]], list[Any]]
    #: Whether the JSON of a response is a success.
    succeeded: Callable[[Mapping[str, Any]], bool]
    #: The number of the first page on the wire.
    first_page: int = 1
    #: A success that returns one object.
    object: Callable[[Mapping[str, Any]], Body] | None = None
    #: A success without data, with the server's words.
    acknowledgement: Callable[[str], Body] | None = None
    #: The response to a login that succeeds.
    login: Body | None = None
    #: A refusal that is no fault of the session or the pace, with the server's words.
    refusal: Callable[[str], Body] | None = None
    #: A refusal because the session has ended.
    session_refused: Body | None = None
    #: A refusal because the call came too early.
    too_fast: Body | None = None
    #: What requests carry once a client has logged in, from the login's response.
    session_arguments: Callable[[httpx.Response], dict[str, Any]] = lambda _: {}
    #: The mock's status and JSON for a request that lacks an argument, by the argument's wire name.
    missing: Callable[[str], tuple[int, dict[str, Any]]]
    #: When the mock's world must begin for its documented rows to be those of the samples.
    samples_start: datetime | None = None
    #: Arguments, by client method, with which the mock is asked for a documented row or carries out a documented call
    #: where the sample's own required arguments do not do it.
    mock_arguments: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    #: Wire names, by client method, in which a documented row contradicts itself, so that the mock's has other values.
    contradictions: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


def _jrhsz_rows(rows: Sequence[Any], total: Any) -> Body:
    envelope = {"code": 200, "data": list(rows), "msg": "操作成功"}
    return envelope if total is None else {**envelope, "totalCount": total}


def _jrhsz_rows_in(envelope: Mapping[str, Any]) -> list[Any]:
    data = envelope["data"]
    found = json.loads(data) if isinstance(data, str) else data
    return found if isinstance(found, list) else [found]


def _water_rows(rows: Sequence[Any], total: Any) -> Body:
    return {"data": list(rows)} if total is None else {"data": list(rows), "total": total}


def _energy(data: Any = None, total: Any = None, words: str = "ok") -> Body:
    envelope: dict[str, Any] = {"Err_No": "0", "Err_Msg": words}
    if data is not None:
        envelope["Data"] = data
    return envelope if total is None else {**envelope, "Total_Numbers": total}


def _energy_rows_in(envelope: Mapping[str, Any]) -> list[Any]:
    data = envelope.get("Data") or []
    return list(data) if isinstance(data, list) else [data]


FORMATS: Final[Mapping[str, WireFormat]] = {
    "jrhsz": WireFormat(
        rows=_jrhsz_rows,
        rows_in=_jrhsz_rows_in,
        succeeded=lambda envelope: envelope["code"] == 200,
        object=lambda found: {"code": 200, "data": dict(found), "msg": "操作成功"},
        acknowledgement=lambda words: {"code": 200, "msg": words},
        login=sample_named("jrhsz", "login").response,
        refusal=lambda words: {"code": 1001, "msg": words},
        session_refused={"code": 1007, "msg": "Token 已过期"},
        too_fast={"code": 1011, "msg": "访问过快"},
        session_arguments=lambda response: {
            "token": response.json()["data"],
            "admin_user_name": json.loads(response.request.content)["admin_user_name"],
        },
        missing=lambda name: (200, {"code": 1008, "msg": f"缺少参数 {name}"}),
        samples_start=datetime(2022, 4, 20, 21, 0, 4),
        mock_arguments={
            "meters.latest_readings": {"table_no": "190620833464"},
            "residents.consumption": {"user_code": "2022040002"},
            "recharges.create": {"order_number": "an-order-number-that-is-new"},
        },
    ),
    "water": WireFormat(
        rows=_water_rows,
        rows_in=lambda envelope: list(envelope["data"]),
        succeeded=lambda envelope: "data" in envelope,
        missing=lambda name: (
            400,
            {"error": f"{name} is missing", "error_zh": f"缺少参数 {name}", "parameter": name},
        ),
    ),
    "energy": WireFormat(
        rows=lambda rows, total: _energy(list(rows), total),
        rows_in=_energy_rows_in,
        succeeded=lambda envelope: str(envelope["Err_No"]) == "0",
        first_page=0,
        object=lambda found: _energy(dict(found)),
        acknowledgement=lambda words: _energy(words=words),
        login=sample_named("energy", "login").reply,
        refusal=lambda words: {"Err_No": 4103, "Err_Msg": words},
        session_refused={"Err_No": 4101, "Err_Msg": "用户未登录"},
        too_fast={"Err_No": 4201, "Err_Msg": "请求次数受限"},
        missing=lambda name: (200, {"Err_No": "4103", "Err_Msg": f"缺少参数 {name}"}),
        samples_start=datetime(2019, 4, 2, 8),
        mock_arguments={  # the samples create what the samples of lists show
            "users.register": {"name": "new-user"},
            "machines.create": {"name": "新机器"},
            "meters.create": {"name": "新仪表"},
            "alarms.create": {"name": "新报警"},
            "alarms.delete": {"id": 5},  # the only one without rules
            "alarm_rules.create": {"name": "新规则"},
            "oee_rules.create": {"name": "新规则"},
            "products.create": {"name": "新产品"},
            "batches.create": {"name": "新批次"},
        },
        contradictions={"reports.details": ("Shift_Amounts",)},  # 3000, beside steps of 100
    ),
}


def format_of(family: Family) -> WireFormat:
    """Return a family's entry."""
    return FORMATS[family.name]
