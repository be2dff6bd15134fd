"""Reports of consumption: their files, and their rows with the amounts of steps and shifts."""

from datetime import timedelta
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.energy import (
    GenerateReport,
    ListReportDetails,
    ReportDetail,
    ReportFile,
    ReportRow,
    ShiftAmount,
    TimeType,
)
from chaobiao_mock.decimals import with_places
from chaobiao_mock.energy.consumption import groups_of, step_amounts
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.steps import check_rows, edges
from chaobiao_mock.energy.tables import NO_DATA
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The shifts of a day, eight hours each: the first one begins with the day of the settings (Day_Start).
SHIFTS: Final = ("早班", "中班", "夜班")
_SHIFT: Final = 24 * 3600 // len(SHIFTS)


@handlers.serves(GenerateReport)
def generate_report(state: EnergyState, op: GenerateReport) -> ReportFile:
    steps = len(edges(op.time_type, op.start, op.end, op.interval)) - 1
    groups = len(groups_of(state, op))
    check_rows(groups * steps)
    if not groups * steps:
        raise Refused(NO_DATA)
    start = op.start
    match op.time_type:
        case TimeType.YEAR:
            name = f"Year_report{start.year}"
        case TimeType.MONTH:
            name = f"Month_report{start.year}_{start.month}"
        case _:
            name = f"Day_report{start.year}_{start.month}_{start.day}"
    return ReportFile(file_name=f"{name}.xlsx")


@handlers.serves(ListReportDetails)
def list_report_details(state: EnergyState, op: ListReportDetails) -> Page[ReportRow]:
    begins = edges(op.time_type, op.start, op.end, op.interval)
    groups = groups_of(state, op)
    check_rows(len(groups) * (len(begins) - 1))
    details = step_amounts(state, map(state.second, begins))
    first, shift_begins = _shifts(state, state.second(op.start), state.second(op.end))
    shifts = step_amounts(state, shift_begins)
    rows: list[ReportRow] = []
    for group, meters in groups.items():
        amounts = shifts.of(meters)
        rows.append(
            ReportRow(
                department=group.department,
                machine=group.machine,
                meter=group.meter,
                kind=group.kind,
                kind_name=group.kind_name,
                shifts=tuple(
                    ShiftAmount(name=name, amount=with_places(sum(amounts[(number - first) % len(SHIFTS) :: 3]), 4, 2))
                    for number, name in enumerate(SHIFTS)
                ),
                details=tuple(
                    ReportDetail(time=begin, amount=with_places(amount, 4, 2))
                    for begin, amount in zip(begins, details.of(meters), strict=False)  # one begin more: the end
                ),
            )
        )
    return Page(rows)


def _shifts(state: EnergyState, begin: int, end: int) -> tuple[int, list[int]]:
    """Return the number of the shift in which a period begins, and the seconds at which its shifts begin, and end."""
    check_rows((end - begin) // _SHIFT)
    offset = (state.settings.day_start or timedelta()) // timedelta(seconds=1)
    passed = (begin - offset) // _SHIFT  # second 0 is a midnight
    return passed % len(SHIFTS), [begin, *range((passed + 1) * _SHIFT + offset, end, _SHIFT), end]
