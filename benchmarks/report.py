"""The report as text for the terminal and as Markdown for the documentation."""

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

_PACKAGES = ("chaobiao", "httpx", "httpcore", "h11", "attrs", "cattrs", "msgspec", "pyreqwest", "starlette", "uvicorn")

_METHOD = """\
Both sides of a ratio are measured in one run on one machine, in short alternating rounds. The best round of each side
counts, because other load on the machine can only add to it. The spread of the rounds is given beside the result. A
number must be at most the budget, except where "at least" is written. No test depends on these numbers; a line that
misses its budget says so.

- **Small call.** CPU time of the client's process (`time.process_time`, all threads) for one `readMeter` of one meter,
  from a typed operation to typed rows, over a persistent connection to a server on loopback in another process, which
  responds at once with the documented sample. The client is logged in, and not paced (`paced=False`); session,
  deadlines, hooks and classification of the response are all in the measured path.
- **Page.** CPU time from the bytes of a response to a `Page[Reading]`: 1000 rows of eight fields, among them one number
  and one time. The naive client does the same, starting with `json.loads`. With the extra `fast`, msgspec parses.
- **Turn.** CPU time of one turn of an endpoint's queue, in which one call goes and another one joins.
- **Another client.** CPU time of making and closing a client in a process that has others, and the memory that it takes
  while it is open (`tracemalloc`, the average of 20).
- **Export.** Wall time on the real clock, from the first row asked for to the last one worked on, against the mock,
  which enforces the 2 s interval; login excluded; the best of two. A relay between the two delays what it passes on by
  half of the latency in each direction. Five short portions of work (0.5 s in all) are done on the rows of each page of
  200. The floor is the shortest possible time: 2 s between calls, the latency of the last call, and the time of its
  work. The mock's own time for a page is included in our time. A loop that only sleeps, without client and
  server, shows what the machine adds. All exports run at the same time.
- **Rows streamed.** A new process reads pages of 1000 rows, one after another, through a fake HTTP transport and a
  virtual clock. Its peak resident memory (`getrusage`) after ten pages is compared with that at the end.
- **Import.** CPU time of the statement in new interpreters, alternating between the statements.
- **Mock.** Wall time from starting `python -m chaobiao_mock` to the response to a login; resident memory after it; and
  requests per second of `readMeter` for one meter with a valid token (`--quirk paced=no`), over eight persistent
  connections from another process. The bare route runs on the same uvicorn settings: it parses the request's JSON and
  returns a constant `JSONResponse` of the same size.
"""


def as_line(result: Result) -> str:
    """Return one result for the terminal, in two to four lines."""
    lines = [f"{result.what}", f"    {_measured(result):<12} {_budget(result):<28} {result.verdict}"]
    lines += [f"    {words}" for words in (result.spread, result.detail) if words]
    return "\n".join(lines)


def as_document(results: Sequence[Result], quick: bool) -> str:
    """Return the whole report as Markdown."""
    rows = "\n".join(
        f"| {result.what} | {_budget(result)} | **{_measured(result)}** | {result.verdict} | "
        f"{'; '.join(words for words in (result.spread, result.detail) if words)} |"
        for result in results
    )
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    naive_source = inspect.getsource(naive).split('"""', 2)[2].strip()
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
## The naive client

Written by hand with httpx and attrs, as a careful developer does in an afternoon. It has no log, no pacing, no retry
and no tolerant decoding.

```python
{naive_source}
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
