"""What another client costs: many services make one for each account, or even for each call."""

import gc
import tracemalloc

import httpx
from measure import Result, interleave

from chaobiao import Jrhsz


def measure(quick: bool) -> list[Result]:
    """Measure the time and the memory of a client that is made beside others, for http and for https."""
    rounds, calls = (5, 5) if quick else (20, 10)
    results: list[Result] = []
    for scheme in ("http", "https"):
        url = f"{scheme}://127.0.0.1:9"
        found = interleave(lambda url=url: _made(url), lambda: httpx.Client().close(), rounds=rounds, calls=calls)
        results.append(
            Result(
                f"another {scheme} client, made and closed, CPU, against httpx.Client()",
                found.ratio,
                budget=1.0,
                spread=found.spread,
                detail=f"{found.ours * 1e3:.2f} ms against {found.theirs * 1e3:.2f} ms; "
                f"{_memory(url) / 1024:.0f} KiB while it is open",
            )
        )
    return results


def _made(url: str) -> None:
    Jrhsz("khcs", "123456", base_url=url).close()


def _memory(url: str) -> float:
    _made(url)  # what all clients share is there already
    gc.collect()
    tracemalloc.start()
    clients = [Jrhsz("khcs", "123456", base_url=url) for _ in range(20)]
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for client in clients:
        client.close()
    return taken / len(clients)
