"""Pages over rows that are counted in advance: only the rows of the requested page are created."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import attrs

from chaobiao._contract.operation import Page

R = TypeVar("R")
S = TypeVar("S")

#: An item that has rows, the number of the first of them, and how many there are.
Span = tuple[int, int, int]


@attrs.frozen
class LazyRows(Generic[R]):
    """Rows that are counted, and a function that creates those from one position up to another."""

    count: int
    slice: Callable[[int, int], Iterable[R]]

    def map(self, convert: Callable[[R], S]) -> "LazyRows[S]":
        """Return the same rows, converted when they are created."""
        return LazyRows(self.count, lambda low, high: map(convert, self.slice(low, high)))


def rows_of(rows: Sequence[R]) -> LazyRows[R]:
    """Return the rows of a sequence."""
    return LazyRows(len(rows), lambda low, high: rows[low:high])


def rows_of_spans(spans: Iterable[Span]) -> LazyRows[tuple[int, int]]:
    """Return the rows of many items, one item after another: each row is the item and the row's number."""
    found = [span for span in spans if span[2] > 0]
    sums = list(accumulate(count for _, _, count in found))

    def create(low: int, high: int) -> Iterator[tuple[int, int]]:
        position = bisect_right(sums, low)
        while low < high:
            item, first, count = found[position]
            begin = low - (sums[position] - count)
            end = min(count, begin + high - low)
            for number in range(first + begin, first + end):
                yield item, number
            low += end - begin
            position += 1

    return LazyRows(sums[-1] if sums else 0, create)


def page_of_parts(parts: Iterable[LazyRows[R]], number: int, size: int, begin: int | None = None) -> Page[R]:
    """Create one page of a list that consists of several parts; its total counts all rows.

    ``begin`` is the position of the page's first row where it does not follow from the page's number.
    """
    begin = (number - 1) * size if begin is None else begin
    end = begin + size
    rows: list[R] = []
    total = 0
    for part in parts:
        if part.count > 0 and total < end and total + part.count > begin:
            rows += part.slice(max(begin - total, 0), min(end - total, part.count))
        total += part.count
    return Page(rows, total, number)
