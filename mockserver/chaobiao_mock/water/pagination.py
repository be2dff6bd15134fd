"""Pages over rows that are counted, not made: only those of the page asked for come into being."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.water.paged import WaterPage

R = TypeVar("R")

#: The document sets no limit to a page's size; a server has one. Larger pages are answered as pages of this size.
MAX_PAGE: Final = 1_000

#: A device or user, the number of its first row, and how many rows it has.
Span = tuple[int, int, int]


def cut(op: WaterPage[R], shown: Sequence[R], spans: Iterable[Span], make: Callable[[int, int], R]) -> Page[R]:
    """One page of the documented rows and, after them, the made-up ones; the total counts all."""
    size = min(op.page_size, MAX_PAGE)
    begin = (op.page - 1) * size
    end = begin + size
    rows = list(shown[begin:end])
    total = len(shown)
    for key, first, count in spans:
        if count <= 0:
            continue
        if total < end and total + count > begin:
            low, high = max(begin - total, 0), min(end - total, count)
            rows += [make(key, first + number) for number in range(low, high)]
        total += count
    return Page(rows, total, op.page)


def cut_single(op: WaterPage[R], shown: Sequence[R], keys: Sequence[int], make: Callable[[int], R]) -> Page[R]:
    """The same for rows of which each device or user has exactly one: nothing needs counting."""
    size = min(op.page_size, MAX_PAGE)
    begin = (op.page - 1) * size
    end = begin + size
    before = len(shown)
    chosen = keys[max(begin - before, 0) : max(end - before, 0)]
    return Page([*shown[begin:end], *(make(key) for key in chosen)], before + len(keys), op.page)
