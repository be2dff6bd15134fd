"""Money: recharges, and the balances that follow from recharges and usage."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from chaobiao.jrhsz import Payment
from chaobiao_mock.decimals import hundredths
from chaobiao_mock.generated import hash32
from chaobiao_mock.jrhsz.documented import JrhszSamples
from chaobiao_mock.jrhsz.fleet import Fleet
from chaobiao_mock.jrhsz.schedule import Schedule
from chaobiao_mock.periods import in_period, month_number, month_start

_CHANNELS: Final = ("微信充值", "支付宝充值")
_AMOUNTS: Final = (50, 100, 200)
#: The channel of recharges over the API; the documents name none.
API_CHANNEL: Final = "接口充值"
#: How many monthly payments each generated resident made before the start of the world.
MONTHS: Final = 12


class Ledger:
    """Payments by resident, and every order number that was used."""

    def __init__(self, fleet: Fleet, reports: Schedule, seed: int, samples: JrhszSamples) -> None:
        self._fleet = fleet
        self._reports = reports
        self._seed = seed
        self._samples = samples
        self._recharges: dict[str, list[Payment]] = defaultdict(list)
        self._orders: set[str] = set()

    @cached_property
    def _documented_orders(self) -> frozenset[str | None]:
        return frozenset(payment.order_number for rows in self._samples.payments.values() for payment in rows)

    def used(self, order_number: str) -> bool:
        """Tell whether an order number was used before, for any resident."""
        return (
            order_number in self._orders or order_number in self._documented_orders or self._is_generated(order_number)
        )

    def _is_generated(self, order_number: str) -> bool:
        """Tell whether a generated payment has an order number: it ends with the resident's index."""
        index = order_number[-7:]
        if not (order_number.startswith("jrh") and index.isascii() and index.isdigit()):
            return False
        payments = self._generated_payments(self._fleet.resident_code(int(index)))
        return any(payment.order_number == order_number for payment in payments)

    def recharge(self, resident: str, amount: Decimal, order_number: str, now: datetime) -> None:
        """Pay money into a resident's account."""
        self._orders.add(order_number)
        self._recharges[resident].append(
            Payment(order_number=order_number, amount=amount, channel=API_CHANNEL, paid_at=now.replace(microsecond=0))
        )

    def payments(self, resident: str, begin: datetime, end: datetime) -> list[Payment]:
        """Return the payments of a resident from ``begin`` to ``end``, oldest first."""
        documented = self._samples.payments.get(resident, ())
        found = [*documented, *self._generated_payments(resident), *self._recharges.get(resident, ())]
        return [payment for payment in found if in_period(payment.paid_at, begin, end)]

    def _generated_payments(self, resident: str) -> list[Payment]:
        """Return a generated resident's payments before the start of the world, one a month."""
        index = self._fleet.resident_index(resident)
        if index is None:
            return []
        payments: list[Payment] = []
        began = self._fleet.began
        for back in range(MONTHS, 0, -1):
            noise = hash32(self._seed, index, 100 + back)
            month = month_start(month_number(began) - back, began.tzinfo)
            moment = month + timedelta(days=noise % 27, hours=8, seconds=noise % 36_000)
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
        """Return the opening balance plus recharges, minus the cost of usage since the start of the world.

        Usage counts when it is reported, by the hour, so that a balance falls by the cost in the consumption records.
        """
        index = self._fleet.resident_index(resident)
        if index is None:
            opening = self._samples.balances.get(resident, Decimal(0))
        else:
            opening = Decimal(50 + hash32(self._seed, index, 3) % 300)
        cents = int(opening * 100)
        cents += sum(int((payment.amount or 0) * 100) for payment in self._recharges.get(resident, ()))
        for meter in self._fleet.meters_of(resident):
            spec = self._fleet.spec(meter)
            for moment, sign in ((now, 1), (self._fleet.began, -1)):
                reported = self._reports.latest(meter, moment)
                cents -= sign * self._fleet.cost(spec, self._fleet.reading(spec, reported or moment))
        return hundredths(cents)
