"""The report of a drill: as text for people, as JSON, and as JUnit for CI."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.etree import ElementTree

from chaobiao_mock.drill import Report, Run
from chaobiao_mock.drill_verdict import Verdict
from chaobiao_mock.journal import Entry
from chaobiao_mock.verification import describe

#: How many calls are shown as the evidence of a run.
SHOWN: Final = 20
#: How many lines of the program's output are shown.
LINES: Final = 5
_CHINESE: Final = {Verdict.SAFE: "安全", Verdict.UNSAFE: "不安全", Verdict.UNKNOWN: "未知"}
#: What XML cannot hold.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(report: Report) -> str:
    """Return a table of all runs, and the evidence of those that are not safe, in English and Chinese."""
    heading = ("operation / 操作", "fault / 故障", "verdict / 结论", "status / 退出码")
    rows = [(run.operation, run.title, f"{run.verdict} {_CHINESE[run.verdict]}", _status(run)) for run in report.runs]
    lines = [
        f"command / 命令: {' '.join(report.command)}",
        "without faults / 无故障时: "
        + ", ".join(f"{name} x{report.effects.of(name).total()}" for name in report.effects.kinds),
        *(f"not drilled, for it took no effect / 未演练（无故障时也未生效）: {name}" for name in report.refused),
        "",
        *_table(heading, rows),
    ]
    for verdict in (Verdict.UNSAFE, Verdict.UNKNOWN):
        found = [run for run in report.runs if run.verdict is verdict]
        if found:
            lines += ["", f"{verdict} / {_CHINESE[verdict]}"]
        for run in found:
            lines += [f"  {run.operation}, {run.title}", *(f"    {line}" for line in _evidence(run))]
    lines += ["", summary(report)]
    return "\n".join(lines)


def summary(report: Report) -> str:
    """Return how many runs are safe, unsafe and unknown."""
    return ", ".join(f"{verdict} {_CHINESE[verdict]} {report.count(verdict)}" for verdict in Verdict)


def as_dict(report: Report) -> dict[str, Any]:
    """Return plain values, for JSON."""
    start = report.settings.start
    return {
        "command": [*report.command],
        "seed": report.settings.seed,
        "meters": report.settings.meters,
        "start": None if start is None else start.isoformat(),
        "summary": {str(verdict): report.count(verdict) for verdict in Verdict},
        "effects": {name: report.effects.of(name).total() for name in report.effects.kinds},
        "refused": [*report.refused],
        "runs": [_run_as_dict(run) for run in report.runs],
    }


def as_junit(report: Report) -> str:
    """Return a JUnit document: an unsafe run is a failure, one that shows nothing an error."""
    counts = {
        "tests": len(report.runs),
        "failures": report.count(Verdict.UNSAFE),
        "errors": report.count(Verdict.UNKNOWN),
        "time": round(sum(run.ended.seconds for run in report.runs), 3),
    }
    attributes = {"name": "chaobiao-mock drill", **{name: str(count) for name, count in counts.items()}}
    suites = ElementTree.Element("testsuites", attributes)
    suite = ElementTree.SubElement(suites, "testsuite", attributes)
    for run in report.runs:
        name = {"classname": run.operation.replace(":", "."), "name": run.title, "time": f"{run.ended.seconds:.3f}"}
        case = ElementTree.SubElement(suite, "testcase", name)
        if run.verdict is not Verdict.SAFE:
            tag = "failure" if run.verdict is Verdict.UNSAFE else "error"
            english, chinese = run.judgement.reason
            found = ElementTree.SubElement(case, tag, {"type": run.verdict, "message": f"{english} / {chinese}"})
            found.text = _for_xml("\n".join(_evidence(run)))
        if run.ended.output:
            ElementTree.SubElement(case, "system-out").text = _for_xml(run.ended.output)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _run_as_dict(run: Run) -> dict[str, Any]:
    english, chinese = run.judgement.reason
    return {
        "operation": run.operation,
        "effect": run.effect.value,
        "kind": run.fault.kind,
        "phase": run.fault.phase,
        "fault": run.title,
        "verdict": str(run.verdict),
        "reason": english,
        "reason_zh": chinese,
        "exit_status": run.ended.status,
        "seconds": round(run.ended.seconds, 3),
        "calls": [entry.to_dict() for entry in run.judgement.calls],
        "output": run.ended.output,
    }


def _evidence(run: Run) -> list[str]:
    calls = run.judgement.calls
    lines = [*run.judgement.reason, *map(_described, calls[:SHOWN])]
    if len(calls) > SHOWN:
        lines.append(f"… {len(calls) - SHOWN} more")
    printed = run.ended.output.splitlines()[-LINES:]
    return lines + [f"| {line}" for line in printed]


def _described(entry: Entry) -> str:
    return describe(entry) + (", took effect / 已生效" if entry.carried_out else ", no effect / 未生效")


def _status(run: Run) -> str:
    return "-" if run.ended.status is None else str(run.ended.status)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    table = [heading, *rows]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _for_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
