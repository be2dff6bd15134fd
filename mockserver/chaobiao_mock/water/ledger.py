"""Money: the payments for each device, the cost of its water, and the balance."""

from datetime import datetime, timedelta
from typing import Final

from chaobiao_mock.water.fleet import DAY, Fleet

#: Payments are multiples of ten yuan.
_STEP: Final = 1_000
_METHODS: Final = ("支付宝", "微信", "现金")


class Ledger:
    """Payments and balances of the generated users. All money is whole cents.

    Each device is paid for once a month, at a time of its own. Most users pay in advance, some pay too little.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    # --- payments, numbered by their month ---------------------------------------------------------------------------

    @staticmethod
    def _offset(device: int, month: int) -> int:
        """Return seconds from the start of the month; the first payment is made at the installation."""
        return device % 3_600 if month == 0 else (device * 474_139 + month * 104_729) % (27 * DAY)

    def paid_at(self, device: int, number: int) -> datetime:
        """Return the time of a payment."""
        return self._fleet.month_start(number) + timedelta(seconds=self._offset(device, number))

    def payment_count(self, device: int, month: int, seconds: int) -> int:
        """Return the number of payments until ``seconds`` into a month, that moment included."""
        return 0 if month < 0 else month + (self._offset(device, month) <= seconds)

    def amount(self, device: int, number: int) -> int:
        """Return the amount of a payment; the first one is for two months."""
        fleet = self._fleet
        need = fleet.rate(device) * 31 * fleet.price(fleet.user_of(device))
        pays_too_little = device % 6 == 4
        monthly = max(need * 8 // 10 // _STEP, 1) * _STEP if pays_too_little else (need // _STEP + 1) * _STEP
        return monthly if number else 2 * monthly

    @staticmethod
    def method(device: int, number: int) -> str:
        """Return the method of a payment."""
        return _METHODS[(device + number) % len(_METHODS)]

    # --- balances ----------------------------------------------------------------------------------------------------

    def consumed(self, device: int, moment: datetime) -> int:
        """Return the cost of all water up to the newest collection before a moment."""
        fleet = self._fleet
        newest = fleet.collection_count(device, fleet.seconds_since_start(moment)) - 1
        return fleet.register(device, newest) * fleet.price(fleet.user_of(device))

    def paid(self, device: int, moment: datetime) -> int:
        """Return the sum of all payments until a moment, that moment included."""
        month = self._fleet.month_of(moment)
        count = self.payment_count(device, month, self._fleet.seconds_into(month, moment))
        return self.amount(device, 0) + (count - 1) * self.amount(device, 1) if count else 0

    def balance(self, device: int, moment: datetime) -> int:
        """Return the balance of a device at a moment; it is negative in arrears."""
        return self.paid(device, moment) - self.consumed(device, moment)

    def account_balance(self, user: int, moment: datetime) -> int:
        """Return the balance of all devices of a user; it is negative in arrears."""
        return sum(self.balance(device, moment) for device in self._fleet.devices_of(user))
