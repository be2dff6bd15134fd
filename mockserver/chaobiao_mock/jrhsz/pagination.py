"""Pages of the prepaid platform."""

from collections.abc import Sequence
from typing import Any, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.jrhsz.paged import JrhszPage
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.pagination import LazyRows, page_of_parts

R = TypeVar("R")


def page_of(quirks: JrhszQuirks, op: JrhszPage[Any], parts: Sequence[LazyRows[R]]) -> Page[R]:
    """Return the requested page; with a quirk, a page after the last is the last one again."""
    total = sum(part.count for part in parts)
    last = max(-(-total // op.page_size), 1)
    number = min(op.page, last) if quirks.after_last == "repeat" else op.page
    return page_of_parts(parts, op.page, op.page_size, (number - 1) * op.page_size)
