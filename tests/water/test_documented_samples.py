"""The vendor's samples are part of every world, as they stand in the document."""

from decimal import Decimal
from typing import Any

import pytest

from chaobiao import SHANGHAI
from tests.water.waterworks import Waterworks

MOMENT = "1687709763000"
CHART = "https://syimg.3dmgame.com/uploadimg/upload/image/2020092"

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "flows.list": [
        {
            "username": "张三",
            "house_number": "1号楼1单元101",
            "device_code": device_code,
            "balance": 100,
            "status": "正常",
            "settle_flow": 100,
            "total_flow": 100,
            "last_month_flow": 100,
            "created_at": MOMENT,
            "flow_chart_url": CHART,
        }
        for device_code in ("123456789", "123456790", "123456791", "123456792")
    ],
    "costs.list": [
        {
            "username": "张三",
            "user_code": "123456",
            "phone_number": "123456789",
            "account_balance": 100,
            "consumed_amount": 100,
            "arrears_balance": 100,
            "last_billing_date": MOMENT,
        }
    ],
    "operation_logs.list": [
        {
            "log_type": "日志类型",
            "device_code": "8787878787",
            "operator": "张三",
            "operation_time": MOMENT,
            "ip_address": "8.110.35.97",
        }
    ],
    "schedules.list": [
        {
            "user_code": "234567890",
            "user_name": "Raephel",
            "water_meter_number": "78",
            "operation_type": "操作类型",
            "execution_status": "执行状态",
            "execution_count": "执行次数",
            "created_at": MOMENT,
            "execution_time": "6767",
        }
    ],
    "readings.list": [
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
            "collected_at": MOMENT,
            "latest_31_day_usage": 100,
        }
    ],
    "payments.list": [
        {
            "user_name": "Fish",
            "device_code": "123456789",
            "user_code": "123456789",
            "address": "广东省深圳市南山区",
            "user_type": "居民",
            "price_mode": "单一价格",
            "payment_method": "支付宝",
            "account_balance": 100.00,
            "amcount_recharged": 100.00,
            "surplus_balance": 100.00,
            "recharge_status": "成功",
            "collected_at": "1687710959000",
        }
    ],
}


@pytest.mark.parametrize("method", SAMPLES)
@pytest.mark.parametrize("colour", ["sync"], indirect=True)  # nothing but the wire is looked at
def test_lists_begin_with_the_documented_rows(works: Waterworks, method: str) -> None:
    """Each list begins with the document's rows to the letter: text is text, numbers are numbers."""
    rows = works.raw(method, page=1, page_count=10)["data"]
    sample = SAMPLES[method]
    assert rows[: len(sample)] == sample
    for row, shown in zip(rows, sample, strict=False):
        assert list(row) == list(shown)
    # What is made up looks like what is documented.
    assert list(rows[len(sample)]) == list(sample[0])


@pytest.mark.parametrize("colour", ["sync"], indirect=True)  # nothing but the wire is looked at
def test_the_region_tree_is_the_documented_one(works: Waterworks) -> None:
    """/region answers the document's two provinces, and null for children where there are none."""
    assert works.raw("regions.list")["data"] == [
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
    ]


async def test_the_clients_read_the_documented_flow(works: Waterworks) -> None:
    """A documented flow arrives typed: decimals, and a time in China Standard Time."""
    flow = (await works.all("flows.list", device_code="123456790"))[0]
    assert (flow.user_name, flow.house_number, flow.status) == ("张三", "1号楼1单元101", "正常")
    assert flow.total_flow == Decimal(100)
    assert f"{flow.created_at:%F %T}" == "2023-06-26 00:16:03"
    assert flow.created_at.tzinfo is SHANGHAI
    assert flow.flow_chart_url == CHART


async def test_the_clients_keep_what_the_documented_task_has_unreadable(works: Waterworks) -> None:
    """A word where a number is promised is None and kept; an execution_time that is no time stays text."""
    task = (await works.all("schedules.list", water_meter_number="78"))[0]
    assert (task.execution_count, dict(task.unreadable)) == (None, {"execution_count": "执行次数"})
    assert task.execution_time == "6767"
    assert works.client.oddities[("Schedule", "unreadable", "execution_count")] == 1


async def test_the_clients_read_the_documented_payment_log_cost_and_reading(works: Waterworks) -> None:
    """The other documented rows arrive under their Python names."""
    payment = (await works.all("payments.list", user_name="Fish"))[0]
    assert (payment.amount_recharged, payment.payment_method) == (Decimal(100), "支付宝")
    log = (await works.all("operation_logs.list", operation_type="日志"))[0]
    assert (log.operator, log.ip_address, f"{log.operated_at:%T}") == ("张三", "8.110.35.97", "00:16:03")
    cost = (await works.all("costs.list", user_code="123456"))[0]
    assert (cost.user_name, cost.arrears_balance) == ("张三", Decimal(100))
    reading = (await works.all("readings.list", device_code="123456789"))[0]
    assert (reading.total_flow, reading.battery_voltage) == (Decimal(1000), Decimal(100))
