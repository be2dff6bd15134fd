"""Prepayment: at a balance of zero the valve trips, and a recharge connects it again.

Balances fall when meters report, by the hour; so a valve trips at a report. Generated residents recharge in time, so
only the meters of documented residents are looked at, and of those only the ones whose balance may be used up by now:
an estate may have thousands.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cached_property
from heapq import heapify, heapreplace
from typing import Final

from chaobiao_mock.jrhsz.fleet import DAY, HOUR, Fleet
from chaobiao_mock.jrhsz.ledger import Ledger
from chaobiao_mock.jrhsz.schedule import Schedule

#: A balance that lasts longer than this, in seconds, is looked at again after it.
_LONGEST: Final = 365 * DAY


class Prepayment:
    """The rule that connects balances and valves."""

    def __init__(self, fleet: Fleet, ledger: Ledger, reports: Schedule) -> None:
        self._fleet = fleet
        self._ledger = ledger
        self._reports = reports

    @cached_property
    def _accounts(self) -> dict[str, list[int]]:
        """The meters of each documented resident."""
        accounts: dict[str, list[int]] = defaultdict(list)
        for index in range(self._fleet.first_generated):
            resident = self._fleet.spec(index).resident
            if resident is not None:
                accounts[resident].append(index)
        return dict(accounts)

    @cached_property
    def _due(self) -> list[tuple[datetime, str]]:
        """Each resident, with the earliest time at which the balance may be used up; a heap."""
        due = [(self._fleet.began, resident) for resident in self._accounts]
        heapify(due)
        return due

    def settle(self, now: datetime) -> None:
        """Trip the valves of residents whose balance has reached zero, at the time at which it did."""
        due, seen = self._due, set[str]()
        while due and due[0][0] <= now and due[0][1] not in seen:
            resident = due[0][1]
            seen.add(resident)
            self._settle(resident, now)
            heapreplace(due, (max(self._lasts_until(resident, now), now), resident))

    def _settle(self, resident: str, now: datetime) -> None:
        meters = self._accounts[resident]
        connected = [index for index in meters if self._fleet.is_connected(self._fleet.spec(index))]
        if not connected or self._ledger.balance(resident, now) > 0:
            return
        moments = [self._first_report_at_zero(resident, index, now) for index in connected]
        found = [moment for moment in moments if moment is not None]
        for index in connected if found else ():
            self._fleet.events(index).trip(min(found))

    def _lasts_until(self, resident: str, now: datetime) -> datetime:
        """Return a time before which the balance cannot be used up, even with all meters connected."""
        specs = [self._fleet.spec(index) for index in self._accounts[resident]]
        daily = sum(self._fleet.cost(spec, spec.rate) + 1 for spec in specs)  # cents, rounded up
        cents = int(self._ledger.balance(resident, now) * 100) - len(specs)
        return now + timedelta(seconds=min(cents * DAY // daily - HOUR, _LONGEST))

    def reconnect(self, resident: str, now: datetime) -> None:
        """Connect the tripped valves of a resident, if a recharge has raised the balance above zero."""
        if self._ledger.balance(resident, now) > 0:
            for index in self._accounts.get(resident, ()):
                if self._fleet.is_tripped(index):
                    self._fleet.events(index).switch(now, connected=True)

    def _first_report_at_zero(self, resident: str, index: int, now: datetime) -> datetime | None:
        """Return the first report of a meter since it was connected at which the balance is not above zero."""
        low, count = self._reports.span_between(index, self._fleet.connected_since(index), now)
        if count == 0:
            return None
        high = low + count - 1
        if self._ledger.balance(resident, self._reports.moment(index, high)) > 0:
            return None
        while low < high:  # between two changes by a request the balance only falls
            middle = (low + high) // 2
            if self._ledger.balance(resident, self._reports.moment(index, middle)) > 0:
                low = middle + 1
            else:
                high = middle
        return self._reports.moment(index, low)
