"""Past readings and payments."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, operation
from chaobiao.water.paged import WaterHistory


@frozen
class PastReading(Record):
    """A reading as it was collected (历史抄收)."""

    user_name: str | None = wire("username", default=None, aliases=("user_name",), zh="用户名", doc="Name of the user.")
    house_number: str | None = wire("house_number", default=None, zh="门牌号", doc="House number.")
    device_code: str | None = wire("device_code", default=None, zh="设备编码", doc="Code of the device.")
    settle_flow: Decimal | None = wire(
        "settle_flow", default=None, number=True, unit="m³", zh="结算流量", doc="Volume settled."
    )
    total_flow: Decimal | None = wire(
        "total_flow", default=None, number=True, unit="m³", zh="累计流量", doc="Cumulative volume."
    )
    last_month_flow: Decimal | None = wire(
        "last_month_flow", default=None, number=True, unit="m³", zh="上月使用", doc="Used last month."
    )
    balance: Decimal | None = wire("balance", default=None, number=True, unit="yuan", zh="水表余额", doc="Balance.")
    battery_voltage: Decimal | None = wire(
        "battery_voltage",
        default=None,
        number=True,
        unit="V",
        zh="电池电压",
        doc="Battery voltage; no unit documented.",
    )
    status: str | None = wire("status", default=None, zh="设备状态", doc="State of the device, such as 正常.")
    collected_at: datetime | None = wire("collected_at", default=None, zh="抄收时间", doc="When it was collected.")
    latest_31_day_usage: Decimal | None = wire(
        "latest_31_day_usage",
        default=None,
        number=True,
        unit="m³",
        zh="最近31日日使用量",
        doc="Used in the last 31 days.",
    )


@frozen
class PastPayment(Record):
    """A payment that was made (历史缴费)."""

    user_name: str | None = wire("user_name", default=None, aliases=("username",), zh="用户名", doc="Name of the user.")
    device_code: str | None = wire("device_code", default=None, zh="设备编码", doc="Code of the device.")
    user_code: str | None = wire("user_code", default=None, zh="用户编码", doc="Code of the user.")
    address: str | None = wire("address", default=None, zh="详细地址", doc="Full address.")
    user_type: str | None = wire("user_type", default=None, zh="用户类型", doc="Kind of user, such as 居民.")
    price_mode: str | None = wire("price_mode", default=None, zh="价格模式", doc="Kind of price, such as 单一价格.")
    payment_method: str | None = wire("payment_method", default=None, zh="支付方式", doc="How it was paid.")
    account_balance: Decimal | None = wire(
        "account_balance", default=None, number=True, unit="yuan", zh="账户余额", doc="Balance of the account."
    )
    amount_recharged: Decimal | None = wire(
        "amcount_recharged",
        default=None,
        aliases=("amount_recharged",),
        number=True,
        unit="yuan",
        zh="充值金额",
        doc="Amount paid in; the wire spells it amcount_recharged.",
    )
    surplus_balance: Decimal | None = wire(
        "surplus_balance", default=None, number=True, unit="yuan", zh="结余", doc="What is left."
    )
    recharge_status: str | None = wire("recharge_status", default=None, zh="充值状态", doc="Such as 成功.")
    collected_at: datetime | None = wire("collected_at", default=None, zh="抄收时间", doc="When it was collected.")


@operation("GET", "/trans", section="6", call="readings.list", effect=Effect.READ, title="历史抄收模块")
@frozen
class ListReadings(WaterHistory[PastReading]):
    """List past readings."""


@operation("GET", "/hispay", section="7", call="payments.list", effect=Effect.READ, title="历史缴费模块")
@frozen
class ListPayments(WaterHistory[PastPayment]):
    """List past payments."""
