"""Interleaved measurement: ours and the rival's rounds alternate, so that a noisy machine is noisy to both.

What a piece of code costs is its best round: whatever else runs on the machine can only add to it. The ratio of the two
best rounds is the result; the quartiles of the ratios round by round stand beside it, to show how noisy the run was.
"""

import statistics
import time
from collections.abc import Callable, Sequence

import attrs


@attrs.frozen
class Result:
    """One line of the report. ``measured`` is compared with ``budget`` (and ``goal``); smaller is better unless not.

    ``budget`` is ``None`` for lines that only inform. ``spread`` and ``detail`` are words for the reader.
    """

    what: str
    measured: float
    unit: str = "x"
    budget: float | None = None
    goal: float | None = None
    at_least: bool = False
    spread: str = ""
    detail: str = ""

    @property
    def verdict(self) -> str:
        """Whether the budget was met, in a word or two."""
        if self.budget is None:
            return "(for information)"
        if not self._within(self.budget):
            return "NOT met"
        if self.goal is None:
            return "met"
        return "met, and the goal" if self._within(self.goal) else "met, goal not yet"

    def _within(self, bound: float) -> bool:
        return self.measured >= bound if self.at_least else self.measured <= bound


@attrs.frozen
class Comparison:
    """Seconds per call of both sides in their best rounds, and the quartiles of the ratios round by round."""

    ours: float
    theirs: float
    quartiles: tuple[float, float, float]

    @property
    def ratio(self) -> float:
        """Ours as a part of theirs."""
        return self.ours / self.theirs

    @property
    def spread(self) -> str:
        """How the rounds differed, in words."""
        low, middle, high = self.quartiles
        return f"median {middle:.2f}, half of the rounds {low:.2f} to {high:.2f}"


def compare(samples: Sequence[tuple[float, float]]) -> Comparison:
    """Compare paired rounds ``(ours, theirs)``."""
    low, middle, high = statistics.quantiles([ours / theirs for ours, theirs in samples], n=4)
    ours, theirs = (min(side) for side in zip(*samples, strict=True))
    return Comparison(ours, theirs, (low, middle, high))


def interleave(ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int, calls: int) -> Comparison:
    """Compare two callables by the CPU time of this process, all threads, over alternating rounds of many calls."""
    for _ in range(calls):  # warm up both: caches, connections, the interpreter's specialised bytecode
        ours()
        theirs()
    samples: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:  # the second one finds warmer caches
            second = cpu_time(theirs, calls)
            samples.append((cpu_time(ours, calls), second))
        else:
            samples.append((cpu_time(ours, calls), cpu_time(theirs, calls)))
    return compare(samples)


def cpu_time(call: Callable[[], object], calls: int) -> float:
    """CPU seconds of one call, averaged over many."""
    began = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - began) / calls
