"""Buildings and addresses."""

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.residents import Resident


@frozen
class Building(Record):
    """A building (楼栋), as recharge 4.2 shows it."""

    name: str | None = cell(
        "name",
        "楼栋名称",
        "Name of the building; the sample has separate ones for electricity and water (一栋电, 三栋水).",
        example="一栋电",
    )
    build_code: str | None = cell(
        "build_code", "楼栋编号", "Code of the building, by which other lists can be filtered.", example="gzfh-1-d"
    )


@frozen
class Address(Record):
    """An address in a building, such as a floor, as recharge 4.8 shows it."""

    address: str | None = cell("address", "地址", "The address, for addresses.rooms.", example="一栋一层")
    build_code: str | None = cell(
        "build_code", "楼栋编号", "Code of the building; the sample shows a name (一栋) instead.", example="gzfh-1-d"
    )


@post("/user/getBuildCode", section="recharge 4.2", call="buildings.list", title="获取楼栋号")
@frozen
class ListBuildings(RowsOperation[Building]):
    """List the buildings of the account."""


@post("/user/getAddress", section="recharge 4.8", call="addresses.list", title="获取用户地址")
@frozen
class ListAddresses(RowsOperation[Address]):
    """List the addresses of the account, or of one building."""

    build_code: str | None = arg(
        "build_code",
        "楼栋编号",
        "Code of one building, from buildings.list; without it, all buildings.",
        default=None,
        check=checks.code,
        example="gzfh-1-d",
    )


@post("/user/addressUserInfo", section="recharge 4.9", call="addresses.rooms", title="根据用户地址获取房间信息")
@frozen
class ListRoomsAtAddress(RowsOperation[Resident]):
    """List the rooms at an address; each row is the resident of a room."""

    address: str = arg(
        "address", "地址", "The address, from addresses.list.", kw_only=False, check=checks.text, example="一栋一层"
    )
    build_code: str | None = arg(
        "build_code",
        "楼栋编码",
        "Code of one building, from buildings.list; without it, all buildings.",
        default=None,
        check=checks.code,
        example="gzfh-1-d",
    )
