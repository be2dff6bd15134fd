"""The nightly export writes all rows or nothing."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from chaobiao import SHANGHAI, Jrhsz
from chaobiao_mock import Fault, MockServer

Load = Callable[[str], ModuleType]
PATH = "/meter/readMeterDataList"


@pytest.fixture
def exporter(example: Load, server: MockServer) -> ModuleType:
    """The example, and the mock server that it meets."""
    return example("nightly_export")


def yesterday() -> datetime:
    """The first moment of the day that is exported."""
    return datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


def set_quirks(server: MockServer, **changes: Any) -> None:
    """Let the platform behave in another way that its document allows."""
    state = server.world.states["jrhsz"]
    state.quirks = attrs.evolve(state.quirks, **changes)


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file, by their headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_in_the_file(exporter: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file has each row that the platform lists, under Chinese headings, with all digits; a summary counts them."""
    assert exporter.main([str(tmp_path)]) == 0
    path = tmp_path / f"consumption-{yesterday():%Y-%m-%d}.csv"
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with Jrhsz() as client:
        listing = client.meters.consumption(begin=yesterday(), end=yesterday() + timedelta(days=1, seconds=-1))
        listed = listing.collect()
    assert len(listed) == listing.total > 1000
    assert read(path) == [
        {
            "项目编码": row.project_code,
            "设备ID": row.device_id,
            "表编号": row.table_no,
            "读数": str(row.reading),
            "读数时间": f"{row.read_at:%Y-%m-%d %H:%M:%S}",
            "用量": str(row.usage),
            "消费金额": str(row.amount),
            "表类型": str(row.kind.value if row.kind else ""),
        }
        for row in listed
    ]
    printed = capsys.readouterr()
    amount = sum((row.amount or Decimal(0) for row in listed), Decimal(0))
    assert printed.out == ""
    assert f"{path}: {len(listed)} rows, {len({row.table_no for row in listed})} meters, {amount} yuan" in printed.err


def test_a_rerun_replaces_the_file(exporter: ModuleType, tmp_path: Path) -> None:
    """The file of the same day is replaced as a whole; so is any file that is named."""
    for target in (tmp_path, tmp_path / "mine.csv"):
        path = target if target.suffix else tmp_path / f"consumption-{yesterday():%Y-%m-%d}.csv"
        path.write_text("an earlier run\n" * 100_000)
        assert exporter.main([str(target)]) == 0
        assert len(read(path)) > 1000
        assert "earlier" not in path.read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 2


def leave_as_it_is(exporter: ModuleType, folder: Path) -> None:
    """Run the export with a file of an earlier run, which must stay alone and as it is."""
    path = folder / "mine.csv"
    path.write_text("an earlier run")
    assert exporter.main([str(path)]) == 1
    assert list(folder.iterdir()) == [path]
    assert path.read_text() == "an earlier run"


def test_missing_rows_leave_the_old_file(
    exporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fewer rows than the platform counts are no export: exit code 1, and the file of an earlier run stays."""
    set_quirks(server, total="more")
    leave_as_it_is(exporter, tmp_path)
    assert "rows" in capsys.readouterr().err


def test_a_failure_under_way_leaves_the_old_file(
    exporter: ModuleType,
    server: MockServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """When a later page fails for good, the file of an earlier run stays, and no other is left behind."""
    pages = 0

    def fail_later(event: Any) -> None:
        nonlocal pages
        pages += event.operation == "meters.consumption" and event.outcome == "ok"
        if pages == 2:
            server.world.faults.add(Fault(PATH, "code", code=1001))

    monkeypatch.setattr(exporter, "report", fail_later)
    leave_as_it_is(exporter, tmp_path)
    assert pages >= 2
    assert "1001" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_reported(
    exporter: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be written is exit code 1 and a line on stderr, no traceback."""
    assert exporter.main([str(tmp_path / "absent" / "file.csv")]) == 1
    assert "absent" in capsys.readouterr().err


def test_only_the_documented_type_is_asked_for(exporter: ModuleType, server: MockServer, tmp_path: Path) -> None:
    """The export works with a platform that refuses type 2, which no document lists."""
    set_quirks(server, daily="no")
    assert exporter.main([str(tmp_path)]) == 0
