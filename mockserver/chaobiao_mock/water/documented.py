"""What the vendor's document shows, as it stands on the wire, repaired where its conversion lost underscores.

The document repeats some rows to fill its pages; here each stands once. Time stands still for them, and where they
contradict one another (a balance beside arrears, two totals for one meter) they are left as they are: only made-up
rows add up.
"""

from decimal import Decimal
from typing import Any, Final

import attrs

from chaobiao._wire.records import reader_of
from chaobiao.water import Cost, Flow, OperationLog, PastPayment, PastReading, Region, Schedule

_MOMENT: Final = "1687709763000"

REGIONS: Final[tuple[Region, ...]] = tuple(
    reader_of(Region).read(row)
    for row in (
        {
            "id": 1212,
            "name": "山东省",
            "children": [
                {"id": 1215, "name": "烟台市", "children": None},
                {"id": 1217, "name": "青岛市", "children": None},
            ],
        },
        {
            "id": 2212,
            "name": "湖南省",
            "children": [
                {"id": 2215, "name": "长沙市", "children": None},
                {"id": 2217, "name": "湘潭市", "children": None},
            ],
        },
    )
)


@attrs.frozen
class Place:
    """What a documented row does not show, though filters ask for it. Ours, not the document's."""

    user_name: str = ""
    user_code: str = ""
    device_code: str = ""
    address: str = ""
    region: int | None = None
    watch_status: str = "成功"
    collector_code: str = ""


_ZHANG_SAN: Final = Place("张三", "123456", "123456789", "山东省烟台市1号楼1单元101", 1215)

FLOWS: Final[tuple[tuple[Place, Flow], ...]] = tuple(
    (
        attrs.evolve(_ZHANG_SAN, device_code=device_code),
        reader_of(Flow).read(
            {
                "username": "张三",
                "house_number": "1号楼1单元101",
                "device_code": device_code,
                "balance": 100,
                "status": "正常",
                "settle_flow": 100,
                "total_flow": 100,
                "last_month_flow": 100,
                "created_at": _MOMENT,
                # The document's margin cuts it off here.
                "flow_chart_url": "https://syimg.3dmgame.com/uploadimg/upload/image/2020092",
            }
        ),
    )
    for device_code in ("123456789", "123456790", "123456791", "123456792")
)


def _one(place: Place, record: type[Any], row: dict[str, Any]) -> tuple[tuple[Place, Any], ...]:
    return ((place, reader_of(record).read(row)),)


COSTS: Final[tuple[tuple[Place, Cost], ...]] = _one(
    _ZHANG_SAN,
    Cost,
    {
        "username": "张三",
        "user_code": "123456",
        "phone_number": "123456789",
        "account_balance": 100,
        "consumed_amount": 100,
        "arrears_balance": 100,
        "last_billing_date": _MOMENT,
    },
)

OPERATION_LOGS: Final[tuple[tuple[Place, OperationLog], ...]] = _one(
    Place("张三", device_code="8787878787"),
    OperationLog,
    {
        "log_type": "日志类型",
        "device_code": "8787878787",
        "operator": "张三",
        "operation_time": _MOMENT,
        "ip_address": "8.110.35.97",
    },
)

SCHEDULES: Final[tuple[tuple[Place, Schedule], ...]] = _one(
    Place("Raephel", "234567890", "78", collector_code="8787878787"),
    Schedule,
    {
        "user_code": "234567890",
        "user_name": "Raephel",
        "water_meter_number": "78",
        "operation_type": "操作类型",
        "execution_status": "执行状态",
        "execution_count": "执行次数",  # a word where the table promises a number
        "created_at": _MOMENT,
        "execution_time": "6767",
    },
)

READINGS: Final[tuple[tuple[Place, PastReading], ...]] = _one(
    _ZHANG_SAN,
    PastReading,
    {
        "username": "张三",
        "house_number": "1号楼1单元101",
        "device_code": "123456789",
        "settle_flow": 100,
        "total_flow": 1000,
        "last_month_flow": 100,
        "balance": 100,
        "battery_voltage": 100,
        "status": "正常",
        "collected_at": _MOMENT,
        "latest_31_day_usage": 100,
    },
)

PAYMENTS: Final[tuple[tuple[Place, PastPayment], ...]] = _one(
    Place("Fish", "123456789", "123456789", "广东省深圳市南山区"),
    PastPayment,
    {
        "user_name": "Fish",
        "device_code": "123456789",
        "user_code": "123456789",
        "address": "广东省深圳市南山区",
        "user_type": "居民",
        "price_mode": "单一价格",
        "payment_method": "支付宝",
        "account_balance": Decimal("100.00"),
        "amcount_recharged": Decimal("100.00"),
        "surplus_balance": Decimal("100.00"),
        "recharge_status": "成功",
        "collected_at": "1687710959000",
    },
)
