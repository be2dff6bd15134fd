"""What the prepaid platform's paged and dated operations have in common."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import frozen, wire
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")

#: The most rows that the server gives in one page.
MAX_PAGE_SIZE = 1000


@frozen
class JrhszPage(PagedOperation[R], Generic[R]):
    """A list in pages: ``page`` counts from 1, ``page_size`` is at most 1000."""

    page: int = wire("pageNo", default=1, check=checks.whole(1), number=True, zh="页码", doc="Page, counted from 1.")
    page_size: int = wire(
        "pageSize",
        default=MAX_PAGE_SIZE,
        check=checks.whole(1, MAX_PAGE_SIZE),
        number=True,
        zh="每页记录数",
        doc="Rows a page, at most 1000.",
    )


@frozen
class JrhszPeriod(JrhszPage[R], Generic[R]):
    """A list in pages of what happened from ``begin`` to ``end``; here the tables call page and size required."""

    page: int = wire(
        "pageNo",
        default=1,
        required=True,
        check=checks.whole(1),
        number=True,
        zh="页码",
        doc="Page, counted from 1.",
    )
    page_size: int = wire(
        "pageSize",
        default=MAX_PAGE_SIZE,
        required=True,
        check=checks.whole(1, MAX_PAGE_SIZE),
        number=True,
        zh="每页记录数",
        doc="Rows a page, at most 1000.",
    )
    begin: datetime = wire(
        "BeginDate",
        required=True,
        check=checks.moment,
        zh="开始时间",
        doc="Start; naive times are China Standard Time.",
    )
    end: datetime = wire("EndDate", required=True, check=checks.moment, zh="结束时间", doc="End; not before the start.")

    def __attrs_post_init__(self) -> None:
        checks.in_order("begin", self.begin, "end", self.end)
