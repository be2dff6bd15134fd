"""The monthly energy report shows what the server returned, and says what it could not read."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from chaobiao import SHANGHAI, EnergyManager
from chaobiao.energy import EnergyKind, GroupBy, TimeType
from chaobiao_mock import Fault, MockServer

Load = Callable[[str], ModuleType]
MONTH = ["--month", "2026-10"]


@pytest.fixture
def report(example: Load, server: MockServer, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example, with the address and the account of the mock."""
    monkeypatch.setenv("CHAOBIAO_ENERGY_BASE_URL", server.url)
    monkeypatch.setenv("CHAOBIAO_ENERGY_USERNAME", "zhangwei")
    monkeypatch.setenv("CHAOBIAO_ENERGY_PASSWORD", "Energy2019")
    return example("energy_month")


def texts_of(report: ModuleType, month: object) -> str:
    """Return everything that is written on the page."""
    (axes,) = report.draw(month).figure.axes
    return "\n".join(text.get_text() for text in axes.texts)


def test_the_page_agrees_with_the_server(report: ModuleType, server: MockServer) -> None:
    """Sums by machine are those by kind of energy; days add up to the month; alarms are counted as they are listed."""
    with EnergyManager() as client:
        month = report.gather(client, 2026, 10)
        start, end = datetime(2026, 10, 1, tzinfo=SHANGHAI), datetime(2026, 11, 1, tzinfo=SHANGHAI)
        totals = client.consumption.totals(
            time_type=TimeType.MONTH, start=start, end=end, group_by=GroupBy.ENERGY_KIND
        ).collect()
        messages = client.alarm_messages.list(start=start, end=end).collect()
    assert {row.kind: row.amount for row in totals} == {kind: month.total(kind) for kind in month.kinds()}
    assert sum(amount for _, amount in month.days) == month.total(EnergyKind.ELECTRICITY)
    assert sum(month.alarms.values()) == len(messages) == sum(month.rules.values())
    whole = (end - start).total_seconds()
    assert [sum(states.values()) for states in month.states.values()] == [whole] * len(month.states)
    written = texts_of(report, month)
    assert f"{month.total(EnergyKind.ELECTRICITY):,.0f}" in written
    assert f"{len(messages):,}" in written


def test_it_writes_pictures_and_documents(
    report: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both endings; the exit code is 0 when nothing is missing."""
    paths = [tmp_path / "month.png", tmp_path / "month.pdf"]
    assert report.main([*MONTH, "--output", *map(str, paths)]) == 0
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert paths[1].read_bytes().startswith(b"%PDF")
    assert "machines" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("method", "part"),
    [("consumption.totals", "consumption"), ("alarm_messages.counts", "alarms"), ("oee_rules.list", "states")],
)
def test_what_is_missing_is_named(
    report: ModuleType,
    server: MockServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    method: str,
    part: str,
) -> None:
    """A part that the server refuses is named on the page and by the exit code; the rest is drawn."""
    path = next(
        kind.spec.path
        for family in server.world.families
        for kind in family.family.operations
        if family.name == "energy" and kind.spec.call == method
    )
    server.world.faults.add(Fault(path, "code", times=99, code=4105))
    assert report.main([*MONTH, "--output", str(tmp_path / "month.png")]) == 1
    assert f"{part}: " in capsys.readouterr().err
    with EnergyManager() as client:
        month = report.gather(client, 2026, 10)
    assert month.gaps[0].zh in texts_of(report, month) or month.gaps[0].en in texts_of(report, month)
    assert month.lacks(part)


def test_a_month_without_data(report: ModuleType, server: MockServer) -> None:
    """A month before the plant had meters is a page without figures, and no failure."""
    with EnergyManager() as client:
        month = report.gather(client, 2001, 1)
    assert month.total(EnergyKind.ELECTRICITY) == Decimal(0)
    assert not month.gaps
    assert texts_of(report, month)


def test_a_strange_output_is_refused(report: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The ending says what is written; another one is an error of the command line."""
    with pytest.raises(SystemExit):
        report.main(["--output", "month.xlsx"])
    assert "must end in .png or .pdf" in capsys.readouterr().err
