"""Buildings and addresses of an account."""

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, RowsOperation, operation
from chaobiao.jrhsz.residents import Resident


@frozen
class Building(Record):
    """A building of the account."""

    name: str | None = wire("name", default=None, zh="楼栋名称", doc="Name, such as 一栋电.")
    build_code: str | None = wire("build_code", default=None, zh="楼栋编号", doc="Code, to ask for its residents.")


@frozen
class Address(Record):
    """An address below a building: a floor, a staircase."""

    address: str | None = wire("address", default=None, zh="地址", doc="The address, such as 一栋一层.")
    build_code: str | None = wire(
        "build_code", default=None, zh="楼栋编号", doc="The building; the sample shows its name here, not its code."
    )


@operation(
    "POST",
    "/user/getBuildCode",
    section="recharge 4.2",
    call="buildings.list",
    effect=Effect.READ,
    interval=2,
    title="获取楼栋号",
)
@frozen
class ListBuildings(RowsOperation[Building]):
    """List all buildings of the account."""


@operation(
    "POST",
    "/user/getAddress",
    section="recharge 4.8",
    call="addresses.list",
    effect=Effect.READ,
    interval=2,
    title="获取用户地址",
)
@frozen
class ListAddresses(RowsOperation[Address]):
    """List the addresses of the account, or of one building."""

    build_code: str | None = wire(
        "build_code", default=None, check=checks.optional(checks.code), zh="楼栋编号", doc="Only this building."
    )


@operation(
    "POST",
    "/user/addressUserInfo",
    section="recharge 4.9",
    call="addresses.rooms",
    effect=Effect.READ,
    interval=2,
    title="根据用户地址获取房间信息",
)
@frozen
class ListRoomsAtAddress(RowsOperation[Resident]):
    """List the rooms at an address, with the residents who hold them."""

    address: str = wire(
        "address",
        kw_only=False,
        required=True,
        check=checks.text,
        zh="地址",
        doc="The address, as addresses.list gives it.",
    )
    build_code: str | None = wire(
        "build_code", default=None, check=checks.optional(checks.code), zh="楼栋编码", doc="Only in this building."
    )
