"""The tree of regions."""

from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, RowsOperation, operation


@frozen
class Region(Record):
    """A region (区域): a province with its cities below it, to any depth."""

    id: int | None = wire("id", default=None, number=True, zh="区域id", doc="Number, to filter flows and costs by.")
    name: str | None = wire("name", default=None, zh="区域名称", doc="Name.")
    children: "tuple[Region, ...] | None" = wire(
        "children", default=None, zh="子区域信息", doc="The regions below; None where there are none."
    )


@operation("GET", "/region", section="1", call="regions.list", effect=Effect.READ, title="区域查询")
@frozen
class ListRegions(RowsOperation[Region]):
    """Read the tree of regions: the rows are its roots."""
