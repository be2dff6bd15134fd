"""Every error the SDK raises, grouped by what the caller does next.

::

    ChaobiaoError
    ├── ArgumentError (ValueError)   correct the call
    │   ├── InvalidArgument             refused here, nothing was sent
    │   ├── ConfigurationError          the client cannot work as it was set up
    │   ├── ParameterMissing            1008: the server misses a parameter
    │   ├── ParameterRefused            4103: the server rejects a parameter
    │   ├── NotFound                    4002, 4104: there is no such thing
    │   ├── AlreadyExists               4003: there is one already
    │   ├── StillInUse                  4004: other things refer to it
    │   └── ClientClosed (RuntimeError) called after close()
    ├── CredentialError              correct the account
    │   ├── UnknownAccount              1002: no such account, or no API permission
    │   ├── WrongPassword               1005
    │   ├── SessionRefused              1006, 1007: refused even after a fresh login
    │   └── PermissionRefused           1009: not this account's token, or no right to this endpoint
    ├── RetryLater                   wait, then call again; nothing was carried out
    │   ├── TooFast                     1011: the endpoint's interval was not kept
    │   ├── WaitTooLong                 the turn would come after the deadline; not sent
    │   ├── DeadlineExceeded            the deadline passed before the request could be sent
    │   └── NotSent                     the server could not be reached
    ├── NeedsReconciliation          find out what happened before doing it again
    │   ├── OutcomeUnknown              sent, but no response that can be trusted
    │   └── DuplicateOrder              1010: this order number was used before
    └── VendorFault                  report it to the platform's operator
        ├── OperationFailed             1001, with no reason given
        ├── UnknownCode                 a code that no table lists
        ├── HttpStatusError             an HTTP status instead of a response
        │   └── ServerUnavailable           408, 425, 502, 503, 504: a later attempt may succeed
        ├── IncompleteList              a list ended with fewer rows than its total
        ├── NoResponse                    sent, and a read: time-out, reset, cut off
        └── UnreadableResponse            not JSON, not an object, too large, or (strict) a bad field

Each error says so in Chinese and English, carries the operation, the vendor section, the vendor's code and own words,
and pickles. None holds a request, a token or a password.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Final, Self


def _rebuild(cls: "type[ChaobiaoError]", state: dict[str, Any]) -> "ChaobiaoError":
    error = cls.__new__(cls)
    Exception.__init__(error, state["message"])
    error.__dict__.update(state)
    return error


class ChaobiaoError(Exception):
    """The root of everything this library raises.

    ``message`` and ``message_zh`` say what happened, ``hint`` and ``hint_zh`` what to do about it. ``retryable`` tells
    whether the same call can succeed later without a change.
    """

    hint: str = ""
    hint_zh: str = ""
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        message_zh: str = "",
        *,
        operation: str | None = None,
        section: str | None = None,
        code: int | None = None,
        vendor_message: str | None = None,
        attempts: int = 0,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh or message
        #: The client method, such as ``"meters.list"``.
        self.operation = operation
        #: The vendor document's section, such as ``"meter 4.2"``.
        self.section = section
        #: The vendor's code, or the HTTP status for :class:`HttpStatusError`.
        self.code = code
        #: The vendor's own words.
        self.vendor_message = vendor_message
        #: How many requests were sent for this call.
        self.attempts = attempts
        self.__dict__.update(facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(self.__dict__))

    def located(self, **facts: Any) -> Self:
        """Fill in facts that the raiser did not know, keeping those it did."""
        for name, value in facts.items():
            if getattr(self, name, None) in (None, 0):
                setattr(self, name, value)
        return self

    def __str__(self) -> str:
        where = f"{self.operation} ({self.section}): " if self.operation else ""
        code = f"[{self.code}] " if self.code is not None else ""
        words = f" «{self.vendor_message}»" if self.vendor_message else ""
        lines = [f"{where}{code}{self.message}{words}"]
        if self.message_zh != self.message:
            lines.append(f"  {code}{self.message_zh}")
        if self.hint:
            lines.append(f"  → {self.hint}")
        if self.hint_zh:
            lines.append(f"  → {self.hint_zh}")
        return "\n".join(lines)


class ArgumentError(ChaobiaoError, ValueError):
    """Correct the call."""


class InvalidArgument(ArgumentError):
    """An argument breaks a rule; nothing was sent.

    ``argument`` names it as Python does, ``wire_name`` as the vendor does. ``rule`` and ``rule_zh`` are the rule in
    words; ``{other}`` in them stands for ``other``, a second argument that the rule is about. ``missing`` says that the
    argument was left out.
    """

    argument: str
    rule: str
    rule_zh: str
    other: str | None
    missing: bool
    wire_name: str | None

    def __init__(
        self,
        argument: str,
        rule: str = "is missing",
        rule_zh: str = "",
        *,
        other: str | None = None,
        missing: bool = False,
        wire_name: str | None = None,
        **facts: Any,
    ) -> None:
        self.argument, self.rule, self.rule_zh, self.other = argument, rule, rule_zh, other
        self.missing = missing
        message, message_zh = self.worded(lambda name: name)
        super().__init__(message, message_zh, wire_name=wire_name, **facts)

    def worded(self, rename: Callable[[str], str]) -> tuple[str, str]:
        """Word the error in English and Chinese, with the arguments under other names, such as the vendor's."""
        name, other = rename(self.argument), rename(self.other or "")
        if self.missing:
            return f"{name} is missing", f"缺少参数 {name}"
        english, chinese = (rule.replace("{other}", other) for rule in (self.rule, self.rule_zh))
        return f"{name} {english}", f"参数 {name} {chinese}"


class ConfigurationError(ArgumentError):
    """The client lacks something it needs, or was given something it cannot use. ``argument`` names it."""

    argument: str


class ParameterMissing(ArgumentError):
    """1008: the server says that a parameter is missing."""

    hint = "Compare the arguments with the operation's reference page; the server does not say which one it misses."
    hint_zh = "请对照该接口的参数表检查参数；服务器没有说明缺少哪一个。"


class ParameterRefused(ArgumentError):
    """4103: the server says that a parameter is wrong, and not which one."""

    hint = "Check the ids that the arguments refer to, and the conditions in the operation's reference page."
    hint_zh = "请检查参数引用的主键是否存在，并对照该接口的参数条件。"


class NotFound(ArgumentError, LookupError):
    """4002 or 4104: there is nothing with this id or name. Lists return an empty page instead."""

    hint = "List the things there are, and use one of their ids."
    hint_zh = "请先查询列表，并使用其中的主键。"


class AlreadyExists(ArgumentError):
    """4003: a thing with this name, or for this time, exists already."""

    hint = "Choose another name, or update the one there is."
    hint_zh = "请更换名称，或修改已有的数据。"


class StillInUse(ArgumentError):
    """4004: other things refer to it, so the server does not delete it; or the data are wrong in another way."""

    hint = "Delete or change what refers to it first."
    hint_zh = "请先删除或修改引用它的数据。"


class CredentialError(ChaobiaoError):
    """Correct the account or its rights."""


class UnknownAccount(CredentialError):
    """1002, 4104: the account does not exist or has no API permission."""

    hint = "Check the account name, and ask the platform's operator to open API access for it."
    hint_zh = "请检查账号；如账号无误，请联系平台方开通该账号的 API 权限。"


class WrongPassword(CredentialError):
    """1005, 4102, 4106: the password is wrong. It is not tried again, so that the account is not locked."""

    hint = "Check the password; the one for the API may differ from that of the website."
    hint_zh = "请检查密码；接口密码可能与网页登录密码不同。"


class SessionRefused(CredentialError):
    """1006, 1007 or 4101: the server refuses a session that it has only just given."""

    retryable = True
    hint = "A fresh login did not help: check that no other system logs this account out, and the server's clock."
    hint_zh = "重新登录后仍被拒绝：请确认没有其他系统在挤占该账号，并检查服务器时间。"


class PermissionRefused(CredentialError):
    """1009, 4105, 4202: the account or the address may not use this endpoint, or has another's token."""

    hint = "Ask the operator for the right to this endpoint."
    hint_zh = "请联系平台方开通该接口权限。"


class RetryLater(ChaobiaoError):
    """Wait and call again. Nothing was carried out. ``wait`` is the time in seconds after which it makes sense."""

    retryable = True
    wait: float | None = None


class TooFast(RetryLater):
    """1011, 4201, HTTP 429: called before the endpoint's interval had passed, or too often."""

    hint = "The client keeps the interval itself; another process or host must be using this account and endpoint."
    hint_zh = "客户端会自动保持间隔；出现此错误说明有其他进程或主机在用同一账号调用同一接口。"


class WaitTooLong(RetryLater):
    """The call's turn would come after its deadline, so it failed at once. Nothing was sent."""

    hint = "Call again after the wait, or give the call more time with with_options(deadline=...)."
    hint_zh = "请稍后再调用，或用 with_options(deadline=...) 放宽时限。"


class DeadlineExceeded(RetryLater):
    """The deadline passed before the request could be sent."""

    hint = "Give the call more time with with_options(deadline=...)."
    hint_zh = "请用 with_options(deadline=...) 放宽时限。"


class NotSent(RetryLater):
    """The server could not be reached, so the request was provably not carried out."""

    hint = "Check the base URL, the network and any proxy; calling again is safe."
    hint_zh = "请检查服务地址、网络与代理；再次调用是安全的。"


class NeedsReconciliation(ChaobiaoError):
    """Find out what happened before doing it again."""


class OutcomeUnknown(NeedsReconciliation):
    """The request was sent, and no trustworthy response came: it may have been carried out. It was not repeated.

    ``reference`` identifies what was asked for: the order number of a recharge, the device of a command.
    """

    reference: str | None = None
    hint = "Look the result up before you repeat the call."
    hint_zh = "请先查询结果，确认后再决定是否重发。"


class DuplicateOrder(NeedsReconciliation):
    """1010: this order number was used before. ``reference`` is the order number."""

    reference: str | None = None
    hint = "The earlier recharge with this number counts. Look it up in recharges.list; use a new number for a new one."
    hint_zh = "以先前使用该订单号的充值为准，请在 recharges.list 中核对；新的充值请使用新的订单号。"


class VendorFault(ChaobiaoError):
    """The server failed, or returned what its document does not allow: report it to the operator."""


class OperationFailed(VendorFault):
    """1001, 4001, 4107, 4302, 4501, 1, -1: the operation failed; the server gives no reason beyond its own words."""

    hint = "Often a code or number that does not exist under this account. Check it, then ask the operator."
    hint_zh = "常见原因是编号在该账号下不存在；请先核对编号，再联系平台方。"


class UnknownCode(VendorFault):
    """A code that no table of the vendor lists."""

    hint = "Report the code and the vendor's words to the operator."
    hint_zh = "请将返回码与原文反馈给平台方。"


class HttpStatusError(VendorFault):
    """The server returned an HTTP status instead of the documented JSON. ``code`` is the status."""

    hint = "Check the base URL first; a proxy or gateway may have responded instead of the platform."
    hint_zh = "请先检查服务地址；可能是代理或网关代替平台返回了响应。"


class ServerUnavailable(HttpStatusError):
    """The server or a gateway returned 408, 425, 502, 503 or 504: a later attempt may succeed."""

    retryable = True


class IncompleteList(VendorFault):
    """A list came to its end with fewer rows than the server says there are, though its last page was asked for twice.

    ``rows`` is how many rows came (they were returned before this error), ``total`` the server's count, ``page`` the
    page that was empty or a repetition.
    """

    retryable = True
    rows: int
    total: int | None
    page: int
    hint = "Read the list again later; if the server's totals are wrong, see trust_totals."
    hint_zh = "请稍后重新读取；如服务器返回的总数本身有误，请参见 trust_totals。"


class NoResponse(VendorFault):
    """A read was sent, and no complete response came in time. Nothing was changed by it."""

    retryable = True
    hint = "Reading again is safe."
    hint_zh = "读取类操作可以放心重试。"


class UnreadableResponse(VendorFault):
    """The response is not what the document describes.

    With ``strict=True`` a single unreadable field raises too: ``row`` and ``field`` say where (0-based row).
    """

    row: int | None = None
    field: str | None = None


class ClientClosed(ArgumentError, RuntimeError):
    """The client was closed before this call."""

    hint = "Make calls inside the with block, or make a new client."
    hint_zh = "请在 with 语句块内调用，或新建客户端。"


class PlainHttpWarning(UserWarning):
    """The base URL is plain http: the password and the token, which contains it, travel readable by anyone between."""


#: The errors after which the same call may succeed later without a change, for ``except`` and for task queues, such as
#: Celery's ``autoretry_for``. The ``retryable`` attribute of each is true.
RETRYABLE: Final[tuple[type[ChaobiaoError], ...]] = (
    RetryLater,
    SessionRefused,
    NoResponse,
    ServerUnavailable,
    IncompleteList,
)
