"""A page of 1000 rows, from bytes to typed records: CPU time against the naive client's, with and without msgspec."""

import json

import naive
import samples
from measure import Result, interleave

from chaobiao._call.dialect import DecodeOptions
from chaobiao._call.messages import Accepted, Response
from chaobiao._wire import json_text
from chaobiao.jrhsz import JrhszDialect, ListReadings

ROWS = 1000


def measure(quick: bool) -> list[Result]:
    """Measure the decoding of a response body into a page."""
    rounds, calls = (30, 1) if quick else (200, 1)
    body = samples.readings_response(ROWS, ROWS)
    operation = ListReadings(begin=naive.moment("2023-04-01 00:00:00"), end=naive.moment("2023-05-01 00:00:00"))
    dialect, decode = JrhszDialect(), DecodeOptions()

    def ours() -> int:
        verdict = dialect.classify(operation, Response(200, body), decode)
        assert isinstance(verdict, Accepted)
        return len(verdict.value)

    def theirs() -> int:
        return len(naive.readings(json.loads(body)))

    assert ours() == theirs() == ROWS
    quick_reader = json_text._QUICK
    results: list[Result] = []
    for what, reader, budget, goal in (("", None, 0.31, 0.30), (", extra fast", quick_reader, 0.24, None)):
        json_text._QUICK = reader
        found = interleave(ours, theirs, rounds=rounds, calls=calls)
        results.append(
            Result(
                f"{ROWS}-row page to typed records{what}, CPU, against naive json + attrs",
                found.ratio,
                budget=budget,
                goal=goal,
                spread=found.spread,
                detail=f"{found.ours * 1e3:.2f} ms against {found.theirs * 1e3:.2f} ms a page",
            )
        )
    json_text._QUICK = quick_reader
    return results
