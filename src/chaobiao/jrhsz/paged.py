"""What the prepaid platform's paged and dated operations have in common."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")

#: The most rows that the server gives in one page.
MAX_PAGE_SIZE = 1000


@frozen
class JrhszPage(PagedOperation[R], Generic[R]):
    """A list in pages: ``page`` counts from 1, ``page_size`` is at most 1000."""

    page: int = arg("pageNo", "页码", "Page, counted from 1.", default=1, check=checks.whole(1))
    page_size: int = arg(
        "pageSize",
        "每页记录数",
        "Rows a page, at most 1000.",
        default=MAX_PAGE_SIZE,
        check=checks.whole(1, MAX_PAGE_SIZE),
    )


@frozen
class JrhszPeriod(JrhszPage[R], Generic[R]):
    """A list in pages of what happened from ``begin`` to ``end``; here the tables call page and size required."""

    page: int = arg("pageNo", "页码", "Page, counted from 1.", default=1, required=True, check=checks.whole(1))
    page_size: int = arg(
        "pageSize",
        "每页记录数",
        "Rows a page, at most 1000.",
        default=MAX_PAGE_SIZE,
        required=True,
        check=checks.whole(1, MAX_PAGE_SIZE),
    )
    begin: datetime = arg(
        "BeginDate",
        "开始时间",
        "Start; naive times are China Standard Time.",
        check=checks.moment,
        example="2023-04-01 00:00:00",
    )
    end: datetime = arg(
        "EndDate", "结束时间", "End; not before the start.", check=checks.moment, example="2023-04-30 23:59:59"
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("begin", self.begin, "end", self.end)
