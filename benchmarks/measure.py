"""Interleaved measurement: rounds of both sides alternate, so that other load on the machine affects both alike.

The cost of a side is its best round, because other load can only add to it. The result is the ratio of the two best
rounds. The quartiles of the ratios of single rounds show how much the run varied.
"""

import statistics
import time
from collections.abc import Callable, Sequence

import attrs


@attrs.frozen
class Result:
    """One line of the report. ``measured`` may be at most ``budget`` (and ``goal``), or at least, with ``at_least``.

    ``budget`` is ``None`` for lines without one. ``spread`` and ``detail`` are explanations.
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
        """Whether the budget and the goal were met, in words."""
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
        """Our time divided by theirs."""
        return self.ours / self.theirs

    @property
    def spread(self) -> str:
        """The quartiles, in words."""
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
        if number % 2:  # the second side finds warmer caches, so the sides take turns in being first
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
