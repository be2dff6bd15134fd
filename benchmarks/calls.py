"""A small call: CPU time of the client's process against the naive client's, over a real loopback connection."""

import naive
import samples
from measure import Result, interleave
from servers import fixed, running

from chaobiao import Jrhsz
from chaobiao.jrhsz import ListLatestReadings

NUMBER = "190620833464"


def measure(quick: bool) -> list[Result]:
    """Measure an operation passed to client.send, and the same through client.meters."""
    rounds, calls = (60, 10) if quick else (400, 20)
    results: list[Result] = []
    with running(*fixed()) as (_, url), Jrhsz("khcs", "123456", base_url=url, paced=False) as client:
        naive_client = naive.Caller(url, "khcs", samples.TOKEN)
        ways = {
            "small sync call": lambda: client.send(ListLatestReadings(table_no=NUMBER)),
            "the same through client.meters": lambda: list(client.meters.latest_readings(table_no=NUMBER)),
        }
        for what, ours in ways.items():
            found = interleave(ours, lambda: naive_client.latest_readings(NUMBER), rounds=rounds, calls=calls)
            results.append(
                Result(
                    f"{what}, CPU, against naive httpx + attrs",
                    found.ratio,
                    budget=0.70,
                    goal=0.55,
                    spread=found.spread,
                    detail=f"{found.ours * 1e6:.0f} µs against {found.theirs * 1e6:.0f} µs a call",
                )
            )
        naive_client.http.close()
    return results
