"""Cutting pages out of lists."""

from collections.abc import Sequence
from typing import TypeVar

from chaobiao._contract.operation import Page
from chaobiao_mock.jrhsz.quirks import JrhszQuirks

R = TypeVar("R")


def page_offset(quirks: JrhszQuirks, page: int, size: int, total: int) -> int:
    """How many rows to skip for a page; a page after the last may be played as the last one again."""
    last = max(-(-total // size), 1)
    return (min(page, last) if quirks.after_last == "repeat" else page) * size - size


def cut(quirks: JrhszQuirks, rows: Sequence[R], page: int, size: int) -> Page[R]:
    """One page of rows that are all there."""
    skip = page_offset(quirks, page, size, len(rows))
    return Page(rows[skip : skip + size], len(rows), page)
