"""Recharges: money paid into a resident's prepaid account."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.paged import JrhszPeriod


@frozen
class Payment(Record):
    """A recharge that was made."""

    order_number: str | None = cell("out_trade_no", "订单号", "Number of the order.", example="jrh2023030716084144045")
    amount: Decimal | None = cell("total_fee", "金额", "Amount.", unit="yuan", example="10.00")
    channel: str | None = cell(
        "trade_type",
        "充值方式",
        "How it was paid, such as 微信充值; in the sample, not in the table.",
        example="微信充值",
    )
    paid_at: datetime | None = cell("create_time", "充值时间", "When.", example="2023-04-06 13:39:21")


@post(
    "/user/Prestore", section="recharge 4.5", call="recharges.create", title="充值", effect=Effect.MONEY, interval=None
)
@frozen
class Recharge(ObjectOperation[Acknowledgement]):
    """Pay money into a resident's account.

    The order number is yours and must be new: the server refuses one that it has seen (:class:`DuplicateOrder`). When
    the response gets lost, the call raises :class:`OutcomeUnknown` and is never repeated: look the order number up in
    recharges.list first.
    """

    user_code: str = arg(
        "user_code", "用户编号", "Code of the resident.", kw_only=False, check=checks.code, example="2022040001"
    )
    amount: Decimal | int | str = arg(
        "total_fee",
        "金额（元）",
        "Positive, at most two decimals: Decimal, int or text, never a float.",
        unit="yuan",
        check=checks.amount,
        example="10.00",
    )
    order_number: str = arg(
        "out_trade_no",
        "第三方订单号",
        "Your own number of the order.",
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
    """List a resident's recharges."""

    user_code: str = arg(
        "user_code", "用户编号", "Code of the resident.", kw_only=False, check=checks.code, example="2022040001"
    )
