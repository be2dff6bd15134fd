"""The world's clock: another clock plus a shift. The whole mock uses this clock only."""

from datetime import datetime, timedelta
from typing import Final

from chaobiao.clock import SHANGHAI, SYSTEM_CLOCK, Clock
from chaobiao_mock.errors import InvalidInput

#: The last year of the clock: computations go beyond its time, and no date is later than the year 9999.
LAST_YEAR: Final = 9000


class WorldClock:
    """A clock that can be moved forward, so that tokens expire and readings grow without waiting."""

    def __init__(self, base: Clock | None = None, start: datetime | None = None) -> None:
        self._base = base or SYSTEM_CLOCK
        self._start = start if start is None or start.tzinfo else start.replace(tzinfo=SHANGHAI)
        self.restart()

    def restart(self) -> None:
        """Return to the start of the world: its setting, or else the other clock's time."""
        self._ahead = 0.0
        self._shift = timedelta(0) if self._start is None else self._start - self._base.now()

    def now(self) -> datetime:
        """Return the date and time in the world, in China Standard Time."""
        return self._base.now().astimezone(SHANGHAI) + self._shift + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Return seconds that advance with the world's clock."""
        return self._base.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock forward. Raises ``ValueError`` where it would pass the last year."""
        try:
            end = self.now() + timedelta(seconds=seconds)
        except OverflowError:
            end = None
        if end is None or end.year > LAST_YEAR:
            raise InvalidInput(
                f"the clock stops in the year {LAST_YEAR}: reset the world first",
                f"时钟最多走到 {LAST_YEAR} 年，请先重置模拟环境",
            )
        self._ahead += seconds
