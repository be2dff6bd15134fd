"""The world's time: another clock's, shifted. Nothing in the mock asks any other clock."""

from datetime import datetime, timedelta
from typing import Final

from chaobiao.clock import SHANGHAI, SYSTEM_CLOCK, Clock

#: The last year; later than this there would soon be no date for a reading's next one.
LAST_YEAR: Final = 9000


class WorldClock:
    """A clock that can be set ahead, so that tokens expire and readings move without waiting."""

    def __init__(self, base: Clock | None = None, start: datetime | None = None) -> None:
        self._base = base or SYSTEM_CLOCK
        self._start = start if start is None or start.tzinfo else start.replace(tzinfo=SHANGHAI)
        self.restart()

    def restart(self) -> None:
        """Go back to the beginning: the start where there is one, else the other clock's time."""
        self._ahead = 0.0
        self._shift = timedelta(0) if self._start is None else self._start - self._base.now()

    def now(self) -> datetime:
        """The world's wall clock."""
        return self._base.now().astimezone(SHANGHAI) + self._shift + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds, moving with the world's clock."""
        return self._base.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once. Raises ``ValueError`` where it would pass the last year that a date can have."""
        try:
            ends = self.now() + timedelta(seconds=seconds)
        except OverflowError:
            ends = None
        if ends is None or ends.year > LAST_YEAR:
            raise ValueError(f"the clock stops in the year {LAST_YEAR}: reset the world first")
        self._ahead += seconds
