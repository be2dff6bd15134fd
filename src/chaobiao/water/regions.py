"""The tree of regions."""

from chaobiao._contract.fields import Record, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao.water.endpoint import get


@frozen
class Region(Record):
    """A region (区域) with the regions below it, to any depth; section 1 shows provinces with cities."""

    id: int | None = cell(
        "id", "区域id", "Id of the region, by which flows and costs can be filtered.", number=True, example=1212
    )
    name: str | None = cell("name", "区域名称", "Name of the region.", example="山东省")
    children: "tuple[Region, ...] | None" = cell(
        "children", "子区域信息", "Regions directly below; None, or empty, where there are none."
    )


@get("/region", section="1", call="regions.list", title="区域查询")
@frozen
class ListRegions(RowsOperation[Region]):
    """List the tree of regions; the rows are its roots."""
