"""A month of a plant on one A4 page: ``energy_month.py [--month 2026-10] [--output PATH ...]``.

An output that ends in .png is a picture, in .pdf a document; several may be given. The address and the account come
from CHAOBIAO_ENERGY_BASE_URL, CHAOBIAO_ENERGY_USERNAME and CHAOBIAO_ENERGY_PASSWORD. Drawing needs matplotlib:
``pip install "chaobiao[plot]"``. Without a font that has Chinese characters, the page is in English.

What the document offers, and what the page makes of it:

- Consumption is by machine and kind of energy (3.1), by day (3.2). The API returns no units; those on the page are
  the usual ones. Different kinds are therefore never added up.
- Alarms are counted by the server (6.10); the most frequent rules are counted from the messages (6.9).
- States come from the OEE rules (7.6), for the machines that used the most electricity: one request each.

A part that cannot be read is named on the page in red, and the exit code is 1; so it is when nothing was written.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from _charts import (
    BLUE,
    GREY,
    HEIGHT,
    MARGIN,
    NO_CHINESE_FONT,
    ORANGE,
    PALE_BLUE,
    RED,
    WIDTH,
    Bar,
    Column,
    Page,
    Tile,
    output,
    percent,
    volume,
)
from _energy_month import Month, gather

from chaobiao import SHANGHAI, ChaobiaoError, EnergyManager
from chaobiao.energy import AlarmLevel, EnergyKind

FULL = WIDTH - 2 * MARGIN
HALF = (FULL - 8) / 2
RIGHT = MARGIN + HALF + 8
#: How many machines the page shows.
MACHINES = 10
GREEN = "#3b7d4f"
AMBER = "#d9a441"
SILVER = "#b9c1c9"
#: The kinds of energy: names in both languages, and the usual unit.
KINDS = {
    EnergyKind.ELECTRICITY: ("电", "electricity", "kWh"),
    EnergyKind.TAP_WATER: ("自来水", "tap water", "m³"),
    EnergyKind.RECLAIMED_WATER: ("中水", "reclaimed water", "m³"),
    EnergyKind.HOT_WATER: ("热水", "hot water", "m³"),
    EnergyKind.SOFT_WATER: ("软水", "soft water", "m³"),
    EnergyKind.MEDIUM_PRESSURE_STEAM: ("中压蒸汽", "steam, medium", "t"),
    EnergyKind.LOW_PRESSURE_STEAM: ("低压蒸汽", "steam, low", "t"),
    EnergyKind.AIR: ("空气", "compressed air", "m³"),
    EnergyKind.NATURAL_GAS: ("天然气", "natural gas", "m³"),
}
LEVELS = {
    AlarmLevel.SEVERE: ("严重", "severe", RED),
    AlarmLevel.WARNING: ("警告", "warning", ORANGE),
    AlarmLevel.GENERAL: ("一般", "general", AMBER),
}
#: The states that plants usually name, in English and with their colours; others are grey.
STATES = {
    "运行": ("running", GREEN),
    "待机": ("standby", AMBER),
    "停机": ("stopped", SILVER),
    "未知": ("unknown", "#e6e9ec"),
}


def draw(month: Month) -> Page:
    """Draw the page."""
    page = Page()
    made = datetime.now(SHANGHAI)
    page.title(
        page.label("能源月报", "Monthly energy report"),
        page.label(
            f"{made:%Y-%m-%d %H:%M} 生成　数据来源：工业能源管理接口",
            f"Made {made:%Y-%m-%d %H:%M} from the industrial energy management API",
        ),
        page.label(f"{month.start.year} 年 {month.start.month} 月", f"{month.start:%B %Y}"),
    )
    draw_gaps(page, month, 34.8)
    draw_headlines(page, month, 38)
    draw_days(page, month, 67)
    draw_machines(page, month, 117)
    draw_kinds(page, month, 117)
    draw_states(page, month, 195)
    draw_alarms(page, month, 195)
    draw_notes(page)
    return page


def draw_gaps(page: Page, month: Month, y: float) -> None:
    """Write what could not be read."""
    names = {
        "consumption": page.label("能耗", "consumption"),
        "month before": page.label("上月能耗", "month before"),
        "daily electricity": page.label("日用电", "daily electricity"),
        "alarms": page.label("报警统计", "alarms"),
        "messages": page.label("报警记录", "alarm messages"),
        "states": page.label("设备状态", "states"),
    }
    texts = dict.fromkeys(f"{names[gap.part]} {page.label(gap.zh, gap.en)}" for gap in month.gaps)
    if texts:
        text = page.label("数据不完整：", "Incomplete: ") + page.label("；", "; ").join(texts)
        page.text(MARGIN, y, text.replace("\n", " "), size=7.5, colour=RED, width=FULL)


def kind_name(page: Page, kind: EnergyKind) -> str:
    """Return the name of a kind of energy; its code for one that no table lists."""
    zh, en, _ = KINDS.get(kind, (kind.value, kind.value, ""))
    return page.label(zh, en)


def unit_of(kind: EnergyKind) -> str:
    """Return the usual unit."""
    return KINDS.get(kind, ("", "", ""))[2]


def change(page: Page, now: Decimal, before: Decimal | None) -> str:
    """Write how an amount compares with the month before."""
    return page.label(f"较上月 {now / before - 1:+.1%}", f"{now / before - 1:+.1%} on last month") if before else "-"


def draw_headlines(page: Page, month: Month, y: float) -> None:
    """Draw the figures of the month."""
    wanted = (EnergyKind.ELECTRICITY, EnergyKind.TAP_WATER, EnergyKind.NATURAL_GAS)
    tiles = [
        Tile(
            f"{kind_name(page, kind)}{page.label('（', ' (')}{unit_of(kind)}{page.label('）', ')')}",
            page.label("未取得", "not read") if month.lacks("consumption") else f"{month.total(kind):,.0f}",
            change(page, month.total(kind), month.before.get(kind)),
            colour,
        )
        for kind, colour in zip(wanted, (BLUE, BLUE, ORANGE), strict=True)
    ]
    running, whole = states_in(month, "运行")
    tiles.append(
        Tile(
            page.label("运行率", "Running"),
            percent(running, whole),
            page.label(f"{len(month.states)} 台机器", f"of {len(month.states)} machines"),
            GREEN,
        )
    )
    severe = month.alarms.get(AlarmLevel.SEVERE, 0)
    tiles.append(
        Tile(
            page.label("报警（次）", "Alarms"),
            page.label("未取得", "not read") if month.lacks("alarms") else f"{sum(month.alarms.values()):,}",
            page.label(f"其中严重 {severe} 次", f"{severe} severe"),
            RED if severe else ORANGE,
        )
    )
    page.tiles(y, tiles)


def states_in(month: Month, state: str) -> tuple[int, int]:
    """Return the seconds in one state, and in all."""
    return (
        sum(states.get(state, 0) for states in month.states.values()),
        sum(sum(states.values()) for states in month.states.values()),
    )


def draw_days(page: Page, month: Month, y: float) -> None:
    """Draw the electricity of each day; weekends are pale."""
    bars = [
        (
            f"{time.day}",
            Bar(amount, f"{amount / 1000:,.0f}", PALE_BLUE if time.weekday() >= 5 else BLUE),
        )
        for time, amount in month.days
    ]
    page.heading(
        MARGIN,
        y,
        FULL,
        page.label("每日用电", "Electricity by day"),
        page.label("MWh，浅色为周末", "MWh, weekends pale"),
    )
    if bars:
        page.columns(MARGIN, y + 5, FULL, 38, bars)
    else:
        page.text(MARGIN, y + 8, page.label("未取得", "Not read."), colour=GREY)


def by_electricity(month: Month) -> list[str]:
    """Return the machines, those with the most electricity first."""
    return sorted(
        month.machines,
        key=lambda name: month.machines[name].get(EnergyKind.ELECTRICITY, Decimal(0)),
        reverse=True,
    )


def draw_machines(page: Page, month: Month, y: float) -> None:
    """Draw the electricity of the largest machines, and of all others together."""
    whole = month.total(EnergyKind.ELECTRICITY)
    order = by_electricity(month)
    amounts = {name: month.machines[name].get(EnergyKind.ELECTRICITY, Decimal(0)) for name in order}
    names = [page.name(name, f"machine {number + 1}") for number, name in enumerate(order[:MACHINES])]
    bars = [Bar(amounts[name], f"{amounts[name]:,.0f}　{percent(amounts[name], whole)}") for name in order[:MACHINES]]
    others = order[MACHINES:]
    if others:
        amount = sum((amounts[name] for name in others), Decimal(0))
        names.append(page.label(f"其余 {len(others)} 台", f"{len(others)} others"))
        bars.append(Bar(Decimal(0), f"{amount:,.0f}　{percent(amount, whole)}"))  # a sum has no bar beside single ones
    page.heading(
        MARGIN, y, HALF, page.label("各机器用电", "Electricity by machine"), page.label("kWh，占比", "kWh, part")
    )
    if not bars:
        page.text(MARGIN, y + 8, page.label("未取得", "Not read."), colour=GREY)
        return
    top, step = y + 6, 5.9
    widths = [page.text(MARGIN, top + (row + 0.5) * step, name, size=7.5, width=26) for row, name in enumerate(names)]
    labels = max(widths) + 3
    page.bars(MARGIN + labels, top, HALF - labels, step, bars, text_width=25)


def draw_kinds(page: Page, month: Month, y: float) -> None:
    """List the kinds of energy with the machine that used the most."""
    rows = []
    for kind in month.kinds():
        total = month.total(kind)
        largest = max(month.machines, key=lambda name: month.machines[name].get(kind, Decimal(0)))
        part = percent(month.machines[largest].get(kind, Decimal(0)), total)
        before = month.before.get(kind)
        rows.append(
            (
                kind_name(page, kind),
                f"{total:,.0f}",
                unit_of(kind),
                f"{total / before - 1:+.1%}" if before else "-",
                f"{page.name(largest, '-')}　{part}",
            )
        )
    columns = [
        Column(page.label("品种", "kind"), 22),
        Column(page.label("用量", "amount"), 18, "right"),
        Column("", 9),
        Column(page.label("较上月", "change"), 14, "right"),
        Column(page.label("用量最大的机器", "largest machine"), HALF - 63, "right"),
    ]
    page.heading(RIGHT, y, HALF, page.label("各能源品种", "Kinds of energy"))
    page.table(RIGHT, y + 5, columns, rows, empty=page.label("未取得", "Not read."))


def draw_states(page: Page, month: Month, y: float) -> None:
    """Draw the states of machines as parts of the month."""
    page.heading(
        MARGIN,
        y,
        HALF,
        page.label("设备状态（OEE）", "States of machines (OEE)"),
        page.label("占全月时间", "part of the month"),
    )
    if not month.states:
        page.text(MARGIN, y + 8, page.label("无 OEE 规则或未取得", "No OEE rules, or not read."), colour=GREY)
        return
    known = dict.fromkeys([*STATES, *(state for states in month.states.values() for state in states)])
    colours = {state: STATES.get(state, ("", GREY))[1] for state in known}
    top, step = y + 12, 5.6
    names = [page.name(name, f"machine {number + 1}") for number, name in enumerate(month.states)]
    widths = [page.text(MARGIN, top + (row + 0.5) * step, name, size=7.5, width=26) for row, name in enumerate(names)]
    labels = max(widths) + 3
    rows = [
        [
            Bar(Decimal(states.get(state, 0)), percent(states.get(state, 0), sum(states.values())), colours[state])
            for state in known
        ]
        for states in month.states.values()
    ]
    page.stacks(MARGIN + labels, top, HALF - labels, step, rows)
    used = [state for state in known if any(state in states for states in month.states.values())]
    page.legend(
        MARGIN + labels,
        y + 8.4,
        [(page.name(state, STATES.get(state, ("other", ""))[0]), colours[state]) for state in used],
    )


def draw_alarms(page: Page, month: Month, y: float) -> None:
    """Draw the alarms by level, and list the most frequent rules."""
    page.heading(RIGHT, y, HALF, page.label("报警", "Alarms"), page.label("次", "number"))
    top, step = y + 6, 5.2
    bars = []
    for row, (level, (zh, en, colour)) in enumerate(LEVELS.items()):
        page.text(RIGHT, top + (row + 0.5) * step, page.label(zh, en), size=7.5)
        count = month.alarms.get(level, 0)
        bars.append(Bar(Decimal(count), page.label("未取得", "-") if month.lacks("alarms") else f"{count:,}", colour))
    page.bars(RIGHT + 16, top, HALF - 16, step, bars, text_width=16)
    rows = [
        (page.name(rule, f"rule {number + 1}"), page.name(machine, "-"), f"{count:,}")
        for number, ((rule, machine), count) in enumerate(month.rules.most_common(7))
    ]
    columns = [
        Column(page.label("最频繁的规则", "most frequent rules"), 42),
        Column(page.label("机器", "machine"), 26),
        Column(page.label("次", "times"), HALF - 68, "right"),
    ]
    page.table(RIGHT, y + 24, columns, rows, empty=page.label("本月无报警", "No alarms."))


def draw_notes(page: Page) -> None:
    """Write at the foot of the page what the figures mean."""
    lines = [
        page.label(
            "接口不返回单位，单位按惯例；不同能源品种不相加。虚拟表、总表与不统计的表不计入。",
            "The API returns no units: these are the usual ones. Virtual, total and uncounted meters are left out.",
        ),
        page.label(
            "设备状态由 OEE 规则判定；运行率为所示机器运行时间占全月时间之比。",
            "States follow from the OEE rules; running is the part of the month of the machines shown.",
        ),
    ]
    for number, line in enumerate(lines):
        page.text(MARGIN, HEIGHT - 20 + 4 * number, line, size=7, colour=GREY, width=FULL)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A month of a plant's energy, alarms and states, on one A4 page.")
    last = datetime.now(SHANGHAI).replace(day=1) - timedelta(days=1)
    parser.add_argument(
        "--month",
        type=lambda text: datetime.strptime(text, "%Y-%m"),  # only its year and month are used
        default=last,
        help="such as 2026-10 (last month)",
    )
    parser.add_argument(
        "--output", type=output, nargs="+", metavar="PATH", help=".png or .pdf (energy-MONTH.png in this folder)"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    try:
        with EnergyManager() as client:
            month = gather(client, options.month.year, options.month.month)
        page = draw(month)
        summary = "; ".join(f"{kind.name}: {volume(month.total(kind))} {unit_of(kind)}" for kind in month.kinds())
        for path in options.output or [Path(f"energy-{month.start:%Y-%m}.png")]:
            page.save(path, summary)
            print(f"{path}: {len(month.machines)} machines, {sum(month.alarms.values())} alarms", file=sys.stderr)
    except (ChaobiaoError, OSError) as error:
        print(f"No report was made: {error}", file=sys.stderr)
        return 1
    if not page.chinese:
        print(NO_CHINESE_FONT, file=sys.stderr)
    for gap in month.gaps:
        print(f"{gap.part}: {gap.en}", file=sys.stderr)
    return 1 if month.gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
