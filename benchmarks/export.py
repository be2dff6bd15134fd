"""An export of several pages in real time, against the shortest time that the documented interval allows.

The exports for all latencies run at the same time, each against a mock of its own: they sleep nearly all the time.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import attrs
from measure import Result
from servers import mock, relay, running

from chaobiao import AsyncJrhsz, Jrhsz

INTERVAL = 2.0
#: Milliseconds from the request to the response, in addition to what the mock takes.
LATENCIES = (0, 50, 300)
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

    def ratio(self, pages: int, latency: float) -> float:
        """Return the time as a multiple of the shortest possible one."""
        return self.seconds / ((pages - 1) * INTERVAL + latency / 1000 + self.last)


def measure(quick: bool) -> list[Result]:
    """Measure the sync and the async client against the mock, which refuses calls that come before the interval."""
    pages, rounds = (6, 1) if quick else (20, 2)
    with ExitStack() as servers, ThreadPoolExecutor() as pool:
        runs: dict[tuple[int, str], Callable[[], list[Export]]] = {}
        for latency in LATENCIES:
            _, url = servers.enter_context(running(*mock("--meters", str(pages * ROWS - ROWS // 10))))
            _, url = servers.enter_context(running(*relay(url, latency)))
            runs[latency, "sync"] = pool.submit(lambda url=url: [_sync(url) for _ in range(rounds)]).result
            runs[latency, "async"] = pool.submit(
                lambda url=url: [asyncio.run(_async(url)) for _ in range(rounds)]
            ).result
        bare = pool.submit(_sleep_only, pages).result
        found = {key: run() for key, run in runs.items()}
        results = [_result(pages, *key, exports) for key, exports in found.items()]
        results.append(
            Result(
                "the same floor against a loop that only sleeps",
                bare().ratio(pages, 0),
                detail="no client and no server: what is above 1 is how late this machine wakes a sleeping thread",
            )
        )
    return results


def _result(pages: int, latency: int, kind: str, exports: list[Export]) -> Result:
    best = min(exports, key=lambda export: export.ratio(pages, latency))
    others = ", ".join(f"{export.ratio(pages, latency):.2f}" for export in exports)
    return Result(
        f"export of {pages} pages, {latency} ms of latency, {kind}, wall time against the pacing floor",
        best.ratio(pages, latency),
        budget=1.03,
        detail=f"{best.seconds:.2f} s; floor {(pages - 1) * INTERVAL:.0f} s between the calls and "
        f"{best.last:.2f} s of work on the last page; {best.refused} calls refused; runs: {others}",
    )


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
