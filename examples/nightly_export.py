"""Export yesterday's consumption of all meters into a CSV file that Excel opens: ``nightly_export.py [PATH]``.

PATH is the file, or the folder for it (default: the current one), where it is called ``consumption-2026-11-01.csv``
after its day. A rerun for the same day replaces the file. It is written under another name and renamed when it is
complete: a run that fails, or that gets fewer rows than the platform counts, leaves the file of an earlier run as it is
and exits with 1. The summary goes to stderr.

The records are those that the document calls 实时数据 (type 1, the only type that it lists). Excel shows long meter
numbers in scientific notation when it opens a CSV file by a double click; import the column as text to see all digits.
"""

import asyncio
import csv
import os
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from chaobiao import SHANGHAI, AsyncJrhsz, CallEvent, ChaobiaoError
from chaobiao.jrhsz import Consumption, ConsumptionKind


class RowsMissing(Exception):
    """Fewer rows came than the platform counts."""


def report(event: CallEvent) -> None:
    """Print attempts that failed."""
    if event.outcome != "ok":
        print(f"{event.operation}: {event.outcome} (attempt {event.attempt})", file=sys.stderr)


def text_of(value: Any) -> Any:
    """Write times as Excel reads them: local, without an offset."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


async def fetch(begin: datetime, end: datetime, path: Path) -> str:
    """Write the consumption of a period into a file, a page while the next one is fetched; return a summary."""
    rows, amount = 0, Decimal(0)
    meters: set[str | None] = set()
    # utf-8-sig: Excel takes a file without a byte order mark for one in the system's old encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(Consumption().to_dict(headings="zh")))
        writer.writeheader()
        async with AsyncJrhsz(on_response=report) as client:
            listing = client.meters.consumption(begin=begin, end=end, kind=ConsumptionKind.REALTIME)
            async for record in listing:
                row = record.to_dict(headings="zh", times="keep")
                writer.writerow({heading: text_of(value) for heading, value in row.items()})
                rows += 1
                amount += record.amount or 0
                meters.add(record.table_no)
    if listing.total is not None and rows < listing.total:
        raise RowsMissing(f"{rows} rows came, but the platform counts {listing.total}")
    return f"{rows} rows, {len(meters)} meters, {amount} yuan"


def export(target: Path) -> None:
    """Export yesterday's consumption."""
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    begin, end = today - timedelta(days=1), today - timedelta(seconds=1)
    path = target / f"consumption-{begin:%Y-%m-%d}.csv" if target.is_dir() else target
    # In the same folder, because a rename to another disk is a copy. The number keeps overlapping runs apart.
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        summary = asyncio.run(fetch(begin, end, partial))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{path}: {summary}", file=sys.stderr)


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else Path()
    try:
        export(target)
    except (ChaobiaoError, RowsMissing, OSError) as error:
        print(f"Nothing was exported: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
