"""Yesterday's water and today's arrears by region on an A4 page: ``water_daily_report.py [--day DAY] [--output PATH]``.

An output that ends in .png is a picture, in .pdf a document; several may be given. The address comes from
CHAOBIAO_WATER_BASE_URL. Drawing needs matplotlib: ``pip install "chaobiao[plot]"``. Without a font that has Chinese
characters, the page is in English and shows codes in place of Chinese names.

What the document offers, and what the page makes of it:

- Consumption. No endpoint returns a day's consumption. The page takes each meter's last reading of the day (历史抄收)
  less its last reading of the day before. A meter that lacks one of them has no consumption for that day.
- Regions. Readings cannot be filtered by region, so the meters of each region come from the flows (流水).
- Arrears (欠费) are those of the moment at which the report runs: the costs (费用) have no date to ask for.

A part that cannot be read is named on the page in red, and the exit code is 1; so it is when nothing was written.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from _charts import (
    BLUE,
    GREY,
    HEIGHT,
    MARGIN,
    ORANGE,
    PALE_BLUE,
    RED,
    Bar,
    Column,
    Page,
    Tile,
    change,
    money,
    percent,
    volume,
)
from _report import FULL, HALF, RIGHT, draw_gaps, exit_code, figure, of, output, write_page
from _water_day import DAY, HIGH, HIGH_BY, UNKNOWN, Meter, Report, gather, unusual

from chaobiao import SHANGHAI, ChaobiaoError, WaterQuery

#: How many regions the page shows, and how many lines its tables have.
REGIONS, LINES = 10, 8


def draw(report: Report) -> Page:
    """Draw the page."""
    page = Page()
    day = report.day
    weekday = page.label("星期" + "一二三四五六日"[day.weekday()], f"{day:%A}")
    page.title(
        page.label("供水日报", "Daily water report"),
        page.label(
            f"{report.at:%Y-%m-%d %H:%M} 生成　数据来源：水务管理查询统计 API",
            f"Made {report.at:%Y-%m-%d %H:%M} from the water query and statistics API",
        ),
        page.label(f"{day.year} 年 {day.month} 月 {day.day} 日　{weekday}", f"{weekday}, {day}"),
    )
    names = {
        "meters": page.label("水表", "meters"),
        "costs": page.label("费用", "costs"),
        "readings": page.label("抄收记录", "readings"),
        "payments": page.label("缴费记录", "payments"),
    }
    draw_gaps(page, report.gaps, names, lambda region: region_name(page, region, report))
    draw_headlines(page, report, 38)
    draw_regions(page, report, 67)
    draw_trend(page, report, 126)
    draw_debtors(page, report, 126)
    draw_largest(page, report, 180)
    draw_unusual(page, report, 180)
    draw_unread(page, report, 234)
    draw_notes(page, report)
    return page


def draw_headlines(page: Page, report: Report, y: float) -> None:
    """Draw the figures of the day."""
    day, meters = report.day, report.meters.values()
    pairs = ((meter.usage(day), meter.usage(day - DAY)) for meter in meters)
    both = [(now, before) for now, before in pairs if now is not None and before is not None and min(now, before) >= 0]
    now, before = (sum((pair[place] for pair in both), Decimal(0)) for place in (0, 1))
    growth = change(now, before)
    read = sum(day in meter.registers for meter in meters)
    odd = len(unusual(report))
    payments = len(report.payments)
    arrears = sum((debtor.arrears for debtor in report.debtors), Decimal(0))
    tiles = [
        Tile(
            page.label("用水量（m³）", "Consumption (m³)"),
            figure(page, report.total(day), volume, report.lacks("readings")),
            page.label(f"较前日 {growth}", f"{growth} on the day before"),
            BLUE,
        ),
        Tile(
            page.label("抄收率", "Meters read"),
            figure(page, Decimal(read), lambda part: percent(part, len(meters)), report.lacks("readings")),
            page.label(f"{read} / {len(meters)} 块表", f"{read} of {len(meters)} meters"),
        ),
        Tile(
            page.label("当前欠费（元）", "Arrears now (yuan)"),
            figure(page, arrears, money, report.lacks("costs")),
            users(page, report.debtors),
            ORANGE,
        ),
        Tile(
            page.label("当日缴费（元）", "Paid that day (yuan)"),
            figure(page, sum(report.payments, Decimal(0)), money, report.lacks("payments")),
            page.label(f"{payments} 笔", f"{payments} payments"),
        ),
        Tile(
            page.label("用量异常（块）", "Unusual meters"),
            str(odd),
            page.label("明细见下", "listed below"),
            RED if odd else BLUE,
        ),
    ]
    page.tiles(y, tiles)


def draw_regions(page: Page, report: Report, y: float) -> None:
    """Draw consumption and arrears of each region side by side, the largest consumption first."""
    usage = {region: report.total(report.day, region) for region in report.regions}
    places = {meter.region for meter in report.meters.values()}
    if UNKNOWN in places | {debtor.region for debtor in report.debtors}:
        usage[UNKNOWN] = report.total(report.day, UNKNOWN)
    order = sorted(usage, key=lambda region: usage[region], reverse=True)
    groups = [[region] for region in order]
    if len(order) > REGIONS:
        groups[REGIONS - 1 :] = [order[REGIONS - 1 :]]
    whole = report.total(report.day)
    consumption, arrears, names = [], [], []
    for group in groups:
        # The sum of several regions has no bar, because it would stand beside single ones.
        single = len(group) == 1
        amount = sum((usage[region] for region in group), Decimal(0))
        used = figure(page, amount, volume, report.lacks("readings") or report.lacks("meters", group))
        consumption.append(Bar(amount * single, f"{used}　{percent(amount, whole)}"))
        owing = [debtor.arrears for debtor in report.debtors if debtor.region in group]
        owed = sum(owing, Decimal(0))
        text = figure(page, owed, money, report.lacks("costs", group))
        arrears.append(Bar(owed * single, f"{text}　{users(page, owing)}" if owing else text, ORANGE))
        others = page.label(f"其余 {len(group)} 个区域", f"{len(group)} others")
        names.append(region_name(page, group[0], report) if single else others)

    page.heading(
        MARGIN, y, HALF, page.label("各区域用水量", "Consumption by region"), page.label("m³，占比", "m³, part")
    )
    page.heading(
        RIGHT, y, HALF, page.label("各区域欠费", "Arrears by region"), page.label("元，截至生成时", "yuan, now")
    )
    top, step = y + 6, min(12, 48 / max(len(groups), 1))
    lines = [page.text(MARGIN, top + (row + 0.5) * step, name, width=32) for row, name in enumerate(names)]
    labels = max(lines, default=0) + 3
    page.bars(MARGIN + labels, top, HALF - labels, step, consumption, text_width=24)
    page.bars(RIGHT, top, HALF, step, arrears, text_width=34)


def users(page: Page, found: Sequence[object]) -> str:
    """Write a number of users."""
    return page.label(f"{len(found)} 户", f"{len(found)} user{'s' if len(found) != 1 else ''}")


def region_name(page: Page, region: str, report: Report) -> str:
    """Return a region's name, or on an English page its number where the name is Chinese."""
    if region == UNKNOWN:
        return page.label("未知区域", "unknown")
    return page.name(region, page.label(region, f"region {report.regions[region]}"))


def draw_trend(page: Page, report: Report, y: float) -> None:
    """Draw the consumption of the day and of the days before."""
    days = [report.day - DAY * before for before in range(6, -1, -1)]
    bars = []
    for day in days:
        amount = report.total(day)
        bars.append((f"{day:%m-%d}", Bar(amount, volume(amount), BLUE if day == report.day else PALE_BLUE)))
    page.heading(MARGIN, y, HALF, page.label("近 7 日用水量", "Consumption of 7 days"), "m³")
    page.columns(MARGIN, y + 5, HALF, 41, bars)


def draw_debtors(page: Page, report: Report, y: float) -> None:
    """List the largest arrears."""
    debtors = sorted(report.debtors, key=lambda debtor: debtor.arrears, reverse=True)
    rows = [
        (page.name(debtor.name, "-"), debtor.code, region_name(page, debtor.region, report), money(debtor.arrears))
        for debtor in debtors[:LINES]
    ]
    columns = [
        Column(page.label("用户", "user"), 18),
        Column(page.label("用户编码", "user code"), 26),
        Column(page.label("区域", "region"), 23),
        Column(page.label("欠费（元）", "yuan"), HALF - 67, "right"),
    ]
    page.heading(RIGHT, y, HALF, page.label("欠费最多的用户", "Largest arrears"), of(page, rows, debtors))
    empty = page.label("未取得", "Not read.") if report.lacks("costs") else page.label("无欠费用户", "No arrears.")
    page.table(RIGHT, y + 4, columns, rows, empty=empty)


def draw_largest(page: Page, report: Report, y: float) -> None:
    """List the meters with the largest consumption."""
    found = [(usage, meter) for meter in report.meters.values() if (usage := meter.usage(report.day)) and usage > 0]
    found.sort(key=lambda pair: pair[0], reverse=True)
    rows = [
        (*place(page, meter), region_name(page, meter.region, report), volume(usage)) for usage, meter in found[:LINES]
    ]
    columns = [*place_columns(page), Column(page.label("区域", "region"), 23), Column("m³", HALF - 71, "right")]
    page.heading(MARGIN, y, HALF, page.label("用水最多的水表", "Largest consumption"), of(page, rows, found))
    page.table(MARGIN, y + 4, columns, rows, empty=page.label("无用水", "No consumption."))


def draw_unusual(page: Page, report: Report, y: float) -> None:
    """List the meters with unusual consumption."""
    found = unusual(report)
    rows = [
        (*place(page, meter), page.label(zh, en), volume(meter.usage(report.day) or Decimal(0)))
        for meter, zh, en in found[:LINES]
    ]
    columns = [*place_columns(page), Column(page.label("异常", "what"), 26), Column("m³", HALF - 74, "right")]
    page.heading(RIGHT, y, HALF, page.label("用量异常的水表", "Unusual consumption"), of(page, rows, found))
    page.table(RIGHT, y + 4, columns, rows, empty=page.label("无异常", "Nothing unusual."))


def draw_unread(page: Page, report: Report, y: float) -> None:
    """List the meters without a reading of the day, those that were silent for longest first."""
    silent = [meter for meter in report.meters.values() if report.day not in meter.registers]
    silent.sort(key=lambda meter: meter.last_read.timestamp() if meter.last_read else 0)
    counts = Counter(meter.region for meter in silent)
    note = "　".join(f"{region_name(page, region, report)} {count}" for region, count in counts.most_common(6))
    rows = [
        (
            page.name(meter.user, "-"),
            page.name(meter.house, "-"),
            meter.code,
            region_name(page, meter.region, report),
            page.name(meter.status, "-"),
            f"{meter.last_read:%Y-%m-%d %H:%M}" if meter.last_read else "-",
        )
        for meter in silent[:5]
    ]
    columns = [
        Column(page.label("用户", "user"), 24),
        Column(page.label("门牌号", "house"), 40),
        Column(page.label("设备编码", "device code"), 34),
        Column(page.label("区域", "region"), 34),
        Column(page.label("状态", "status"), 20),
        Column(page.label("最近抄收", "last read"), FULL - 152, "right"),
    ]
    title = page.label(f"未抄到的水表（{len(silent)} 块）", f"Meters that were not read ({len(silent)})")
    page.heading(MARGIN, y, FULL, title, note)
    page.table(MARGIN, y + 4, columns, rows, empty=page.label("全部抄到", "All meters were read."))


def draw_notes(page: Page, report: Report) -> None:
    """Write at the foot of the page what the figures mean."""
    day, y = report.day, HEIGHT - 28
    without = sum(day in meter.registers and meter.usage(day) is None for meter in report.meters.values())
    backwards = sum((meter.usage(day) or 0) < 0 for meter in report.meters.values())
    lines = [
        page.label(
            "用水量＝当日末次读数－前日末次读数；较前日只比较两日均有用水量的表。"
            f"{without} 块表缺前日读数、{backwards} 块表读数倒退，未计入。",
            "Consumption: last reading of the day less that of the day before; change: of the same meters. "
            f"Left out: {without} without the latter, {backwards} that ran backwards.",
        ),
        page.label(
            f"用量异常：达到前 7 日平均的 {HIGH} 倍且多出 {HIGH_BY} m³ 以上、停走、读数倒退。",
            f"Unusual: {HIGH} times the average of the 7 days before and {HIGH_BY} m³ more; standing still; backwards.",
        ),
        page.label(
            "欠费为生成时的余额（接口不提供历史欠费），缴费只计状态为“成功”的记录。",
            "Arrears are those of the moment of making; the API has no past ones. Payments are those that succeeded.",
        ),
    ]
    for number, line in enumerate(lines):
        page.text(MARGIN, y + 5 + 4 * number, line, size=7, color=GREY, width=FULL)


def place(page: Page, meter: Meter) -> tuple[str, str]:
    """Return who has a meter and where; its code in place of an address that is missing or cannot be shown."""
    return page.name(meter.user, "-"), page.name(meter.house, meter.code)


def place_columns(page: Page) -> list[Column]:
    """Return the columns of ``place``."""
    return [Column(page.label("用户", "user"), 16), Column(page.label("门牌号", "house or device"), 32)]


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Yesterday's water and today's arrears by region, on one A4 page.")
    yesterday = datetime.now(SHANGHAI).date() - DAY
    parser.add_argument("--day", type=date.fromisoformat, default=yesterday, help="such as 2026-11-01 (yesterday)")
    parser.add_argument(
        "--output", type=output, nargs="+", metavar="PATH", help=".png or .pdf (water-daily-DAY.png in this folder)"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    try:
        with WaterQuery() as client:
            report = gather(client, options.day, REGIONS)
        page = draw(report)
        summary = "; ".join(f"{region}: {volume(report.total(report.day, region))} m³" for region in report.regions)
        paths = options.output or [Path(f"water-daily-{report.day}.png")]
        write_page(page, paths, summary, f"{len(report.regions)} regions, {len(report.meters)} meters")
    except (ChaobiaoError, OSError) as error:
        print(f"No report was made: {error}", file=sys.stderr)
        return 1
    return exit_code(report.gaps)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
