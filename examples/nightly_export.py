"""Export yesterday's consumption of all meters to CSV; the next page comes while this one is written."""

import asyncio
import csv
import sys
from datetime import datetime, timedelta
from decimal import Decimal

from chaobiao import SHANGHAI, AsyncJrhsz, CallEvent
from chaobiao.jrhsz import ConsumptionKind


def tell(event: CallEvent) -> None:
    """Report slow or failing calls on the side."""
    if event.outcome != "ok":
        print(f"{event.operation}: {event.outcome} (attempt {event.attempt})", file=sys.stderr)


async def main() -> int:
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = today - timedelta(days=1)
    writer = csv.writer(sys.stdout)
    writer.writerow(["table_no", "read_at", "usage", "amount"])
    total, rows = Decimal(0), 0
    async with AsyncJrhsz(on_response=tell) as client:
        listing = client.meters.consumption(begin=yesterday, end=today, kind=ConsumptionKind.DAILY, page_size=150)
        async for row in listing:
            rows += 1
            total += row.amount or 0
            if rows <= 5:
                writer.writerow([row.table_no, row.read_at, row.usage, row.amount])
    print(f"{rows} rows of {listing.total}, {total} yuan in all (the first five shown)")
    return 0 if rows == listing.total else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
