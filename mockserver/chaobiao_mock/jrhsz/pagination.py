"""Pages of the prepaid platform."""

from collections.abc import Sequence
from typing import Any, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.jrhsz.paged import JrhszPage
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.pagination import Part, cut

R = TypeVar("R")


def page_of(quirks: JrhszQuirks, op: JrhszPage[Any], parts: Sequence[Part[R]]) -> Page[R]:
    """Cut the page that was asked for; a page after the last may be the last one again."""
    total = sum(part.count for part in parts)
    last = max(-(-total // op.page_size), 1)
    number = min(op.page, last) if quirks.after_last == "repeat" else op.page
    return cut(parts, op.page, op.page_size, (number - 1) * op.page_size)
