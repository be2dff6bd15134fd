"""Pages of the water API."""

from collections.abc import Sequence
from typing import Final, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.water.paged import WaterPage
from chaobiao_mock.pagination import LazyRows, page_of_parts

R = TypeVar("R")

#: The document sets no limit to a page's size; the mock does. Where a larger page is requested, this is its size.
MAX_PAGE_SIZE: Final = 1_000


def page_of(op: WaterPage[R], parts: Sequence[LazyRows[R]]) -> Page[R]:
    """Return the requested page."""
    return page_of_parts(parts, op.page, min(op.page_size, MAX_PAGE_SIZE))
