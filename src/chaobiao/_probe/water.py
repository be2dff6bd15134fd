"""What responses of the water API show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Operation
from chaobiao._probe.exchange import Exchange, of_call
from chaobiao._probe.findings import Observer
from chaobiao._probe.plan import Calls
from chaobiao._wire.codecs import kinds_of
from chaobiao.water import ListCosts, ListFlows, ListOperationLogs, ListPayments, ListReadings, ListRegions

_NAMES: Final = {"username", "user_name"}
_MILLISECONDS: Final = 13  # digits


def _rows(exchange: Exchange) -> list[Mapping[str, Any]]:
    return exchange.rows("data") if exchange.status == 200 else []


def _timestamps(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        names = [field.name for field in fields_of(exchange.kind.spec.returns) if datetime in kinds_of(field.type)]
        for row in _rows(exchange):
            values = (row[name] for name in names if name in row and len(str(row[name])) == _MILLISECONDS)
            yield from ("text" if isinstance(value, str) else "number" for value in values)


def _user_key(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        documented = {field.name for field in fields_of(exchange.kind.spec.returns)} & _NAMES
        for row in _rows(exchange):
            yield from ("documented" if name in documented else "other" for name in _NAMES & set(row))


def _amount_key(exchanges: Sequence[Exchange]) -> Iterable[str]:
    names = ("amcount_recharged", "amount_recharged")
    rows = (row for exchange in of_call(exchanges, "payments.list") for row in _rows(exchange))
    return (name for row in rows for name in names if name in row)


def _children(region: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = region.get("children")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


def _regions(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in of_call(exchanges, "regions.list"):
        cities = [city for region in _rows(exchange) for city in _children(region)]
        if _rows(exchange):
            yield "deep" if any(map(_children, cities)) else "documented"


def _no_children(exchanges: Sequence[Exchange]) -> Iterable[str]:
    waiting = [region for exchange in of_call(exchanges, "regions.list") for region in _rows(exchange)]
    while waiting:
        region = waiting.pop()
        below = _children(region)
        waiting += below
        if not below and "children" in region:
            yield "null" if region["children"] is None else "list"


def _total(exchanges: Sequence[Exchange]) -> Iterable[str]:
    for exchange in exchanges:
        if exchange.is_paged and _rows(exchange):
            total = exchange.envelope.get("total")
            yield "none" if total is None else "text" if isinstance(total, str) else "number"


def _trust(exchanges: Sequence[Exchange]) -> Iterable[str]:
    found = set[str]()
    for exchange in exchanges:
        total = str(exchange.envelope.get("total"))
        if exchange.is_paged and total.isdecimal():
            found.add(str(len(_rows(exchange)) <= int(total)))
    return {"False"} if "False" in found else found


OBSERVERS: Final = (
    Observer(row=3, name="timestamps", see=_timestamps),
    Observer(row=5, name="regions", see=_regions),
    Observer(row=5, name="no_children", see=_no_children),
    Observer(row=6, name="amount_key", see=_amount_key),
    Observer(row=10, name="user_key", see=_user_key),
    Observer(row=11, name="total", see=_total),
    Observer(row=11, name="trust_totals", see=_trust, is_quirk=False, switches={"False": "trust_totals=False"}),
)


def plan(_: Calls) -> Iterator[Operation[Any]]:
    """Yield the calls of a probe: reads of first pages."""
    yield ListRegions()
    for operation in (ListCosts, ListFlows, ListReadings, ListPayments, ListOperationLogs):
        yield operation(page_size=10)
