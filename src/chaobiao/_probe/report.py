"""Findings as a table for people, and as JSON for programs."""

from collections.abc import Iterable, Sequence
from typing import Any

from chaobiao._contract.family import Family
from chaobiao._probe.findings import Finding, dialect_line, quirk_options


def as_json(family: Family, findings: Sequence[Finding], **more: Any) -> dict[str, Any]:
    """Return a report of plain values; ``more`` is added to it."""
    return {
        "family": family.name,
        "dialect": dialect_line(family, findings),
        "quirks": {each.name: each.seen[0] for each in findings if each.is_quirk and len(each.seen) == 1},
        "findings": [finding.to_dict() for finding in findings],
        **more,
    }


def as_markdown(family: Family, findings: Sequence[Finding]) -> str:
    """Return a report in Markdown, in English and Chinese."""
    lines = [
        f"## {family.name}",
        "",
        "| # | point / 歧义 | name / 名称 | seen / 所见 | switch / 开关 |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(cells)} |" for cells in _cells(findings)]
    return "\n".join([*lines, "", *(f"    {line}" if line else "" for line in conclusions(family, findings)), ""])


def as_text(family: Family, findings: Sequence[Finding]) -> str:
    """Return a report for a terminal."""
    lines = [
        f"{family.name}: what the server shows of each point of docs/ambiguities.md / 服务器在各歧义点上的表现",
        "",
    ]
    for row, title, name, seen, switch in _cells(findings):
        found = f"{row:>3}  {title}"
        facts = f"{name}: {seen}" if name else seen
        lines.append(f"{found}\n       {facts}" + (f"   -> {switch}" if switch else ""))
    return "\n".join([*lines, "", *conclusions(family, findings)])


def conclusions(family: Family, findings: Sequence[Finding]) -> list[str]:
    """Return what to set: the dialect of the client, and the quirks of the mock."""
    dialect, quirks = dialect_line(family, findings), quirk_options(family, findings)
    lines = ["The default dialect fits what was seen. / 默认方言与所见相符。"]
    if dialect:
        lines = ["Pass this dialect to the client / 请为客户端设置：", f"dialect={dialect}"]
    if quirks:
        lines += ["The mock behaves like this server with / 使模拟服务与该服务器一致：", f"chaobiao-mock {quirks}"]
    return lines


def _cells(findings: Iterable[Finding]) -> list[tuple[str, str, str, str, str]]:
    cells: list[tuple[str, str, str, str, str]] = []
    for finding in findings:
        note = " / ".join(finding.note) if finding.note[0] else ""
        seen = " | ".join(finding.seen)
        told = f"{seen} ({note})" if seen and note else seen or note
        english, chinese = finding.title
        title = english if english == chinese else f"{english} / {chinese}"
        cells.append((str(finding.row), title, finding.name, told.replace(" | ", ", "), finding.switch))
    return cells
