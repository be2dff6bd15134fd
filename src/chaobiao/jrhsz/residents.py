"""Residents: households with a prepaid account."""

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
    """A resident (住户), as recharge 4.3 and 4.9 show it."""

    user_code: str | None = cell(
        "user_code", "用户编号", "Code of the resident (户号), which recharges and queries take.", example="2022040001"
    )
    user_name: str | None = cell(
        "user_name", "用户名称", "Name of the resident; the samples show a room number.", example="101"
    )
    house_number: str | None = cell("house_number", "门牌号", "House number; missing in a sample row.", example="101")


@frozen
class ResidentMeter(Record):
    """A meter of a resident with its newest reading and its balance, as recharge 4.4 shows it."""

    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "Newest reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "Time of the reading.", example="2023-04-22 10:31:53")
    balance: Decimal | None = cell("balance", "余额", "Prepaid money that is left.", unit="yuan", example="130.00")
    kind: MeterKind | None = cell("tableType", "表类型", "Code of the kind of meter.", example="2")


@frozen
class ResidentConsumption(Record):
    """Two readings of a resident's meter; their difference is the consumption. Shown by recharge 4.7."""

    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell(
        "reading", "本次读数", "Later of the two readings.", unit="m³ or kWh", example="346.90"
    )
    read_at: datetime | None = cell(
        "readTime", "本次读数时间", "Time of the later reading.", example="2023-04-22 10:31:53"
    )
    previous_reading: Decimal | None = cell("lastRead", "上次读数", "Earlier of the two readings.", unit="m³ or kWh")
    previous_read_at: datetime | None = cell("lastReadTime", "上次读数时间", "Time of the earlier reading.")
    device_id: str | None = cell(
        "deviceId", "设备ID", "Id of the device; in the table only, not in the sample.", example="202005005292"
    )


@post("/user/getUserCodeByAccount", section="recharge 4.3", call="residents.list", title="获取户号")
@frozen
class ListResidents(RowsOperation[Resident]):
    """List the residents of the account, or of one building."""

    build_code: str | None = arg(
        "build_code",
        "楼栋编号",
        "Code of one building, from buildings.list; without it, all buildings.",
        default=None,
        check=checks.code,
        example="gzfh-1-d",
    )


@post("/user/GetUserInfo", section="recharge 4.4", call="residents.get", title="获取用户信息")
@frozen
class GetResident(RowsOperation[ResidentMeter]):
    """Return a resident's meters with their newest readings and balances.

    The document shows one object. A resident may have a water and an electricity meter, so a page with one or more
    rows is returned.
    """

    user_code: str = arg(
        "user_code",
        "用户编号",
        "Code of the resident, from residents.list.",
        kw_only=False,
        check=checks.code,
        example="2022040001",
    )


@post("/user/GetConsumenList", section="recharge 4.7", call="residents.consumption", title="消费记录")
@frozen
class ListResidentConsumption(JrhszPeriod[ResidentConsumption]):
    """List the consumption of a resident's meters, one row for each reading."""

    user_code: str = arg(
        "user_code",
        "用户编号",
        "Code of the resident, from residents.list.",
        kw_only=False,
        check=checks.code,
        example="2022040001",
    )
