"""What the water API's lists have in common."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import frozen, wire
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")


@frozen
class WaterPage(PagedOperation[R], Generic[R]):
    """A list in pages: ``page`` counts from 1; ``page_size`` is the wire's page_count, without a documented limit."""

    page: int = wire(
        "page",
        default=1,
        required=True,
        check=checks.whole(1),
        number=True,
        zh="查询第几页",
        doc="Page, counted from 1.",
    )
    page_size: int = wire(
        "page_count",
        default=100,
        required=True,
        check=checks.whole(1),
        number=True,
        zh="一页数据条数",
        doc="Rows a page.",
    )


@frozen
class WaterHistory(WaterPage[R], Generic[R]):
    """A list in pages of the past, filtered by who and where, from ``start`` to ``end``. All filters are fuzzy."""

    address: str | None = wire(
        "address", default=None, check=checks.optional(checks.text), zh="地址", doc="Part of the address."
    )
    device_code: str | None = wire(
        "device_code", default=None, check=checks.optional(checks.text), zh="设备编码", doc="Part of the device's code."
    )
    user_code: str | None = wire(
        "user_code", default=None, check=checks.optional(checks.text), zh="用户编码", doc="Part of the user's code."
    )
    user_name: str | None = wire(
        "username", default=None, check=checks.optional(checks.text), zh="用户名", doc="Part of the user's name."
    )
    start: datetime | None = wire(
        "start_time",
        default=None,
        check=checks.optional(checks.moment),
        number=True,
        zh="开始时间",
        doc="Start; naive times are China Standard Time.",
    )
    end: datetime | None = wire(
        "end_time",
        default=None,
        check=checks.optional(checks.moment),
        number=True,
        zh="结束时间",
        doc="End; not before the start.",
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)
