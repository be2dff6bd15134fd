"""An export of several pages in real time, against the least time that the documented interval allows."""

import asyncio
import time

from measure import Result
from servers import mock, running

from chaobiao import AsyncJrhsz, Jrhsz

INTERVAL = 2.0
#: Seconds of work on the rows of each page, in five portions.
WORK = 0.5
#: Rows a page: few enough that the mock's own time for a page, which no client can help, is small beside the interval.
ROWS = 200


def measure(quick: bool) -> list[Result]:
    """Measure both colours against the mock, which refuses whoever calls sooner than the interval allows."""
    pages = 3 if quick else 6
    with running(*mock("--meters", str(pages * ROWS - ROWS // 10))) as (_, url):
        ways = {"sync": _sync(url), "async": asyncio.run(_async(url))}
    floor = (pages - 1) * INTERVAL
    return [
        Result(
            f"export of {pages} pages, {colour}, wall time against the pacing floor",
            seconds / (floor + WORK),
            budget=1.03,
            detail=f"{seconds:.2f} s; floor {floor:.0f} s between the calls and {WORK} s of work on the last page; "
            f"{refused} calls refused",
        )
        for colour, (seconds, refused) in ways.items()
    ]


def _sync(url: str) -> tuple[float, int]:
    retries: list[object] = []
    with Jrhsz("khcs", "123456", base_url=url, on_retry=retries.append) as client:
        client.login()
        began = time.perf_counter()
        for page in client.meters.list(page_size=ROWS).pages():
            for _ in range(0, len(page), ROWS // 5):
                time.sleep(WORK / 5)
        return time.perf_counter() - began, len(retries)


async def _async(url: str) -> tuple[float, int]:
    retries: list[object] = []
    # an account of its own, for the mock counts the interval by account
    async with AsyncJrhsz("recharge-only", "123456", base_url=url, on_retry=retries.append) as client:
        await client.login()
        began = time.perf_counter()
        async for page in client.meters.list(page_size=ROWS).pages():
            for _ in range(0, len(page), ROWS // 5):
                await asyncio.sleep(WORK / 5)
        return time.perf_counter() - began, len(retries)
