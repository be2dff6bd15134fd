"""The world's clock: real, frozen or scaled, and only ever moved forward. The whole mock uses this clock only."""

from datetime import datetime, timedelta
from typing import Final

import attrs

from chaobiao.clock import SHANGHAI, SYSTEM_CLOCK, Clock
from chaobiao_mock.errors import InvalidInput

#: The last year of the clock: computations go beyond its time, and no date is later than the year 9999.
LAST_YEAR: Final = 9000
#: The years in which a world may begin.
FIRST_YEARS: Final = (2000, 2100)
#: The most world seconds that pass in one real second.
MAX_RATE: Final = 100_000.0


@attrs.frozen
class SavedClock:
    """The clock in a snapshot: its first moment, the seconds since then, and its rate."""

    began: datetime
    elapsed: float
    rate: float


class WorldClock:
    """A clock on top of another one, whose seconds it multiplies by ``rate``: 0 freezes it, 60 makes a minute a second.

    It starts at ``start``, or at the other clock's time. Raises ``ValueError`` for a start or a rate out of bounds.
    """

    def __init__(self, base: Clock | None = None, start: datetime | None = None, rate: float = 1.0) -> None:
        self._base = base or SYSTEM_CLOCK
        self._start = None if start is None else checked_start(start)
        self._first_rate = checked_rate(rate)
        self.restart()

    def restart(self) -> None:
        """Return to the start of the world: its setting, or else the other clock's time."""
        self._rate = self._first_rate
        self._began = (self._start or self._base.now()).astimezone(SHANGHAI)
        self._since = self._base.monotonic()
        self._elapsed = 0.0

    def saved(self) -> SavedClock:
        """Return what a snapshot keeps."""
        return SavedClock(self._began, self.monotonic(), self._rate)

    def restore(self, saved: SavedClock) -> None:
        """Go on from the moment of a snapshot. Raises ``ValueError`` for one that is out of bounds."""
        rate = checked_rate(saved.rate)
        if not 0 <= saved.elapsed <= (LAST_YEAR - saved.began.year) * 366 * 86_400:
            raise InvalidInput("the time of the snapshot is out of bounds", "快照的时间超出范围")
        self._began, self._elapsed = saved.began.astimezone(SHANGHAI), saved.elapsed
        self._rate, self._since = rate, self._base.monotonic()

    def now(self) -> datetime:
        """Return the date and time in the world, in China Standard Time."""
        return self._began + timedelta(seconds=self.monotonic())

    def wall_time(self) -> datetime:
        """Return the other clock's time, for what people read beside the world's time."""
        return self._base.now()

    def monotonic(self) -> float:
        """Return the seconds since the start of the world."""
        return self._elapsed + (self._base.monotonic() - self._since) * self._rate

    @property
    def rate(self) -> float:
        """How many seconds pass in the world in one second of the other clock."""
        return self._rate

    def run(self, rate: float = 1.0) -> None:
        """Let time pass at another rate from now on. Raises ``ValueError`` for a rate out of bounds."""
        rate = checked_rate(rate)
        self._elapsed, self._since = self.monotonic(), self._base.monotonic()
        self._rate = rate

    def freeze(self) -> None:
        """Stop the clock; it can still be moved."""
        self.run(0.0)

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
        if seconds < 0:
            raise InvalidInput(
                "the clock moves forward only; reset the world to go back", "时钟只能向前，如需回到过去请重置模拟环境"
            )
        self._elapsed += seconds

    def set(self, moment: datetime) -> None:
        """Move the clock forward to a moment; without a zone it is China Standard Time. Raises ``ValueError``."""
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        self.advance((moment - self.now()).total_seconds())


def checked_start(moment: datetime) -> datetime:
    """Return a world's first time; without a zone it is China Standard Time. Raises ``ValueError``."""
    first, last = FIRST_YEARS
    if not first <= moment.year <= last:
        raise InvalidInput(
            f'start must be a time from {first} to {last}, such as "2023-04-22 10:31:53"',
            f'start 须为 {first} 至 {last} 年之间的时间，例如 "2023-04-22 10:31:53"',
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def checked_rate(rate: float) -> float:
    """Return a rate. Raises ``ValueError`` for one out of bounds."""
    if not 0 <= rate <= MAX_RATE:
        raise InvalidInput(
            f"rate must be a number from 0 (frozen) to {MAX_RATE:g}", f"rate 须为 0（冻结）到 {MAX_RATE:g} 之间的数字"
        )
    return float(rate)
