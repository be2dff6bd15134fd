"""Reports at regular times: each meter has its own second of the hour or day, and reports are counted, not stored."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from math import lcm
from typing import Final

import attrs

from chaobiao_mock.jrhsz.fleet import DAY, HOUR, Fleet
from chaobiao_mock.pagination import LazyRows, Span, rows_of_spans

_SECOND: Final = timedelta(seconds=1)


@attrs.frozen
class Schedule:
    """Reports ``offset + k * step`` seconds after ``start``; the meters are distributed over ``spread`` seconds."""

    start: datetime
    step: int
    offset: int
    spread: int

    def first(self, index: int) -> int:
        """Return the time of a meter's first report, in seconds after the start."""
        return self.offset + index * 7 % self.spread

    def span(self, index: int, begin: float, end: float) -> tuple[int, int]:
        """Return the reports of a meter from ``begin`` to ``end`` (seconds after the start): first number and count."""
        first = self.first(index)
        low = max(-int((first - begin) // self.step), 0)
        high = int((end - first) // self.step)
        return low, max(high - low + 1, 0)

    def spans(self, indexes: Iterable[int], begin: datetime, end: datetime) -> list[Span]:
        """Return the reports of many meters in a period."""
        # Written without calls, in whole numbers: this runs for thousands of meters in each request for a history.
        earliest = -((self.start - begin) // _SECOND)
        latest = (end - self.start) // _SECOND
        offset, spread, step = self.offset, self.spread, self.step
        found: list[Span] = []
        for index in indexes:
            first = offset + index * 7 % spread
            low = -((first - earliest) // step)
            if low < 0:
                low = 0
            found.append((index, low, (latest - first) // step - low + 1))
        return found

    def span_between(self, index: int, begin: datetime, end: datetime) -> tuple[int, int]:
        """Return the reports of a meter in a period: first number and count."""
        return self.span(index, (begin - self.start).total_seconds(), (end - self.start).total_seconds())

    def moment(self, index: int, number: int) -> datetime:
        """Return the time of a meter's report by its number."""
        return self.start + timedelta(seconds=self.first(index) + number * self.step)

    def latest(self, index: int, now: datetime) -> datetime | None:
        """Return the time of a meter's newest report, if there is one."""
        number = int(((now - self.start).total_seconds() - self.first(index)) // self.step)
        return self.moment(index, number) if number >= 0 else None


def hourly(fleet: Fleet) -> Schedule:
    """Return the schedule of hourly reports."""
    return Schedule(fleet.history_from, HOUR, 0, HOUR)


def daily(fleet: Fleet) -> Schedule:
    """Return the schedule of daily reports, every morning about half past ten, as in the documents' samples."""
    return Schedule(fleet.history_from, DAY, 10 * HOUR + 1800, 120)


def nightly(fleet: Fleet) -> Schedule:
    """Return the schedule of freezes and photographs, every night about one o'clock, as in the documents' samples."""
    return Schedule(fleet.history_from, DAY, 57 * 60, 300)


#: A meter's index, and the time of its report.
MeterReport = tuple[int, datetime]


def reports_of(schedule: Schedule, meters: Iterable[tuple[int, datetime]], end: datetime) -> LazyRows[MeterReport]:
    """Return the reports of single meters, each from its own beginning to ``end``."""
    spans = [(index, *schedule.span_between(index, begin, end)) for index, begin in meters]
    return rows_of_spans(spans).map(lambda row: (row[0], schedule.moment(*row)))


def reports_of_generated(
    schedule: Schedule,
    meters: range,
    included: Callable[[int], bool],
    repeat_after: int,
    begin: datetime,
    end: datetime,
) -> LazyRows[MeterReport]:
    """Return the reports of the included ones of any number of meters.

    Which meters are included repeats after ``repeat_after`` meters, and so do the times of their reports. Therefore
    only one block of meters is counted, whatever the size of the fleet.
    """
    stride = lcm(schedule.spread, repeat_after)
    spans = schedule.spans(filter(included, meters[:stride]), begin, end)
    block = rows_of_spans(spans)
    blocks, rest = divmod(len(meters), stride)
    in_rest = sum(count for index, _, count in spans if index < meters.start + rest and count > 0)

    def create(low: int, high: int) -> Iterator[MeterReport]:
        while low < high:
            number, begin = divmod(low, block.count)
            end = min(block.count, begin + high - low)
            for index, report in block.slice(begin, end):
                yield index + number * stride, schedule.moment(index, report)
            low += end - begin

    return LazyRows(blocks * block.count + in_rest if blocks else block.count, create)
