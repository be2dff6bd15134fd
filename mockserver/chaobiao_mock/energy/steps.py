"""The steps of a period: which they are by the type of time, and how their times are written.

Steps count from the start of the period, not from midnight or from the settings (4.3): a day from 07:30 to 07:30 has 24
hours, and so has a day from midnight. They are half-open, and the last one ends with the period. The settings decide
where shifts begin.
"""

from calendar import monthrange
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from chaobiao._contract.calendar import Month
from chaobiao.energy import ReturnFormat, TimeType
from chaobiao.energy.codecs import Index
from chaobiao_mock.energy.tables import WRONG
from chaobiao_mock.errors import Refused

#: The most rows of a response that is no page. The document has no limit.
MAX_ROWS: Final = 100_000

#: The length of a step where the request gives none: months, days and minutes.
_DEFAULTS: Final = {TimeType.YEAR: 1, TimeType.MONTH: 1, TimeType.DAY: 60}

#: A step: the index of its time (时间下标), begin and end.
Part = tuple[Index, datetime, datetime]


def edges(time_type: TimeType, start: datetime, end: datetime, interval: int | None = None) -> list[datetime]:
    """Return where the steps of a period begin, and the end of the last one; only ``start`` for an empty period.

    Raises ``Refused`` with 4103 for more than ``MAX_ROWS`` steps.
    """
    length = interval or _DEFAULTS[time_type]
    found: list[datetime] = []
    if time_type is TimeType.YEAR:
        months = (end.year - start.year) * 12 + end.month - start.month
        check_rows(months // length)
        found = [_months_later(start, number) for number in range(0, months + 1, length)]
    else:
        unit = timedelta(days=1) if time_type is TimeType.MONTH else timedelta(minutes=1)
        units = -((start - end) // unit)
        check_rows(units // length)
        found = [start + number * unit for number in range(0, units, length)]
    while found and found[-1] >= end:
        found.pop()
    return [*found, end] if found else [start]


def parts(time_type: TimeType, start: datetime, end: datetime, form: ReturnFormat) -> list[Part]:
    """Return a period as a whole, or its steps: hours for DAY, days for MONTH, months for YEAR.

    The index of a day or month that begins at its first moment is that day or month, else the moment.
    """
    if form is ReturnFormat.TOTAL:
        return [(start, start, end)]
    found = edges(time_type, start, end)
    return [(_index(time_type, begin), begin, until) for begin, until in pairwise(found)]


def check_rows(count: int) -> None:
    """Raise ``Refused`` with 4103 for more rows than a response may have."""
    if count > MAX_ROWS:
        rule = f"Time_Start 至 Time_End 的返回数据超过 {MAX_ROWS} 行"
        raise Refused(WRONG, f"{rule}，请缩短时间段、加大 Time_Interval 或增加筛选条件")


def _months_later(moment: datetime, months: int) -> datetime:
    """A month later than the last days of a long month is the last day of a short one."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _index(time_type: TimeType, begin: datetime) -> Index:
    midnight = begin.hour == begin.minute == begin.second == 0
    if time_type is TimeType.YEAR and midnight and begin.day == 1:
        return Month(begin.year, begin.month)
    if time_type is TimeType.MONTH and midnight:
        return begin.date()
    return begin
