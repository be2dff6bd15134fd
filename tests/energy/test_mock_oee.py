"""The states of machines follow from the rules and the values of meters, and their durations fill any period."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao.energy import OeeRecord, ReturnFormat, TimeType
from chaobiao_mock.energy.steps import parts
from tests.energy.plant import BEGAN, DAY, HOUR, Plant
from tests.harness.mock_server import LiveMock, at

UNKNOWN = "未知"
FRIDAY = at("2026-06-05 00:00:00")


class RuledPlant(Plant):
    """A plant with a machine whose state three rules tell; currents between 0 and 5 A match none of them."""

    def __init__(self, mock: LiveMock) -> None:
        super().__init__(mock)
        client = self.client
        client.machines.create(name="注塑机", department="东车间", equipment_code="", equipment_unit_code="")
        self.machine = next(machine.id or 0 for machine in client.machines.list() if machine.name == "注塑机")
        other = next(meter for meter in self.meters() if meter.kind == "0")
        self.update(other, machine_id=self.machine)
        self.watched = self.meter(other.name or "")
        for rule in client.oee_rules.list().collect():
            if rule.meter_id == other.id:
                client.oee_rules.delete(rule.id or 0)
        running = sorted(value for _, value in self.currents(FRIDAY) if value > 5)
        #: States, in the order of their rules, with the limits of the current: 超载 matches half of what 运行 does.
        self.states = (("超载", running[len(running) // 2], 10_000), ("运行", 5, 10_000), ("停机", 0, 0))
        for state in self.states:
            self.rule(*state)

    def currents(self, start: datetime) -> list[tuple[datetime, Decimal]]:
        """Return the current in each quarter of an hour of a day."""
        period: dict[str, Any] = {"time_type": TimeType.DAY, "start": start, "end": start + DAY, "interval": 15}
        rows = self.client.measurements.list(self.watched.name or "", **period, names="IA")
        return [(row.time, row.value) for row in rows if row.time is not None and row.value is not None]

    def rule(self, status: str, low: Any, high: Any) -> None:
        """Create a rule for the machine."""
        self.client.oee_rules.create(
            name=f"规则{status}",
            status=status,
            meter_id=self.watched.id or 0,
            machine_id=self.machine,
            parameter="IA",
            lower_limit=low,
            upper_limit=high,
        )

    def records(self, start: datetime, end: datetime) -> list[OeeRecord]:
        """Return the changes of state."""
        return list(self.client.oee.records(self.machine, start=start, end=end))

    def durations(
        self,
        start: datetime,
        end: datetime,
        time_type: TimeType = TimeType.DAY,
        form: ReturnFormat = ReturnFormat.TOTAL,
    ) -> Counter[tuple[Any, str]]:
        """Return the seconds by step and state."""
        rows = self.client.oee.statistics(self.machine, start=start, end=end, time_type=time_type, return_format=form)
        found: Counter[tuple[Any, str]] = Counter()
        for row in rows:
            found[row.time, row.status or ""] += row.seconds or 0
        return found


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> RuledPlant:
    """A plant whose machine has been in each of its states."""
    return RuledPlant(live_mock("energy", meters=12, start=BEGAN))


def test_states_follow_the_values(plant: RuledPlant) -> None:
    """In each quarter of an hour the state is that of the first rule whose limits, both included, hold the value."""
    seen: set[str] = set()
    for day in range(3):
        begin = FRIDAY + day * DAY
        values = plant.currents(begin)
        assert len(values) == 96
        states = [
            (time, next((status for status, low, high in plant.states if low <= value <= high), UNKNOWN))
            for time, value in values
        ]
        changes = [now for before, now in pairwise([(begin, ""), *states]) if before[1] != now[1]]
        assert [(record.time, record.status) for record in plant.records(begin, begin + DAY)] == changes
        seen |= {state for _, state in states}
    assert seen == {UNKNOWN, *(status for status, _, _ in plant.states)}


async def test_durations_fill_the_period(plant: RuledPlant) -> None:
    """For any period, also one that is partly to come, 7.6's durations are those of 7.5's records, and fill it."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(back=st.integers(-100_000, 90 * 86_400), length=st.integers(1, 86_400), form=st.sampled_from(ReturnFormat))
    def ask(back: int, length: int, form: ReturnFormat) -> None:
        start = BEGAN - timedelta(seconds=back)
        end = start + timedelta(seconds=length)
        records = plant.records(start, end)
        assert records[0].time == start
        assert all(before.status != after.status for before, after in pairwise(records))
        times = [record.time or start for record in records] + [end]
        expected: Counter[str] = Counter()
        for record, (begin, until) in zip(records, pairwise(times), strict=True):
            assert begin < until
            expected[record.status or ""] += int((until - begin).total_seconds())
        durations = plant.durations(start, end, form=form)
        found: Counter[str] = Counter()
        steps: Counter[Any] = Counter()
        for (time, status), seconds in durations.items():
            found[status] += seconds
            steps[time] += seconds
        assert found == expected
        assert found.total() == length
        if form is ReturnFormat.DETAILS:
            hours, rest = divmod(length, 3_600)
            lasting = {start + number * HOUR: 3_600 for number in range(hours)}
            assert steps == lasting | ({start + hours * HOUR: rest} if rest else {})

    ask()


@pytest.mark.parametrize("time_type", TimeType)
def test_a_year_of_steps(plant: RuledPlant, time_type: TimeType) -> None:
    """The months, days and hours of a year have the same durations as the year, and each is full."""
    start, end = at("2025-06-01 00:00:00"), at("2026-06-01 00:00:00")
    lengths: Counter[Any] = Counter()
    sums: Counter[tuple[Any, str]] = Counter()
    for (time, status), seconds in plant.durations(start, end, time_type, ReturnFormat.DETAILS).items():
        lengths[time] += seconds
        sums[start, status] += seconds
    steps = parts(time_type, start, end, ReturnFormat.DETAILS)
    assert lengths == {index: (until - begin).total_seconds() for index, begin, until in steps}
    assert sums == plant.durations(start, end, time_type)


def test_what_is_to_come_is_unknown(plant: RuledPlant) -> None:
    """A state is known up to the present second, and before a meter counts it is unknown."""
    assert plant.durations(BEGAN, BEGAN + HOUR) == {(BEGAN, UNKNOWN): 3_600}
    assert UNKNOWN not in {status for _, status in plant.durations(FRIDAY + 10 * HOUR, FRIDAY + 11 * HOUR)}
    plant.rule("其他", -10_000, 10_000)
    assert plant.durations(BEGAN - HOUR, BEGAN + HOUR)[BEGAN - HOUR, UNKNOWN] == 3_600
    plant.mock.advance(HOUR)
    assert (BEGAN, UNKNOWN) not in plant.durations(BEGAN, BEGAN + HOUR)
    long_ago = at("1999-01-01 00:00:00")
    assert plant.durations(long_ago, long_ago + HOUR) == {(long_ago, UNKNOWN): 3_600}


def test_rules_decide(plant: RuledPlant) -> None:
    """Changing and deleting rules changes the states of the past too; without rules there are none."""
    start, end = at("2026-06-04 08:00:00"), at("2026-06-05 08:00:00")
    before = plant.durations(start, end)
    rules = {rule.status: rule for rule in plant.client.oee_rules.list() if rule.machine_id == plant.machine}
    running = rules["运行"]
    plant.client.oee_rules.update(
        running.id or 0,
        name="满载",
        status="满载",
        meter_id=running.meter_id or 0,
        machine_id=plant.machine,
        parameter="IA",
        lower_limit=5,
        upper_limit=10_000,
    )
    renamed = plant.durations(start, end)
    assert renamed[start, "满载"] == before[start, "运行"] > 0
    plant.client.oee_rules.delete(rules["超载"].id or 0)
    merged = plant.durations(start, end)
    assert merged[start, "满载"] == renamed[start, "满载"] + renamed[start, "超载"]
    plant.rule("待机", 0, 5)
    idle = plant.durations(start, end)
    assert idle[start, "待机"] == merged[start, UNKNOWN] > 0
    assert idle[start, "停机"] == merged[start, "停机"], "an older rule comes first"
    for rule in plant.client.oee_rules.list().collect():
        if rule.machine_id == plant.machine:
            plant.client.oee_rules.delete(rule.id or 0)
    assert plant.durations(start, end) == {}
    assert plant.records(start, end) == []


def test_records_are_for_24_hours(plant: RuledPlant) -> None:
    """A request by hand for a second more is refused with 4103."""
    plant.mock.log_in()
    arguments = {"Time_Start": "2026-06-01 00:00:00", "Meter_Superior_id": plant.machine}
    assert plant.mock.envelope("oee.records", **arguments, Time_End="2026-06-02 00:00:00")["Err_No"] == "0"
    assert plant.mock.envelope("oee.records", **arguments, Time_End="2026-06-02 00:00:01")["Err_No"] == "4103"
