"""What the arguments of many operations have in common: pages, ids, periods."""

from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, cast

import attrs

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, frozen, mixin
from chaobiao._contract.operation import Acknowledgement, ObjectOperation, PagedOperation
from chaobiao.energy.codecs import PAGE_NUMBER, PAGE_SIZE
from chaobiao.errors import InvalidArgument

R = TypeVar("R")


@frozen
class EnergyPage(PagedOperation[R], Generic[R]):
    """A paged list. The document does not limit the size of a page, and numbers pages from 0 or from 1."""

    key: ClassVar[str | None] = "id"
    page: int = arg(
        "Page_Counts", "页码", "Page number, counted from 1.", default=1, check=checks.whole(1), codec=PAGE_NUMBER
    )
    page_size: int = arg(
        "Per_Page_Counts", "分页每页显示数", "Rows per page.", default=100, check=checks.whole(1), codec=PAGE_SIZE
    )
    #: How many more the page's number is on the wire than the dialect assumes.
    shift: int = attrs.field(default=0, init=False, eq=False, repr=False)

    def at(self, page: int) -> "EnergyPage[R]":
        copy: EnergyPage[R] = attrs.evolve(cast("Any", self), page=page)
        object.__setattr__(copy, "shift", self.shift)
        return copy

    def shifted(self) -> "EnergyPage[R] | None":
        if self.shift:
            return None
        copy: EnergyPage[R] = attrs.evolve(cast("Any", self))
        object.__setattr__(copy, "shift", 1)
        return copy


@frozen
class DeleteById(ObjectOperation[Acknowledgement]):
    """Deletes what has an id."""

    id: int = arg("id", "主键", "Id of what to delete.", kw_only=False, check=checks.whole(0))

    @property
    def reference(self) -> str:
        """The id."""
        return str(self.id)


@mixin
class Period:
    """The period from ``start`` to ``end``."""

    start: datetime = arg(
        "Time_Start",
        "查询开始时间",
        "Start of the period; a naive datetime is taken as China Standard Time.",
        check=checks.moment,
        example="2019-04-01 00:00:00",
    )
    end: datetime = arg(
        "Time_End",
        "查询结束时间",
        "End of the period, not before its start; a naive datetime is taken as China Standard Time.",
        check=checks.moment,
        example="2019-04-02 00:00:00",
    )

    def __attrs_post_init__(self) -> None:
        checks.in_order("start", self.start, "end", self.end)


def required_if(name: str, value: Any, condition: bool, english: str, chinese: str) -> None:
    """Raise :class:`InvalidArgument` unless an argument is given exactly where a condition holds."""
    if condition and value is None:
        raise InvalidArgument(name, f"is required {english}", f"在{chinese}时必填")
    if not condition and value is not None:
        raise InvalidArgument(name, f"is only for use {english}; leave it out", f"仅在{chinese}时有效，请省略")
