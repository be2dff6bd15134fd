"""What responses of the prepaid platform show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Effect, Operation
from chaobiao._probe.exchange import Exchange, JsonObject, of_call
from chaobiao._probe.findings import Observer
from chaobiao._probe.plan import BEYOND, Calls
from chaobiao._wire.codecs import kinds_of
from chaobiao.jrhsz import (
    ConsumptionKind,
    Gate,
    JrhszDialect,
    ListBuildings,
    ListConsumption,
    ListLatestReadings,
    ListMeters,
    ListReadings,
    ListResidents,
    MeterKind,
    NetworkState,
)

#: The codes of kinds of meters that neither list has.
_UNASSIGNED: Final = {"25", "29", "33", "34"}
_WORDS: Final = {"gate": {word.value for word in Gate}, "netStatis": {word.value for word in NetworkState}}
#: What rows may lack as documented: a row of a sample has no house number, and a meter may have no resident.
_MAY_LACK: Final = {"house_number", "user_code", "user_name"}
_DATE: Final = 10  # characters, as in 2023-04-22
_INTERVAL: Final = 2.0


def _rows(exchange: Exchange) -> list[Mapping[str, Any]]:
    return exchange.rows("data") if exchange.has_rows and _code(exchange) == "200" else []


def _code(exchange: Exchange) -> str:
    return str(exchange.envelope.get("code"))


def _data(exchanges: Sequence[Exchange]) -> Iterable[str]:
    forms: dict[bool, set[str]] = {True: set(), False: set()}
    for exchange in exchanges:
        data = exchange.envelope.get("data")
        if exchange.has_rows and _code(exchange) == "200" and data not in (None, ""):
            forms[exchange.kind.spec.section.startswith("recharge")].add("text" if isinstance(data, str) else "native")
    recharge, meter = forms[True], forms[False]
    if recharge <= {"text"} and meter <= {"native"} and recharge | meter:
        yield "documented"
    for form in ("text", "native"):
        if recharge | meter == {form}:
            yield form


def _code_form(exchanges: Sequence[Exchange]) -> Iterable[str]:
    codes = (each.envelope["code"] for each in exchanges if "code" in each.envelope)
    return ("text" if isinstance(code, str) else "number" for code in codes)


def _single_row(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in of_call(exchanges, "residents.get", "meters.latest_readings"):
        rows = _rows(exchange)
        if len(rows) == 1 and (exchange.call == "residents.get" or exchange.arguments.get("tableNo")):
            text = exchange.envelope["data"]
            starts = text.lstrip()[:1] if isinstance(text, str) else ""
            yield "object" if isinstance(text, dict) or starts == "{" else "list"


def _key(call: str, *names: str) -> Any:
    def see(exchanges: Sequence[Exchange]) -> Iterable[str]:
        return (name for each in of_call(exchanges, call) for row in _rows(each) for name in names if name in row)

    return see


def _kinds(exchanges: Sequence[Exchange]) -> Iterable[str]:
    values = {
        str(row[name])
        for exchange in exchanges
        for row in _rows(exchange)
        for name in ("tableType", "typeType", *(["type"] if exchange.call == "meters.consumption" else []))
        if name in row
    }
    if values:
        yield "unassigned" if values & _UNASSIGNED else "listed"


def _numbers(exchanges: Sequence[Exchange]) -> Iterable[str]:
    seen: dict[bool, set[bool]] = {True: set(), False: set()}
    for exchange in exchanges:
        for row in _rows(exchange):
            for field in fields_of(exchange.kind.spec.returns):
                kinds = kinds_of(field.type)
                if Decimal in kinds or MeterKind in kinds:
                    values = (row[name] for name in (field.name, *field.aliases) if row.get(name) not in (None, ""))
                    seen[field.number] |= {not isinstance(value, str) for value in values}
    numbers, texts = seen[True], seen[False]
    if numbers <= {True} and texts <= {False} and numbers | texts:
        yield "documented"
    if numbers | texts == {False}:
        yield "text"
    if numbers | texts == {True}:
        yield "number"


def _words(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        for row in _rows(exchange):
            for name, words in _WORDS.items():
                if isinstance(row.get(name), str):
                    yield "documented" if row[name] in words else "other"


def _missing(exchanges: Sequence[Exchange]) -> Iterable[str]:
    compared = lacking = False
    for exchange in exchanges:
        rows = _rows(exchange)
        if len(rows) > 1:
            compared = True
            names = set[str]().union(*rows) - _MAY_LACK
            lacking = lacking or any(names - set(row) for row in rows)
    if compared:
        yield "one" if lacking else "documented"


def _repeated_key(exchanges: Sequence[Exchange]) -> Iterable[str]:
    rows = [row for each in exchanges for row in _rows(each) if "tableNo" in row]
    repetitions = [same for row in rows if isinstance(row, JsonObject) for same in row.repeated]
    if rows:
        yield "no" if not repetitions else "same" if all(repetitions) else "different"


def _daily(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in of_call(exchanges, "meters.consumption"):
        if str(exchange.arguments.get("type")) == "2" and _code(exchange) in ("200", "1001"):
            yield "yes" if _code(exchange) == "200" else "no"


def _date_end(exchanges: Sequence[Exchange]) -> Iterable[str]:
    """A day that has rows from its first to its last second has none from its first moment to its first moment."""
    days: dict[tuple[str, str], dict[bool, bool]] = {}
    for exchange in exchanges:
        begin, end = (str(exchange.arguments.get(name, "")) for name in ("BeginDate", "EndDate"))
        if begin[:_DATE] == end[:_DATE] and end and _code(exchange) == "200":
            whole = len(end) > _DATE and end.endswith("23:59:59")
            if whole or len(end) == _DATE:
                days.setdefault((exchange.call, end[:_DATE]), {})[whole] = bool(_rows(exchange))
    for found in days.values():
        if found.get(False):
            yield "day"
        elif found.get(True) and False in found:
            yield "midnight"


def _total(exchanges: Sequence[Exchange]) -> Iterable[str]:
    paged = [each for each in exchanges if each.is_paged and _rows(each)]
    totals = [int(str(each.envelope["totalCount"])) for each in paged if _is_whole(each.envelope.get("totalCount"))]
    if paged and not totals:
        yield "none"
    seen = set[str]()
    for exchange in paged:
        if not _is_whole(exchange.envelope.get("totalCount")):
            continue
        total, rows = int(str(exchange.envelope["totalCount"])), _rows(exchange)
        number, size = (_whole(exchange.arguments.get(name)) for name in ("pageNo", "pageSize"))
        if exchange.call == "meters.latest_readings" and exchange.arguments.get("tableNo"):
            seen.add("more" if total > 1 else "")
        elif len(rows) > total:
            seen.add("one" if total == 1 else "page")
        elif number == 1 and size == len(rows) == total and _others(exchange, paged):
            seen.add("page")
        elif total > len(rows):
            seen.add("all")
    contradictions = seen - {"all", ""}
    yield from contradictions or seen & {"all"}


def _others(first: Exchange, paged: Iterable[Exchange]) -> bool:
    """Tell whether another page of the same list has other rows."""
    ignored = ("pageNo", "token")
    same = {name: value for name, value in first.arguments.items() if name not in ignored}
    for exchange in paged:
        given = {name: value for name, value in exchange.arguments.items() if name not in ignored}
        if exchange.kind is first.kind and given == same and _rows(exchange) != _rows(first):
            return True
    return False


def _after_last(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if exchange.is_paged and _whole(exchange.arguments.get("pageNo")) == BEYOND and _code(exchange) == "200":
            yield "repeat" if _rows(exchange) else "empty"


def _at_zero(exchanges: Sequence[Exchange]) -> Iterable[str]:
    gates = {row.get("tableNo"): row["gate"] for each in exchanges for row in _rows(each) if "gate" in row}
    for exchange in of_call(exchanges, "residents.get"):
        for row in _rows(exchange):
            balance, gate = str(row.get("balance", "")), gates.get(row.get("tableNo"))
            if balance.startswith("-") and gate == Gate.CONNECTED.value:
                yield "credit"
            elif (balance.startswith("-") or balance in ("0", "0.0", "0.00")) and gate == Gate.DISCONNECTED.value:
                yield "trip"


def _sessions(exchanges: Sequence[Exchange]) -> Iterable[str]:
    """A token of an earlier login, after a later login of the same account."""
    newest: dict[Any, str] = {}
    issued: set[str] = set()
    for exchange in exchanges:
        account, token = exchange.arguments.get("admin_user_name"), exchange.arguments.get("token")
        if exchange.kind.spec.effect is Effect.SESSION:
            if _code(exchange) == "200" and isinstance(exchange.envelope.get("data"), str):
                newest[account] = exchange.envelope["data"]
                issued.add(newest[account])
        elif token in issued and token != newest.get(account):
            code = _code(exchange)
            if code in ("200", "1006", "1009"):
                yield "many" if code == "200" else f"one-{code}"


def _paced(*effects: Effect) -> Any:
    """Whether the second of two calls within the interval is refused, for operations with some effects."""

    def see(exchanges: Sequence[Exchange]) -> Iterable[str]:
        last: dict[tuple[Any, str], float] = {}
        for exchange in exchanges:
            if exchange.kind.spec.effect not in effects:
                continue
            key = (exchange.arguments.get("admin_user_name"), exchange.call)
            close = exchange.at - last.get(key, float("-inf")) < 0.9 * _INTERVAL
            if _code(exchange) == "1011":
                yield "yes"
            elif close and _code(exchange) == "200":
                yield "no"
            if _code(exchange) != "1011":
                last[key] = exchange.at

    return see


def _body(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if _code(exchange) == "200":
            yield "form" if exchange.content_type.startswith("application/x-www-form") else "json"


def _dates(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if exchange.arguments.get("EndDate") and _code(exchange) == "200":
            yield "date" if len(str(exchange.arguments["EndDate"])) == _DATE else "datetime"


def _is_whole(value: Any) -> bool:
    return str(value).isdecimal() and str(value).isascii()


def _whole(value: Any) -> int | None:
    return int(str(value)) if _is_whole(value) else None


_TOO_FAST: Final = ("it takes calls faster than the documented interval", "需要以快于文档间隔的频率调用")
_UNTRUSTED: Final[dict[str, str]] = dict.fromkeys(("page", "one", "more"), "trust_totals=False")

OBSERVERS: Final = (
    Observer(row=2, name="body", see=_body, is_quirk=False, switches={"form": 'body="form"'}),
    Observer(row=4, name="data", see=_data),
    Observer(row=4, name="code", see=_code_form),
    Observer(row=6, name="sessions", see=_sessions, switches={"one-1009": "relogin_on_1009=True"}),
    Observer(
        row=7,
        name="login_paced",
        see=_paced(Effect.SESSION),
        unreadable=_TOO_FAST,
        switches={"no": "login_paced=False"},
    ),
    Observer(
        row=7,
        name="recharge_paced",
        see=_paced(Effect.MONEY),
        unreadable=("it takes recharges", "需要充值"),
        switches={"yes": "recharge_paced=True"},
    ),
    Observer(row=7, name="paced", see=_paced(Effect.READ, Effect.COMMAND), unreadable=_TOO_FAST),
    Observer(row=9, name="single_row", see=_single_row),
    Observer(row=11, name="kind_key", see=_key("meters.list", "tableType", "typeType")),
    Observer(row=11, name="kinds", see=_kinds),
    Observer(row=12, name="numbers", see=_numbers),
    Observer(row=13, name="amount_key", see=_key("meters.consumption", "amout", "amount")),
    Observer(row=14, name="daily", see=_daily),
    Observer(row=15, name="missing", see=_missing),
    Observer(row=16, name="repeated_key", see=_repeated_key),
    Observer(row=17, name="dates", see=_dates, is_quirk=False, switches={"date": 'dates="date"'}),
    Observer(row=17, name="date_end", see=_date_end),
    Observer(row=21, name="words", see=_words),
    Observer(row=24, name="total", see=_total, switches=_UNTRUSTED),
    Observer(row=24, name="after_last", see=_after_last),
    Observer(
        row=27,
        name="at_zero",
        see=_at_zero,
        unreadable=("it takes a resident whose balance is used up", "需要余额已用尽的住户"),
    ),
)


def plan(calls: Calls) -> Iterator[Operation[Any]]:
    """Yield the calls of a probe: reads of first pages, and one page after the last."""
    yield ListBuildings()
    yield ListResidents()
    for page in (1, 2, BEYOND):
        yield ListMeters(page=page, page_size=2)
    yield ListLatestReadings(page_size=10)
    newest = calls.newest(ListLatestReadings, "readTime")
    if newest is None:
        return
    number, time = newest["tableNo"], datetime.fromisoformat(newest["readTime"])
    yield ListLatestReadings(table_no=number)
    begin = time.replace(hour=0, minute=0, second=0) - timedelta(days=1)
    end = begin + timedelta(days=1, seconds=-1)
    yield ListConsumption(begin=begin, end=end, page_size=10)
    yield ListConsumption(kind=ConsumptionKind.DAILY, begin=begin, end=end, page_size=10)
    yield ListReadings(begin=begin, end=end, page_size=10)
    calls.dialect = JrhszDialect(dates="date")
    yield ListReadings(begin=begin, end=begin, page_size=10)
    calls.dialect = JrhszDialect()
    old = calls.session()
    calls.log_in()
    calls.send_by_hand(ListBuildings(), old)
