"""Load profiles: how the use of a day is distributed over its hours, and the days of a week over the week.

A profile turns a time into seconds of average use since a midnight. It grows with the time, and a whole week has the
seconds of a week, so that what a meter uses in the long run does not depend on its profile.
"""

from itertools import accumulate
from typing import Final

from chaobiao_mock.generated import hash32

HOUR: Final = 3_600
_HOURS: Final = 7 * 24
WEEK: Final = _HOURS * HOUR
#: How many different profiles there are for each commodity.
_VARIANTS: Final = 8

#: The use of each hour of a day, in parts of any size.
_ELECTRICITY: Final = (4, 3, 3, 3, 3, 4, 7, 10, 9, 7, 7, 9, 11, 9, 7, 7, 8, 11, 16, 19, 19, 17, 12, 7)
_WATER: Final = (1, 1, 0, 0, 1, 3, 12, 18, 12, 6, 5, 7, 11, 7, 4, 4, 6, 12, 17, 16, 14, 12, 7, 3)

#: The profile as seconds at the begin of each hour of a week, and the seconds of use that a second of the hour counts.
Profile = tuple[tuple[float, ...], tuple[float, ...]]


def _profile(parts: tuple[int, ...], seed: int, variant: int) -> Profile:
    weights: list[float] = []
    for day in range(7):
        level = 100 + (hash32(seed, day, 61 + variant) >> 4) % 31 + (15 if day >= 5 else 0)
        for hour in range(24):
            noise = 90 + (hash32(seed, day * 24 + hour, 71 + variant) >> 4) % 21
            weights.append(parts[(hour - variant % 3 + 1) % 24] * level * noise)
    scale = _HOURS / sum(weights)
    rates = tuple(weight * scale for weight in weights)
    return (0.0, *accumulate(rate * HOUR for rate in rates)), rates


class Loads:
    """The profiles of one world; the seed decides them."""

    def __init__(self, seed: int) -> None:
        self._electricity = [_profile(_ELECTRICITY, seed, variant) for variant in range(_VARIANTS)]
        self._water = [_profile(_WATER, seed, variant) for variant in range(_VARIANTS)]

    def used(self, index: int, seconds: float, *, is_water: bool) -> float:
        """Return the seconds of average use that a meter has counted, ``seconds`` after a midnight."""
        sums, rates = (self._water if is_water else self._electricity)[index % _VARIANTS]
        weeks, rest = divmod(seconds, WEEK)
        hour = int(rest // HOUR)
        return weeks * WEEK + sums[hour] + rates[hour] * (rest - hour * HOUR)
