"""A plant's energy in one month on an A4 page: ``energy_month.py [--month 2026-10] [--output PATH ...]``.

An output that ends in .png is a picture, in .pdf a document; several may be given. The address and the account come
from CHAOBIAO_ENERGY_BASE_URL, CHAOBIAO_ENERGY_USERNAME and CHAOBIAO_ENERGY_PASSWORD. Drawing needs matplotlib:
``pip install "chaobiao[plot]"``. Without a font that has Chinese characters, the page is in English and shows ids in
place of Chinese names.

What the document offers, and what the page makes of it:

- The month. It begins where the settings of the system say (4.3), such as at 07:30 or on the 26th, and ends where the
  next one begins. A month that is not over is compared with the same part of the month before.
- Units. Responses name none; ``UNITS`` in _energy_names.py has the usual ones. Adapt it to your installation.
- Composite energy (综合能耗). The API returns it for outputs only (8.9), as coal equivalent without a unit. What
  machines without outputs consumed is not in it.
- Cost. There is none: a rate (4.2) does not say of which kind of energy it is the price, nor which amounts belong to
  its segments.
- States of machines take one request for each machine, so only the largest ones are shown.

A part that cannot be read is named on the page in red, and the exit code is 1; so it is when nothing was written.
"""

import argparse
import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from _charts import (
    BLUE,
    GREY,
    HEIGHT,
    INK,
    MARGIN,
    ORANGE,
    PALE_BLUE,
    RED,
    Bar,
    Column,
    Line,
    Page,
    Tile,
    change,
    percent,
    rounded,
)
from _energy_month import ELECTRICITY, MACHINES, MESSAGES, Report, earlier, gather
from _energy_names import (
    ENGLISH,
    LEVELS,
    OTHERS,
    PARTS,
    UNITS,
    kind_name,
    kinds_of,
    level_name,
    machine_name,
    state_looks,
)
from _report import FULL, HALF, RIGHT, draw_gaps, exit_code, figure, of, output, write_page

from chaobiao import SHANGHAI, ChaobiaoError, EnergyManager
from chaobiao.energy import AlarmLevel, EnergyKind, Month

#: The kinds that headline figures prefer, and how many kinds have one.
FIRST = (
    EnergyKind.ELECTRICITY,
    EnergyKind.TAP_WATER,
    EnergyKind.LOW_PRESSURE_STEAM,
    EnergyKind.NATURAL_GAS,
    EnergyKind.MEDIUM_PRESSURE_STEAM,
)
HEADLINES, KINDS, RULES, PRODUCTS, STATES = 4, 9, 5, 6, 5


def draw(report: Report) -> Page:
    """Draw the page."""
    page = Page()
    month = report.month
    until = page.label(
        f"统计期 {report.start:%Y-%m-%d %H:%M} 至 {report.end:%Y-%m-%d %H:%M}",
        f"from {report.start:%Y-%m-%d %H:%M} to {report.end:%Y-%m-%d %H:%M}",
    )
    page.title(
        page.label("能源月报", "Monthly energy report"),
        page.label(
            f"{until}　{report.at:%Y-%m-%d %H:%M} 生成　数据来源：能源管理 API",
            f"{until}, made {report.at:%Y-%m-%d %H:%M} from the energy management API",
        ),
        page.label(f"{month.year} 年 {month.month} 月", f"{datetime(month.year, month.month, 1):%B %Y}"),
    )
    parts = {part: page.label(*both) for part, both in PARTS.items()}
    draw_gaps(page, report.gaps, parts, lambda name: machine_name(page, name, report))
    draw_headlines(page, report, 38)
    draw_days(page, report, 66.5)
    draw_kinds(page, report, 111)
    draw_alarms(page, report, 111)
    draw_machines(page, report, 169)
    draw_states(page, report, 227)
    draw_products(page, report, 227)
    draw_notes(page, report)
    return page


def compared(page: Page, now: Decimal | int, before: Decimal | int) -> str:
    """Write a change against the month before."""
    return page.label(f"较上月 {change(now, before)}", f"{change(now, before)} on last month")


def draw_headlines(page: Page, report: Report, y: float) -> None:
    """Draw the figures of the month."""
    kinds = kinds_of(report)
    order = [kind for kind in FIRST if kind in kinds] + [kind for kind in kinds if kind not in FIRST]
    tiles = [
        Tile(
            f"{kind_name(page, kind, report)}{page.label('（', ' (')}{UNITS.get(kind, '')}{page.label('）', ')')}",
            figure(page, report.amounts[kind], rounded, report.lacks("consumption")),
            compared(page, report.amounts[kind], report.amounts_before.get(kind, Decimal(0))),
            BLUE if kind is ELECTRICITY else INK,
        )
        for kind in order[:HEADLINES]
    ]
    products = report.products.values()
    coal, coal_before = (
        sum((product.coal for product in products), Decimal(0)),
        sum((product.coal_before for product in products), Decimal(0)),
    )
    tiles.append(
        Tile(
            page.label("产品综合能耗", "Composite energy"),
            figure(page, coal, rounded, report.lacks("products")),
            compared(page, coal, coal_before) if coal_before else page.label("折标准煤", "coal equivalent"),
        )
    )
    count = report.alarms.total()
    tiles.append(
        Tile(
            page.label("报警（条）", "Alarms"),
            figure(page, Decimal(count), lambda value: f"{value:,}", report.lacks("alarms")),
            compared(page, count, report.alarms_before.total()),
            RED if report.alarms[AlarmLevel.SEVERE] else ORANGE if count else BLUE,
        )
    )
    page.tiles(y, tiles)


def draw_days(page: Page, report: Report, y: float) -> None:
    """Draw the electricity of each day, this month's above that of the month before."""
    page.heading(
        MARGIN, y, FULL, page.label(f"日用电量（{UNITS[ELECTRICITY]}）", f"Electricity by day ({UNITS[ELECTRICITY]})")
    )
    month, before = report.month, earlier(report.month)
    names = [page.label(f"{each.month} 月", str(each)) for each in (before, month)]
    page.legend(MARGIN + FULL, y, HALF, [(names[0], PALE_BLUE), (names[1], BLUE)])
    if not any(report.days):
        page.text(MARGIN, y + 8, empty(page, report.lacks("days"), "无用电", "No electricity."), color=GREY)
        return
    count = max(len(report.days), len(report.days_before))
    first = report.start.day
    labels = [str(day) for day in range(1, count + 1)]
    if first != 1:  # the days of a month that does not begin on the first have no common dates: they are counted
        labels = [page.label(f"第{day}天", f"d{day}") if day % 5 == 1 else "" for day in range(1, count + 1)]
    lines = [Line(report.days_before, PALE_BLUE), Line(report.days)]
    page.lines(MARGIN, y + 8.5, FULL, 32.5, lines, labels, axis=15)


def draw_kinds(page: Page, report: Report, y: float) -> None:
    """List the consumption of each kind of energy, and the machine that consumed most of it."""
    rows = []
    kinds = kinds_of(report)
    for kind in kinds[:KINDS]:
        amount = report.amounts[kind]
        top = max(report.machines, key=lambda name: report.machines[name].get(kind, Decimal(0)), default=None)
        part = report.machines[top].get(kind, Decimal(0)) if top is not None else Decimal(0)
        rows.append(
            (
                kind_name(page, kind, report),
                UNITS.get(kind, "-"),
                figure(page, amount, rounded, report.lacks("consumption")),
                change(amount, report.amounts_before.get(kind, Decimal(0))),
                "",
                machine_name(page, top, report) if top is not None and part else "-",
                percent(part, amount, 1) if part else "-",
            )
        )
    columns = [
        Column(page.label("能源", "energy"), 17),
        Column(page.label("单位", "unit"), 9),
        Column(page.label("用量", "amount"), 18, "right"),
        Column(page.label("较上月", "change"), 13, "right"),
        Column("", 3),
        Column(page.label("用量最大", "largest"), 18),
        Column(page.label("占比", "part"), HALF - 78, "right"),
    ]
    page.heading(MARGIN, y, HALF, page.label("各能源用量", "Consumption by energy"), of(page, rows, kinds))
    page.table(MARGIN, y + 4, columns, rows, empty=page.label("无用量", "No consumption."))


def draw_alarms(page: Page, report: Report, y: float) -> None:
    """Draw the number of alarms of each level, and list the rules that gave most."""
    levels = [*LEVELS, *sorted(level for level in report.alarms if level not in LEVELS)][: len(LEVELS) + 1]
    step, missing = 5.2, report.lacks("alarms")
    page.heading(
        RIGHT, y, HALF, page.label("报警（按级别）", "Alarms by level"), page.label("条，较上月", "messages, change")
    )
    bars, names = [], []
    for level in levels:
        zh, en, color = LEVELS.get(level, (f"级别 {level.value}", f"level {level.value}", GREY))
        count, before = report.alarms[level], report.alarms_before[level]
        text = figure(page, Decimal(count), lambda value: f"{value:,}", missing)
        bars.append(Bar(Decimal(count), f"{text}　{change(count, before)}" if before else text, color))
        names.append(page.label(zh, en))
    labels = 3 + max(
        page.text(RIGHT, y + 5 + (row + 0.5) * step, name, width=14, size=7.5) for row, name in enumerate(names)
    )
    page.bars(RIGHT + labels, y + 5, HALF - labels, step, bars, text_width=26)

    y += 7.5 + step * len(levels)
    found = report.rules.most_common()
    rows = [
        (
            page.name(rule, "-"),
            machine_name(page, machine, report),
            level_name(page, level),
            f"{count:,}",
        )
        for (rule, machine, level), count in found[: RULES + len(LEVELS) - len(levels)]
    ]
    columns = [
        Column(page.label("报警最多的规则", "rule"), 36),
        Column(page.label("机器", "most alarms"), 22),
        Column(page.label("级别", "level"), 16),
        Column(page.label("条", "messages"), HALF - 74, "right"),
    ]
    page.table(
        RIGHT, y, columns, rows, empty=empty(page, report.lacks("messages"), "无报警记录", "No messages of alarms.")
    )


def draw_machines(page: Page, report: Report, y: float) -> None:
    """Draw the electricity of the largest machines, with their other kinds of energy beside it."""
    order = report.largest
    groups = [[name] for name in order[:MACHINES]]
    if len(order) > MACHINES:
        groups.append(order[MACHINES:])
    kinds = [kind for kind in kinds_of(report) if kind is not ELECTRICITY][: KINDS - 1]
    whole = report.amounts.get(ELECTRICITY, Decimal(0))
    incomplete = report.lacks("machines") or report.lacks("consumption")
    rows, bars = [], []
    for group in groups:
        single = len(group) == 1
        sums = {
            kind: sum((report.machines[name].get(kind, Decimal(0)) for name in group), Decimal(0))
            for kind in (ELECTRICITY, *kinds)
        }
        others = page.label(f"其余 {len(group)} 台", f"{len(group)} others")
        rows.append(
            (
                machine_name(page, group[0], report) if single else others,
                "",
                *(figure(page, sums[kind], rounded, incomplete) if sums[kind] else "–" for kind in kinds),
            )
        )
        # The sum of several machines has no bar, because it would stand beside single ones.
        text = f"{figure(page, sums[ELECTRICITY], rounded, incomplete)}　{percent(sums[ELECTRICITY], whole, 1)}"
        bars.append(Bar(sums[ELECTRICITY] * single, text))
    names, chart = 24.0, 54.0
    width = (FULL - names - chart) / max(len(kinds), 1)
    columns = [
        Column(page.label("机器", "machine"), names),
        Column(f"{kind_name(page, ELECTRICITY, report)} {UNITS[ELECTRICITY]}", chart),
        *(Column(kind_name(page, kind, report), width, "right") for kind in kinds),
    ]
    page.heading(
        MARGIN,
        y,
        FULL,
        page.label("各机器用量", "Consumption by machine and energy"),
        page.label(
            f"按用电量排序，共 {len(order)} 台", f"by electricity, {len(groups[:MACHINES])} of {len(order)} machines"
        ),
    )
    page.table(MARGIN, y + 4, columns, rows, empty=empty(page, report.lacks("machines"), "无用量", "No consumption."))
    if rows:
        page.bars(MARGIN + names, y + 8.8, chart - 2, 4.8, bars, text_width=28)


def draw_states(page: Page, report: Report, y: float) -> None:
    """Draw which part of the month the largest machines were in each state."""
    seconds: Counter[str] = sum(report.states.values(), Counter())
    shown = [status for status, _ in seconds.most_common(STATES)]
    looks = state_looks(page, shown, others=len(seconds) > len(shown))
    page.heading(MARGIN, y, HALF, page.label("机器状态（OEE）", "States of machines (OEE)"))
    page.legend(MARGIN + HALF, y + 6.6, HALF, list(looks.values()))
    if not report.states:
        note = empty(page, report.lacks("states"), "无 OEE 规则", "No rules for states.")
        page.text(MARGIN, y + 7, note, color=GREY)
        return
    whole = Decimal(max((report.end - report.start).total_seconds(), *(c.total() for c in report.states.values())))
    rows = []
    for durations in report.states.values():
        parts = Counter({status: durations[status] for status in shown})
        parts[OTHERS] += durations.total() - parts.total()
        colors = ((Decimal(parts[key]), color) for key, (_, color) in looks.items())
        rows.append([Bar(part, percent(part, whole), color) for part, color in colors])
    step, names = 4.1, 24
    for row, name in enumerate(report.states):
        text = machine_name(page, name, report)
        page.text(MARGIN, y + 8.8 + (row + 0.5) * step, text, size=7.5, width=names - 1.5)
    page.stacked(MARGIN + names, y + 8.8, HALF - names, step, rows, whole)


def draw_products(page: Page, report: Report, y: float) -> None:
    """List outputs, and their energy as coal equivalent in all and for a unit of output."""
    found = sorted(report.products.items(), key=lambda item: item[1].coal, reverse=True)
    found = [(name, product) for name, product in found if product.output or product.coal]
    rows = []
    for number, (name, product) in enumerate(found[:PRODUCTS], 1):
        unit = page.name(product.unit, "")[:4]
        each = product.coal / product.output if product.output else None
        before = product.coal_before / product.output_before if product.output_before else Decimal(0)
        rows.append(
            (
                page.name(name, f"product {number}"),
                f"{rounded(product.output)} {unit}".strip(),
                rounded(product.coal),
                "-" if each is None else f"{each:,.3f}",
                "-" if each is None else change(each, before),
            )
        )
    columns = [
        Column(page.label("产品", "product"), 22),
        Column(page.label("产量", "output"), 21, "right"),
        Column(page.label("综合能耗", "energy"), 17, "right"),
        Column(page.label("单位产品", "for a unit"), 15, "right"),
        Column(page.label("较上月", "change"), HALF - 75, "right"),
    ]
    title = page.label("产品综合能耗", "Composite energy")
    page.heading(RIGHT, y, HALF, title, of(page, rows, found) or page.label("折标准煤", "coal equivalent"))
    page.table(RIGHT, y + 4, columns, rows, empty=empty(page, report.lacks("products"), "无产量", "No output."))


def empty(page: Page, missing: bool, zh: str, en: str) -> str:
    """Say why a part has nothing to show."""
    return page.label("未取得", "Not read.") if missing else page.label(zh, en)


def draw_notes(page: Page, report: Report) -> None:
    """Write at the foot of the page what the figures mean."""
    read, count = report.rules.total(), report.alarms.total()
    limited = read >= MESSAGES and count > read
    lines = [
        page.label(
            "接口不返回单位，按常用单位标注。月、日的起点取自系统的个性化设置；未结束的月份与上月同期比较。",
            "Units are the usual ones; the API returns none. Months and days begin as the settings say. "
            "A month under way is compared by days.",
        ),
        page.label(
            "综合能耗由平台按产量记录折算为标准煤，不含无产量记录的机器。费率未注明适用的能源，故不计算费用。",
            "Composite energy is that of recorded outputs, converted by the system. "
            "Rates do not say for which energy they are, so there is no cost.",
        ),
        page.label(
            f"机器状态只列用电量最大且设有 OEE 规则的 {MACHINES} 台，空白为无状态。"
            + (f"规则按前 {read:,} 条报警统计。" if limited else ""),
            f"States: the {MACHINES} largest machines with rules; what is blank has no state. "
            + (f"Rules: of the first {read:,} alarms." if limited else ""),
        ),
    ]
    for number, line in enumerate(lines):
        page.text(MARGIN, HEIGHT - 24 + 4 * number, line, size=7, color=GREY, width=FULL)


def month_of(text: str) -> Month:
    """Read a month of the command line that has begun."""
    try:
        month = Month.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} must be a month such as 2026-10") from None
    if month > this_month():
        raise argparse.ArgumentTypeError(f"{text} has not begun")
    return month


def this_month() -> Month:
    """Return the present month."""
    now = datetime.now(SHANGHAI)
    return Month(now.year, now.month)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A plant's energy in one month on an A4 page.")
    parser.add_argument(
        "--month", type=month_of, default=earlier(this_month()), help="such as 2026-10 (default: last month)"
    )
    parser.add_argument(
        "--output", type=output, nargs="+", metavar="PATH", help=".png or .pdf (energy-month-MONTH.png in this folder)"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        with EnergyManager() as client:
            report = gather(client, options.month)
        page = draw(report)
        summary = "; ".join(
            f"{ENGLISH.get(kind, kind.value)}: {rounded(report.amounts[kind])} {UNITS.get(kind, '')}".rstrip()
            for kind in kinds_of(report)
        )
        paths = options.output or [Path(f"energy-month-{report.month}.png")]
        write_page(page, paths, summary, f"{len(report.amounts)} kinds of energy, {len(report.machines)} machines")
    except (ChaobiaoError, OSError) as error:
        print(f"No report was made: {error}", file=sys.stderr)
        return 1
    return exit_code(report.gaps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
