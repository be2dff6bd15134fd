"""The protocol of the energy management API: cookies, arguments and envelopes."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import Record, TimeStyle
from chaobiao._contract.operation import Page, PagedOperation
from chaobiao.energy import CODES, ListAlarmMessages, Login, Logout, RegisterUser
from chaobiao_mock.arguments import WrongArgument, read_strictly
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.requests import arguments_of
from chaobiao_mock.energy.serializer import serialize
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import NO_DATA, WRONG
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Arguments, Call, Handler, Reply
from chaobiao_mock.replies import error_payload

_NOT_LOGGED_IN: Final = 4101
#: What can be called without a session.
_OPEN: Final = (Login, RegisterUser)
#: The number of a page that has no rows in any list.
_BEHIND_ALL: Final = 10**17
_COUNT_OF_COOKIES: Final = {"none": 0, "one": 1, "two": 2}


@attrs.frozen
class LoggedIn:
    """What the handler of the login returns: the response's row, and the user who is logged in."""

    row: Record
    user: int


class EnergyProtocol:
    """Sessions by cookies, arguments read strictly, and ``Err_No`` in every envelope.

    A handler returns a :class:`Page`, a record, or ``None`` for an acknowledgement, and raises ``Refused``. While it
    runs, ``state.user`` is the user whose request it serves.
    """

    session_names = frozenset({"Usr_Password"})
    meter_names = frozenset({"Meter_id", "Meter_Name"})
    times: TimeStyle = "datetime"

    def read(self, state: EnergyState, call: Call) -> Arguments:
        key = state.accounts.user_of(call.cookies)
        user = None if key is None else state.tables.users.find(key)
        account = "" if user is None else user.name or ""
        try:
            values = arguments_of(call, state.quirks)
        except Refused as refused:
            return Arguments({}, account, refused)
        if call.operation is Login and isinstance(values.get("Usr_Name"), str):
            account = values["Usr_Name"]
        return Arguments(values, account)

    def respond(self, state: EnergyState, call: Call, arguments: Arguments, handlers: Mapping[Kind, Handler]) -> Reply:
        verb = state.quirks.alarm_message_verb
        if call.operation is ListAlarmMessages and verb not in ("both", call.verb):
            english, chinese = f"use {verb}, not {call.verb}", f"不支持 {call.verb}，请使用 {verb}"
            payload = error_payload(english, chinese, allowed=verb)
            return Reply(payload, 405, 405, (("allow", verb),), (english, chinese))
        key = state.accounts.user_of(call.cookies)
        state.user = None if key is None else state.tables.users.find(key)
        try:
            if state.user is None and call.operation not in _OPEN:
                raise Refused(_NOT_LOGGED_IN)
            if arguments.refused is not None:
                raise arguments.refused
            request = _request_of(call.operation, arguments, state.quirks, self.times)
            state.settle()
            value = handlers[call.operation](state, request)
        except Refused as refused:
            return self.refusal(state, refused.code, refused.message)
        headers: tuple[tuple[str, str], ...] = ()
        if isinstance(value, LoggedIn):
            count = _COUNT_OF_COOKIES[state.quirks.cookies]
            cookies = state.accounts.begin(value.user, count, state.clock.monotonic())
            headers = tuple(("set-cookie", f"{name}={text}; Path=/; HttpOnly") for name, text in cookies.items())
            value = value.row
        elif call.operation is Logout:
            ended = state.accounts.end(call.cookies)
            headers = tuple(("set-cookie", f"{name}=; Path=/; Max-Age=0") for name in ended)
        if isinstance(value, Page) and not value and state.quirks.empty == "4002":
            return self.refusal(state, NO_DATA)
        return Reply(_envelope(state.quirks, call.operation, value), 0, headers=headers)

    def revoke(self, state: EnergyState, account: str) -> None:
        user = state.tables.users.named(account)
        if user is not None and user.id is not None:
            state.accounts.revoke(user.id)

    def refusal(self, state: EnergyState, code: int, message: str | None = None) -> Reply:
        meaning, meaning_zh = CODES[code][2:] if code in CODES else ("system error", "系统异常")
        status = 401 if code == _NOT_LOGGED_IN and state.quirks.unauthorized == "401" else 200
        number = code if state.quirks.err_no == "number" else str(code)
        reason = (meaning, f"{meaning_zh}：{message}" if message else meaning_zh)
        return Reply({"Err_No": number, "Err_Msg": message or meaning_zh}, code, status, reason=reason)


def _request_of(operation: Kind, given: Arguments, quirks: EnergyQuirks, times: TimeStyle) -> Any:
    arguments = dict(given.values)
    if issubclass(operation, PagedOperation):
        arguments = _counted_from_one(arguments, int(quirks.page_base))
    try:
        return read_strictly(operation, arguments, times)
    except WrongArgument as error:
        raise Refused(WRONG, error.chinese) from None


def _counted_from_one(arguments: dict[str, Any], base: int) -> dict[str, Any]:
    """Return arguments with the page's number as the SDK counts it, and with the documented defaults."""
    number = arguments.setdefault("Page_Counts", base)
    arguments.setdefault("Per_Page_Counts", 10)
    text = str(number)
    if not isinstance(number, bool) and text.isascii() and text.isdigit() and len(text) < 18:
        # A page before the first one has no rows.
        return {**arguments, "Page_Counts": _BEHIND_ALL if int(text) < base else int(text) + 1 - base}
    if number == "":
        return {**arguments, "Page_Counts": 1}
    raise Refused(WRONG, "参数 Page_Counts 须为不小于 0 的整数")


def _envelope(quirks: EnergyQuirks, operation: Kind, value: Any) -> dict[str, Any]:
    if value is None:
        return {"Err_No": 0 if quirks.err_no == "number" else "0", "Err_Msg": "ok"}
    envelope: dict[str, Any] = {"Err_No": {"text": "0", "number": 0, "empty": ""}[quirks.err_no]}
    envelope["Err_msg" if quirks.err_no == "empty" else "Err_Msg"] = "" if quirks.err_no == "empty" else "ok"
    if isinstance(value, Page):
        envelope["Data"] = [*map(serialize, value)]
        if issubclass(operation, PagedOperation) and quirks.total != "none":
            envelope["Total_Numbers"] = str(value.total) if quirks.total == "text" else value.total
    else:
        row = serialize(value)
        envelope["Data"] = [row] if quirks.single == "list" else row
    return envelope
