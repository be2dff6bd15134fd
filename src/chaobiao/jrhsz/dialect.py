"""The dialect of the prepaid platform: envelope, token, codes, and switches for what its two documents leave open."""

from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect, page_of, unreadable, whole_number
from chaobiao._call.messages import Accepted, Rejected, Request, Verdict
from chaobiao._call.options import Credentials
from chaobiao._call.retry import Outcome
from chaobiao._contract.operation import Acknowledgement, Effect, Operation, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao._wire.arguments import write_arguments
from chaobiao._wire.json_text import Conflict, MalformedJson, parse_json, write_json
from chaobiao.errors import (
    ChaobiaoError,
    DuplicateOrder,
    OperationFailed,
    ParameterMissing,
    PermissionRefused,
    SessionRefused,
    TooFast,
    UnknownAccount,
    UnknownCode,
    WrongPassword,
)
from chaobiao.jrhsz.login import Login

#: The documented codes: outcome, error class, and meaning in English and Chinese.
CODES: Final[dict[int, tuple[Outcome, type[ChaobiaoError], str, str]]] = {
    1001: (Outcome.REFUSED, OperationFailed, "the operation failed", "失败"),
    1002: (Outcome.REFUSED, UnknownAccount, "no such account, or no API permission", "账号不存在或没有 API 权限"),
    1005: (Outcome.REFUSED, WrongPassword, "the password is wrong", "密码错误"),
    1006: (Outcome.SESSION, SessionRefused, "the token does not exist", "Token 不存在"),
    1007: (Outcome.SESSION, SessionRefused, "the token has expired", "Token 已过期"),
    1008: (Outcome.REFUSED, ParameterMissing, "a parameter is missing", "缺少参数"),
    1009: (
        Outcome.REFUSED,
        PermissionRefused,
        "the account does not match the token, or has no permission for this endpoint",
        "账号与 token 不符合或没有该接口权限",
    ),
    1010: (Outcome.REFUSED, DuplicateOrder, "the order number was used before", "重复订单"),
    1011: (Outcome.TOO_FAST, TooFast, "called too fast", "访问过快"),
}


#: What to do, where it is more than for other families.
_HINTS: Final[dict[type[ChaobiaoError], tuple[str, str]]] = {
    WrongPassword: (
        "Use the API password (api_password) of the account, which may differ from the web password.",
        "请使用该账号的 API 密码（api_password），它可能与网页登录密码不同。",
    ),
    PermissionRefused: (
        "Ask the operator for the right to this endpoint; if another process shares this account, see relogin_on_1009.",
        "请联系平台方开通该接口权限；若其他进程共用该账号，请参见 relogin_on_1009。",
    ),
}


@attrs.frozen(kw_only=True)
class JrhszDialect(Dialect):
    """Switches for what the prepaid platform's documents leave open; the defaults are the safest interpretations."""

    #: The form of request bodies. The documents say "Body 参数" and "JSON", and show no request.
    body: Literal["json", "form"] = "json"
    #: How BeginDate and EndDate are written: with the time of day, like readTime, or as a date only.
    dates: Literal["datetime", "date"] = "datetime"
    #: Whether the interval of 2 s applies to logins (recharge document: yes; meter document: no).
    login_paced: bool = True
    #: Whether it applies to recharges (recharge document: no; meter document: yes).
    recharge_paced: bool = False
    #: Whether to log in again once on 1009, for accounts that other processes use too. A second 1009 raises.
    relogin_on_1009: bool = False
    #: Whether totalCount counts all rows, so that a list with fewer is incomplete. Two samples contradict it.
    trust_totals: bool = True

    family: ClassVar[str] = "jrhsz"
    env_prefix: ClassVar[str] = "CHAOBIAO_JRHSZ"
    documented_base_url: ClassVar[str | None] = "http://imrapi.jrhsz.com"
    session_lifetime: ClassVar[float | None] = 2 * 3600.0

    def interval_of(self, operation: Operation[Any]) -> float | None:
        effect = operation.spec.effect
        if effect is Effect.SESSION:
            return operation.spec.interval if self.login_paced else None
        if effect is Effect.MONEY:
            return 2.0 if self.recharge_paced else None
        return operation.spec.interval

    def needs_session(self, operation: Operation[Any]) -> bool:
        return operation.spec.effect is not Effect.SESSION

    def login(self, credentials: Credentials) -> Operation[Secret]:
        return Login(credentials.username, credentials.password)

    def interval_after_refusal(self, operation: Operation[Any]) -> float:
        return 2.0

    def request(self, operation: Operation[Any], username: str | None, credential: Secret | None) -> Request:
        arguments = write_arguments(operation, self.dates)
        if credential is not None:
            arguments = {"token": credential.reveal(), "admin_user_name": username, **arguments}
        if self.body == "form":
            content, kind = urlencode(arguments), "application/x-www-form-urlencoded"
        else:
            content, kind = write_json(arguments), "application/json"
        return Request(operation.spec.method, operation.spec.path, content.encode(), kind)

    def open_envelope(self, operation: Operation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        code = whole_number(envelope.get("code"))
        if code is None:
            return unreadable("the response has no readable code", "返回内容中没有可解析的 code")
        if code != 200:
            return self._refusal(operation, code, envelope.get("msg"))
        if operation.spec.effect is Effect.SESSION:
            return _token(envelope.get("data"))
        if not isinstance(operation, RowsOperation):
            message = envelope.get("msg")
            return Accepted(Acknowledgement(message if isinstance(message, str) else None), code)
        return self._page(operation, envelope, decode)

    def _refusal(self, operation: Operation[Any], code: int, message: Any) -> Rejected:
        vendor_message = message if isinstance(message, str) else None
        if code not in CODES:
            # An unlisted code does not prove that a recharge or command was not carried out.
            outcome = Outcome.REFUSED if operation.spec.effect.repeatable else Outcome.UNKNOWN
            error: ChaobiaoError = UnknownCode(
                f"the server returned code {code}, which no table lists",
                f"服务器返回了文档未列出的返回码 {code}",
                code=code,
                vendor_message=vendor_message,
            )
            return Rejected(outcome, error)
        outcome, kind, meaning, meaning_zh = CODES[code]
        if self.relogin_on_1009 and kind is PermissionRefused:
            outcome = Outcome.SESSION
        error = kind(meaning, meaning_zh, code=code, vendor_message=vendor_message)
        if kind in _HINTS:
            error.hint, error.hint_zh = _HINTS[kind]
        if isinstance(error, DuplicateOrder):
            error.reference = operation.reference
        return Rejected(outcome, error)

    def _page(self, operation: RowsOperation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        data = envelope.get("data")
        if isinstance(data, str) and data:  # as the recharge document shows it: JSON text in a string
            try:
                data = parse_json(data)
            except MalformedJson as error:
                return unreadable(f"data is text, but not JSON: {error}", f"data 是文本，但不是合法的 JSON：{error}")
        single = isinstance(data, dict)
        if single:
            data = [data]
        elif data is None or data == "":
            data = []
        if not isinstance(data, list) or isinstance(data, Conflict):
            return unreadable("data is neither a list nor an object", "data 既不是列表也不是对象")
        rows = decode.rows(operation.spec.returns, data)
        total = whole_number(envelope.get("totalCount"))
        return Accepted(page_of(operation, rows, total, sure=self.trust_totals, single=single), 200)


def _token(data: Any) -> Verdict:
    if not isinstance(data, str) or not data:
        return unreadable("the response to the login has no token", "登录返回中没有 token")
    return Accepted(Secret(data), 200)
