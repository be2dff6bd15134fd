"""Money: what was paid in for each device, what its water cost, and what is left."""

from datetime import datetime, timedelta
from typing import Final

from chaobiao_mock.water.fleet import DAY, Fleet

#: Payments come in whole tens of yuan.
_STEP: Final = 1_000
_METHODS: Final = ("支付宝", "微信", "现金")


class Accounts:
    """Payments and balances of the made-up users. All money is whole cents.

    Each device is paid for once a month, at its own moment; most users pay ahead, some pay too little.
    """

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    # --- payments, numbered by the month they lie in ------------------------------------------------------------------

    @staticmethod
    def _offset(device: int, month: int) -> int:
        """Seconds from the start of the month; the first payment comes with the installation."""
        return device % 3_600 if month == 0 else (device * 474_139 + month * 104_729) % (27 * DAY)

    def paid_at(self, device: int, number: int) -> datetime:
        """The moment of a payment."""
        return self._fleet.month_start(number) + timedelta(seconds=self._offset(device, number))

    def payments(self, device: int, month: int, seconds: int) -> int:
        """How many payments there were until ``seconds`` into a month, that moment included."""
        return 0 if month < 0 else month + (self._offset(device, month) <= seconds)

    def payments_until(self, device: int, moment: datetime) -> int:
        """How many payments there were until a moment, itself included."""
        month = self._fleet.month_of(moment)
        return self.payments(device, month, self._fleet.seconds_into(month, moment))

    def amount(self, device: int, number: int) -> int:
        """The amount of a payment; the first one is for two months."""
        fleet = self._fleet
        need = fleet.rate(device) * 31 * fleet.price(fleet.user_of(device))
        pays_too_little = device % 6 == 4
        monthly = max(need * 8 // 10 // _STEP, 1) * _STEP if pays_too_little else (need // _STEP + 1) * _STEP
        return monthly if number else 2 * monthly

    @staticmethod
    def method(device: int, number: int) -> str:
        """How a payment was made."""
        return _METHODS[(device + number) % len(_METHODS)]

    # --- balances ----------------------------------------------------------------------------------------------------

    def consumed(self, device: int, moment: datetime) -> int:
        """What the water metered until the newest collection before a moment cost."""
        fleet = self._fleet
        newest = fleet.collections(device, fleet.seconds(moment)) - 1
        return fleet.register(device, newest) * fleet.price(fleet.user_of(device))

    def paid(self, device: int, moment: datetime) -> int:
        """What was paid in until a moment."""
        count = self.payments_until(device, moment)
        return self.amount(device, 0) + (count - 1) * self.amount(device, 1) if count else 0

    def balance(self, device: int, moment: datetime) -> int:
        """What is left for a device at a moment; negative if it is in arrears."""
        return self.paid(device, moment) - self.consumed(device, moment)

    def account_balance(self, user: int, moment: datetime) -> int:
        """What is left for all devices of a user; negative if the user is in arrears."""
        return sum(self.balance(device, moment) for device in self._fleet.devices_of(user))
