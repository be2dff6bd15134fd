"""The state of the prepaid platform: accounts, fleet, ledger, and when each endpoint was last called."""

from datetime import datetime
from decimal import Decimal

import attrs

from chaobiao.jrhsz import Payment
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.jrhsz.accounts import Accounts, SavedAccounts
from chaobiao_mock.jrhsz.devices import Devices, SavedDevices
from chaobiao_mock.jrhsz.documented import SAMPLES, JrhszSamples
from chaobiao_mock.jrhsz.fleet import Fleet
from chaobiao_mock.jrhsz.ledger import Ledger
from chaobiao_mock.jrhsz.meter_spec import MeterEvents
from chaobiao_mock.jrhsz.prepayment import Prepayment
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.jrhsz.schedule import hourly


@attrs.frozen
class SavedJrhsz:
    """What a snapshot keeps of the prepaid platform."""

    accounts: SavedAccounts
    recharges: dict[str, list[Payment]]
    #: What happened to meters, by index.
    events: dict[int, MeterEvents]
    #: Account, path and time of the last calls of endpoints with an interval.
    last_calls: list[tuple[str, str, float]]
    devices: SavedDevices


class JrhszState:
    """The state of the prepaid platform in one world."""

    def __init__(
        self,
        clock: WorldClock,
        meters: int,
        seed: int,
        began: datetime,
        quirks: JrhszQuirks,
        documented: JrhszSamples = SAMPLES,
    ) -> None:
        self.clock = clock
        self.quirks = quirks
        self.documented = documented
        self.accounts = Accounts(clock, documented.accounts)
        self.fleet = Fleet(meters, seed, began, self.documented)
        self.hourly = hourly(self.fleet)
        self.ledger = Ledger(clock, self.fleet, self.hourly, seed, self.documented)
        self.devices = Devices(self.fleet)
        self._prepayment = Prepayment(self.fleet, self.ledger, self.hourly)
        self._last_calls: dict[tuple[str, str], float] = {}

    def saved(self) -> SavedJrhsz:
        """Return what a snapshot keeps."""
        calls = [(account, path, at) for (account, path), at in self._last_calls.items()]
        return SavedJrhsz(self.accounts.saved(), self.ledger.saved(), self.fleet.saved(), calls, self.devices.saved())

    def restore(self, saved: SavedJrhsz) -> None:
        """Return to a snapshot; the state is a new one with the same settings."""
        self.accounts.restore(saved.accounts)
        self.ledger.restore(saved.recharges)
        self.fleet.restore(saved.events)
        self._last_calls = {(account, path): at for account, path, at in saved.last_calls}
        self.devices.restore(saved.devices)

    def settle(self) -> None:
        """Carry out commands that waited, and let the valves trip whose balance was used up since the last request."""
        self.devices.settle(self.clock.now())
        if self.quirks.at_zero == "trip":
            self._prepayment.settle(self.clock.now())

    def recharge(self, resident: str, amount: Decimal, order_number: str) -> None:
        """Pay money into a resident's account; a valve that has tripped is connected again."""
        now = self.clock.now().replace(microsecond=0)
        self.ledger.recharge(resident, amount, order_number, now)
        self._prepayment.reconnect(resident, now)

    def keeps_interval(self, account: str, path: str, interval: float | None) -> bool:
        """Note a call; ``False`` if the account called the endpoint less than ``interval`` seconds ago."""
        if interval is None or self.quirks.paced == "no":
            return True
        now = self.clock.monotonic()
        last = self._last_calls.get((account, path))
        if last is not None and now - last < interval:
            return False
        self._last_calls[account, path] = now
        return True
