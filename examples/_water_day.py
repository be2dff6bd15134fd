"""One day of a water utility, read from the water query interface. Only for ``water_daily_report.py``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from _gaps import Gaps

from chaobiao import SHANGHAI, WaterQuery
from chaobiao.water import PastReading, Region

#: So many days before the day of the report make a meter's own average, and the days that the page compares.
DAYS_BEFORE = 7
#: A meter is unusual when it used so many times its own average, and at least so many m³ more.
HIGH, HIGH_BY = Decimal("1.5"), Decimal("0.5")
#: A standstill is unusual for a meter that used at least so many m³ a day.
USUALLY = Decimal("0.2")
DAY = timedelta(days=1)
#: The region of meters and users that belong to none.
UNKNOWN = ""


@dataclass
class Meter:
    """A meter, where it is, and its register at the end of each day on which it was read."""

    code: str
    region: str = UNKNOWN
    user: str | None = None
    house: str | None = None
    status: str | None = None
    last_read: datetime | None = None
    registers: dict[date, tuple[datetime, Decimal]] = field(default_factory=dict)

    def usage(self, day: date) -> Decimal | None:
        """Return the consumption of a day; ``None`` unless the meter was read on it and on the day before."""
        if day in self.registers and day - DAY in self.registers:
            return self.registers[day][1] - self.registers[day - DAY][1]
        return None

    def average(self, day: date) -> Decimal | None:
        """Return the consumption of a day as it was before that day; ``None`` for fewer than three days."""
        found = [self.usage(day - DAY * number) for number in range(1, DAYS_BEFORE + 1)]
        known = [usage for usage in found if usage is not None and usage >= 0]
        return sum(known, Decimal(0)) / len(known) if len(known) >= 3 else None


@dataclass(frozen=True)
class Debtor:
    """A user who owes money."""

    code: str
    name: str | None
    region: str
    arrears: Decimal


@dataclass
class Report(Gaps):
    """What the server returned for one day."""

    day: date
    at: datetime
    #: The ids of the regions by their names.
    regions: dict[str, int | None] = field(default_factory=dict)
    meters: dict[str, Meter] = field(default_factory=dict)
    debtors: list[Debtor] = field(default_factory=list)
    payments: list[Decimal] = field(default_factory=list)

    def total(self, day: date, region: str | None = None) -> Decimal:
        """Return the consumption of a day, of all meters or of a region's, without registers that ran backwards."""
        usages = (meter.usage(day) for meter in self.meters.values() if region in (None, meter.region))
        return sum((usage for usage in usages if usage is not None and usage > 0), Decimal(0))


def lowest(regions: Iterable[Region], above: tuple[Region, ...] = ()) -> Iterable[tuple[Region, ...]]:
    """Return the regions without regions below them, each with those above it, from the top down."""
    for region in regions:
        path = (*above, region)
        if region.children:
            yield from lowest(region.children, path)
        elif region.id is not None:
            yield path


def grouped(paths: Sequence[tuple[Region, ...]], most: int) -> list[tuple[str, int | None]]:
    """Return for each path the name and the id of its region at the lowest level that has at most ``most`` regions."""
    deepest = max(map(len, paths), default=1)
    depth = next((n for n in range(deepest, 1, -1) if len({path[:n] for path in paths}) <= most), 1)
    tops = [path[:depth] for path in paths]
    names = {top: tuple(region.name or str(region.id) for region in top) for top in tops}
    # The end of a path is enough where it tells the regions apart.
    length = next((n for n in range(1, depth) if len({name[-n:] for name in names.values()}) == len(names)), depth)
    return [(" ".join(names[top][-length:]), top[-1].id) for top in tops]


def add_readings(report: Report, readings: Iterable[PastReading]) -> None:
    """Keep the last reading of each meter and day."""
    unreadable = 0
    for reading in readings:
        code, at, register = reading.device_code, reading.collected_at, reading.total_flow
        if code is None or at is None or register is None:
            unreadable += 1
            continue
        meter = report.meters.setdefault(code, Meter(code, user=reading.user_name, house=reading.house_number))
        before = meter.registers.get(at.date())
        if before is None or before[0] <= at:
            meter.registers[at.date()] = (at, register)
    report.unreadable("readings", unreadable)


def gather(client: WaterQuery, day: date, most: int) -> Report:
    """Read everything that the page shows, by at most ``most`` regions where a level of the tree has so few."""
    report = Report(day, datetime.now(SHANGHAI))
    paths = list(lowest(client.regions.list()))
    groups = grouped(paths, most)
    report.regions = dict(groups)
    parts: list[tuple[str, int | None]] = [(name, path[-1].id) for (name, _), path in zip(groups, paths, strict=True)]
    users: set[str] = set()
    without_code = without_arrears = 0
    # In the end those that belong to none of these regions, such as to a region that has others below it.
    for region, region_id in (*parts, (UNKNOWN, None)):
        for flow in report.rows(client.flows.list(region_id=region_id), "meters", region or None):
            if flow.device_code is None:
                without_code += not region
                continue
            meter = Meter(flow.device_code, region, flow.user_name, flow.house_number, flow.status, flow.created_at)
            report.meters.setdefault(meter.code, meter)
        for cost in report.rows(client.costs.list(region_id=region_id), "costs", region or None):
            if cost.user_code is None or cost.arrears_balance is None:
                without_arrears += not region
            elif cost.arrears_balance > 0 and cost.user_code not in users:
                users.add(cost.user_code)
                report.debtors.append(Debtor(cost.user_code, cost.user_name, region, cost.arrears_balance))
    report.unreadable("meters", without_code)
    report.unreadable("costs", without_arrears)

    # Timestamps have milliseconds, and the document does not say whether the end belongs to the period.
    start = datetime.combine(day, time(), SHANGHAI)
    end = start + DAY - timedelta(milliseconds=1)
    readings = client.readings.list(start=start - DAY * (DAYS_BEFORE + 1), end=end)
    add_readings(report, report.rows(readings, "readings"))
    paid = list(report.rows(client.payments.list(start=start, end=end), "payments"))
    amounts = [payment.amount_recharged for payment in paid if payment.recharge_status == "成功"]
    report.payments = [amount for amount in amounts if amount is not None]
    report.unreadable("payments", len(amounts) - len(report.payments))
    return report


def unusual(report: Report) -> list[tuple[Meter, str, str]]:
    """Return meters with unusual consumption, and what is unusual in Chinese and in English, the worst first."""
    found: list[tuple[Decimal, Meter, str, str]] = []
    for meter in report.meters.values():
        usage, average = meter.usage(report.day), meter.average(report.day)
        if usage is not None and usage < 0:
            found.append((Decimal("Infinity"), meter, "读数倒退", "ran backwards"))
        elif usage is None or average is None:
            continue
        elif usage >= HIGH * average and usage - average >= HIGH_BY:
            times = f"{usage / average:.1f}" if average else "∞"
            found.append((usage - average, meter, f"平日的 {times} 倍", f"{times} x usual"))
        elif usage == 0 and average >= USUALLY:
            found.append((average, meter, f"停走（平日 {average:.1f}）", f"stands still (usually {average:.1f})"))
    found.sort(key=lambda entry: entry[0], reverse=True)
    return [entry[1:] for entry in found]
