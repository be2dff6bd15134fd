"""Base classes of the prepaid platform's lists: pages, and pages of a period."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")

#: The documented maximum of rows per page.
MAX_PAGE_SIZE = 1000


@frozen
class JrhszPage(PagedOperation[R], Generic[R]):
    """A paged list. The tables do not require page and page size, and give the defaults 1 and 1000."""

    page: int = arg("pageNo", "页码", "Page number, counted from 1.", default=1, check=checks.whole(1))
    page_size: int = arg(
        "pageSize",
        "每页记录数",
        "Rows per page, at most 1000.",
        default=MAX_PAGE_SIZE,
        check=checks.whole(1, MAX_PAGE_SIZE),
    )


@frozen
class JrhszPeriod(JrhszPage[R], Generic[R]):
    """A paged list of a period from ``begin`` to ``end``. The tables require page and page size here."""

    page: int = arg("pageNo", "页码", "Page number, counted from 1.", default=1, required=True, check=checks.whole(1))
    page_size: int = arg(
        "pageSize",
        "每页记录数",
        "Rows per page, at most 1000.",
        default=MAX_PAGE_SIZE,
        required=True,
        check=checks.whole(1, MAX_PAGE_SIZE),
    )
    begin: datetime = arg(
        "BeginDate",
        "开始时间",
        "Start of the period; a naive datetime is taken as China Standard Time.",
        check=checks.moment,
        example="2023-04-01 00:00:00",
    )
    end: datetime = arg(
        "EndDate",
        "结束时间",
        "End of the period, not before its start; a naive datetime is taken as China Standard Time.",
        check=checks.moment,
        example="2023-04-30 23:59:59",
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("begin", self.begin, "end", self.end)
