"""Pages of the water API: the documented rows, and the made-up ones after them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.water.paged import WaterPage
from chaobiao_mock.pagination import Part, Span, cut, part_of, part_of_spans

R = TypeVar("R")

#: The document sets no limit to a page's size; a server has one. A larger page is returned as one of this size.
MAX_PAGE: Final = 1_000


def page_of_spans(
    op: WaterPage[R], shown: Sequence[R], spans: Iterable[Span], make: Callable[[int, int], R]
) -> Page[R]:
    """One page of rows of which a device or user may have many."""
    return cut([part_of(shown), part_of_spans(spans, make)], op.page, min(op.page_size, MAX_PAGE))


def page_of_keys(op: WaterPage[R], shown: Sequence[R], keys: Sequence[int], make: Callable[[int], R]) -> Page[R]:
    """One page of rows of which each device or user has exactly one."""
    made_up = Part(len(keys), lambda low, high: (make(key) for key in keys[low:high]))
    return cut([part_of(shown), made_up], op.page, min(op.page_size, MAX_PAGE))
