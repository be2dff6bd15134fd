"""The memory of a client that streams a million rows.

``python memory.py sync|async PAGES`` streams through a fake transport and prints the peak resident memory in bytes,
after ten pages and at the end. The peak (getrusage) is the most that the process held at any one time.
"""

import asyncio
import re
import resource
import subprocess
import sys
from datetime import datetime

import httpx
import samples
from measure import Result

from chaobiao import AsyncJrhsz, Jrhsz, VirtualClock

ROWS = 1000
WARM = 10
BEGIN, END = datetime(2023, 4, 1), datetime(2023, 5, 1)


def measure(quick: bool) -> list[Result]:
    """Measure the sync and the async client in processes of their own."""
    pages = 100 if quick else 1000
    results: list[Result] = []
    for kind in ("sync", "async"):
        printed = subprocess.run(
            [sys.executable, __file__, kind, str(pages)], stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        before, after = (int(number) for number in printed.split())
        results.append(
            Result(
                f"rows streamed, {kind}: growth of the peak memory over {pages * ROWS:,} rows",
                (after - before) / 2**20,
                unit=" MiB",
                budget=16,
                detail=f"resident peak {before / 2**20:.1f} MiB after {WARM} pages, {after / 2**20:.1f} MiB at the end",
            )
        )
    return results


def _transport(pages: int) -> httpx.MockTransport:
    template = samples.readings_response(ROWS, pages * ROWS).replace(b"900000000000", b"PAGE-NUMBER-")

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/user/login":
            return httpx.Response(200, content=samples.login_response())
        found = re.search(rb'"pageNo":(\d+)', request.content)
        assert found is not None
        # equal pages would end the list
        return httpx.Response(200, content=template.replace(b"PAGE-NUMBER-", b"%012d" % int(found[1])))

    return httpx.MockTransport(respond)


def _peak() -> int:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024


def _sync(pages: int) -> tuple[int, int]:
    http = httpx.Client(transport=_transport(pages))
    client = Jrhsz("a", "b", base_url="http://127.0.0.1", clock=VirtualClock(), http_client=http)
    seen = before = 0
    for _ in client.meters.readings(begin=BEGIN, end=END):
        seen += 1
        if seen == WARM * ROWS:
            before = _peak()
    assert seen == pages * ROWS
    return before, _peak()


async def _async(pages: int) -> tuple[int, int]:
    http = httpx.AsyncClient(transport=_transport(pages))
    client = AsyncJrhsz("a", "b", base_url="http://127.0.0.1", clock=VirtualClock(), http_client=http)
    seen = before = 0
    async for _ in client.meters.readings(begin=BEGIN, end=END):
        seen += 1
        if seen == WARM * ROWS:
            before = _peak()
    assert seen == pages * ROWS
    return before, _peak()


if __name__ == "__main__":
    kind, count = sys.argv[1], int(sys.argv[2])
    print(*(_sync(count) if kind == "sync" else asyncio.run(_async(count))))
