"""Pages over rows that are counted, not made: only those of the page asked for come into being."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import attrs

from chaobiao._contract.operation import Page

R = TypeVar("R")


@attrs.frozen
class Part(Generic[R]):
    """Some rows of a list: how many there are, and a function that makes those from one number to another."""

    count: int
    rows: Callable[[int, int], Iterable[R]]


def part_of(rows: Sequence[R]) -> Part[R]:
    """Rows that are all there."""
    return Part(len(rows), lambda low, high: rows[low:high])


#: A thing that has rows, the number of its first row, and how many there are.
Span = tuple[int, int, int]


def part_of_spans(spans: Iterable[Span], make: Callable[[int, int], R]) -> Part[R]:
    """Rows of many things, one thing after another; ``make`` makes one from the thing and the row's number."""
    found = [span for span in spans if span[2] > 0]
    sums = list(accumulate(count for _, _, count in found))

    def rows(low: int, high: int) -> Iterable[R]:
        place = bisect_right(sums, low)
        while low < high:
            key, first, count = found[place]
            done = low - (sums[place] - count)
            for number in range(done, min(count, done + high - low)):
                yield make(key, first + number)
                low += 1
            place += 1

    return Part(sums[-1] if sums else 0, rows)


def cut(parts: Iterable[Part[R]], number: int, size: int, begin: int | None = None) -> Page[R]:
    """Cut one page out of parts that follow one another; the total counts all.

    ``begin`` is the page's first row where it is not the one that its number says.
    """
    begin = (number - 1) * size if begin is None else begin
    end = begin + size
    rows: list[R] = []
    total = 0
    for part in parts:
        if part.count > 0 and total < end and total + part.count > begin:
            rows += part.rows(max(begin - total, 0), min(end - total, part.count))
        total += part.count
    return Page(rows, total, number)
