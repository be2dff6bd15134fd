"""Rows that are listed, created, changed and deleted: one mechanism for all tables.

A resource names its table and its operations. Fields of an operation and of a row that have the same name are the same.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Page
from chaobiao.energy.shapes import EnergyPage
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.state import EnergyState, Tables
from chaobiao_mock.energy.tables import WRONG, Table, evolve
from chaobiao_mock.errors import Refused
from chaobiao_mock.pagination import page_of_parts, rows_of
from chaobiao_mock.registry import Handlers

R = TypeVar("R")

#: Tells of a state, the value of an argument and a row whether the row is selected.
Filter = Callable[[EnergyState, Any, Any], bool]

#: The document does not limit the size of a page; the mock does. Where a larger page is requested, this is its size.
MAX_PAGE_SIZE = 1_000


def page_of(op: EnergyPage[R], rows: Iterable[R]) -> Page[R]:
    """Return the requested page of rows."""
    return page_of_parts([rows_of([*rows])], op.page, min(op.page_size, MAX_PAGE_SIZE))


def given(op: Any) -> dict[str, Any]:
    """Return the arguments that a request gives, by their names in records."""
    values = {field.python_name: getattr(op, field.python_name) for field in fields_of(type(op))}
    return {name: value for name, value in values.items() if value is not None and name != "id"}


def changed(quirks: EnergyQuirks, row: R, op: Any, defaults: Mapping[str, Any] | None = None) -> R:
    """Return a row as an update leaves it: what is not given stays, or gets its default where PUT replaces."""
    values = given(op)
    if quirks.put == "replace":
        left_out = {field.python_name: (defaults or {}).get(field.python_name) for field in fields_of(type(op))}
        values = {**{name: value for name, value in left_out.items() if name != "id"}, **values}
    return evolve(row, **values)


def _has_value(name: str) -> Filter:
    return lambda _, value, row: getattr(row, name) == value


def contains(name: str) -> Filter:
    """Return the filter for rows whose text of this name contains the value."""
    return lambda _, value, row: value in (getattr(row, name) or "")


def measuring_point(state: EnergyState, row: Any) -> None:
    """Raise ``Refused`` unless the meter of a rule has the rule's measuring point."""
    meter = state.tables.meters.get(row.meter_id)
    if row.parameter not in (meter.parameters or ()):
        raise Refused(WRONG, f"参数 Meter_Parameter 须为仪表 {meter.name} 的测点")


def in_order(row: Any) -> None:
    """Raise ``Refused`` unless a row begins before it ends."""
    if not row.start < row.end:
        raise Refused(WRONG, "参数 Time_Start 须早于 Time_End")


@attrs.frozen(kw_only=True)
class Resource:
    """A table with the operations that work on it, and with what is special about its rows."""

    record: type[Any]
    #: Chooses the table.
    table: Callable[[Tables], Table[Any]]
    list: Kind
    create: Kind
    update: Kind
    delete: Kind
    #: The values of fields that a request leaves out.
    defaults: Mapping[str, Any] = attrs.field(factory=dict)
    #: Tells for an argument of ``list``, by its name, whether a row is selected; without it, the values are compared.
    filters: Mapping[str, Filter] = attrs.field(factory=dict)
    #: Completes a row that a request would write, and raises ``Refused`` for one that breaks a rule.
    check: Callable[[EnergyState, Any, Any], Any] = lambda _, row, __: row
    #: What else happens when a row was created (then there is none before it) or changed; its value is returned.
    written: Callable[[EnergyState, Any, Any], Any] = lambda _, __, ___: None

    def handlers(self) -> Handlers:
        """Return the handlers of its operations."""
        return Handlers(
            {
                self.list: self._list,
                self.create: self._create,
                self.update: self._update,
                self.delete: self._delete,
            }
        )

    def _list(self, state: EnergyState, op: Any) -> Page[Any]:
        tests = [
            partial(self.filters.get(name, _has_value(name)), state, value)
            for name, value in given(op).items()
            if name not in ("page", "page_size")
        ]
        if op.single:
            row = self.table(state.tables).find(op.id)
            rows: Iterable[Any] = () if row is None else (row,)  # without a search of the table
        else:
            rows = self.table(state.tables)
        return page_of(op, [row for row in rows if all(test(row) for test in tests)])

    def _create(self, state: EnergyState, op: Any) -> Any:
        row = self.record(**{**self.defaults, **given(op)})
        return self._write(state, None, row, op)

    def _update(self, state: EnergyState, op: Any) -> None:
        old = self.table(state.tables).get(op.id)
        self._write(state, old, changed(state.quirks, old, op, self.defaults), op)

    def _write(self, state: EnergyState, old: Any, row: Any, op: Any) -> Any:
        table = self.table(state.tables)
        state.database.check(table, row)
        row = self.check(state, row, op)
        if old is None:
            row = table.add(row)
        else:
            table.replace(old.id, row)
        return self.written(state, old, row)

    def _delete(self, state: EnergyState, op: Any) -> None:
        state.delete(self.table(state.tables), op.id)
