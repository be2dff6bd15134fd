"""The dialect of the energy management API: cookies, envelope, codes, and switches for what is left open."""

from typing import Any, ClassVar, Final, Literal
from urllib.parse import urlencode

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect, classify_http, page_of, read_object, unreadable, whole_number
from chaobiao._call.messages import Accepted, Form, Rejected, Request, Response, Verdict
from chaobiao._call.options import Credentials
from chaobiao._call.retry import Outcome
from chaobiao._contract.operation import (
    Acknowledgement,
    Effect,
    ObjectOperation,
    Operation,
    PagedOperation,
    RowsOperation,
)
from chaobiao._contract.secret import Secret
from chaobiao._contract.upload import Upload
from chaobiao._wire.arguments import write_arguments
from chaobiao._wire.json_text import write_json
from chaobiao.energy.cookies import SessionCookies, cookies_set_by
from chaobiao.energy.login import Login
from chaobiao.energy.shapes import EnergyPage
from chaobiao.errors import (
    AlreadyExists,
    ChaobiaoError,
    NotFound,
    OperationFailed,
    ParameterRefused,
    PermissionRefused,
    SessionRefused,
    StillInUse,
    TooFast,
    UnknownAccount,
    UnknownCode,
    WrongPassword,
)

#: The documented codes: outcome, error class, and meaning in English and Chinese.
CODES: Final[dict[int, tuple[Outcome, type[ChaobiaoError], str, str]]] = {
    1: (Outcome.UNKNOWN, OperationFailed, "the server gives a warning", "告警"),
    -1: (Outcome.UNKNOWN, OperationFailed, "the server met an exception", "异常"),
    4001: (Outcome.UNKNOWN, OperationFailed, "a query of the database failed", "数据库查询出错"),
    4002: (Outcome.REFUSED, NotFound, "there are no data", "无数据"),
    4003: (Outcome.REFUSED, AlreadyExists, "it exists already", "数据已存在"),
    4004: (Outcome.REFUSED, StillInUse, "the data are wrong, or in use", "数据错误"),
    4101: (Outcome.SESSION, SessionRefused, "the session has ended", "用户未登录"),
    4102: (Outcome.REFUSED, WrongPassword, "the login failed", "用户登录失败"),
    4103: (Outcome.REFUSED, ParameterRefused, "a parameter is wrong", "参数错误"),
    4104: (Outcome.REFUSED, NotFound, "there is no such user", "用户不存在"),
    4105: (Outcome.REFUSED, PermissionRefused, "the user may not do this", "用户权限不足"),
    4106: (Outcome.REFUSED, WrongPassword, "the password is wrong", "密码错误"),
    4107: (Outcome.UNKNOWN, OperationFailed, "writing to the database failed", "数据库记录新增或修改出错"),
    4201: (Outcome.TOO_FAST, TooFast, "the request is illegal, or there were too many", "非法请求或请求次数受限"),
    4202: (Outcome.REFUSED, PermissionRefused, "this IP address is restricted", "IP 受限"),
    4302: (Outcome.UNKNOWN, OperationFailed, "reading or writing a file failed", "文件读写错误"),
    4501: (Outcome.UNKNOWN, OperationFailed, "an unknown error", "未知错误"),
}


#: Registration, and the list of provinces: the document does not say whether they need a login.
_OPEN: Final = frozenset({"1.3", "9.2"})


@attrs.frozen(kw_only=True)
class EnergyDialect(Dialect):
    """Switches for what the energy document leaves open; the defaults are the safest interpretations."""

    #: The number of the first page on the wire. Chapters 6 to 8 say 0, the appendix 1.
    first_page: Literal[0, 1] = 0
    #: Where the parameters of DELETE requests are.
    delete_parameters: Literal["body", "query"] = "body"
    #: The verb for alarm_messages.list. DELETE is documented, for a read; GET destroys nothing.
    alarm_message_verb: Literal["GET", "DELETE"] = "GET"
    #: Whether Total_Numbers counts all rows, so that a list with fewer is incomplete.
    trust_totals: bool = True

    family: ClassVar[str] = "energy"
    env_prefix: ClassVar[str] = "CHAOBIAO_ENERGY"
    #: No lifetime is documented: a session lasts until the server refuses it.
    session_lifetime: ClassVar[float | None] = float("inf")

    def needs_session(self, operation: Operation[Any]) -> bool:
        return operation.spec.effect is not Effect.SESSION

    def goes_without_account(self, operation: Operation[Any]) -> bool:
        return operation.spec.section in _OPEN

    def login(self, credentials: Credentials) -> Operation[Secret]:
        return Login(credentials.username, credentials.password)

    def request(self, operation: Operation[Any], username: str | None, credential: Secret | None) -> Request:
        spec = operation.spec
        arguments = write_arguments(operation, self.times)
        if isinstance(operation, EnergyPage):
            arguments["Page_Counts"] = operation.page - 1 + self.first_page + operation.shift
        verb = self.alarm_message_verb if spec.section == "6.9" else spec.method
        cookies = credential.items() if isinstance(credential, SessionCookies) else {}
        files = {name: value for name, value in arguments.items() if isinstance(value, Upload)}
        if files:
            fields = {name: str(value) for name, value in arguments.items() if name not in files}
            return Request(verb, spec.path, form=Form(fields, files), cookies=cookies)
        if verb == "GET" or (verb == "DELETE" and self.delete_parameters == "query"):
            query = f"?{urlencode(arguments)}" if arguments else ""
            return Request(verb, spec.path + query, cookies=cookies)
        body = write_json(arguments).encode() if arguments or verb != "DELETE" else b""
        return Request(verb, spec.path, body, "application/json" if body else None, cookies=cookies)

    def classify(self, operation: Operation[Any], response: Response, decode: DecodeOptions) -> Verdict:
        refused = None if response.status in (200, 201) else classify_http(response)
        if refused is not None:
            # 4101 may come with HTTP 401, and other codes with other statuses.
            envelope = read_object(response)
            code = None if isinstance(envelope, Rejected) else _code_in(envelope)
            if isinstance(envelope, Rejected) or code is None or code not in CODES:
                return refused
            return self._refusal(operation, code, envelope)
        envelope = read_object(response)
        verdict = envelope if isinstance(envelope, Rejected) else self.open_envelope(operation, envelope, decode)
        if isinstance(operation, Login) and isinstance(verdict, Accepted):
            cookies = cookies_set_by(response.headers)
            if not cookies:
                return unreadable("the response to the login sets no cookie", "登录返回中没有 Cookie")
            return Accepted(SessionCookies(cookies), 0)
        return verdict

    def open_envelope(self, operation: Operation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        code = _code_in(envelope)
        if code is None:
            return unreadable("the response has no readable Err_No", "返回内容中没有可解析的 Err_No")
        if code != 0:
            return self._refusal(operation, code, envelope)
        if isinstance(operation, RowsOperation):
            return self._page(operation, envelope, decode)
        if operation.spec.returns is Acknowledgement or operation.spec.returns is Secret:
            return Accepted(Acknowledgement(_words(envelope)), 0)
        return self._object(operation, envelope, decode)

    def _refusal(self, operation: Operation[Any], code: int, envelope: dict[str, Any]) -> Verdict:
        repeatable = operation.spec.effect.repeatable
        words = _words(envelope)
        if code not in CODES:
            error: ChaobiaoError = UnknownCode(
                f"the server returned code {code}, which no table lists",
                f"服务器返回了文档未列出的返回码 {code}",
                code=code,
                vendor_message=words,
            )
            return Rejected(Outcome.REFUSED if repeatable else Outcome.UNKNOWN, error)
        outcome, kind, meaning, meaning_zh = CODES[code]
        if code == 4002 and isinstance(operation, RowsOperation):
            return Accepted(page_of(operation, (), None), code)
        if code == 4104 and operation.spec.effect is Effect.SESSION:
            kind = UnknownAccount
        if outcome is Outcome.UNKNOWN and repeatable:
            outcome = Outcome.REFUSED  # repeating a failed query at once would not help
        error = kind(meaning, meaning_zh, code=code, vendor_message=words)
        if (hints := _hints(code, operation)) is not None:
            error.hint, error.hint_zh = hints
        return Rejected(outcome, error)

    def _page(self, operation: RowsOperation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        data = envelope.get("Data")
        if isinstance(data, dict):
            data = [data]
        elif data is None or data == "":
            data = []
        if not isinstance(data, list):
            return unreadable("Data is neither a list nor an object", "Data 既不是列表也不是对象")
        rows = decode.rows(operation.spec.returns, data)
        total = whole_number(envelope.get("Total_Numbers")) if isinstance(operation, PagedOperation) else None
        return Accepted(page_of(operation, rows, total, sure=self.trust_totals), 0)

    def _object(self, operation: Operation[Any], envelope: dict[str, Any], decode: DecodeOptions) -> Verdict:
        data = envelope.get("Data")
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if not isinstance(data, dict):
            if (
                data in (None, "", [])
                and isinstance(operation, ObjectOperation)
                and operation.spec.effect is Effect.READ
            ):
                return self._refusal(operation, 4002, envelope)
            return unreadable("Data is not an object", "Data 不是对象")
        return Accepted(decode.one(operation.spec.returns, data), 0)


def _code_in(envelope: dict[str, Any]) -> int | None:
    number = envelope.get("Err_No")
    if number == "-1":
        return -1
    if number == "" and envelope.get("Data") not in (None, ""):  # as 3.5's sample shows it
        return 0
    return whole_number(number)


def _hints(code: int, operation: Operation[Any]) -> tuple[str, str] | None:
    """What to do about a refusal, in English and Chinese, where more can be said than the error's class says."""
    spec, look_up = operation.spec, operation.spec.look_up
    match code:
        case 4002 if spec.effect is Effect.READ:
            return "There are no such data yet; enter them first.", "尚无此数据，请先录入。"
        case 4002 if look_up and spec.effect is not Effect.CREATE:
            return f"See what there is with {look_up}, and use its id.", f"请先用 {look_up} 查询，并使用其中的主键。"
        case 4003 if look_up:
            return (
                f"Choose another name, or update the one there is; {look_up} shows it.",
                f"请更换名称，或修改已有的数据（见 {look_up}）。",
            )
        case 4103 if isinstance(operation, EnergyPage) and not operation.shift:
            return (
                "Check the arguments; a server that counts pages from 1 may refuse 0: see EnergyDialect(first_page=1).",
                "请检查参数。页码从 1 开始的服务器可能拒绝第 0 页：EnergyDialect(first_page=1)。",
            )
        case 4201:
            return (
                "Make fewer calls at once, such as with max_rate of an async client; the server also returns this code "
                "for a request that it takes for illegal.",
                "请降低调用频率（例如异步客户端的 max_rate）；服务器也可能认为该请求非法。",
            )
    return None


def _words(envelope: dict[str, Any]) -> str | None:
    words = envelope.get("Err_Msg", envelope.get("Err_msg"))
    return words if isinstance(words, str) and words else None
