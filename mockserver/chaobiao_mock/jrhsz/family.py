"""How the prepaid platform's answers are wrapped: from a raw request to the envelope."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from chaobiao.errors import InvalidArgument
from chaobiao.jrhsz import CODES, OPERATIONS, GetResident, ListConsumption, ListLatestReadings, ListMeters, Login
from chaobiao.operation import Effect, Operation, Page
from chaobiao.wire import MalformedJson, parse_json, read_arguments, write_record
from chaobiao_mock.jrhsz import instructions, meters, recharges, residents  # noqa: F401  # they register their handlers
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.serves import HANDLERS, Call, Reply

_OK: Final = {Login: "登录成功", GetResident: "获取成功"}


class JrhszFamily:
    """The prepaid platform's protocol."""

    operations = OPERATIONS

    def answer(self, state: JrhszState, call: Call) -> Reply:
        arguments: Mapping[str, Any] = {}
        try:
            arguments = _arguments(call)
            return self._carry_out(state, call.operation, arguments)
        except Refused as refused:
            account = arguments.get("admin_user_name")
            return self.refusal(
                refused.code, refused.words, state.play.code, account if isinstance(account, str) else ""
            )

    def refusal(self, code: int, words: str | None = None, form: str = "number", account: str = "") -> Reply:
        meaning = CODES[code][3] if code in CODES else "系统异常"
        return Reply({"code": str(code) if form == "text" else code, "msg": words or meaning}, code, account)

    def _carry_out(self, state: JrhszState, operation: type[Operation[Any]], arguments: Mapping[str, Any]) -> Reply:
        username = arguments.get("admin_user_name")
        is_login = operation.spec.effect is Effect.SESSION
        if not is_login:
            token = arguments.get("token")
            if not token or not username:
                raise Refused(1008)
            code = state.accounts.judge(str(token), str(username), 1009 if state.play.sessions == "one-1009" else 1006)
            if code != 200:
                raise Refused(code)
            account = state.accounts.find(str(username))
            if account is not None and operation.spec.path in account.forbidden:
                raise Refused(1009)
        interval = _interval(state, operation)
        if not state.keep_interval(str(username), operation.spec.path, interval):
            raise Refused(1011)
        try:
            request = read_arguments(operation, arguments)
        except InvalidArgument as error:
            missing = error.message.endswith("is missing")
            raise Refused(1008 if missing else 1001, f"{error.message_zh}") from None
        value = HANDLERS[operation](state, request)
        return Reply(_envelope(state, operation, request, value), 200, str(username))


def _arguments(call: Call) -> Mapping[str, Any]:
    """Take JSON and forms alike."""
    if "form" in call.content_type:
        return dict(parse_qsl(call.body.decode("utf-8", "replace")))
    try:
        found = parse_json(call.body)
    except MalformedJson:
        raise Refused(1001, "请求体不是合法的 JSON") from None
    if not isinstance(found, dict):
        raise Refused(1001, "请求体必须是 JSON 对象")
    return found


def _interval(state: JrhszState, operation: type[Operation[Any]]) -> float | None:
    effect = operation.spec.effect
    if effect is Effect.SESSION and state.play.login_paced == "no":
        return None
    if effect is Effect.MONEY:
        return 2.0 if state.play.recharge_paced == "yes" else None
    return operation.spec.interval


def _envelope(state: JrhszState, operation: type[Operation[Any]], request: Any, value: Any) -> dict[str, Any]:
    play = state.play
    envelope: dict[str, Any] = {"code": "200" if play.code == "text" else 200}
    if isinstance(value, str):
        envelope["data"] = value
    elif isinstance(value, Page):
        rows = [_row(operation, play, write_record(row)) for row in value]
        single = play.single_row == "object" and len(rows) == 1 and _shown_single(operation, request)
        data: Any = rows[0] if single else rows
        in_text = play.data == "text" or (play.data == "documented" and operation.spec.section.startswith("recharge"))
        envelope["data"] = json.dumps(data, ensure_ascii=False, separators=(",", ":")) if in_text else data
    envelope["msg"] = _OK.get(operation) or ("充值成功" if operation.spec.effect is Effect.MONEY else "操作成功")
    if isinstance(value, Page) and value.total is not None and play.total != "none":
        envelope["totalCount"] = {"all": value.total, "page": len(value), "one": 1}[play.total]
    return envelope


def _shown_single(operation: type[Operation[Any]], request: Any) -> bool:
    return operation is GetResident or (operation is ListLatestReadings and request.table_no is not None)


def _row(operation: type[Operation[Any]], play: Any, row: dict[str, Any]) -> dict[str, Any]:
    """Spell a row as the play wants it, leaving out what it does not have."""
    written = {name: value for name, value in row.items() if value is not None}
    if operation is ListConsumption and play.amount_key == "amount" and "amout" in written:
        written["amount"] = written.pop("amout")
    if operation is ListMeters and play.kind_key == "typeType" and "tableType" in written:
        written["typeType"] = written.pop("tableType")
    return written
