"""Consumption adds up: over steps, shifts, periods and groups, for any question that a client can ask."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao import ParameterRefused
from chaobiao.energy import Combination, EnergyKind, GroupBy, TimeType
from tests.energy.plant import BEGAN, DAY, HOUR, Plant, key_of, total
from tests.harness.mock_server import LiveMock, at

MAY = {"start": at("2026-05-01 00:00:00"), "end": at("2026-06-01 00:00:00")}
OWNED = (GroupBy.MACHINE, GroupBy.DEPARTMENT)
#: The longest period in days, and the intervals, by the type of time.
LENGTHS: dict[TimeType, tuple[int, list[int | None]]] = {
    TimeType.YEAR: (800, [None, 1, 5, 12]),
    TimeType.MONTH: (90, [None, 1, 7]),
    TimeType.DAY: (3, [None, 15, 50]),
}


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> Plant:
    """A plant with made-up meters, and one of each special kind: virtual, total, manual and not counted."""
    plant = Plant(live_mock("energy", meters=24, start=BEGAN))
    first, second = (meter.name for meter in plant.meters()[:2])
    plant.create("虚拟表", is_virtual=True, formula=f"{first} + {second}")
    plant.create("总表", is_total=True)
    plant.create("不统计的表", is_counted=False)
    manual = plant.create("手工表", "8", is_manual=True)
    for month in (3, 4):
        plant.client.province.add_manual_data(
            manual, time=datetime(2026, month, 1), time_type=TimeType.MONTH, amount="100.001"
        )
    plant.client.province.add_manual_data(manual, time=datetime(2026, 5, 7), time_type=TimeType.DAY, amount=7)
    return plant


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a period, steps, a grouping and filters; names are drawn as numbers of the plant's names."""
    time_type = draw(st.sampled_from(list(LENGTHS)))
    days, intervals = LENGTHS[time_type]
    start = BEGAN - timedelta(days=draw(st.integers(-1, 400)), seconds=draw(st.integers(0, 86_400)))
    found: dict[str, Any] = {
        "time_type": time_type,
        "start": start,
        "end": start + timedelta(seconds=draw(st.integers(1, days * 86_400))),
        "interval": draw(st.sampled_from(intervals)),
        "group_by": draw(st.sampled_from(list(GroupBy))),
    }
    if found["group_by"] in OWNED:
        found["combination"] = draw(st.sampled_from([None, *Combination]))
    if found["group_by"] is not GroupBy.ENERGY_KIND:
        found["names"] = draw(st.none() | st.lists(st.integers(0, 40), min_size=1, max_size=4))
    found["kinds"] = draw(st.none() | st.lists(st.sampled_from(list(EnergyKind)), min_size=1, max_size=4, unique=True))
    return found


def named(plant: Plant, question: dict[str, Any]) -> dict[str, Any]:
    """Put the plant's names in place of numbers."""
    if question.get("names") is None:
        return question
    every: list[str | None] = {
        GroupBy.METER: [meter.name for meter in plant.client.meters.list()],
        GroupBy.MACHINE: [machine.name for machine in plant.machines()],
        GroupBy.DEPARTMENT: sorted({machine.department or "" for machine in plant.machines()}),
    }[question["group_by"]]
    return {**question, "names": [every[number % len(every)] for number in question["names"]]}


async def test_totals_steps_and_shifts_agree(plant: Plant) -> None:
    """For any question, each group's total is the sum of its steps, of its report's steps and of its shifts."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(question=questions(), cut=st.floats(0, 1))
    def ask(question: dict[str, Any], cut: float) -> None:
        question = named(plant, question)
        whole = {name: value for name, value in question.items() if name != "interval"}
        start, end = question["start"], question["end"]
        totals = plant.totals(**whole)
        details: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for row in plant.client.consumption.details(**question):
            details[key_of(row)].append(row)
        assert {key: total(row.amount for row in rows) for key, rows in details.items()} == totals
        times = [tuple(row.time for row in rows) for rows in details.values()]
        assert len(set(times)) <= 1
        for found in times[:1]:
            assert found[0] == start
            assert found[-1] < end
            assert all(earlier < later for earlier, later in pairwise(found))
        reports = list(plant.client.reports.details(**question))
        by_department = question["group_by"] is GroupBy.DEPARTMENT
        amounts: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for report in reports:
            owner = report.department if by_department else report.machine
            amount = total(detail.amount for detail in report.details or ())
            assert total(shift.amount for shift in report.shifts or ()) == amount
            assert tuple(detail.time for detail in report.details or ()) == times[0]
            amounts[owner or "", report.meter or "", str(report.kind)] += amount
        assert amounts == totals
        assert all(amount.as_tuple().exponent in (-4, -3, -2) for amount in totals.values())
        middle = (start + (end - start) * cut).replace(microsecond=0)
        before, after = plant.totals(**{**whole, "end": middle}), plant.totals(**{**whole, "start": middle})
        assert totals == {key: before[key] + after[key] for key in totals}

    ask()


@pytest.mark.parametrize("time_type", TimeType)
def test_groups_add_up_to_the_kinds_of_energy(plant: Plant, time_type: TimeType) -> None:
    """Machines, departments and single meters have the same sums by kind of energy, with either combination."""
    expected = plant.totals(**MAY, group_by=GroupBy.ENERGY_KIND, time_type=time_type)
    assert len(expected) == len({meter.kind for meter in plant.meters()}) > 5
    assert min(expected.values()) > 0
    every: list[dict[tuple[str, ...], Decimal]] = [
        plant.totals(**MAY, group_by=owner, combination=combination) for owner in OWNED for combination in Combination
    ]
    counted = {meter.name for meter in plant.meters()}
    meters = plant.totals(**MAY, group_by=GroupBy.METER)
    every.append({key: amount for key, amount in meters.items() if key[1] in counted})
    for groups in every:
        sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for (_, _, kind), amount in groups.items():
            sums["", "", kind] += amount
        assert sums == expected
    assert len({len(groups) for groups in every}) > 1


def test_names_are_empty_where_amounts_are_not_divided_by_them(plant: Plant) -> None:
    """Rows name the machine, department and meter that they are about, and nothing else; kinds have Chinese names."""
    machine = plant.machines()[-1]
    meters = [meter for meter in plant.meters() if meter.machine_id == machine.id and meter.kind == "0"]
    assert len(meters) == 1
    question: dict[str, Any] = {**MAY, "time_type": TimeType.MONTH, "kinds": EnergyKind.ELECTRICITY}
    for group_by, more, owner, meter in [
        (GroupBy.ENERGY_KIND, {}, "", ""),
        (GroupBy.METER, {"names": meters[0].name}, machine.name, meters[0].name),
        (GroupBy.MACHINE, {"names": machine.name}, machine.name, ""),
        (GroupBy.MACHINE, {"names": machine.name, "combination": "2"}, machine.name, meters[0].name),
        (GroupBy.DEPARTMENT, {"names": machine.department}, machine.department, ""),
    ]:
        arguments: dict[str, Any] = {**question, "group_by": group_by, **more}
        for row in (*plant.client.consumption.totals(**arguments), *plant.client.consumption.details(**arguments)):
            assert (row.owner, row.meter, row.kind, row.kind_name) == (owner, meter, "0", "电")
    row, *others = plant.client.reports.details(**question, group_by=GroupBy.METER, names=meters[0].name)
    assert (row.department, row.machine, row.meter) == (machine.department, machine.name, meters[0].name)
    assert not others


def test_virtual_and_total_meters_are_listed_and_in_no_sum(plant: Plant) -> None:
    """A virtual meter's amount is that of its formula; sums take in neither virtual nor total meters."""
    before = [plant.totals(**MAY, group_by=owner) for owner in (GroupBy.ENERGY_KIND, *OWNED)]
    first, second, third = (meter.name or "" for meter in plant.meters()[:3])
    plant.create("差额表", is_virtual=True, formula=f"虚拟表-{third}")
    used = {name: plant.used(name, **MAY) for name in (first, second, third, "虚拟表", "差额表", "总表")}
    assert used["虚拟表"] == used[first] + used[second] > 0
    assert used["差额表"] == used["虚拟表"] - used[third] != 0
    assert used["总表"] == 0  # it was created later
    assert [plant.totals(**MAY, group_by=owner) for owner in (GroupBy.ENERGY_KIND, *OWNED)] == before
    now = BEGAN + DAY
    plant.mock.advance(DAY)
    assert plant.used("总表", BEGAN, now) > 0
    electricity = total(plant.used(meter.name or "", BEGAN, now) for meter in plant.meters() if meter.kind == "0")
    assert plant.used_by_kind("0", BEGAN, now) == electricity


def test_meters_count_from_their_creation_until_now(plant: Plant) -> None:
    """The future counts nothing until it has passed, and a meter nothing before it was created."""
    new = "新表"
    plant.create(new)
    old = plant.meters()[0].name or ""
    span = (BEGAN - HOUR, BEGAN + 3 * HOUR)
    before = plant.used(old, *span)
    assert plant.used(new, *span) == 0
    assert before == plant.used(old, BEGAN - HOUR, BEGAN) > 0
    assert plant.used(old, BEGAN, BEGAN + DAY) == 0
    plant.mock.advance(2 * HOUR)
    assert plant.used(old, *span) > before
    assert plant.used(new, BEGAN - DAY, BEGAN) == 0
    assert plant.used(new, *span) > 0
    assert plant.used(old, BEGAN + 2 * HOUR, BEGAN + 3 * HOUR) == 0


def test_changing_a_meter_changes_the_statistics(plant: Plant) -> None:
    """What a meter counted leaves the sums with its flag, and moves with its machine and its kind of energy."""
    here, there = plant.machines()[:2]
    meter = next(meter for meter in plant.meters() if meter.machine_id == here.id and meter.kind == "0")
    amount = plant.used(meter.name or "", **MAY)
    electricity = plant.used_by_kind("0", **MAY)

    def of(machine: Any) -> Decimal:
        return total(plant.totals(**MAY, group_by=GroupBy.MACHINE, names=machine.name, kinds="0").values())

    at_here, at_there = of(here), of(there)
    plant.update(meter, machine_id=there.id)
    assert (of(here), of(there)) == (at_here - amount, at_there + amount)
    assert plant.used_by_kind("0", **MAY) == electricity
    plant.update(meter, is_counted=False)
    assert plant.used_by_kind("0", **MAY) == electricity - amount
    assert plant.totals(**MAY, group_by=GroupBy.METER, names=meter.name) == {}
    plant.update(meter, is_counted=True, kind="6")
    assert plant.used_by_kind("0", **MAY) == electricity - amount
    assert ("", meter.name, "6") in {("", *key[1:]) for key in plant.totals(**MAY, group_by=GroupBy.METER)}
    assert here.id is not None
    plant.client.machines.update(
        here.id, name="改名的机器", department="新部门", equipment_code="00", equipment_unit_code="01"
    )
    assert set(plant.totals(**MAY, group_by=GroupBy.DEPARTMENT, names="新部门")) == {
        ("新部门", "", kind) for kind in {row.kind or "" for row in plant.meters() if row.machine_id == here.id}
    }
    plant.client.meters.delete(plant.meter(plant.meters()[-1].name or "").id or 0)
    assert len(plant.totals(**MAY, group_by=GroupBy.METER)) == len([*plant.client.meters.list()]) - 1  # 不统计的表


def test_manual_data_are_what_a_manual_meter_counts(plant: Plant) -> None:
    """A manual amount is spread evenly over its day or month; data entered later are added."""
    day = at("2026-05-07 00:00:00")
    assert plant.used("手工表", **MAY) == 7
    assert plant.used("手工表", day, day + 6 * HOUR) == Decimal("1.75")
    april = at("2026-04-01 00:00:00")
    assert plant.used("手工表", april, MAY["start"]) == Decimal("100.001")
    assert plant.used("手工表", april, april + 3 * DAY) == Decimal("10.0001")
    gas = plant.used_by_kind("8", **MAY)
    plant.client.province.add_manual_data(
        plant.meter("手工表").id or 0, time=day + DAY, time_type=TimeType.DAY, amount="2.5"
    )
    assert plant.used("手工表", **MAY) == Decimal("9.5")
    assert plant.used_by_kind("8", **MAY) == gas + Decimal("2.5")


def test_filters_that_nothing_matches_return_no_rows(plant: Plant) -> None:
    """Unknown names, a kind without meters and an empty period are empty lists."""
    assert plant.totals(**MAY, group_by=GroupBy.MACHINE, names="没有的机器") == {}
    assert plant.totals(**MAY, group_by=GroupBy.METER, names="手工表", kinds=EnergyKind.AIR) == {}
    question: dict[str, Any] = {"time_type": TimeType.DAY, "group_by": GroupBy.MACHINE, "start": BEGAN, "end": BEGAN}
    assert list(plant.client.consumption.details(**question)) == []
    assert set(plant.totals(**question).values()) == {0}


def test_steps_are_by_the_type_of_time(plant: Plant) -> None:
    """Steps are minutes, days or months from the start; a month after its 31st is the last day of a shorter one."""

    def times(time_type: TimeType, start: str, end: str, interval: int | None = None) -> list[datetime | None]:
        rows = plant.client.consumption.details(
            time_type=time_type,
            start=at(start),
            end=at(end),
            interval=interval,
            group_by=GroupBy.ENERGY_KIND,
            kinds=EnergyKind.ELECTRICITY,
        )
        return [row.time for row in rows]

    day = times(TimeType.DAY, "2026-05-01 07:30:00", "2026-05-02 07:30:00")
    assert day == [at("2026-05-01 07:30:00") + number * HOUR for number in range(24)]
    assert len(times(TimeType.DAY, "2026-05-01 00:00:00", "2026-05-02 00:00:01", 15)) == 97
    month = times(TimeType.MONTH, "2026-05-01 00:00:00", "2026-06-01 00:00:00")
    assert month == [MAY["start"] + number * DAY for number in range(31)]
    year = times(TimeType.YEAR, "2025-01-31 00:00:00", "2026-01-31 00:00:00")
    assert [moment and (moment.month, moment.day) for moment in year[:4]] == [(1, 31), (2, 28), (3, 31), (4, 30)]
    assert len(year) == 12
    assert times(TimeType.YEAR, "2025-01-01 00:00:00", "2026-01-01 00:00:00", 5) == [
        at("2025-01-01 00:00:00"),
        at("2025-06-01 00:00:00"),
        at("2025-11-01 00:00:00"),
    ]


def test_a_year_at_once(plant: Plant) -> None:
    """A year of quarters of an hour is one request; what would have too many rows is refused with the rule."""
    question: dict[str, Any] = {
        "time_type": TimeType.DAY,
        "start": at("2025-06-01 00:00:00"),
        "end": at("2026-06-01 00:00:00"),
        "interval": 15,
        "group_by": GroupBy.ENERGY_KIND,
    }
    rows = list(plant.client.consumption.details(**question, kinds=EnergyKind.ELECTRICITY))
    assert len(rows) == 365 * 96
    assert total(row.amount for row in rows) == plant.used_by_kind("0", question["start"], question["end"])
    for refused in ({}, {"interval": 1}, {"interval": 1, "start": at("1900-01-01 00:00:00")}):
        with pytest.raises(ParameterRefused, match="Time_Interval"):
            list(plant.client.consumption.details(**{**question, **refused}))
