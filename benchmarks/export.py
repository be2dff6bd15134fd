"""An export of several pages in real time, against the shortest time that the documented interval allows."""

import asyncio
import time

import attrs
from measure import Result
from servers import mock, running

from chaobiao import AsyncJrhsz, Jrhsz

INTERVAL = 2.0
#: Seconds of work on the rows of each page, in five portions.
WORK = 0.5
#: Rows per page: few, so that the mock's own time for a page is small compared with the interval.
ROWS = 200


@attrs.frozen
class Export:
    """The time of one export, the time of the work on its last page, and the number of refused calls."""

    seconds: float
    last: float
    refused: int

    def ratio(self, pages: int) -> float:
        """Return the time as a multiple of the shortest possible one."""
        return self.seconds / ((pages - 1) * INTERVAL + self.last)


def measure(quick: bool) -> list[Result]:
    """Measure the sync and the async client against the mock, which refuses calls that come before the interval."""
    pages, rounds = (3, 1) if quick else (6, 3)
    with running(*mock("--meters", str(pages * ROWS - ROWS // 10))) as (_, url):
        ways = {
            "sync": [_sync(url) for _ in range(rounds)],
            "async": [asyncio.run(_async(url)) for _ in range(rounds)],
        }
    results: list[Result] = []
    for kind, found in ways.items():
        best = min(found, key=lambda export: export.ratio(pages))
        others = ", ".join(f"{export.ratio(pages):.2f}" for export in found)
        results.append(
            Result(
                f"export of {pages} pages, {kind}, wall time against the pacing floor",
                best.ratio(pages),
                budget=1.03,
                detail=f"{best.seconds:.2f} s; floor {(pages - 1) * INTERVAL:.0f} s between the calls and "
                f"{best.last:.2f} s of work on the last page; {best.refused} calls refused; runs: {others}",
            )
        )
    bare = [_sleep_only(pages) for _ in range(rounds)]
    results.append(
        Result(
            "the same floor against a loop that only sleeps",
            min(export.ratio(pages) for export in bare),
            detail="no client and no server: what is above 1 is how late this machine wakes a sleeping thread; "
            "runs: " + ", ".join(f"{export.ratio(pages):.2f}" for export in bare),
        )
    )
    return results


def _sleep_only(pages: int) -> Export:
    began = last = time.perf_counter()
    for _ in range(pages):
        last = time.perf_counter()
        for _ in range(5):
            time.sleep(WORK / 5)
        ended = time.perf_counter()
        time.sleep(max(last + INTERVAL - ended, 0.0))
    return Export(ended - began, ended - last, 0)


def _sync(url: str) -> Export:
    retries: list[object] = []
    with Jrhsz("khcs", "123456", base_url=url, on_retry=retries.append) as client:
        client.login()
        time.sleep(INTERVAL)  # the interval of an earlier export must not count
        began = last = time.perf_counter()
        for page in client.meters.list(page_size=ROWS).pages():
            last = time.perf_counter()
            for _ in range(0, len(page), ROWS // 5):
                time.sleep(WORK / 5)
        ended = time.perf_counter()
    return Export(ended - began, ended - last, len(retries))


async def _async(url: str) -> Export:
    retries: list[object] = []
    # another account, because the mock counts the interval by account
    async with AsyncJrhsz("recharge-only", "123456", base_url=url, on_retry=retries.append) as client:
        await client.login()
        await asyncio.sleep(INTERVAL)
        began = last = time.perf_counter()
        async for page in client.meters.list(page_size=ROWS).pages():
            last = time.perf_counter()
            for _ in range(0, len(page), ROWS // 5):
                await asyncio.sleep(WORK / 5)
        ended = time.perf_counter()
    return Export(ended - began, ended - last, len(retries))
