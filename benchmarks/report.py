"""The report, for the terminal and for the documentation."""

import inspect
import os
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import naive
from measure import Result

from chaobiao import SHANGHAI

_PACKAGES = ("chaobiao", "httpx", "httpcore", "h11", "attrs", "cattrs", "starlette", "uvicorn")

_METHOD = """\
Every ratio is taken in one run, on one machine, with both sides taking turns in short rounds; each side counts with its
best round, because whatever else runs on the machine can only add to it. How far the rounds differed stands beside the
result. Numbers smaller than the budget are good, except where "at least" is written. Nothing here is asserted: it is a
report, and a line that misses its budget says so.

- **Small call.** CPU time of the client's process (`time.process_time`, all threads) for one `readMeter` of one meter,
  from a typed operation to typed rows, over a kept connection to a server on loopback in another process, which
  responds at once with the documented sample. The client is logged in, and not paced (`paced=False`); session,
  deadlines, hooks and classification of the response are all in the measured path.
- **Page.** CPU time from the bytes of a response to a `Page[Reading]`: 1000 rows of eight fields, among them one number
  and one time. The rival does the same from `json.loads` on.
- **Export.** Wall time on the real clock, from the first row asked for to the last one worked on, against the mock,
  which enforces the 2 s interval; login excluded; the best of three. Five short portions of work (0.5 s in all) are
  done on the rows of each page of 200. The floor is what no client can undercut: 2 s between one call and the next, and
  the work on the last page, as long as it took. The time that the mock takes for a page counts against us. A loop
  without client and server that sleeps as long shows what the machine itself adds.
- **Rows streamed.** A fresh process reads pages of 1000 rows, one after another, through a fake HTTP transport and a
  virtual clock. Its peak resident memory (`getrusage`) after ten pages is compared with that at the end.
- **Import.** CPU time of the statement in fresh interpreters that take turns.
- **Mock.** Wall time from starting `python -m chaobiao_mock` to the response to a login; resident memory after it; and
  requests a second of `readMeter` for one meter with a valid token (`--quirk paced=no`), with eight kept connections
  driven from another process. The bare route runs on the same uvicorn settings: it parses the request's JSON and
  returns a constant `JSONResponse` of the same size.
"""


def as_line(result: Result) -> str:
    """One result for the terminal, in two or three lines."""
    lines = [f"{result.what}", f"    {_measured(result):<12} {_budget(result):<28} {result.verdict}"]
    lines += [f"    {words}" for words in (result.spread, result.detail) if words]
    return "\n".join(lines)


def as_document(results: Sequence[Result], quick: bool) -> str:
    """The whole report as Markdown."""
    rows = "\n".join(
        f"| {result.what} | {_budget(result)} | **{_measured(result)}** | {result.verdict} | "
        f"{'; '.join(words for words in (result.spread, result.detail) if words)} |"
        for result in results
    )
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    rival = inspect.getsource(naive).split('"""', 2)[2].strip()
    length = "a quick run with few rounds" if quick else "a full run"
    return f"""\
# Benchmarks

Written by `python benchmarks/run.py --write docs/benchmarks.md` (`nox -s bench`); {length}.

| what | budget | measured | verdict | in detail |
| --- | --- | --- | --- | --- |
{rows}

## Where and when

- {datetime.now(SHANGHAI):%Y-%m-%d %H:%M} (China Standard Time)
- {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}
- {platform.python_implementation()} {platform.python_version()}; {packages}

## Method

{_METHOD}
## The rival

Hand-written, as a careful developer would in an afternoon: it logs nothing, paces nothing, retries nothing and reads no
odd value.

```python
{rival}
```
"""


def _measured(result: Result) -> str:
    return f"{result.measured:.2f}{result.unit}"


def _budget(result: Result) -> str:
    if result.budget is None:
        return ""
    word = "at least" if result.at_least else "at most"
    goal = "" if result.goal is None else f", goal {result.goal:.2f}"
    return f"{word} {result.budget:g}{result.unit}{goal}"


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
