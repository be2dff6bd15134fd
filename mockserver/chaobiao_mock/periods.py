"""Periods of time and calendar months."""

from datetime import datetime, tzinfo
from functools import lru_cache


def in_period(moment: datetime | None, begin: datetime | None, end: datetime | None) -> bool:
    """Tell whether a moment lies in a period, which includes both ends; ``None`` leaves an end open."""
    return moment is not None and (begin is None or begin <= moment) and (end is None or moment <= end)


def month_number(moment: datetime) -> int:
    """Return the number of the month that holds a moment, so that months can be counted and compared."""
    return moment.year * 12 + moment.month - 1


@lru_cache(maxsize=1_024)
def month_start(number: int, zone: tzinfo | None) -> datetime:
    """Return the first moment of a month."""
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)
