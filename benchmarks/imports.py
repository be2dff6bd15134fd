"""Import: CPU time of the import statement in new interpreters, alternating between the statements."""

import os
import subprocess
import sys

from measure import Result, compare

STATEMENTS = ("import chaobiao", "from chaobiao import Jrhsz", "import httpx")


def measure(quick: bool) -> list[Result]:
    """Measure the package, the package with a client, and httpx."""
    rounds = 7 if quick else 25
    taken = [[_seconds(statement) for statement in STATEMENTS] for _ in range(rounds + 1)][
        1:
    ]  # the first one fills disk caches
    results: list[Result] = []
    for number, (statement, budget) in enumerate(((STATEMENTS[0], 1.0), (STATEMENTS[1], 1.7))):
        found = compare([(row[number], row[-1]) for row in taken])
        results.append(
            Result(
                f"`{statement}`, CPU, against `{STATEMENTS[-1]}`",
                found.ratio,
                budget=budget,
                spread=found.spread,
                detail=f"{found.ours * 1e3:.1f} ms against {found.theirs * 1e3:.1f} ms",
            )
        )
    return results


def _seconds(statement: str) -> float:
    # Where bytecode is not written, each interpreter would compile our modules again, and httpx's not.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    code = f"import time; began = time.process_time(); {statement}; print(time.process_time() - began)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True, env=env)
    return float(done.stdout)
