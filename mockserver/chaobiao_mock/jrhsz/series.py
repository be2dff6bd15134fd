"""Reports at regular moments: each meter has its own second of the hour or day, and rows are counted, not stored."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from math import lcm

import attrs

from chaobiao_mock.jrhsz.estate import DAY, HOUR, Estate


@attrs.frozen
class Series:
    """Moments ``offset + k * step`` seconds after ``start``, the offset varying by meter within ``spread`` seconds."""

    start: datetime
    step: int
    offset: int
    spread: int

    def first(self, index: int) -> int:
        """A meter's first moment, in seconds after the start."""
        return self.offset + index * 7 % self.spread

    def span(self, index: int, begin: float, end: float) -> tuple[int, int]:
        """Which moments of a meter lie from ``begin`` to ``end`` (seconds after the start): first number and count."""
        first = self.first(index)
        low = max(-int((first - begin) // self.step), 0)
        high = int((end - first) // self.step)
        return low, max(high - low + 1, 0)

    def moment(self, index: int, number: int) -> datetime:
        """A meter's moment by number."""
        return self.start + timedelta(seconds=self.first(index) + number * self.step)

    def latest(self, index: int, now: datetime) -> datetime | None:
        """The newest moment that has passed, if any."""
        number = int(((now - self.start).total_seconds() - self.first(index)) // self.step)
        return self.moment(index, number) if number >= 0 else None


def hourly(estate: Estate) -> Series:
    """Reports every hour."""
    return Series(estate.history_from, HOUR, 0, HOUR)


def daily(estate: Estate) -> Series:
    """Reports every morning about half past ten, as in the documents' samples."""
    return Series(estate.history_from, DAY, 10 * HOUR + 1800, 120)


def nightly(estate: Estate) -> Series:
    """Freezes and pictures every night about one o'clock, as in the documents' samples."""
    return Series(estate.history_from, DAY, 57 * 60, 300)


@attrs.frozen
class Window:
    """The reports of some meters in a period, counted; ``rows`` makes those that somebody looks at.

    ``spans`` are (meter, first number, count), ``sums`` their running totals. Beyond them the same spans come again and
    again, each time ``stride`` meters further on, until there are ``total`` reports.
    """

    series: Series
    spans: list[tuple[int, int, int]]
    sums: list[int]
    stride: int
    total: int

    def rows(self, skip: int, size: int) -> Iterator[tuple[int, datetime]]:
        """``size`` reports after the first ``skip``: meter and moment."""
        row, end = skip, min(skip + size, self.total)
        while row < end:
            block, inside = divmod(row, self.sums[-1])
            place = bisect_right(self.sums, inside)
            index, first, count = self.spans[place]
            done = inside - (self.sums[place] - count)
            for number in range(done, min(count, done + end - row)):
                yield index + block * self.stride, self.series.moment(index, first + number)
                row += 1


def of_meters(series: Series, meters: Iterable[tuple[int, datetime]], end: datetime) -> Window:
    """The reports of single meters, each from a beginning of its own."""
    high = (end - series.start).total_seconds()
    spans = [(index, *series.span(index, (begin - series.start).total_seconds(), high)) for index, begin in meters]
    sums = list(accumulate(count for _, _, count in spans))
    return Window(series, spans, sums, 0, sums[-1] if sums else 0)


def of_crowd(
    series: Series, meters: range, wanted: Callable[[int], bool], pattern: int, begin: datetime, end: datetime
) -> Window:
    """The reports of the wanted ones of any number of meters, where wanting repeats every ``pattern`` meters.

    Their moments repeat as well, so one block of meters tells the counts of all: the work does not grow with them.
    """
    stride = lcm(series.spread, pattern)
    block = of_meters(series, ((index, begin) for index in meters[:stride] if wanted(index)), end)
    whole, rest = divmod(len(meters), stride)
    partial = sum(count for index, _, count in block.spans if index < meters.start + rest)
    total = whole * block.total + partial if whole else block.total
    return attrs.evolve(block, stride=stride, total=total)
