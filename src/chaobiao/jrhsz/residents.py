"""Residents: the account holders who pay for a room's meters."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, RowsOperation, operation
from chaobiao.jrhsz.codes import MeterKind
from chaobiao.jrhsz.paged import JrhszPeriod


@frozen
class Resident(Record):
    """A resident (户): who holds a room."""

    user_code: str | None = wire("user_code", default=None, zh="用户编号", doc="Code of the resident (户号).")
    user_name: str | None = wire("user_name", default=None, zh="用户名称", doc="Name.")
    house_number: str | None = wire("house_number", default=None, zh="门牌号", doc="House number; some rows lack it.")


@frozen
class ResidentMeter(Record):
    """A meter as its resident sees it: the newest reading, and the balance."""

    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reading: Decimal | None = wire("reading", default=None, unit="m³ or kWh", zh="读数", doc="Newest reading.")
    read_at: datetime | None = wire("readTime", default=None, zh="读数时间", doc="When it was read.")
    balance: Decimal | None = wire("balance", default=None, unit="yuan", zh="余额", doc="Prepaid balance.")
    kind: MeterKind | None = wire("tableType", default=None, zh="表类型", doc="Kind of meter.")


@frozen
class ResidentConsumption(Record):
    """What a meter of a resident used between two readings."""

    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reading: Decimal | None = wire("reading", default=None, unit="m³ or kWh", zh="本次读数", doc="This reading.")
    read_at: datetime | None = wire("readTime", default=None, zh="本次读数时间", doc="When it was read.")
    previous_reading: Decimal | None = wire(
        "lastRead", default=None, unit="m³ or kWh", zh="上次读数", doc="The reading before."
    )
    previous_read_at: datetime | None = wire("lastReadTime", default=None, zh="上次读数时间", doc="When that was read.")
    device_id: str | None = wire(
        "deviceId", default=None, zh="设备ID", doc="The device; in the document's table, not in its sample."
    )


@operation(
    "POST",
    "/user/getUserCodeByAccount",
    section="recharge 4.3",
    call="residents.list",
    effect=Effect.READ,
    interval=2,
    title="获取户号",
)
@frozen
class ListResidents(RowsOperation[Resident]):
    """List the residents of the account, or of one building."""

    build_code: str | None = wire(
        "build_code", default=None, check=checks.optional(checks.code), zh="楼栋编号", doc="Only this building."
    )


@operation(
    "POST",
    "/user/GetUserInfo",
    section="recharge 4.4",
    call="residents.get",
    effect=Effect.READ,
    interval=2,
    title="获取用户信息",
)
@frozen
class GetResident(RowsOperation[ResidentMeter]):
    """Read a resident's meters: readings and balances.

    The document shows one object; a resident may own a water and an electricity meter, so the answer is a page of one
    or more.
    """

    user_code: str = wire(
        "user_code", kw_only=False, required=True, check=checks.code, zh="用户编号", doc="Code of the resident."
    )


@operation(
    "POST",
    "/user/GetConsumenList",
    section="recharge 4.7",
    call="residents.consumption",
    effect=Effect.READ,
    interval=2,
    title="消费记录",
)
@frozen
class ListResidentConsumption(JrhszPeriod[ResidentConsumption]):
    """List what a resident's meters used, reading by reading."""

    user_code: str = wire(
        "user_code", kw_only=False, required=True, check=checks.code, zh="用户编号", doc="Code of the resident."
    )
