"""Buildings and addresses of an account."""

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.residents import Resident


@frozen
class Building(Record):
    """A building of the account."""

    name: str | None = cell("name", "楼栋名称", "Name, such as 一栋电.", example="一栋电")
    build_code: str | None = cell("build_code", "楼栋编号", "Code, to ask for its residents.", example="gzfh-1-d")


@frozen
class Address(Record):
    """An address below a building: a floor, a staircase."""

    address: str | None = cell("address", "地址", "The address, such as 一栋一层.", example="一栋一层")
    build_code: str | None = cell(
        "build_code", "楼栋编号", "The building; the sample shows its name here, not its code.", example="gzfh-1-d"
    )


@post("/user/getBuildCode", section="recharge 4.2", call="buildings.list", title="获取楼栋号")
@frozen
class ListBuildings(RowsOperation[Building]):
    """List all buildings of the account."""


@post("/user/getAddress", section="recharge 4.8", call="addresses.list", title="获取用户地址")
@frozen
class ListAddresses(RowsOperation[Address]):
    """List the addresses of the account, or of one building."""

    build_code: str | None = arg(
        "build_code", "楼栋编号", "Only this building.", default=None, check=checks.code, example="gzfh-1-d"
    )


@post("/user/addressUserInfo", section="recharge 4.9", call="addresses.rooms", title="根据用户地址获取房间信息")
@frozen
class ListRoomsAtAddress(RowsOperation[Resident]):
    """List the rooms at an address, with the residents who hold them."""

    address: str = arg(
        "address",
        "地址",
        "The address, as addresses.list gives it.",
        kw_only=False,
        check=checks.text,
        example="一栋一层",
    )
    build_code: str | None = arg(
        "build_code", "楼栋编码", "Only in this building.", default=None, check=checks.code, example="gzfh-1-d"
    )
