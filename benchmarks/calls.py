"""A small call: CPU time of the client's process against the naive client's, over a real loopback connection.

Sync, one call after another, and async, a hundred at once; with each transport.
"""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable
from typing import Any, Final

import naive
import samples
from measure import Comparison, Result, interleave
from servers import fixed, running

from chaobiao import AsyncJrhsz, Jrhsz
from chaobiao.jrhsz import ListLatestReadings

NUMBER = "190620833464"
AT_ONCE: Final = 100
#: Budget and goal of a sync and of an async call, by transport.
BOUNDS: Final = {"httpx": ((0.70, 0.60), (0.95, 0.90)), "pyreqwest": ((0.45, 0.40), (0.12, 0.10))}


def measure(quick: bool) -> list[Result]:
    """Measure an operation passed to client.send, sync and async, and the same through client.meters."""
    results: list[Result] = []
    with running(*fixed()) as (_, url):
        for transport in ("httpx", "pyreqwest"):
            if importlib.util.find_spec(transport) is not None:
                results += _one_by_one(url, transport, quick)
                results.append(asyncio.run(_at_once(url, transport, quick)))
    return results


def _one_by_one(url: str, transport: Any, quick: bool) -> list[Result]:
    rounds, calls = (60, 10) if quick else (400, 20)
    results: list[Result] = []
    with Jrhsz("khcs", "123456", base_url=url, paced=False, transport=transport) as client:
        naive_client = naive.Caller(url, "khcs", samples.TOKEN)
        ways = {
            "small sync call": lambda: client.send(ListLatestReadings(table_no=NUMBER)),
            "the same through client.meters": lambda: list(client.meters.latest_readings(table_no=NUMBER)),
        }
        for what, ours in ways.items():
            found = interleave(ours, lambda: naive_client.latest_readings(NUMBER), rounds=rounds, calls=calls)
            results.append(_result(f"{what}, transport {transport}", found, BOUNDS[transport][0]))
        naive_client.http.close()
    return results


async def _at_once(url: str, transport: Any, quick: bool) -> Result:
    rounds, calls = (10, 2) if quick else (60, 5)
    loop = asyncio.get_running_loop()
    naive_client = naive.AsyncCaller(url, "khcs", samples.TOKEN)
    client = AsyncJrhsz("khcs", "123456", base_url=url, paced=False, transport=transport)

    async def together(call: Callable[[], Awaitable[object]]) -> None:
        await asyncio.gather(*(call() for _ in range(AT_ONCE)))

    def run(call: Callable[[], Awaitable[object]]) -> Callable[[], object]:
        return lambda: asyncio.run_coroutine_threadsafe(together(call), loop).result()

    ours = run(lambda: client.send(ListLatestReadings(table_no=NUMBER)))
    theirs = run(lambda: naive_client.latest_readings(NUMBER))
    found = await asyncio.to_thread(interleave, ours, theirs, rounds=rounds, calls=calls)
    await client.aclose()
    await naive_client.http.aclose()
    return _result(f"{AT_ONCE} async calls at once, transport {transport}", found, BOUNDS[transport][1], AT_ONCE)


def _result(what: str, found: Comparison, bounds: tuple[float, float], calls: int = 1) -> Result:
    return Result(
        f"{what}, CPU, against naive httpx + attrs",
        found.ratio,
        budget=bounds[0],
        goal=bounds[1],
        spread=found.spread,
        detail=f"{found.ours / calls * 1e6:.0f} µs against {found.theirs / calls * 1e6:.0f} µs a call",
    )
