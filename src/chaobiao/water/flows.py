"""Flows and costs: what devices metered, and what users owe."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, operation
from chaobiao.water.paged import WaterPage


@frozen
class Flow(Record):
    """What one device has metered (流水)."""

    user_name: str | None = wire("username", default=None, aliases=("user_name",), zh="用户名", doc="Name of the user.")
    house_number: str | None = wire("house_number", default=None, zh="门牌号", doc="House number.")
    device_code: str | None = wire("device_code", default=None, zh="设备编码", doc="Code of the device.")
    balance: Decimal | None = wire("balance", default=None, number=True, unit="yuan", zh="水表余额", doc="Balance.")
    status: str | None = wire("status", default=None, zh="设备状态", doc="State of the device, such as 正常.")
    settle_flow: Decimal | None = wire(
        "settle_flow", default=None, number=True, unit="m³", zh="结算流量", doc="Volume settled."
    )
    total_flow: Decimal | None = wire(
        "total_flow", default=None, number=True, unit="m³", zh="累计流量", doc="Cumulative volume."
    )
    last_month_flow: Decimal | None = wire(
        "last_month_flow", default=None, number=True, unit="m³", zh="上月使用", doc="Used last month."
    )
    created_at: datetime | None = wire("created_at", default=None, zh="操作时间", doc="When the record was made.")
    flow_chart_url: str | None = wire("flow_chart_url", default=None, zh="流量曲线图链接", doc="Link to a chart.")


@frozen
class Cost(Record):
    """What one user has paid, used and owes (费用)."""

    user_name: str | None = wire("username", default=None, aliases=("user_name",), zh="用户名", doc="Name of the user.")
    user_code: str | None = wire("user_code", default=None, zh="用户编码", doc="Code of the user.")
    phone_number: str | None = wire("phone_number", default=None, zh="电话", doc="Telephone number.")
    account_balance: Decimal | None = wire(
        "account_balance", default=None, number=True, unit="yuan", zh="账本余额", doc="Balance of the account."
    )
    consumed_amount: Decimal | None = wire(
        "consumed_amount", default=None, number=True, unit="yuan", zh="已消费金额", doc="Spent so far."
    )
    arrears_balance: Decimal | None = wire(
        "arrears_balance", default=None, number=True, unit="yuan", zh="欠费金额", doc="Arrears."
    )
    last_billing_date: datetime | None = wire(
        "last_billing_date", default=None, zh="最后账期", doc="Last billing date."
    )


@operation("GET", "/flow", section="2", call="flows.list", effect=Effect.READ, title="流水查询")
@frozen
class ListFlows(WaterPage[Flow]):
    """List what devices have metered."""

    region_id: int | None = wire(
        "region_id", default=None, check=checks.optional(checks.whole(0)), number=True, zh="区域id", doc="Only here."
    )
    device_code: str | None = wire(
        "device_code", default=None, check=checks.optional(checks.text), zh="设备编码", doc="Part of the device's code."
    )
    watch_status: str | None = wire(
        "watch_status", default=None, check=checks.optional(checks.text), zh="抄表状态", doc='Such as "成功" (success).'
    )


@operation("GET", "/cost", section="3", call="costs.list", effect=Effect.READ, title="费用查询模块")
@frozen
class ListCosts(WaterPage[Cost]):
    """List what users have paid, used and owe."""

    region_id: int | None = wire(
        "region_id", default=None, check=checks.optional(checks.whole(0)), number=True, zh="区域id", doc="Only here."
    )
    user_name: str | None = wire(
        "user_name", default=None, check=checks.optional(checks.text), zh="用户名", doc="Part of the user's name."
    )
    user_code: str | None = wire(
        "user_code", default=None, check=checks.optional(checks.text), zh="用户编码", doc="Part of the user's code."
    )
