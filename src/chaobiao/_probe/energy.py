"""What responses of the energy management API show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from chaobiao._contract.operation import Acknowledgement, Effect, Operation
from chaobiao._contract.secret import Secret
from chaobiao._probe.exchange import Exchange, of_call
from chaobiao._probe.findings import Observer
from chaobiao._probe.plan import BEYOND, Calls
from chaobiao.energy import GetUser, ListAlarmMessages, ListMeters
from chaobiao.energy.cookies import cookies_set_by

_SUCCESS: Final = ("0", "")
_NO_DATA: Final = "4002"
#: What a delete may return if the server has read the parameters; with 4103 it has not.
_READ: Final = (*_SUCCESS, _NO_DATA, "4004", "4103")


def _code(exchange: Exchange) -> str:
    return str(exchange.envelope.get("Err_No"))


def _rows(exchange: Exchange) -> list[Mapping[str, Any]]:
    return exchange.rows("Data") if _code(exchange) in _SUCCESS else []


def _err_no(exchanges: Sequence[Exchange]) -> Iterable[str]:
    forms = set[str]()
    for exchange in exchanges:
        number = exchange.envelope.get("Err_No")
        if number == "" and "Data" in exchange.envelope:
            forms.add("empty")
        elif number not in (None, ""):
            forms.add("text" if isinstance(number, str) else "number")
    return {"empty"} if "empty" in forms else forms


def _unauthorized(exchanges: Sequence[Exchange]) -> Iterable[str]:
    return (str(each.status) for each in exchanges if _code(each) == "4101" and each.status in (200, 401))


def _cookies(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in of_call(exchanges, "login"):
        if _code(exchange) in _SUCCESS and exchange.envelope:
            count = len(cookies_set_by([(name.lower(), value) for name, value in exchange.headers]))
            yield ("none", "one", "two")[min(count, 2)]


def _single(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        data = exchange.envelope.get("Data")
        shaped = exchange.kind.spec.returns not in (Acknowledgement, Secret) and not exchange.has_rows
        if shaped and _code(exchange) in _SUCCESS and isinstance(data, list | dict) and data:
            yield "list" if isinstance(data, list) else "object"


def _empty(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if exchange.has_rows and exchange.envelope and not _rows(exchange) and _code(exchange) in ("0", "", _NO_DATA):
            yield "4002" if _code(exchange) == _NO_DATA else "rows"


def _total(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if exchange.is_paged and _rows(exchange):
            total = exchange.envelope.get("Total_Numbers")
            yield "none" if total is None else "text" if isinstance(total, str) else "number"


def _page_base(exchanges: Sequence[Exchange]) -> Iterable[str]:
    """By the pages 0 and 1 of the same list."""
    pages: dict[Any, dict[str, Exchange]] = {}
    for exchange in exchanges:
        given = dict(exchange.arguments)
        number = str(given.pop("Page_Counts", ""))
        if exchange.is_paged and number in ("0", "1"):
            pages.setdefault((exchange.kind, str(sorted(given.items()))), {})[number] = exchange
    for found in pages.values():
        if len(found) == 2:
            zero, one = found["0"], found["1"]
            if _rows(zero):
                yield "1" if _rows(zero) == _rows(one) else "0"
            elif _rows(one) and (_code(zero) in (*_SUCCESS, _NO_DATA, "4103")):
                yield "1"


def _alarm_message_verb(exchanges: Sequence[Exchange]) -> Iterable[str]:
    taken: dict[str, bool] = {}
    for exchange in of_call(exchanges, "alarm_messages.list"):
        if exchange.status in (404, 405, 501):
            taken[exchange.verb] = False
        elif _code(exchange) in (*_SUCCESS, _NO_DATA):
            taken[exchange.verb] = True
    gets, deletes = taken.get("GET"), taken.get("DELETE")
    if gets is None and deletes is None:
        return
    if gets is not False and deletes is not False:
        yield "both"
    if gets is not False and not deletes:
        yield "GET"
    if deletes is not False and not gets:
        yield "DELETE"


def _delete_parameters(exchanges: Sequence[Exchange]) -> Iterable[str]:
    taken: dict[bool, bool] = {}
    for exchange in exchanges:
        if exchange.kind.spec.effect is Effect.DELETE and exchange.arguments and _code(exchange) in _READ:
            taken[exchange.in_query] = _code(exchange) != "4103"
    query, body = taken.get(True), taken.get(False)
    if query is None and body is None:
        return
    if query is not False and body is not False:
        yield "both"
    if body is not False and not query:
        yield "body"
    if query is not False and not body:
        yield "query"


def _cascade(exchanges: Sequence[Exchange]) -> Iterable[str]:
    return ("no" for each in exchanges if each.kind.spec.effect is Effect.DELETE and _code(each) == "4004")


def _trust(exchanges: Sequence[Exchange]) -> Iterable[str]:
    found = set[str]()
    for exchange in exchanges:
        total = str(exchange.envelope.get("Total_Numbers"))
        if exchange.is_paged and total.isdecimal():
            found.add(str(len(_rows(exchange)) <= int(total)))
    return {"False"} if "False" in found else found


_WRITES: Final = ("it takes an update", "需要执行修改操作")
_DELETES: Final = ("it takes a delete", "需要执行删除操作")

OBSERVERS: Final = (
    Observer(row=1, name="err_no", see=_err_no),
    Observer(row=3, name="empty", see=_empty),
    Observer(row=14, name="page_base", see=_page_base, switches={"1": "first_page=1"}),
    Observer(
        row=15,
        name="alarm_message_verb",
        see=_alarm_message_verb,
        switches={"DELETE": 'alarm_message_verb="DELETE"'},
    ),
    Observer(
        row=16,
        name="delete_parameters",
        see=_delete_parameters,
        unreadable=_DELETES,
        switches={"query": 'delete_parameters="query"'},
    ),
    Observer(row=21, name="put", see=lambda _: (), unreadable=_WRITES),
    Observer(row=35, name="single", see=_single),
    Observer(row=37, name="cookies", see=_cookies),
    Observer(row=38, name="unauthorized", see=_unauthorized),
    Observer(row=39, name="cascade", see=_cascade, unreadable=_DELETES),
    Observer(row=42, name="total", see=_total),
    Observer(row=42, name="trust_totals", see=_trust, is_quirk=False, switches={"False": "trust_totals=False"}),
)


def plan(calls: Calls) -> Iterator[Operation[Any]]:
    """Yield the calls of a probe: reads of first pages, and one page after the last."""
    calls.send_by_hand(GetUser())
    yield GetUser()
    for page in (1, 2, BEYOND):
        yield ListMeters(page=page, page_size=1)
    end = calls.now().replace(microsecond=0)
    yield ListAlarmMessages(start=end - timedelta(days=1), end=end, page=2, page_size=1)
