"""One month of a plant, read from the energy management interface. Only for ``energy_month.py``."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeVar

from chaobiao import SHANGHAI, ChaobiaoError, EnergyManager
from chaobiao.energy import (
    AlarmLevel,
    ConsumptionTotal,
    CountBy,
    EnergyKind,
    GroupBy,
    OeeDuration,
    ReturnFormat,
    TimeType,
)

T = TypeVar("T")
Part = Literal["consumption", "month before", "daily electricity", "alarms", "messages", "states"]

#: The states of so many machines are read: one request each.
STATE_MACHINES = 8


@dataclass(frozen=True)
class Gap:
    """A part that could not be read, and why."""

    part: Part
    zh: str
    en: str


@dataclass
class Month:
    """The figures of one month."""

    start: datetime
    end: datetime
    #: Amounts by machine and kind of energy.
    machines: dict[str, dict[EnergyKind, Decimal]] = field(default_factory=dict)
    before: dict[EnergyKind, Decimal] = field(default_factory=dict)
    #: Electricity of each day.
    days: list[tuple[datetime, Decimal]] = field(default_factory=list)
    alarms: dict[AlarmLevel, int] = field(default_factory=dict)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Seconds in each state, by machine.
    states: dict[str, dict[str, int]] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def total(self, kind: EnergyKind) -> Decimal:
        """Return the amount of a kind of energy."""
        return sum((amounts.get(kind, Decimal(0)) for amounts in self.machines.values()), Decimal(0))

    def kinds(self) -> list[EnergyKind]:
        """Return the kinds of energy that were used, in the order of their codes."""
        return sorted({kind for amounts in self.machines.values() for kind in amounts}, key=lambda kind: kind.value)

    def lacks(self, part: Part) -> bool:
        """Tell whether a part could not be read."""
        return any(gap.part == part for gap in self.gaps)


def month_of(year: int, month: int) -> tuple[datetime, datetime]:
    """Return the first moments of a month and of the next one."""
    start = datetime(year, month, 1, tzinfo=SHANGHAI)
    return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=SHANGHAI)


def gather(client: EnergyManager, year: int, month: int) -> Month:
    """Read the month; a part that cannot be read becomes a gap."""
    start, end = month_of(year, month)
    found = Month(start, end)
    previous = month_of(year - (month == 1), (month - 2) % 12 + 1)[0]

    def read(part: Part, call: Callable[[], Sequence[T]]) -> Sequence[T]:
        try:
            return call()
        except ChaobiaoError as error:
            found.gaps.append(Gap(part, error.message_zh, error.message))
            return ()

    def consumed(begin: datetime, until: datetime, group_by: GroupBy) -> Sequence[ConsumptionTotal]:
        return client.consumption.totals(time_type=TimeType.MONTH, start=begin, end=until, group_by=group_by).collect()

    for row in read("consumption", lambda: consumed(start, end, GroupBy.MACHINE)):
        if row.kind is not None and row.amount is not None:
            found.machines.setdefault(row.owner or "-", {})[row.kind] = row.amount
    for row in read("month before", lambda: consumed(previous, start, GroupBy.ENERGY_KIND)):
        if row.kind is not None and row.amount is not None:
            found.before[row.kind] = row.amount
    for point in read(
        "daily electricity",
        lambda: client.consumption.details(
            time_type=TimeType.MONTH,
            start=start,
            end=end,
            interval=1,
            group_by=GroupBy.ENERGY_KIND,
            kinds=[EnergyKind.ELECTRICITY],
        ).collect(),
    ):
        if point.time is not None and point.amount is not None:
            found.days.append((point.time, point.amount))
    for count in read(
        "alarms",
        lambda: client.alarm_messages.counts(
            time_type=TimeType.MONTH,
            start=start,
            end=end,
            count_by=CountBy.LEVEL,
            return_format=ReturnFormat.TOTAL,
        ).collect(),
    ):
        if count.level is not None and count.count is not None:
            found.alarms[count.level] = found.alarms.get(count.level, 0) + count.count
    for message in read(
        "messages", lambda: client.alarm_messages.list(start=start, end=end, page_size=1_000).collect()
    ):
        found.rules[message.rule or "-", message.machine or "-"] += 1
    _read_states(client, found, read)
    return found


def _read_states(
    client: EnergyManager,
    found: Month,
    read: Callable[[Part, Callable[[], Sequence[OeeDuration]]], Sequence[OeeDuration]],
) -> None:
    """Read the states of the machines with rules that used the most electricity."""
    try:
        names = {machine.id: machine.name or "-" for machine in client.machines.list(page_size=1_000)}
        ruled = {rule.machine_id for rule in client.oee_rules.list(page_size=1_000)}
    except ChaobiaoError as error:
        found.gaps.append(Gap("states", error.message_zh, error.message))
        return
    order = sorted(
        (key for key in ruled if key in names),
        key=lambda key: found.machines.get(names[key], {}).get(EnergyKind.ELECTRICITY, Decimal(0)),
        reverse=True,
    )
    for key in order[:STATE_MACHINES]:
        if key is None:
            continue
        machine = key
        durations = read(
            "states",
            lambda machine=machine: client.oee.statistics(  # type: ignore[misc]  # mypy infers no type for the default
                machine,
                time_type=TimeType.MONTH,
                start=found.start,
                end=found.end,
                return_format=ReturnFormat.TOTAL,
            ).collect(),
        )
        for row in durations:
            if row.status is not None and row.seconds is not None:
                states = found.states.setdefault(names[key], {})
                states[row.status] = states.get(row.status, 0) + row.seconds
