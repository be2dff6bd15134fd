"""Consumption and measurements, computed from the registers of the meters."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Final

import attrs

from chaobiao._contract.operation import Page
from chaobiao.energy import (
    Combination,
    ConsumptionPoint,
    ConsumptionTotal,
    EnergyKind,
    GroupBy,
    ListConsumptionDetails,
    ListConsumptionTotals,
    ListMeasurements,
    Measurement,
    Meter,
    TimeType,
)
from chaobiao.energy.amounts import Amounts
from chaobiao_mock.decimals import with_places
from chaobiao_mock.energy.plant import ENERGY_NAMES
from chaobiao_mock.energy.registers import StepAmounts
from chaobiao_mock.energy.series import QUARTER, points_of
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.steps import check_rows, edges
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The most values of which the averages of one measuring point are made: those of a year, one a quarter of an hour.
_MOST_VALUES: Final = 366 * 96


@attrs.frozen
class Group:
    """What amounts are added up by. Names are empty where amounts are not divided by them."""

    department: str
    #: The machine.
    machine: str
    meter: str
    kind: EnergyKind

    @property
    def kind_name(self) -> str:
        """The Chinese name of the kind of energy."""
        return ENERGY_NAMES.get(self.kind, self.kind)

    def owner(self, group_by: GroupBy) -> str:
        """The machine, or the department where amounts are added up by departments."""
        return self.department if group_by is GroupBy.DEPARTMENT else self.machine


def groups_of(state: EnergyState, op: Amounts) -> dict[Group, list[Meter]]:
    """Return the meters whose amounts are added up, by group.

    Virtual and total meters count what others count too: they are listed by themselves, and are part of no sum.
    """
    machines = state.tables.machines
    names, kinds = _several(op.names), _several(op.kinds)
    group_by, by_itself = op.group_by, op.group_by is GroupBy.METER
    by_meter = by_itself or op.combination is Combination.METER
    found: dict[Group, list[Meter]] = {}
    for meter in state.tables.meters:
        if not meter.is_counted or not (by_itself or not (meter.is_virtual or meter.is_total)):
            continue
        machine = machines.find(meter.machine_id)
        machine_name, department = (machine.name or "", machine.department or "") if machine else ("", "")
        name = {GroupBy.METER: meter.name, GroupBy.MACHINE: machine_name, GroupBy.DEPARTMENT: department}.get(group_by)
        if (names is not None and name not in names) or (kinds is not None and meter.kind not in kinds):
            continue
        group = Group(
            "" if group_by is GroupBy.ENERGY_KIND else department,
            machine_name if by_meter or group_by is GroupBy.MACHINE else "",
            (meter.name or "") if by_meter else "",
            EnergyKind(meter.kind or ""),
        )
        found.setdefault(group, []).append(meter)
    return found


def _several(value: str | Iterable[str] | None) -> set[str] | None:
    """Return the names or codes of an argument: one text, in which they are joined by commas, or several."""
    return None if value is None else set(value.split(",") if isinstance(value, str) else value)


def step_amounts(state: EnergyState, seconds: Iterable[int]) -> StepAmounts:
    """Return what meters count from each second to the next one: nothing after the present one."""
    now = state.now()
    return StepAmounts(state.registers, [min(second, now) for second in seconds])


@handlers.serves(ListConsumptionTotals)
def list_totals(state: EnergyState, op: ListConsumptionTotals) -> Page[ConsumptionTotal]:
    amounts = step_amounts(state, map(state.second, (op.start, op.end)))
    return Page(
        [
            ConsumptionTotal(
                owner=group.owner(op.group_by),
                meter=group.meter,
                kind=group.kind,
                kind_name=group.kind_name,
                amount=with_places(amounts.of(meters)[0], 4, 2),
            )
            for group, meters in groups_of(state, op).items()
        ]
    )


@handlers.serves(ListConsumptionDetails)
def list_details(state: EnergyState, op: ListConsumptionDetails) -> Page[ConsumptionPoint]:
    begins = edges(op.time_type, op.start, op.end, op.interval)
    groups = groups_of(state, op)
    check_rows(len(groups) * (len(begins) - 1))
    amounts = step_amounts(state, map(state.second, begins))
    rows: list[ConsumptionPoint] = []
    for group, meters in groups.items():
        owner, kind_name = group.owner(op.group_by), group.kind_name
        rows += [
            ConsumptionPoint(
                time=begin,
                owner=owner,
                meter=group.meter,
                kind=group.kind,
                kind_name=kind_name,
                amount=with_places(amount, 4, 2),
            )
            for begin, amount in zip(begins, amounts.of(meters), strict=False)  # one begin more: the end
        ]
    return Page(rows)


@handlers.serves(ListMeasurements)
def list_measurements(state: EnergyState, op: ListMeasurements) -> Page[Measurement]:
    meter = state.tables.meters.named(op.meter)
    if meter is None or meter.is_virtual or meter.is_manual:
        return Page([])
    names = _several(op.names)
    points = [point for point in points_of(meter.kind or "") if names is None or point in names]
    begins = edges(op.time_type, op.start, op.end, op.interval)
    check_rows(len(points) * (len(begins) - 1))
    return Page([*_values(state, meter, points, op.time_type, begins)])


def _values(
    state: EnergyState, meter: Meter, points: list[str], time_type: TimeType, begins: list[datetime]
) -> Iterator[Measurement]:
    """Yield the values at the beginning of the steps, or averages for months and years, as far as the meter counts."""
    registers = state.registers
    first, now = registers.series(meter).begin, state.now()
    seconds = [state.second(moment) for moment in begins]
    begin, end = max(seconds[0], first), min(seconds[-1], now)
    pace = QUARTER * max(1, -((begin - end) // (QUARTER * _MOST_VALUES)))
    for moment, (low, high) in zip(begins, pairwise(seconds), strict=False):  # one moment more: the end
        if time_type is TimeType.DAY:
            samples = range(low, low + 1) if first <= low <= now else range(0)
        else:
            samples = range(max(low, first), min(high, now + 1), pace)
        if samples:
            for point in points:
                values = registers.values(meter, point, samples)
                yield Measurement(time=moment, name=point, value=with_places(sum(values) // len(values), 3, 1))
