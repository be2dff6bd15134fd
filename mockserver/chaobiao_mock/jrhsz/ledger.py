"""Money: recharges, and the balances that follow from recharges and usage."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from chaobiao.jrhsz import Payment
from chaobiao_mock.clock import WorldClock
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
#: A generated resident recharges at a balance below this, in cents: more than any of them uses until the payment.
_LOW_BALANCE: Final = 2_000
#: The seconds in which a resident with a low balance recharges: from half an hour to twenty hours.
_SOONEST: Final = 1_800
_LATEST: Final = 72_000
#: Recharges of generated residents are multiples of this, in cents.
_STEP: Final = 5_000
_KEPT_MOMENTS: Final = 20_000
#: How many monthly payments each generated resident made before the start of the world.
MONTHS: Final = 12


class Ledger:
    """Payments by resident, and every order number that was used.

    A generated resident made a payment a month before the start of the world. From then on the resident recharges a
    fixed amount, for twenty to forty days, whenever so much was used that the balance is low.
    """

    def __init__(self, clock: WorldClock, fleet: Fleet, reports: Schedule, seed: int, samples: JrhszSamples) -> None:
        self._clock = clock
        self._fleet = fleet
        self._reports = reports
        self._seed = seed
        self._samples = samples
        self._recharges: dict[str, list[Payment]] = defaultdict(list)
        self._orders: set[str] = set()
        self._moments: dict[tuple[int, int], datetime] = {}

    @cached_property
    def _documented_orders(self) -> frozenset[str | None]:
        return frozenset(payment.order_number for rows in self._samples.payments.values() for payment in rows)

    def saved(self) -> dict[str, list[Payment]]:
        """Return the recharges of each resident, for a snapshot."""
        return {resident: list(payments) for resident, payments in self._recharges.items()}

    def restore(self, recharges: dict[str, list[Payment]]) -> None:
        """Return to a snapshot."""
        self._recharges = defaultdict(list, recharges)
        self._orders = {payment.order_number or "" for payments in recharges.values() for payment in payments}

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
        if int(index) >= self._fleet.resident_count:
            return False
        payments = [*self._payments_before(int(index)), *self._payments_since(int(index), self._clock.now())]
        return any(payment.order_number == order_number for payment in payments)

    def recharge(self, resident: str, amount: Decimal, order_number: str, now: datetime) -> None:
        """Pay money into a resident's account."""
        self._orders.add(order_number)
        self._recharges[resident].append(
            Payment(order_number=order_number, amount=amount, channel=API_CHANNEL, paid_at=now)
        )

    def payments(self, resident: str, begin: datetime, end: datetime) -> list[Payment]:
        """Return the payments of a resident from ``begin`` to ``end``, oldest first."""
        index = self._fleet.resident_index(resident)
        found = [*self._samples.payments.get(resident, ())]
        if index is not None:
            found += [*self._payments_before(index), *self._payments_since(index, self._clock.now())]
        found = sorted([*found, *self._recharges.get(resident, ())], key=lambda payment: payment.paid_at or begin)
        return [payment for payment in found if in_period(payment.paid_at, begin, end)]

    # --- payments of generated residents -----------------------------------------------------------------------------

    def _payments_before(self, index: int) -> list[Payment]:
        """Return a generated resident's payments before the start of the world, one a month."""
        payments: list[Payment] = []
        began = self._fleet.began
        for back in range(MONTHS, 0, -1):
            noise = hash32(self._seed, index, 100 + back)
            month = month_start(month_number(began) - back, began.tzinfo)
            moment = month + timedelta(days=noise % 27, hours=8, seconds=noise % 36_000)
            payments.append(self._payment(index, moment, _AMOUNTS[noise % len(_AMOUNTS)] * 100, noise))
        return payments

    def _payments_since(self, index: int, now: datetime) -> list[Payment]:
        """Return a generated resident's payments from the start of the world until ``now``."""
        amount = self._usual_amount(index)
        return [
            self._payment(index, self._paid_at(index, number, now), amount, hash32(self._seed, index, number))
            for number in range(self._count_since(index, now))
        ]

    @staticmethod
    def _payment(index: int, moment: datetime, cents: int, noise: int) -> Payment:
        return Payment(
            order_number=f"jrh{moment:%Y%m%d%H%M%S}{index:07d}",
            amount=hundredths(cents),
            channel=_CHANNELS[noise % len(_CHANNELS)],
            paid_at=moment,
        )

    def _usual_amount(self, index: int) -> int:
        specs = [self._fleet.spec(meter) for meter in self._fleet.meters_of(self._fleet.resident_code(index))]
        daily = sum(self._fleet.cost(spec, spec.rate) for spec in specs)
        days = 20 + hash32(self._seed, index, 4) % 21
        return -(-daily * days // _STEP) * _STEP

    def _count_since(self, index: int, now: datetime) -> int:
        """Return how many payments a generated resident has made since the start of the world."""
        used = self._cost(self._fleet.resident_code(index), now)
        first, amount = self._opening(index) - _LOW_BALANCE, self._usual_amount(index)
        count = (used - first) // amount + 1 if used >= first else 0
        # The balance has been low so many times; the last time the resident may not have paid yet.
        return count - 1 if count and self._paid_at(index, count - 1, now) > now else count

    def _paid_at(self, index: int, number: int, now: datetime) -> datetime:
        """Return when a resident makes a payment for which the balance was low at ``now`` or before."""
        moment = self._moments.get((index, number))
        if moment is None:
            resident, began = self._fleet.resident_code(index), self._fleet.began
            due = self._opening(index) - _LOW_BALANCE + number * self._usual_amount(index)
            low, high = 0, int((now - began).total_seconds())
            while low < high:  # the first second at which so much was used
                middle = (low + high) // 2
                if self._cost(resident, began + timedelta(seconds=middle)) < due:
                    low = middle + 1
                else:
                    high = middle
            delay = _SOONEST + hash32(self._seed, index, 1_000 + number) % (_LATEST - _SOONEST)
            moment = began.replace(microsecond=0) + timedelta(seconds=low + delay)
            if len(self._moments) >= _KEPT_MOMENTS:
                self._moments.clear()
            self._moments[index, number] = moment
        return moment

    # --- balances ----------------------------------------------------------------------------------------------------

    def _opening(self, index: int) -> int:
        """Return a generated resident's balance at the start of the world, in cents."""
        return 5_000 + hash32(self._seed, index, 3) % 300 * 100

    def _cost(self, resident: str, now: datetime) -> int:
        """Return what a resident's usage since the start of the world cost, in cents, as far as it is reported."""
        cents = 0
        for meter in self._fleet.meters_of(resident):
            spec = self._fleet.spec(meter)
            for moment, sign in ((now, 1), (self._fleet.began, -1)):
                reported = self._reports.latest(meter, moment)
                cents += sign * self._fleet.cost(spec, self._fleet.reading(spec, reported or moment))
        return cents

    def balance(self, resident: str, now: datetime) -> Decimal:
        """Return the opening balance plus recharges, minus the cost of usage since the start of the world.

        Usage counts when it is reported, by the hour, so that a balance falls by the cost in the consumption records.
        """
        index = self._fleet.resident_index(resident)
        if index is None:
            cents = int(self._samples.balances.get(resident, Decimal(0)) * 100)
        else:
            cents = self._opening(index) + self._count_since(index, now) * self._usual_amount(index)
        cents += sum(int((payment.amount or 0) * 100) for payment in self._recharges.get(resident, ()))
        return hundredths(cents - self._cost(resident, now))

    def audit(self) -> Iterator[tuple[str, str]]:
        """Yield what does not add up for residents who were recharged: their payments, consumption and balance."""
        now = self._clock.now()
        for resident in self._recharges:
            index = self._fleet.resident_index(resident)
            if index is None:
                opening = int(self._samples.balances.get(resident, Decimal(0)) * 100)
            else:
                opening = self._opening(index)
            paid = [*self._recharges[resident], *(self._payments_since(index, now) if index is not None else ())]
            cents = opening + sum(int((payment.amount or 0) * 100) for payment in paid) - self._cost(resident, now)
            balance, wanted = self.balance(resident, now), hundredths(cents)
            if balance != wanted:
                yield (
                    f"the balance of {resident} is {balance}, its payments make {wanted}",
                    f"{resident} 的余额为 {balance}，按充值与用量应为 {wanted}",
                )
