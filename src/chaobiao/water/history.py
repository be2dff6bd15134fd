"""Past readings and past payments."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract.fields import Record, cell, frozen
from chaobiao.water.endpoint import get
from chaobiao.water.paged import WaterHistory


@frozen
class PastReading(Record):
    """A past reading of a meter (历史抄收), as section 6 shows it."""

    user_name: str | None = cell("username", "用户名", "Name of the user.", aliases=("user_name",), example="张三")
    house_number: str | None = cell("house_number", "门牌号", "House number of the user.", example="1号楼1单元101")
    device_code: str | None = cell("device_code", "设备编码", "Code of the device.", example="123456789")
    settle_flow: Decimal | None = cell("settle_flow", "结算流量", "Volume that was billed.", number=True, unit="m³")
    total_flow: Decimal | None = cell(
        "total_flow", "累计流量", "Cumulative volume.", number=True, unit="m³", example=1000
    )
    last_month_flow: Decimal | None = cell(
        "last_month_flow", "上月使用", "Volume used last month.", number=True, unit="m³"
    )
    balance: Decimal | None = cell("balance", "水表余额", "Money that was left in the meter.", number=True, unit="yuan")
    battery_voltage: Decimal | None = cell(
        "battery_voltage",
        "电池电压",
        "Voltage of the meter's battery; the document gives no unit, and its sample 100.",
        number=True,
        unit="V",
    )
    status: str | None = cell("status", "设备状态", "State of the device, such as 正常.", example="正常")
    collected_at: datetime | None = cell("collected_at", "抄收时间", "Time of the reading.", example="1687709763000")
    latest_31_day_usage: Decimal | None = cell(
        "latest_31_day_usage",
        "最近31日日使用量",
        "Volume that was used in the last 31 days; 日使用量 may also mean per day.",
        number=True,
        unit="m³",
    )


@frozen
class PastPayment(Record):
    """A past payment of a user (历史缴费), as section 7 shows it."""

    user_name: str | None = cell("user_name", "用户名", "Name of the user.", aliases=("username",))
    device_code: str | None = cell("device_code", "设备编码", "Code of the device.", example="123456789")
    user_code: str | None = cell("user_code", "用户编码", "Code of the user.", example="123456789")
    address: str | None = cell("address", "详细地址", "Full address of the user.")
    user_type: str | None = cell("user_type", "用户类型", "Kind of user, such as 居民 (residential).", example="居民")
    price_mode: str | None = cell(
        "price_mode", "价格模式", "Pricing scheme, such as 单一价格 (one price).", example="单一价格"
    )
    payment_method: str | None = cell(
        "payment_method", "支付方式", "Means of payment, such as 支付宝 (Alipay).", example="支付宝"
    )
    account_balance: Decimal | None = cell(
        "account_balance", "账户余额", "Money in the user's account.", number=True, unit="yuan"
    )
    amount_recharged: Decimal | None = cell(
        "amcount_recharged",
        "充值金额",
        "Amount that was paid in; the document spells the key amcount_recharged.",
        number=True,
        unit="yuan",
        aliases=("amount_recharged",),
        example=100.0,
    )
    surplus_balance: Decimal | None = cell(
        "surplus_balance", "结余", "Money that is left, presumably after the payment.", number=True, unit="yuan"
    )
    recharge_status: str | None = cell("recharge_status", "充值状态", "Result of the recharge, such as 成功 (success).")
    collected_at: datetime | None = cell(
        "collected_at", "抄收时间", "Time of the record; presumably of the payment.", example="1687709763000"
    )


@get("/trans", section="6", call="readings.list", title="历史抄收模块")
@frozen
class ListReadings(WaterHistory[PastReading]):
    """List past readings."""


@get("/hispay", section="7", call="payments.list", title="历史缴费模块")
@frozen
class ListPayments(WaterHistory[PastPayment]):
    """List past payments."""
