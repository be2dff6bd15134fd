"""The registers of all meters: real, virtual and manual ones."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from chaobiao.energy import Meter
from chaobiao_mock.energy.series import QUARTER, QUARTERS, SCALE, Series, noise, points_of, series_of
from chaobiao_mock.energy.tables import Table

_TERM: Final = re.compile(r"([+-])([^+-]*)")

#: The sign and the id of each meter of a formula.
Formula = tuple[tuple[int, int], ...]

#: A manual amount: begin, end, and the amount in ten-thousandths of the unit.
Entry = tuple[int, int, int]


def parse_formula(formula: str, meters: Table[Meter]) -> Formula | None:
    """Read names of meters that are joined by + and -, with or without spaces; ``None`` for what cannot be read."""
    parts: list[tuple[int, int]] = []
    for sign, name in _TERM.findall(formula if formula[:1] in "+-" else f"+{formula}"):
        meter = meters.named(name.strip())
        if meter is None or meter.id is None:
            return None
        parts.append((-1 if sign == "-" else 1, meter.id))
    return tuple(parts)


def _place(meter: Meter, quarter: int) -> int:
    """Return which random number a meter has in a quarter of an hour."""
    return (quarter + 31 * (meter.id or 0)) % QUARTERS


class Registers:
    """What each meter has counted at a second, and what it measures."""

    def __init__(self, meters: Table[Meter], seed: int) -> None:
        self._meters = meters
        self._seed = seed
        self._series: dict[tuple[int, str], Series] = {}
        self._begins: dict[int, int] = {}
        self._entries: dict[int, list[Entry]] = {}

    def install(self, meter: int, second: int) -> None:
        """Let a meter count from a second on."""
        self._begins[meter] = second

    def forget(self, meter: int) -> None:
        """Remove what is kept of a meter that was deleted."""
        self._begins.pop(meter, None)
        self._entries.pop(meter, None)

    def enter(self, meter: int, begin: int, end: int, amount: Decimal) -> None:
        """Enter a manual amount of a period."""
        insort(self._entries.setdefault(meter, []), (begin, end, int(amount * SCALE)))

    def series(self, meter: Meter) -> Series:
        """Return how a real meter counts."""
        key = meter.id or 0, meter.kind or ""
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = series_of(*key, self._seed, self._begins.get(meter.id, 0))
        return found

    def total(self, meter: Meter, second: int) -> int:
        """Return what a meter has counted at a second, in ten-thousandths of the unit."""
        if meter.is_virtual:
            formula = parse_formula(meter.formula or "", self._meters) or ()
            parts = ((sign, self._meters.find(key)) for sign, key in formula)
            return sum(sign * self.total(part, second) for sign, part in parts if part is not None)
        if meter.is_manual:
            return self._entered(meter, second)
        return self.series(meter).total(second)

    def amount(self, meter: Meter, begin: int, end: int) -> int:
        """Return what a meter counted in a period, in ten-thousandths of the unit."""
        return self.total(meter, end) - self.total(meter, begin)

    def value(self, meter: Meter, point: str, second: int) -> int | None:
        """Return what a measuring point shows at a second, in thousandths, or ``None`` for an unknown point."""
        function = self._point(meter, point)
        if function is None:
            return None
        return function(self.series(meter).rate(second), noise(point, self._seed)[_place(meter, second // QUARTER)])

    def values(self, meter: Meter, point: str, begin: int, count: int) -> list[int] | None:
        """Return what a measuring point shows in each of so many quarters of an hour from one on.

        It is ``value`` for many quarters after the meter began to count; they repeat, so a year costs what a cycle does.
        """
        function = self._point(meter, point)
        if function is None:
            return None
        series, numbers = self.series(meter), noise(point, self._seed)
        rates, size = series.load.rates, series.size
        cycle = [
            function(size * rates[quarter % QUARTERS], numbers[_place(meter, quarter)])
            for quarter in range(begin, begin + min(count, QUARTERS))
        ]
        return cycle * (count // QUARTERS) + cycle[: count % QUARTERS] if count > QUARTERS else cycle

    def _point(self, meter: Meter, point: str) -> Callable[[int, int], int] | None:
        measures = not (meter.is_virtual or meter.is_manual)
        return points_of(meter.kind or "").get(point) if measures else None

    def _entered(self, meter: Meter, second: int) -> int:
        """A manual amount is spread evenly over its period."""
        total = 0
        entries = self._entries.get(meter.id or 0, [])
        for begin, end, amount in entries[: bisect_left(entries, (second,))]:
            total += amount if second >= end else amount * (second - begin) // (end - begin)
        return total
