"""Years and months, which are no dates: a server that names a month means all of it."""

import re
from datetime import timedelta
from typing import Final, Self

import attrs

_OFFSET: Final = re.compile(r"(-?)([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])")


@attrs.frozen(order=True)
class Year:
    """A calendar year."""

    year: int

    def __str__(self) -> str:
        return f"{self.year:04}"


@attrs.frozen(order=True)
class Month:
    """A month of a calendar year."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2019-04". Raises ``ValueError`` for anything else."""
        year, _, month = text.partition("-")
        if not (len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
            raise ValueError("not a month")
        return cls(int(year), int(month))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def read_offset(text: str) -> timedelta:
    """Read a time of day before or after midnight, such as "-07:30:00". Raises ``ValueError`` for anything else."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError("not an offset")
    sign, hours, minutes, seconds = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -offset if sign else offset


def write_offset(offset: timedelta) -> str:
    """Return the text of an offset, such as "-07:30:00"."""
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    sign = "-" if offset < timedelta(0) else ""
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
