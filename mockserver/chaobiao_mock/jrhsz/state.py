"""The state of the prepaid platform: accounts, estate, ledger, and when each endpoint was last called."""

from datetime import datetime

from chaobiao_mock.clock import WorldClock
from chaobiao_mock.jrhsz.accounts import Accounts
from chaobiao_mock.jrhsz.fleet import Fleet
from chaobiao_mock.jrhsz.ledger import Ledger
from chaobiao_mock.jrhsz.quirks import JrhszQuirks


class Refused(Exception):
    """A request that the platform refuses, with its code and words."""

    def __init__(self, code: int, words: str | None = None) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


class JrhszState:
    """What one world's platform knows."""

    def __init__(self, clock: WorldClock, meters: int, seed: int, began: datetime, quirks: JrhszQuirks) -> None:
        self.clock = clock
        self.quirks = quirks
        self.accounts = Accounts(clock)
        self.fleet = Fleet(meters, seed, began)
        self.ledger = Ledger(self.fleet, seed)
        self._last_calls: dict[tuple[str, str], float] = {}

    def keep_interval(self, account: str, path: str, interval: float | None) -> bool:
        """Note a call; ``False`` if the account called the endpoint less than ``interval`` seconds ago."""
        if interval is None or self.quirks.paced == "no":
            return True
        now = self.clock.monotonic()
        last = self._last_calls.get((account, path))
        if last is not None and now - last < interval:
            return False
        self._last_calls[account, path] = now
        return True
