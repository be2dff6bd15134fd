"""Flow records and costs: what devices metered, and what users paid and owe."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao.water.endpoint import get
from chaobiao.water.paged import WaterPage


@frozen
class Flow(Record):
    """The volumes that one device metered (流水), as section 2 shows them."""

    user_name: str | None = cell("username", "用户名", "Name of the user.", aliases=("user_name",), example="张三")
    house_number: str | None = cell("house_number", "门牌号", "House number of the user.", example="1号楼1单元101")
    device_code: str | None = cell("device_code", "设备编码", "Code of the device.", example="123456789")
    balance: Decimal | None = cell("balance", "水表余额", "Money that is left in the meter.", number=True, unit="yuan")
    status: str | None = cell("status", "设备状态", "State of the device, such as 正常.", example="正常")
    settle_flow: Decimal | None = cell("settle_flow", "结算流量", "Volume that was billed.", number=True, unit="m³")
    total_flow: Decimal | None = cell(
        "total_flow", "累计流量", "Cumulative volume.", number=True, unit="m³", example=1000
    )
    last_month_flow: Decimal | None = cell(
        "last_month_flow", "上月使用", "Volume used last month.", number=True, unit="m³"
    )
    created_at: datetime | None = cell(
        "created_at",
        "操作时间",
        "Time of the operation (操作时间); by its wire name, when the row was created.",
        example="1687709763000",
    )
    flow_chart_url: str | None = cell("flow_chart_url", "流量曲线图链接", "URL of a flow chart.")


@frozen
class Cost(Record):
    """The balance, spending and arrears of one user (费用), as section 3 shows them."""

    user_name: str | None = cell("username", "用户名", "Name of the user.", aliases=("user_name",), example="张三")
    user_code: str | None = cell("user_code", "用户编码", "Code of the user.", example="123456789")
    phone_number: str | None = cell("phone_number", "电话", "Telephone number of the user.")
    account_balance: Decimal | None = cell(
        "account_balance", "账本余额", "Money that is left in the user's account.", number=True, unit="yuan"
    )
    consumed_amount: Decimal | None = cell(
        "consumed_amount", "已消费金额", "Money spent so far.", number=True, unit="yuan"
    )
    arrears_balance: Decimal | None = cell("arrears_balance", "欠费金额", "Money owed.", number=True, unit="yuan")
    last_billing_date: datetime | None = cell("last_billing_date", "最后账期", "Time of the last billing.")


@get("/flow", section="2", call="flows.list", title="流水查询")
@frozen
class ListFlows(WaterPage[Flow]):
    """List the volumes that devices metered."""

    region_id: int | None = arg(
        "region_id",
        "区域id",
        "Id of one region, from regions.list; without it, all regions.",
        default=None,
        check=checks.whole(0),
    )
    device_code: str | None = arg(
        "device_code", "设备编码", "Device code, or a part of it.", default=None, check=checks.text, example="123456789"
    )
    watch_status: str | None = arg(
        "watch_status",
        "抄表状态",
        'Result of the meter reading, such as "成功" (success), or a part of it.',
        default=None,
        check=checks.text,
        example="成功",
    )


@get("/cost", section="3", call="costs.list", title="费用查询模块")
@frozen
class ListCosts(WaterPage[Cost]):
    """List the balances, spending and arrears of users."""

    region_id: int | None = arg(
        "region_id",
        "区域id",
        "Id of one region, from regions.list; without it, all regions.",
        default=None,
        check=checks.whole(0),
    )
    user_name: str | None = arg("user_name", "用户名", "User name, or a part of it.", default=None, check=checks.text)
    user_code: str | None = arg(
        "user_code", "用户编码", "User code, or a part of it.", default=None, check=checks.text, example="123456789"
    )
