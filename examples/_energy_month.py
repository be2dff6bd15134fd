"""One month of a plant, read from the energy management API. Only for ``energy_month.py``."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from _gaps import Gaps

from chaobiao import SHANGHAI, EnergyManager
from chaobiao.energy import (
    AlarmLevel,
    ConsumptionTotal,
    CountBy,
    EnergyKind,
    GroupBy,
    Month,
    OutputAmount,
    ReturnFormat,
    Settings,
    SummaryBy,
    TimeType,
)

#: The page shows the states of so many machines: each of them takes a request.
MACHINES = 8
#: Lists come in pages of so many rows, and of the messages of alarms no more than so many are read.
PAGE, MESSAGES = 1_000, 5_000

MONTH, TOTAL = TimeType.MONTH, ReturnFormat.TOTAL
ELECTRICITY = EnergyKind.ELECTRICITY

Amounts = dict[EnergyKind, Decimal]


@dataclass
class Product:
    """What was made of a product, and the energy that went into it as coal equivalent."""

    unit: str
    output: Decimal = Decimal(0)
    coal: Decimal = Decimal(0)
    output_before: Decimal = Decimal(0)
    coal_before: Decimal = Decimal(0)


@dataclass
class Report(Gaps):
    """What the server returned for one month, up to the moment of making."""

    month: Month
    at: datetime
    start: datetime
    end: datetime
    #: Begin and end of the same part of the month before.
    before: tuple[datetime, datetime]
    #: The Chinese names of the kinds of energy.
    kinds: dict[EnergyKind, str] = field(default_factory=dict)
    amounts: Amounts = field(default_factory=dict)
    amounts_before: Amounts = field(default_factory=dict)
    #: The ids of the machines by their names, and what each consumed; the empty name is for meters without a machine.
    ids: dict[str, int] = field(default_factory=dict)
    machines: dict[str, Amounts] = field(default_factory=dict)
    #: The electricity of each day.
    days: list[Decimal | None] = field(default_factory=list)
    days_before: list[Decimal | None] = field(default_factory=list)
    alarms: Counter[AlarmLevel] = field(default_factory=Counter)
    alarms_before: Counter[AlarmLevel] = field(default_factory=Counter)
    #: How many messages were counted by rule, machine and level, of those that were read.
    rules: Counter[tuple[str, str, AlarmLevel | None]] = field(default_factory=Counter)
    #: How many seconds each of the largest machines with rules for states was in each state.
    states: dict[str, Counter[str]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    @property
    def largest(self) -> list[str]:
        """The machines, the largest consumption of electricity first."""
        return sorted(self.machines, key=lambda name: self.machines[name].get(ELECTRICITY, Decimal(0)), reverse=True)


def begin(month: Month, settings: Settings | None) -> datetime:
    """Return where a month begins by the settings of the system (4.3); without them, at midnight of its first day."""
    day, offset = 1, timedelta(0)
    if settings is not None:
        day, offset = settings.month_start or 1, settings.day_start or timedelta(0)
    if day < 0:
        month = earlier(month)
    last = monthrange(month.year, month.month)[1]
    return datetime(month.year, month.month, min(abs(day), last), tzinfo=SHANGHAI) + offset


def earlier(month: Month, by: int = 1) -> Month:
    """Return the month before, or later ones for a negative number."""
    year, number = divmod(month.year * 12 + month.month - 1 - by, 12)
    return Month(year, number + 1)


def gather(client: EnergyManager, month: Month) -> Report:
    """Read everything that the page shows, in about thirty requests. Raises where the month's consumption fails."""
    at = datetime.now(SHANGHAI)
    settings, gaps = None, Gaps()
    with gaps.reading("settings"):
        settings = client.settings.get()
    start, end = begin(month, settings), min(begin(earlier(month, -1), settings), at.replace(microsecond=0))
    start_before = begin(earlier(month), settings)
    complete = end < at.replace(microsecond=0)
    before = (start_before, start if complete else min(start_before + (end - start), start))
    report = Report(month, at, start, end, before, gaps=gaps.gaps)

    add_consumption(client, report)
    add_alarms(client, report)
    add_states(client, report)
    add_products(client, report)
    return report


def period(report: Report, *, before: bool = False) -> dict[str, Any]:
    """Return the arguments for the month, or for the month before."""
    start, end = report.before if before else (report.start, report.end)
    return {"time_type": MONTH, "start": start, "end": end}


def by_kind(report: Report, rows: Iterable[ConsumptionTotal], part: str) -> dict[str, Amounts]:
    """Return amounts by owner and kind."""
    found: dict[str, Amounts] = {}
    unreadable = 0
    for row in rows:
        if row.kind is None or row.amount is None:
            unreadable += 1
            continue
        report.kinds.setdefault(row.kind, row.kind_name or "")
        amounts = found.setdefault(row.owner or "", {})
        amounts[row.kind] = amounts.get(row.kind, Decimal(0)) + row.amount
    report.unreadable(part, unreadable)
    return found


def add_consumption(client: EnergyManager, report: Report) -> None:
    """Read the consumption by kind of energy, by machine and by day."""
    totals, details = client.consumption.totals, client.consumption.details
    # Without the month itself there is no report: its error is not caught.
    report.amounts = by_kind(report, totals(**period(report), group_by=GroupBy.ENERGY_KIND), "consumption").get("", {})
    rows = report.rows(totals(**period(report, before=True), group_by=GroupBy.ENERGY_KIND), "before")
    report.amounts_before = by_kind(report, rows, "before").get("", {})
    rows = report.rows(totals(**period(report), group_by=GroupBy.MACHINE), "machines")
    report.machines = by_kind(report, rows, "machines")
    for before, days in ((False, report.days), (True, report.days_before)):
        points = details(**period(report, before=before), group_by=GroupBy.ENERGY_KIND, kinds=ELECTRICITY)
        start = report.before[0] if before else report.start
        for point in report.rows(points, "days"):
            place = None if point.time is None else (point.time - start).days
            if place is None or not 0 <= place <= 31:
                report.unreadable("days", 1)
                continue
            days.extend([None] * (place + 1 - len(days)))
            days[place] = point.amount


def add_alarms(client: EnergyManager, report: Report) -> None:
    """Read how many messages alarms gave, and which rules gave most of them."""
    for before, alarms in ((False, report.alarms), (True, report.alarms_before)):
        counts = client.alarm_messages.counts(
            **period(report, before=before), count_by=CountBy.LEVEL, return_format=TOTAL
        )
        for row in report.rows(counts, "alarms"):
            if row.level is not None:
                alarms[row.level] += row.count or 0
    messages = client.alarm_messages.list(start=report.start, end=report.end, page_size=PAGE)
    for message in islice(report.rows(messages, "messages"), MESSAGES):
        report.rules[message.rule or "", message.machine or "", message.level] += 1


def add_states(client: EnergyManager, report: Report) -> None:
    """Read the states of the largest machines that have rules for states."""
    for machine in report.rows(client.machines.list(page_size=PAGE), "states"):
        if machine.id is not None and machine.name:
            report.ids[machine.name] = machine.id
    rules = report.rows(client.oee_rules.list(page_size=PAGE), "states")
    ruled = {rule.machine_id for rule in rules}
    for name in [name for name in report.largest if report.ids.get(name) in ruled][:MACHINES]:
        durations = client.oee.statistics(report.ids[name], **period(report), return_format=TOTAL)
        for row in report.rows(durations, "states", name):
            report.states.setdefault(name, Counter())[row.status or ""] += row.seconds or 0


def add_products(client: EnergyManager, report: Report) -> None:
    """Read outputs, and the energy that they took as coal equivalent."""
    for product in report.rows(client.products.list(page_size=PAGE), "products"):
        if product.name:
            report.products[product.name] = Product(product.unit or "")
    for before, suffix in ((False, ""), (True, "_before")):
        for amount_type, name in ((OutputAmount.OUTPUT, "output"), (OutputAmount.COMPOSITE_ENERGY, "coal")):
            statistics = client.outputs.statistics(
                **period(report, before=before),
                return_format=TOTAL,
                summary_by=SummaryBy.PRODUCT,
                amount_type=amount_type,
            )
            for row in report.rows(statistics, "products"):
                if row.product:
                    found = report.products.setdefault(row.product, Product(""))
                    setattr(found, name + suffix, row.amount or Decimal(0))
