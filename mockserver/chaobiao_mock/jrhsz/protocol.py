"""The protocol of the prepaid platform: from a request's body to a response's envelope."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import TimeStyle
from chaobiao._contract.operation import Effect, Page
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao.jrhsz import CODES, GetResident, ListAddresses, ListBuildings, ListLatestReadings, Login
from chaobiao_mock.arguments import MAX_TEXT, WrongArgument, read_strictly
from chaobiao_mock.errors import Refused
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.jrhsz.serializer import serialize
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.registry import Arguments, Call, Handler, Reply

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: The most fields of a form.
_MAX_FIELDS: Final = 1_000
#: The messages of successful responses in the samples, where they are not 操作成功.
_SUCCESS_MESSAGES: Final = {
    Login: "登录成功",
    GetResident: "获取成功",
    ListBuildings: "操作成功!",
    ListAddresses: "操作成功!",
}


class JrhszProtocol:
    """Tokens, intervals, arguments and envelopes. Every response is HTTP 200; its code says whether it succeeded."""

    session_names = frozenset({"token", "admin_user_name", "api_password"})
    meter_names = frozenset({"tableNo", "deviceId"})
    times: TimeStyle = "datetime"

    def read(self, state: JrhszState, call: Call) -> Arguments:
        try:
            values = _arguments_of(call)
        except Refused as refused:
            return Arguments(refused=refused)
        return Arguments(values, _account_of(values))

    def respond(self, state: JrhszState, call: Call, arguments: Arguments, handlers: Mapping[Kind, Handler]) -> Reply:
        try:
            if arguments.refused is not None:
                raise arguments.refused
            return self._execute(state, call.operation, arguments, handlers)
        except Refused as refused:
            return self.refusal(state, refused.code, refused.message)

    def refusal(self, state: JrhszState, code: int, message: str | None = None) -> Reply:
        meaning, meaning_zh = CODES[code][2:] if code in CODES else ("system error", "系统异常")
        sent = str(code) if state.quirks.code == "text" else code
        reason = (meaning, f"{meaning_zh}：{message}" if message else meaning_zh)
        return Reply({"code": sent, "msg": message or meaning_zh}, code, reason=reason)

    def revoke(self, state: JrhszState, account: str) -> None:
        state.accounts.revoke(account)

    def _execute(self, state: JrhszState, operation: Kind, given: Arguments, handlers: Mapping[Kind, Handler]) -> Reply:
        arguments, username = given.values, given.account
        is_login = operation.spec.effect is Effect.SESSION
        if not is_login:
            token = arguments.get("token")
            if not token or not username:
                raise Refused(1008)
            code = state.accounts.check_token(
                token if isinstance(token, str) else "", username, 1009 if state.quirks.sessions == "one-1009" else 1006
            )
            if code != 200:
                raise Refused(code)
            account = state.accounts.find(username)
            if account is not None and operation.spec.path in account.forbidden:
                raise Refused(1009)
        interval = _interval(state, operation)
        if not state.keeps_interval(username, operation.spec.path, interval):
            raise Refused(1011)
        try:
            request = read_strictly(operation, _with_whole_day(state.quirks, arguments), self.times)
        except WrongArgument as error:
            raise Refused(1008 if error.missing else 1001, error.chinese) from None
        state.settle()
        value = handlers[operation](state, request)
        return Reply(_envelope(state, operation, request, value), 200)


def _account_of(arguments: Mapping[str, Any]) -> str:
    """Return the account for the journal and the intervals; none where no account can have such a name."""
    name = arguments.get("admin_user_name")
    return name if isinstance(name, str) and len(name) <= MAX_TEXT else ""


def _with_whole_day(quirks: JrhszQuirks, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let a period whose end has no time of day end with that day."""
    end = arguments.get("EndDate")
    if quirks.date_end == "day" and isinstance(end, str) and _DATE.fullmatch(end):
        return {**arguments, "EndDate": f"{end} 23:59:59"}
    return arguments


def _arguments_of(call: Call) -> Mapping[str, Any]:
    """Read the arguments from JSON or from a form."""
    kind = call.content_type.lower()
    if kind.startswith("multipart/"):
        raise Refused(1001, "请求体须为 JSON 或 application/x-www-form-urlencoded")
    if kind.startswith("application/x-www-form-urlencoded"):
        try:
            return dict(parse_qsl(call.body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS))
        except ValueError:
            raise Refused(1001, f"表单字段过多，最多 {_MAX_FIELDS} 个") from None
    try:
        found = parse_json(call.body)
    except MalformedJson:
        raise Refused(1001, "请求体不是合法的 JSON") from None
    if not isinstance(found, dict):
        raise Refused(1001, "请求体必须是 JSON 对象")
    return found


def _interval(state: JrhszState, operation: Kind) -> float | None:
    """Return the enforced interval of an operation, in seconds, or ``None``."""
    effect = operation.spec.effect
    if effect is Effect.SESSION and state.quirks.login_paced == "no":
        return None
    if effect is Effect.MONEY:
        return 2.0 if state.quirks.recharge_paced == "yes" else None
    return operation.spec.interval


def _envelope(state: JrhszState, operation: Kind, request: Any, value: Any) -> dict[str, Any]:
    quirks = state.quirks
    envelope: dict[str, Any] = {"code": "200" if quirks.code == "text" else 200}
    if isinstance(value, str):
        envelope["data"] = value
    elif isinstance(value, Page):
        rows = serialize(operation, quirks, value)
        single = quirks.single_row == "object" and len(rows) == 1 and _is_shown_as_object(operation, request)
        data: Any = rows[0] if single else rows
        in_text = quirks.data == "text" or (
            quirks.data == "documented" and operation.spec.section.startswith("recharge")
        )
        envelope["data"] = json.dumps(data, ensure_ascii=False, separators=(",", ":")) if in_text else data
    envelope["msg"] = _SUCCESS_MESSAGES.get(operation) or (
        "充值成功" if operation.spec.effect is Effect.MONEY else "操作成功"
    )
    if isinstance(value, Page) and value.total is not None and quirks.total != "none":
        envelope["totalCount"] = {"all": value.total, "page": len(value), "one": 1, "more": value.total + 51}[
            quirks.total
        ]
    return envelope


def _is_shown_as_object(operation: Kind, request: Any) -> bool:
    """Tell whether the documents show a single row as an object instead of a list."""
    return operation is GetResident or (operation is ListLatestReadings and request.table_no is not None)
