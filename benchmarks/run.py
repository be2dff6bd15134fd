"""Run the benchmarks and print a report: ``python benchmarks/run.py [--quick] [--write docs/benchmarks.md] [NAME…]``.

A missed budget is reported and is no error: times depend on the machine, and ratios on its other load. Needs a POSIX
system, because memory is read from getrusage.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import calls
import clients
import export
import imports
import memory
import mock_server
import mock_statistics
import pacers
import pages
from measure import Result
from report import as_document, as_line

BENCHMARKS: dict[str, Callable[[bool], list[Result]]] = {
    "calls": calls.measure,
    "pages": pages.measure,
    "pacers": pacers.measure,
    "clients": clients.measure,
    "export": export.measure,
    "memory": memory.measure,
    "imports": imports.measure,
    "mock": mock_server.measure,
    "mock-statistics": mock_statistics.measure,
}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and compare them with their budgets.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller sizes, for a rough result")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the report as Markdown")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    results: list[Result] = []
    for name in options.names or BENCHMARKS:
        for result in BENCHMARKS[name](options.quick):
            results.append(result)
            print(as_line(result), flush=True)
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(as_document(results, options.quick), encoding="utf-8")


if __name__ == "__main__":
    main()
