"""Histories of meters: the documented rows, then the rows that follow from the meters' reports."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from chaobiao._contract.operation import Page
from chaobiao_mock.jrhsz.derived_readings import report_times
from chaobiao_mock.jrhsz.fleet import KINDS_REPEAT_AFTER
from chaobiao_mock.jrhsz.meter_spec import MeterSpec
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.schedule import MeterReport, Schedule, reports_of, reports_of_generated
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import LazyRows, rows_of
from chaobiao_mock.periods import in_period

R = TypeVar("R")

#: Makes the row of a meter's report.
MakeRow = Callable[[MeterSpec, datetime], R]


def selected_meters(state: JrhszState, table_no: Any) -> Sequence[int]:
    """Return the meters that a request selects: all, one, or several. Unknown numbers select nothing."""
    if table_no is None:
        return range(len(state.fleet))
    found = (state.fleet.index_of(number) for number in _numbers(table_no))
    return sorted({index for index in found if index is not None})


def is_selected(op: Any, number: str | None, moment: datetime | None) -> bool:
    """Tell whether a request selects a meter and a moment."""
    return (op.table_no is None or number in _numbers(op.table_no)) and in_period(moment, op.begin, op.end)


def _numbers(table_no: Any) -> Sequence[str]:
    return (table_no,) if isinstance(table_no, str) else table_no


def history_page(
    state: JrhszState,
    op: Any,
    documented: Sequence[R],
    schedule: Schedule,
    make: MakeRow[R],
    included: Callable[[int], bool] = lambda _: True,
    *,
    with_requested: bool = False,
) -> Page[R]:
    """Return a page of documented rows, followed by those of the meters' own reports.

    ``included`` selects meters by index. ``with_requested`` adds the readings that were requested by a command: beside
    their meter's own where the request names meters, else after all others.
    """
    parts: list[LazyRows[R]]
    if with_requested and op.table_no is not None:
        parts = [_rows_of_meter(state, op, schedule, index, make) for index in selected_meters(state, op.table_no)]
        return page_of(state.quirks, op, [rows_of(documented), *parts])
    parts = [
        reports.map(lambda report: make(state.fleet.spec(report[0]), report[1]))
        for reports in _reports(state, op, schedule, included)
    ]
    if with_requested:
        requested = [
            (moment, index)
            for index in state.fleet.meters_with_read_commands()
            for moment in state.fleet.read_commands(index)
            if in_period(moment, op.begin, op.end)
        ]
        parts.append(rows_of([make(state.fleet.spec(index), moment) for moment, index in sorted(requested)]))
    return page_of(state.quirks, op, [rows_of(documented), *parts])


def _rows_of_meter(state: JrhszState, op: Any, schedule: Schedule, index: int, make: MakeRow[R]) -> LazyRows[R]:
    """Return the rows of one meter, sorted by time."""
    spec = state.fleet.spec(index)
    since = state.fleet.reports_since(spec)
    end = min(op.end, state.clock.now())
    if since is None:  # it reports nothing by itself
        requested = [moment for moment in state.fleet.read_commands(index) if in_period(moment, op.begin, end)]
        return rows_of([make(spec, moment) for moment in requested])
    return report_times(state, spec, schedule, max(op.begin, since), end).map(lambda moment: make(spec, moment))


def _reports(
    state: JrhszState, op: Any, schedule: Schedule, included: Callable[[int], bool]
) -> list[LazyRows[MeterReport]]:
    """Return the reports in a request's period: of the documented meters in use, then of the generated ones."""
    fleet = state.fleet
    end = min(op.end, state.clock.now())
    selected = range(fleet.first_generated) if op.table_no is None else selected_meters(state, op.table_no)
    single = [
        (index, max(op.begin, since))
        for index in selected
        if included(index) and (since := fleet.reports_since(fleet.spec(index))) is not None
    ]
    reports = [reports_of(schedule, single, end)]
    if op.table_no is None:
        generated = range(fleet.first_generated, len(fleet))
        reports.append(reports_of_generated(schedule, generated, included, KINDS_REPEAT_AFTER, op.begin, end))
    return reports
