"""The state of the water API: it can only be read, so time alone changes it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from chaobiao_mock.clock import WorldClock
from chaobiao_mock.water.accounts import Accounts
from chaobiao_mock.water.documented import Place
from chaobiao_mock.water.fleet import DeviceFilter, Fleet
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.regions import RegionTree

R = TypeVar("R")


class WaterState:
    """What one world's water API knows."""

    def __init__(self, clock: WorldClock, meters: int, seed: int, began: datetime, quirks: WaterQuirks) -> None:
        self.clock = clock
        self.quirks = quirks
        self.region_tree = RegionTree(deep=self.quirks.regions == "deep")
        self.fleet = Fleet(meters, seed, began, self.region_tree)
        self.accounts = Accounts(self.fleet)

    def documented(self, rows: Iterable[tuple[Place, R]], chosen: DeviceFilter) -> list[R]:
        """The documented rows that the filters leave."""
        return [row for place, row in rows if self._matches(place, chosen)]

    def _matches(self, place: Place, chosen: DeviceFilter) -> bool:
        pairs = (
            (chosen.device_code, place.device_code),
            (chosen.user_code, place.user_code),
            (chosen.user_name, place.user_name),
            (chosen.address, place.address),
            (chosen.collector_code, place.collector_code),
        )
        if any(part is not None and part not in text for part, text in pairs):
            return False
        return chosen.region is None or self.region_tree.holds(chosen.region, place.region)


def tenths(value: int) -> Decimal:
    """A whole number of tenths as a decimal."""
    return Decimal(value).scaleb(-1)


def hundredths(value: int) -> Decimal:
    """A whole number of hundredths, such as cents, as a decimal."""
    return Decimal(value).scaleb(-2)
