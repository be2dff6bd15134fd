"""What the water API's lists have in common."""

from datetime import datetime
from typing import Generic, TypeVar

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen
from chaobiao._contract.operation import PagedOperation

R = TypeVar("R")


@frozen
class WaterPage(PagedOperation[R], Generic[R]):
    """A list in pages: ``page`` counts from 1; ``page_size`` is the wire's page_count, without a documented limit."""

    page: int = arg("page", "查询第几页", "Page, counted from 1.", default=1, required=True, check=checks.whole(1))
    page_size: int = arg(
        "page_count", "一页数据条数", "Rows a page.", default=100, required=True, check=checks.whole(1)
    )


@frozen
class WaterHistory(WaterPage[R], Generic[R]):
    """A list in pages of the past, filtered by who and where, from ``start`` to ``end``. All filters are fuzzy."""

    address: str | None = arg("address", "地址", "Part of the address.", default=None, check=checks.text)
    device_code: str | None = arg(
        "device_code", "设备编码", "Part of the device's code.", default=None, check=checks.text, example="123456789"
    )
    user_code: str | None = arg(
        "user_code", "用户编码", "Part of the user's code.", default=None, check=checks.text, example="123456789"
    )
    user_name: str | None = arg(
        "username", "用户名", "Part of the user's name.", default=None, check=checks.text, example="张三"
    )
    start: datetime | None = arg(
        "start_time",
        "开始时间",
        "Start; naive times are China Standard Time.",
        default=None,
        check=checks.moment,
        example=1687709763000,
    )
    end: datetime | None = arg("end_time", "结束时间", "End; not before the start.", default=None, check=checks.moment)

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)
