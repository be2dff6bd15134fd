"""What meters count and measure: registers and parameters as functions of time.

Everything is computed when it is asked for, in whole numbers: a register is a running sum that is known at every
second, so the amounts of periods add up exactly, and a year costs no more than a day. Loads repeat after 13 weeks and
are constant within a quarter of an hour.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Final

import attrs

from chaobiao_mock.generated import hash32

QUARTER: Final = 900
#: How many quarters of an hour a load has before it repeats.
QUARTERS: Final = 13 * 7 * 96
_CYCLE: Final = QUARTERS * QUARTER
#: Registers count in ten-thousandths of the unit.
SCALE: Final = 10_000
#: Different loads for each kind of energy.
_VARIANTS: Final = 4
#: A normal load in ten-thousandths of the unit a second, by the code of the kind of energy: 140 is 50 kWh in an hour.
_USUAL: Final = {"0": 140, "1": 9, "2": 6, "3": 5, "4": 7, "5": 4, "6": 5, "7": 60, "8": 12}


@attrs.frozen(eq=False)
class Load:
    """A load: ten-thousandths of the unit a second in each quarter of an hour of a cycle, and their running sum.

    Meters share loads, so a load is compared by identity.
    """

    rates: tuple[int, ...]
    sums: tuple[int, ...]

    def rate(self, second: int) -> int:
        """Return the load at a second."""
        return self.rates[second // QUARTER % QUARTERS]

    def total(self, second: int) -> int:
        """Return what was used from second 0 up to a second."""
        cycles, rest = divmod(second, _CYCLE)
        quarter, part = divmod(rest, QUARTER)
        return cycles * self.sums[-1] + self.sums[quarter] + self.rates[quarter] * part

    def differences(self, seconds: Sequence[int]) -> list[int]:
        """Return what was used from each second to the next one; the same as with ``total``, in a third of the time."""
        rates, sums, whole = self.rates, self.sums, self.sums[-1]
        totals = [
            second // _CYCLE * whole
            + sums[(quarter := second % _CYCLE // QUARTER)]
            + rates[quarter] * (second % QUARTER)
            for second in seconds
        ]
        return [*map(sub, totals[1:], totals)]


@lru_cache(maxsize=256)
def load(kind: str, variant: int, seed: int) -> Load:
    """Return one of the loads of a kind of energy: second 0 is the midnight before a Monday.

    Machines run in three shifts, with standby at the change of shifts and at night; on Sundays most stand still.
    """
    usual = _USUAL.get(kind, 10)
    rates: list[int] = []
    for day in range(QUARTERS // 96):
        chance = hash32(seed, day, 11 + variant)
        level = 70 + chance % 61  # per cent of the usual load
        sunday = day % 7 == 6
        stops = 30 + chance // 97 % 50  # the quarter in which the machine stands still for an hour
        for quarter in range(96):
            rest = quarter % 32  # within the shift of eight hours
            if sunday and (variant or quarter >= 32):
                percent = 0
            elif rest < 2 or stops <= quarter < stops + 4:
                percent = 2 if variant % 2 else 0
            else:
                percent = level + hash32(seed, day * 96 + quarter, 23 + variant) % 21 - 10 - 15 * (quarter // 64)
            rates.append(usual * percent // 100)
    return Load(tuple(rates), (0, *accumulate(rate * QUARTER for rate in rates)))


@attrs.frozen
class Series:
    """How one meter counts: a load times a size."""

    load: Load
    size: int
    #: The second from which it counts.
    begin: int

    def total(self, second: int) -> int:
        """Return the register at a second, in ten-thousandths of the unit."""
        return 0 if second <= self.begin else self.size * (self.load.total(second) - self.load.total(self.begin))

    def rate(self, second: int) -> int:
        """Return the load at a second, in ten-thousandths of the unit a second."""
        return 0 if second < self.begin else self.size * self.load.rate(second)


def series_of(meter: int, kind: str, seed: int, begin: int) -> Series:
    """Return how a generated meter counts."""
    chance = hash32(seed, meter, 5) >> 4
    return Series(load(kind, chance % _VARIANTS, seed), 1 + chance // 7 % 4, begin)


@lru_cache(maxsize=64)
def noise(point: str, seed: int) -> tuple[int, ...]:
    """Return numbers that look random for a measuring point, one for each quarter of an hour of a cycle."""
    salt = sum(point.encode())
    return tuple(hash32(seed, quarter, salt) >> 5 for quarter in range(QUARTERS))


#: Measuring points by kind of energy, with a function that returns thousandths from the load, and a number that looks
#: random for the meter, the point and the quarter of an hour.
POINTS: Final[dict[str, dict[str, Callable[[int, int], int]]]] = {
    "0": {
        "UA": lambda rate, chance: 218_000 + chance % 7_000 - rate,
        "UB": lambda rate, chance: 218_500 + chance % 7_000 - rate,
        "UC": lambda rate, chance: 217_500 + chance % 7_000 - rate,
        "IA": lambda rate, chance: rate * (630 + chance % 30),
        "IB": lambda rate, chance: rate * (630 + chance % 30),
        "IC": lambda rate, chance: rate * (630 + chance % 30),
    },
    "7": {"PRESSURE": lambda rate, chance: 600 + chance % 150, "FLOW": lambda rate, chance: rate * 360},
}
#: The points of all other kinds.
OTHER_POINTS: Final[dict[str, Callable[[int, int], int]]] = {
    "FLOW": lambda rate, chance: rate * 360,
    "PRESSURE": lambda rate, chance: 250 + chance % 100,
}


def points_of(kind: str) -> dict[str, Callable[[int, int], int]]:
    """Return the measuring points of a kind of energy."""
    return POINTS.get(kind, OTHER_POINTS)
