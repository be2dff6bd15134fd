"""Money: recharges that were made, and the balances that follow from them and from what meters used."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from chaobiao.jrhsz import Payment
from chaobiao_mock.jrhsz import documented
from chaobiao_mock.jrhsz.fleet import Fleet
from chaobiao_mock.jrhsz.schedule import hourly
from chaobiao_mock.made_up import hash32

_CHANNELS: Final = ("微信充值", "支付宝充值")
_AMOUNTS: Final = (50, 100, 200)
#: What recharges over the API are listed as; the documents do not say.
API_CHANNEL: Final = "接口充值"
#: How many months of payments made-up residents have behind them.
MONTHS: Final = 12


class Ledger:
    """Payments by resident, and every order number that was ever used."""

    def __init__(self, fleet: Fleet, seed: int) -> None:
        self._fleet = fleet
        self._seed = seed
        self._recharges: dict[str, list[Payment]] = defaultdict(list)
        self._orders = {payment.order_number for payments in documented.PAYMENTS.values() for payment in payments}

    def used(self, order_number: str) -> bool:
        """Whether an order number was used before, for any resident."""
        return order_number in self._orders or self._made_up(order_number)

    def _made_up(self, order_number: str) -> bool:
        """Whether it is the number of a payment that a made-up resident has behind them."""
        index = order_number[-7:]
        if not (order_number.startswith("jrh") and index.isascii() and index.isdigit()):
            return False
        payments = self._past(self._fleet.resident_code(int(index)))
        return any(payment.order_number == order_number for payment in payments)

    def recharge(self, resident: str, amount: Decimal, order_number: str, now: datetime) -> None:
        """Pay money in."""
        self._orders.add(order_number)
        self._recharges[resident].append(
            Payment(order_number=order_number, amount=amount, channel=API_CHANNEL, paid_at=now.replace(microsecond=0))
        )

    def payments(self, resident: str, begin: datetime, end: datetime) -> list[Payment]:
        """The payments of a resident from ``begin`` to ``end``, oldest first."""
        found = [*documented.PAYMENTS.get(resident, ()), *self._past(resident), *self._recharges.get(resident, ())]
        return [payment for payment in found if payment.paid_at is not None and begin <= payment.paid_at <= end]

    def _past(self, resident: str) -> list[Payment]:
        """A made-up resident's payments before the world began, one a month."""
        index = self._fleet.resident_index(resident)
        if index is None:
            return []
        payments: list[Payment] = []
        began = self._fleet.began
        for back in range(MONTHS, 0, -1):
            noise = hash32(self._seed, index, 100 + back)
            month = began.year * 12 + began.month - 1 - back
            moment = began.replace(
                year=month // 12, month=month % 12 + 1, day=1, hour=8, minute=0, second=0, microsecond=0
            ) + timedelta(days=noise % 27, seconds=noise % 36_000)
            payments.append(
                Payment(
                    order_number=f"jrh{moment:%Y%m%d%H%M%S}{index:07d}",
                    amount=Decimal(_AMOUNTS[noise % len(_AMOUNTS)]).quantize(Decimal("0.01")),
                    channel=_CHANNELS[noise % len(_CHANNELS)],
                    paid_at=moment,
                )
            )
        return payments

    def balance(self, resident: str, now: datetime) -> Decimal:
        """What is left: the opening balance and the recharges, less what the meters used since the world began.

        Usage counts when it is reported, by the hour, so a balance falls by what the consumption records say.
        """
        index = self._fleet.resident_index(resident)
        if index is None:
            opening = documented.BALANCES.get(resident, Decimal(0))
        else:
            opening = Decimal(50 + hash32(self._seed, index, 3) % 300)
        cents = int(opening * 100)
        cents += sum(int((payment.amount or 0) * 100) for payment in self._recharges.get(resident, ()))
        reports = hourly(self._fleet)
        for meter in self._fleet.meters_of(resident):
            spec = self._fleet.spec(meter)
            for moment, sign in ((now, 1), (self._fleet.began, -1)):
                reported = reports.latest(meter, moment)
                cents -= sign * self._fleet.cost(spec, self._fleet.reading(spec, reported or moment))
        return Decimal(cents).scaleb(-2)
