"""Recharges: money that is paid into a resident's prepaid account."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.paged import JrhszPeriod


@frozen
class Payment(Record):
    """A past recharge (充值记录), as recharge 4.6 shows it."""

    order_number: str | None = cell(
        "out_trade_no", "订单号", "Order number of the recharge.", example="jrh2023030716084144045"
    )
    amount: Decimal | None = cell("total_fee", "金额", "Amount that was paid in.", unit="yuan", example="10.00")
    channel: str | None = cell(
        "trade_type",
        "充值方式",
        "Means of payment, such as 微信充值 (WeChat); in the sample only, not in the table.",
        example="微信充值",
    )
    paid_at: datetime | None = cell("create_time", "充值时间", "Time of the recharge.", example="2023-04-06 13:39:21")


@post(
    "/user/Prestore",
    section="recharge 4.5",
    call="recharges.create",
    title="充值",
    effect=Effect.MONEY,
    interval=None,
    look_up="recharges.list",
)
@frozen
class Recharge(ObjectOperation[Acknowledgement]):
    """Pay money into a resident's account.

    You choose the order number. It must be new: the document says that the server rejects a number that was used
    before (1010, :class:`DuplicateOrder`). When no response arrives, the call raises :class:`OutcomeUnknown` and is
    never repeated: look for the order number in recharges.list before you call again.
    """

    user_code: str = arg(
        "user_code",
        "用户编号",
        "Code of the resident, from residents.list.",
        kw_only=False,
        check=checks.code,
        example="2022040001",
    )
    amount: Decimal | int | str = arg(
        "total_fee",
        "金额（元）",
        "Amount to pay in: greater than zero, at most two decimals, as Decimal, int or text; no float.",
        unit="yuan",
        check=checks.amount,
        example="10.00",
    )
    order_number: str = arg(
        "out_trade_no",
        "第三方订单号",
        "Your order number for this recharge, not used before.",
        check=checks.code,
        example="jrh2023030716084144045",
    )

    @property
    def reference(self) -> str:
        """The order number."""
        return self.order_number


@post("/user/GetPaymentList", section="recharge 4.6", call="recharges.list", title="充值记录")
@frozen
class ListRecharges(JrhszPeriod[Payment]):
    """List a resident's past recharges."""

    user_code: str = arg(
        "user_code",
        "用户编号",
        "Code of the resident, from residents.list.",
        kw_only=False,
        check=checks.code,
        example="2022040001",
    )
