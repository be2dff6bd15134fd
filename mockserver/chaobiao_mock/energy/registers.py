"""The registers of all meters: real, virtual and manual ones."""

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import mul
from typing import Final

import attrs

from chaobiao.energy import Meter
from chaobiao_mock.energy.series import QUARTER, QUARTERS, SCALE, Load, Series, noise, points_of, series_of
from chaobiao_mock.energy.tables import Table

_TERM: Final = re.compile(r"([+-])([^+-]*)")

#: The sign and the id of each meter of a formula.
Formula = tuple[tuple[int, int], ...]

#: An amount that was entered for a period: begin, end, and the amount in ten-thousandths of the unit.
Entry = tuple[int, int, int]

#: A part of a register: a load with the second from which it counts, or a meter's id for the amounts entered of it.
Source = tuple[Load, int] | int


@lru_cache(maxsize=4_096)
def _terms(formula: str) -> tuple[tuple[int, str], ...]:
    """Return the sign and the name of each meter of a formula."""
    found = _TERM.findall(formula if formula[:1] in ("+", "-") else f"+{formula}")
    return tuple((-1 if sign == "-" else 1, name.strip()) for sign, name in found)


def parse_formula(formula: str, meters: Table[Meter]) -> Formula | None:
    """Read names of meters that are joined by + and -, with or without spaces; ``None`` for what cannot be read."""
    parts: list[tuple[int, int]] = []
    for sign, name in _terms(formula):
        meter = meters.named(name)
        if meter is None or meter.id is None:
            return None
        parts.append((sign, meter.id))
    return tuple(parts)


def _place(meter: Meter, quarter: int) -> int:
    """Return which random number a meter has in a quarter of an hour."""
    return (quarter + 31 * (meter.id or 0)) % QUARTERS


def renamed(formula: str, old: str, new: str) -> str:
    """Return a formula in which a meter has another name."""
    return "".join(part.replace(old, new) if part.strip() == old else part for part in re.split("([+-])", formula))


@attrs.frozen
class SavedRegisters:
    """The registers in a snapshot: when meters began to count, and the amounts that were entered, by meter."""

    begins: dict[int, int]
    entries: dict[int, list[Entry]]


class Registers:
    """What each meter has counted at a second, and what it measures."""

    def __init__(self, meters: Table[Meter], seed: int) -> None:
        self._meters = meters
        self._seed = seed
        self._series: dict[tuple[int, str], Series] = {}
        self._begins: dict[int, int] = {}
        self._entries: dict[int, list[Entry]] = {}

    def saved(self) -> SavedRegisters:
        """Return what a snapshot keeps."""
        return SavedRegisters(dict(self._begins), {meter: [*entries] for meter, entries in self._entries.items()})

    def restore(self, saved: SavedRegisters) -> None:
        """Return to a snapshot."""
        self._series.clear()
        self._begins = dict(saved.begins)
        self._entries = {meter: sorted(entries) for meter, entries in saved.entries.items()}

    def install(self, meter: int, second: int) -> None:
        """Let a meter count from a second on."""
        self._begins[meter] = second

    def forget(self, meter: int) -> None:
        """Remove what is kept of a meter that was deleted."""
        self._begins.pop(meter, None)
        self._entries.pop(meter, None)

    def enter(self, meter: int, begin: int, end: int, amount: Decimal) -> None:
        """Enter an amount of a period: of a manual meter, or recorded by a real one before its series begins."""
        insort(self._entries.setdefault(meter, []), (begin, end, int(amount * SCALE)))

    def series(self, meter: Meter) -> Series:
        """Return how a real meter counts."""
        key = meter.id or 0, meter.kind or ""
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = series_of(*key, self._seed, self._begins.get(key[0], 0))
        return found

    def sources(self, meters: Iterable[Meter]) -> Counter[Source]:
        """Return what the registers of meters consist of together, and how often each part counts.

        Meters that share a load differ by their size only: a thousand meters have no more than a few loads.
        """
        found: Counter[Source] = Counter()
        for meter in meters:
            self._add(found, meter, 1)
        return found

    def _add(self, found: Counter[Source], meter: Meter, sign: int) -> None:
        if meter.is_virtual:
            for part_sign, part in parse_formula(meter.formula or "", self._meters) or ():
                self._add(found, self._meters.get(part), sign * part_sign)
            return
        key = meter.id or 0
        if not meter.is_manual:
            series = self.series(meter)
            found[series.load, series.begin] += sign * series.size
        if key in self._entries:
            found[key] += sign

    def total(self, meter: Meter, second: int) -> int:
        """Return what a meter has counted at a second, in ten-thousandths of the unit."""
        return sum(times * self._counted(source, second) for source, times in self.sources((meter,)).items())

    def _counted(self, source: Source, second: int) -> int:
        if isinstance(source, int):
            entries = self._entries[source]
            return sum(_share(entry, second) for entry in entries[: bisect_left(entries, (second,))])
        load, begin = source
        return load.total(max(second, begin)) - load.total(begin)

    def amount(self, meter: Meter, begin: int, end: int) -> int:
        """Return what a meter counted in a period, in ten-thousandths of the unit."""
        return self.total(meter, end) - self.total(meter, begin)

    def differences(self, source: Source, seconds: Sequence[int]) -> list[int]:
        """Return what a part of registers counted from each second to the next one."""
        if isinstance(source, int):
            return self._entered(self._entries[source], seconds)
        load, begin = source
        return load.differences(seconds if begin <= seconds[0] else [max(second, begin) for second in seconds])

    @staticmethod
    def _entered(entries: Sequence[Entry], seconds: Sequence[int]) -> list[int]:
        """Look only at the steps that an entry overlaps: a year has many of both."""
        found = [0] * (len(seconds) - 1)
        for entry in entries:
            first = max(bisect_left(seconds, entry[0]) - 1, 0)
            last = min(bisect_left(seconds, entry[1]), len(found))
            for step in range(first, last):
                found[step] += _share(entry, seconds[step + 1]) - _share(entry, seconds[step])
        return found

    def value(self, meter: Meter, point: str, second: int) -> int | None:
        """Return what a measuring point shows at a second, in thousandths, or ``None`` for an unknown point."""
        found = self.values(meter, point, (second,))
        return found[0] if found else None

    def values(self, meter: Meter, point: str, seconds: Iterable[int]) -> list[int]:
        """Return what a measuring point shows at each second, in thousandths; nothing for an unknown point."""
        function = self._point(meter, point)
        if function is None:
            return []
        rate, numbers = self.series(meter).rate, noise(point, self._seed)
        return [function(rate(second), numbers[_place(meter, second // QUARTER)]) for second in seconds]

    def quarters(self, meter: Meter, point: str, first: int, count: int) -> list[int]:
        """Return what a measuring point shows in each of so many quarters of an hour; nothing for an unknown point.

        The quarters lie after the meter began to count. Values repeat as loads do: a year costs what a cycle does.
        """
        function = self._point(meter, point)
        if function is None:
            return []
        series, numbers = self.series(meter), noise(point, self._seed)
        rates, size = series.load.rates, series.size
        cycle = [
            function(size * rates[quarter % QUARTERS], numbers[_place(meter, quarter)])
            for quarter in range(first, first + min(count, QUARTERS))
        ]
        return cycle * (count // QUARTERS) + cycle[: count % QUARTERS] if count > QUARTERS else cycle

    @staticmethod
    def _point(meter: Meter, point: str) -> Callable[[int, int], int] | None:
        measures = not (meter.is_virtual or meter.is_manual)
        return points_of(meter.kind or "").get(point) if measures else None


def _share(entry: Entry, second: int) -> int:
    """Return the part of an entered amount that is counted at a second: it is spread evenly over its period."""
    begin, end, amount = entry
    return amount * (min(max(second, begin), end) - begin) // (end - begin)


class StepAmounts:
    """What meters count in the steps of one period. What they share is computed once."""

    def __init__(self, registers: Registers, seconds: Sequence[int]) -> None:
        self._registers = registers
        #: The seconds at which steps begin, and the end of the last one.
        self.seconds = seconds
        self._differences: dict[Source, list[int]] = {}
        self._sums: dict[frozenset[tuple[Source, int]], Sequence[int]] = {}

    def of(self, meters: Iterable[Meter]) -> Sequence[int]:
        """Return what meters count together in each step, in ten-thousandths of the unit."""
        sources = self._registers.sources(meters)
        key = frozenset(sources.items())
        found = self._sums.get(key)
        if found is None:
            found = self._sums[key] = self._sum(sources)
        return found

    def _sum(self, sources: Counter[Source]) -> Sequence[int]:
        for source in sources:
            if source not in self._differences:
                self._differences[source] = self._registers.differences(source, self.seconds)
        factors = tuple(sources.values())
        columns = zip(*(self._differences[source] for source in sources), strict=True)
        return [sum(map(mul, factors, column)) for column in columns] or [0] * (len(self.seconds) - 1)
