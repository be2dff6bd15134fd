"""Small calls, one after another and 100 at a time: CPU time of the client's process against the naive client's.

The server is another process on loopback. Each of our transports is measured against the same naive client.
"""

import asyncio
from collections.abc import Awaitable, Callable

import naive
import samples
from measure import Comparison, Result, interleave
from servers import fixed, running

from chaobiao import AsyncJrhsz, Jrhsz
from chaobiao.jrhsz import ListLatestReadings

NUMBER = "190620833464"
AT_ONCE = 100
TRANSPORTS = (("httpx", 0.60, 0.90), ("pyreqwest", 0.40, 0.10))


def measure(quick: bool) -> list[Result]:
    """Measure both transports, sync and async."""
    results: list[Result] = []
    with running(*fixed()) as (_, url):
        for transport, one, many in TRANSPORTS:
            results += _sync(url, transport, one, quick)
            results.append(asyncio.run(_async(url, transport, many, quick)))
    return results


def _sync(url: str, transport: str, budget: float, quick: bool) -> list[Result]:
    rounds, calls = (60, 10) if quick else (400, 20)
    results: list[Result] = []
    naive_client = naive.Caller(url, "khcs", samples.TOKEN)
    with Jrhsz("khcs", "123456", base_url=url, paced=False, transport=transport) as client:
        ways = {
            "small sync call": lambda: client.send(ListLatestReadings(table_no=NUMBER)),
            "the same through client.meters": lambda: list(client.meters.latest_readings(table_no=NUMBER)),
        }
        for what, ours in ways.items():
            found = interleave(ours, lambda: naive_client.latest_readings(NUMBER), rounds=rounds, calls=calls)
            results.append(_result(f"{what}, {transport}", found, budget))
    naive_client.http.close()
    return results


async def _async(url: str, transport: str, budget: float, quick: bool) -> Result:
    rounds = 10 if quick else 40
    naive_client = naive.AsyncCaller(url, "khcs", samples.TOKEN)
    loop = asyncio.get_running_loop()

    async def at_once(call: Callable[[], Awaitable[object]]) -> None:
        await asyncio.gather(*(call() for _ in range(AT_ONCE)))

    def run(call: Callable[[], Awaitable[object]]) -> Callable[[], object]:
        return lambda: asyncio.run_coroutine_threadsafe(at_once(call), loop).result()

    async with AsyncJrhsz("khcs", "123456", base_url=url, paced=False, transport=transport) as client:
        ours = run(lambda: client.send(ListLatestReadings(table_no=NUMBER)))
        theirs = run(lambda: naive_client.latest_readings(NUMBER))
        found = await asyncio.to_thread(interleave, ours, theirs, rounds=rounds, calls=2)
    await naive_client.http.aclose()
    return _result(f"small async calls, {AT_ONCE} at a time, {transport}", found, budget, AT_ONCE)


def _result(what: str, found: Comparison, budget: float, calls: int = 1) -> Result:
    return Result(
        f"{what}, CPU, against naive httpx + attrs",
        found.ratio,
        budget=budget,
        spread=found.spread,
        detail=f"{found.ours / calls * 1e6:.0f} µs against {found.theirs / calls * 1e6:.0f} µs a call",
    )
