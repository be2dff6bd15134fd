"""The names, units and colors of what the monthly energy report shows. Only for ``energy_month.py``."""

from collections.abc import Sequence

from _charts import BLUE, GREY, INK, ORANGE, PALE_BLUE, RED, RULE, Page
from _energy_month import Report

from chaobiao.energy import AlarmLevel, EnergyKind

#: Usual units: the API returns none.
UNITS = {
    EnergyKind.ELECTRICITY: "kWh",
    EnergyKind.TAP_WATER: "m³",
    EnergyKind.RECLAIMED_WATER: "m³",
    EnergyKind.HOT_WATER: "m³",
    EnergyKind.SOFT_WATER: "m³",
    EnergyKind.MEDIUM_PRESSURE_STEAM: "t",
    EnergyKind.LOW_PRESSURE_STEAM: "t",
    EnergyKind.AIR: "m³",
    EnergyKind.NATURAL_GAS: "m³",
}
ENGLISH = {
    EnergyKind.ELECTRICITY: "electricity",
    EnergyKind.TAP_WATER: "tap water",
    EnergyKind.RECLAIMED_WATER: "reclaimed",
    EnergyKind.HOT_WATER: "hot water",
    EnergyKind.SOFT_WATER: "soft water",
    EnergyKind.MEDIUM_PRESSURE_STEAM: "MP steam",
    EnergyKind.LOW_PRESSURE_STEAM: "LP steam",
    EnergyKind.AIR: "air",
    EnergyKind.NATURAL_GAS: "natural gas",
}
LEVELS = {
    AlarmLevel.SEVERE: ("严重", "severe", RED),
    AlarmLevel.WARNING: ("警告", "warning", ORANGE),
    AlarmLevel.GENERAL: ("一般", "general", PALE_BLUE),
}
#: States as plants usually name them; their names are free.
KNOWN_STATES = {
    "运行": ("running", BLUE),
    "待机": ("standby", PALE_BLUE),
    "停机": ("stopped", GREY),
    "故障": ("fault", RED),
    "未知": ("unknown", RULE),
}
#: The key of all states that are not shown by themselves.
OTHERS = "…"
OTHER_COLOURS = (ORANGE, INK, "#5b8c5a", "#8a6fb0", "#c9a227")
#: What may be missing, in Chinese and in English.
PARTS = {
    "settings": ("个性化设置", "settings"),
    "consumption": ("用量", "consumption"),
    "before": ("上月用量", "the month before"),
    "machines": ("机器用量", "machines"),
    "days": ("日用电量", "days"),
    "alarms": ("报警统计", "alarms"),
    "messages": ("报警记录", "alarm messages"),
    "states": ("机器状态", "states"),
    "products": ("产量与综合能耗", "products"),
}


def kinds_of(report: Report) -> list[EnergyKind]:
    """Return the kinds of energy that were consumed, in the order of their codes."""
    return sorted(kind for kind in report.amounts if report.amounts[kind] or report.amounts_before.get(kind))


def kind_name(page: Page, kind: EnergyKind, report: Report) -> str:
    """Return the name of a kind of energy."""
    return page.label(report.kinds.get(kind) or str(kind.value), ENGLISH.get(kind, f"kind {kind.value}"))


def machine_name(page: Page, name: str, report: Report) -> str:
    """Return a machine's name, or on an English page its id where the name is Chinese."""
    if not name:
        return page.label("未归属", "no machine")
    return page.name(name, page.label(name, f"machine {report.ids.get(name, '?')}"))


def level_name(page: Page, level: AlarmLevel | None) -> str:
    """Return the name of a level of alarms."""
    if level is None:
        return "-"
    zh, en, _ = LEVELS.get(level, (str(level.value), str(level.value), GREY))
    return page.label(zh, en)


def state_looks(page: Page, shown: Sequence[str], *, others: bool) -> dict[str, tuple[str, str]]:
    """Return the name and the color of each state, with ``OTHERS`` for all further ones."""
    spare = iter(OTHER_COLOURS)
    looks = {}
    for number, status in enumerate(shown, 1):
        en, color = KNOWN_STATES.get(status, (f"state {number}", ""))
        looks[status] = (page.label(status or "-", en), color or next(spare))
    if others:
        looks[OTHERS] = (page.label("其他", "other"), next(spare))
    return looks
