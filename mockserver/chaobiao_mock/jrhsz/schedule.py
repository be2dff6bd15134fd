"""Reports at regular moments: each meter has its own second of the hour or day, and rows are counted, not stored."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from math import lcm

import attrs

from chaobiao_mock.jrhsz.fleet import DAY, HOUR, Fleet


@attrs.frozen
class Schedule:
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


def hourly(fleet: Fleet) -> Schedule:
    """Reports every hour."""
    return Schedule(fleet.history_from, HOUR, 0, HOUR)


def daily(fleet: Fleet) -> Schedule:
    """Reports every morning about half past ten, as in the documents' samples."""
    return Schedule(fleet.history_from, DAY, 10 * HOUR + 1800, 120)


def nightly(fleet: Fleet) -> Schedule:
    """Freezes and pictures every night about one o'clock, as in the documents' samples."""
    return Schedule(fleet.history_from, DAY, 57 * 60, 300)


@attrs.frozen
class ReportRange:
    """The reports of some meters in a period, counted; ``rows`` makes those of one page.

    ``spans`` are (meter, first number, count), ``sums`` their running totals. Beyond them the same spans come again and
    again, each time ``stride`` meters further on, until there are ``total`` reports.
    """

    schedule: Schedule
    spans: list[tuple[int, int, int]]
    sums: list[int]
    stride: int
    total: int

    def rows(self, skip: int, size: int) -> Iterator[tuple[int, datetime]]:
        """``size`` reports after the first ``skip``: meter and moment."""
        row, end = skip, min(skip + size, self.total)
        while row < end:
            block, inside = divmod(row, self.sums[-1])
            page_offset = bisect_right(self.sums, inside)
            index, first, count = self.spans[page_offset]
            done = inside - (self.sums[page_offset] - count)
            for number in range(done, min(count, done + end - row)):
                yield index + block * self.stride, self.schedule.moment(index, first + number)
                row += 1


def reports_of(schedule: Schedule, meters: Iterable[tuple[int, datetime]], end: datetime) -> ReportRange:
    """The reports of single meters, each from a beginning of its own."""
    high = (end - schedule.start).total_seconds()
    spans = [(index, *schedule.span(index, (begin - schedule.start).total_seconds(), high)) for index, begin in meters]
    sums = list(accumulate(count for _, _, count in spans))
    return ReportRange(schedule, spans, sums, 0, sums[-1] if sums else 0)


def reports_of_fleet(
    schedule: Schedule, meters: range, wanted: Callable[[int], bool], pattern: int, begin: datetime, end: datetime
) -> ReportRange:
    """The reports of the wanted ones of any number of meters, where wanting repeats every ``pattern`` meters.

    Their moments repeat as well, so one block of meters tells the counts of all: the work does not grow with them.
    """
    stride = lcm(schedule.spread, pattern)
    block = reports_of(schedule, ((index, begin) for index in meters[:stride] if wanted(index)), end)
    whole, rest = divmod(len(meters), stride)
    partial = sum(count for index, _, count in block.spans if index < meters.start + rest)
    total = whole * block.total + partial if whole else block.total
    return attrs.evolve(block, stride=stride, total=total)
