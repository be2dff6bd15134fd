"""The state of the water API: it only answers questions, so all that moves is time."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from chaobiao_mock.clock import WorldClock
from chaobiao_mock.water.accounts import Accounts
from chaobiao_mock.water.atlas import Atlas
from chaobiao_mock.water.documented import Place
from chaobiao_mock.water.estate import Estate, Who
from chaobiao_mock.water.play import WaterPlay

R = TypeVar("R")


class WaterState:
    """What one world's water API knows."""

    def __init__(self, clock: WorldClock, meters: int, seed: int, began: datetime, play: WaterPlay) -> None:
        self.clock = clock
        self.play = play
        self.atlas = Atlas(deep=self.play.regions == "deep")
        self.estate = Estate(meters, seed, began, self.atlas)
        self.accounts = Accounts(self.estate)

    def documented(self, rows: Iterable[tuple[Place, R]], who: Who) -> list[R]:
        """The documented rows that the filters leave."""
        return [row for place, row in rows if self._matches(place, who)]

    def _matches(self, place: Place, who: Who) -> bool:
        pairs = (
            (who.device_code, place.device_code),
            (who.user_code, place.user_code),
            (who.user_name, place.user_name),
            (who.address, place.address),
            (who.collector_code, place.collector_code),
        )
        if any(part is not None and part not in text for part, text in pairs):
            return False
        return who.region is None or self.atlas.holds(who.region, place.region)


def tenths(value: int) -> Decimal:
    """A whole number of tenths as a decimal."""
    return Decimal(value).scaleb(-1)


def hundredths(value: int) -> Decimal:
    """A whole number of hundredths, such as cents, as a decimal."""
    return Decimal(value).scaleb(-2)
