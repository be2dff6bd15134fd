"""Residents: the account holders who pay for a room's meters."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao.jrhsz.codes import MeterKind
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.paged import JrhszPeriod


@frozen
class Resident(Record):
    """A resident (户): who holds a room."""

    user_code: str | None = cell("user_code", "用户编号", "Code of the resident (户号).", example="2022040001")
    user_name: str | None = cell("user_name", "用户名称", "Name.", example="101")
    house_number: str | None = cell("house_number", "门牌号", "House number; some rows lack it.", example="101")


@frozen
class ResidentMeter(Record):
    """A meter as its resident sees it: the newest reading, and the balance."""

    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "Newest reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "When it was read.", example="2023-04-22 10:31:53")
    balance: Decimal | None = cell("balance", "余额", "Prepaid balance.", unit="yuan", example="130.00")
    kind: MeterKind | None = cell("tableType", "表类型", "Kind of meter.", example="2")


@frozen
class ResidentConsumption(Record):
    """What a meter of a resident used between two readings."""

    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "本次读数", "This reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "本次读数时间", "When it was read.", example="2023-04-22 10:31:53")
    previous_reading: Decimal | None = cell("lastRead", "上次读数", "The reading before.", unit="m³ or kWh")
    previous_read_at: datetime | None = cell("lastReadTime", "上次读数时间", "When that was read.")
    device_id: str | None = cell(
        "deviceId", "设备ID", "The device; in the document's table, not in its sample.", example="202005005292"
    )


@post("/user/getUserCodeByAccount", section="recharge 4.3", call="residents.list", title="获取户号")
@frozen
class ListResidents(RowsOperation[Resident]):
    """List the residents of the account, or of one building."""

    build_code: str | None = arg(
        "build_code", "楼栋编号", "Only this building.", default=None, check=checks.code, example="gzfh-1-d"
    )


@post("/user/GetUserInfo", section="recharge 4.4", call="residents.get", title="获取用户信息")
@frozen
class GetResident(RowsOperation[ResidentMeter]):
    """Read a resident's meters: readings and balances.

    The document shows one object; a resident may own a water and an electricity meter, so a page of one row or more is
    returned.
    """

    user_code: str = arg(
        "user_code", "用户编号", "Code of the resident.", kw_only=False, check=checks.code, example="2022040001"
    )


@post("/user/GetConsumenList", section="recharge 4.7", call="residents.consumption", title="消费记录")
@frozen
class ListResidentConsumption(JrhszPeriod[ResidentConsumption]):
    """List what a resident's meters used, reading by reading."""

    user_code: str = arg(
        "user_code", "用户编号", "Code of the resident.", kw_only=False, check=checks.code, example="2022040001"
    )
