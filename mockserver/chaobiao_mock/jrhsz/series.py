"""Reports at regular moments: each meter has its own second of the hour or day, and rows are counted, not stored."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

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


def window(
    series: Series, meters: Sequence[int], begin: datetime, end: datetime, skip: int, size: int
) -> tuple[int, list[tuple[int, datetime]]]:
    """Answer how many reports the meters made from ``begin`` to ``end``, and ``size`` of them after ``skip``."""
    low = (begin - series.start).total_seconds()
    high = (end - series.start).total_seconds()
    spans = [series.span(index, low, high) for index in meters]
    sums = list(accumulate(count for _, count in spans))
    total = sums[-1] if sums else 0
    return total, list(_slice(series, meters, spans, sums, skip, min(skip + size, total)))


def _slice(
    series: Series,
    meters: Sequence[int],
    spans: list[tuple[int, int]],
    sums: list[int],
    begin: int,
    end: int,
) -> Iterator[tuple[int, datetime]]:
    row = begin
    place = bisect_right(sums, begin)
    while row < end:
        index, (first, count) = meters[place], spans[place]
        before = sums[place] - count
        while row < end and row < sums[place]:
            yield index, series.moment(index, first + row - before)
            row += 1
        place += 1
