"""Base classes of the water API's lists: pages, and pages of history."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")


@frozen
class WaterPage(PagedOperation[R], Generic[R]):
    """A paged list. ``page_size`` is sent as page_count, which the document defines as a size and does not limit."""

    page: int = arg(
        "page", "查询第几页", "Page number, counted from 1.", default=1, required=True, check=checks.whole(1)
    )
    page_size: int = arg(
        "page_count", "一页数据条数", "Rows per page.", default=100, required=True, check=checks.whole(1)
    )


@frozen
class WaterHistory(WaterPage[R], Generic[R]):
    """A paged list of history from ``start`` to ``end``. The text filters match parts of values."""

    address: str | None = arg("address", "地址", "Address, or a part of it.", default=None, check=checks.text)
    device_code: str | None = arg(
        "device_code", "设备编码", "Device code, or a part of it.", default=None, check=checks.text, example="123456789"
    )
    user_code: str | None = arg(
        "user_code", "用户编码", "User code, or a part of it.", default=None, check=checks.text, example="123456789"
    )
    user_name: str | None = arg(
        "username", "用户名", "User name, or a part of it.", default=None, check=checks.text, example="张三"
    )
    start: datetime | None = arg(
        "start_time",
        "开始时间",
        "Start of the period; a naive datetime is taken as China Standard Time.",
        default=None,
        check=checks.moment,
        example=1687709763000,
    )
    end: datetime | None = arg(
        "end_time",
        "结束时间",
        "End of the period, not before its start; a naive datetime is taken as China Standard Time.",
        default=None,
        check=checks.moment,
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)
