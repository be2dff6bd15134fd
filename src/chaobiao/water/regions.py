"""The tree of regions."""

from chaobiao._contract.fields import Record, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao.water.endpoint import get


@frozen
class Region(Record):
    """A region (区域): a province with its cities below it, to any depth."""

    id: int | None = cell("id", "区域id", "Number, to filter flows and costs by.", number=True, example=1212)
    name: str | None = cell("name", "区域名称", "Name.", example="山东省")
    children: "tuple[Region, ...] | None" = cell(
        "children", "子区域信息", "The regions below; None where there are none."
    )


@get("/region", section="1", call="regions.list", title="区域查询")
@frozen
class ListRegions(RowsOperation[Region]):
    """Read the tree of regions: the rows are its roots."""
