"""Recharges: money paid into a resident's prepaid account."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, operation
from chaobiao.jrhsz.paged import JrhszPeriod


@frozen
class Payment(Record):
    """A recharge that was made."""

    order_number: str | None = wire("out_trade_no", default=None, zh="订单号", doc="Number of the order.")
    amount: Decimal | None = wire("total_fee", default=None, unit="yuan", zh="金额", doc="Amount.")
    channel: str | None = wire(
        "trade_type",
        default=None,
        zh="充值方式",
        doc="How it was paid, such as 微信充值; in the sample, not in the table.",
    )
    paid_at: datetime | None = wire("create_time", default=None, zh="充值时间", doc="When.")


@operation(
    "POST",
    "/user/Prestore",
    section="recharge 4.5",
    call="recharges.create",
    effect=Effect.MONEY,
    title="充值",
)
@frozen
class Recharge(ObjectOperation[Acknowledgement]):
    """Pay money into a resident's account.

    The order number is yours and must be new: the server refuses one that it has seen (:class:`DuplicateOrder`). When
    the answer gets lost, the call raises :class:`OutcomeUnknown` and is never repeated: look the order number up in
    recharges.list first.
    """

    user_code: str = wire(
        "user_code", kw_only=False, required=True, check=checks.code, zh="用户编号", doc="Code of the resident."
    )
    amount: Decimal | int | str = wire(
        "total_fee",
        required=True,
        check=checks.amount,
        unit="yuan",
        zh="金额（元）",
        doc="Positive, at most two decimals: Decimal, int or text, never a float.",
    )
    order_number: str = wire(
        "out_trade_no", required=True, check=checks.code, zh="第三方订单号", doc="Your own number of the order."
    )

    @property
    def reference(self) -> str:
        """The order number."""
        return self.order_number


@operation(
    "POST",
    "/user/GetPaymentList",
    section="recharge 4.6",
    call="recharges.list",
    effect=Effect.READ,
    interval=2,
    title="充值记录",
)
@frozen
class ListRecharges(JrhszPeriod[Payment]):
    """List a resident's recharges."""

    user_code: str = wire(
        "user_code", kw_only=False, required=True, check=checks.code, zh="用户编号", doc="Code of the resident."
    )
