"""Reading and writing of single values: text, numbers, times, enums, in every form that a server may use.

Numbers never become binary floats. A reader raises :class:`Unreadable` (or another ``ValueError``) for a value that
does not fit, and returns ``None`` for empty text unless it reads text.
"""

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from chaobiao._contract.fields import TimeStyle
from chaobiao.clock import SHANGHAI

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(ValueError):
    """The value does not fit the type of its field."""


def read_text(value: Any) -> str:
    if value.__class__ is str:
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise Unreadable


def read_decimal(value: Any) -> Decimal | None:
    if value.__class__ is str:
        if not value:
            return None
        if "_" in value or len(value) > 1000:
            raise Unreadable
        number = Decimal(value)
    elif value.__class__ is int:
        number = Decimal(value)
    elif value.__class__ is Decimal:
        number = value
    else:
        raise Unreadable
    # Written without an exponent, such a number would have more than a thousand digits.
    if not number.is_finite() or not -1000 < number.adjusted() < 1000:
        raise Unreadable
    return number


def read_int(value: Any) -> int | None:
    if value.__class__ is int:
        return value
    if value == "":
        return None
    if value.__class__ is str and value.isascii() and value.isdigit() and len(value) <= 100:
        return int(value)
    number = read_decimal(value)
    if number is None or abs(number) > 10**18 or number != (whole := int(number)):
        raise Unreadable
    return whole


def _from_milliseconds(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1000, SHANGHAI).replace(microsecond=value % 1000 * 1000)


def read_time(value: Any) -> datetime | None:
    """Read "2023-04-22 10:31:53" (China Standard Time), or a millisecond timestamp of 13 digits as text or number."""
    if value.__class__ is str:
        if not value:
            return None
        if value[4:5] == "-":
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:  # combine() does the same as replace() in a quarter of the time
                return datetime.combine(moment, moment.time(), SHANGHAI)
            return moment.astimezone(SHANGHAI)
        if len(value) == 13 and value.isascii() and value.isdigit():
            return _from_milliseconds(int(value))
    elif value.__class__ is int and 10**12 <= value < 10**13:
        return _from_milliseconds(value)
    raise Unreadable


def read_time_or_text(value: Any) -> datetime | str | None:
    """Read a time; return any other text unchanged."""
    try:
        return read_time(value)
    except ValueError:
        return read_text(value)


def write_time(moment: datetime, style: TimeStyle) -> str | int:
    """Write a time in a family's style, in China Standard Time; a naive one is taken as China Standard Time."""
    local = moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    if style == "milliseconds":
        return (local - _EPOCH) // timedelta(milliseconds=1)
    return local.isoformat(" ", "seconds")[:19] if style == "datetime" else local.date().isoformat()


def read_date(value: Any) -> date | None:
    """Read a day such as "2019-04-01"; a time of day after it is ignored."""
    if value == "":
        return None
    if value.__class__ is str and value[4:5] == "-":
        return datetime.fromisoformat(value).date()
    raise Unreadable


def read_bool(value: Any) -> bool | None:
    if value.__class__ is bool:
        return value
    if value in ("0", "1", 0, 1):
        return value in ("1", 1)
    if value == "":
        return None
    raise Unreadable


def enum_reader(kind: type[enum.Enum]) -> Callable[[Any], Any]:
    numeric = issubclass(kind, int)
    known: dict[str | int, enum.Enum] = {member.value: member for member in kind}

    def read(value: Any) -> Any:
        if (value.__class__ is str or value.__class__ is int) and value in known:
            return known[value]
        key = read_int(value) if numeric else read_text(value)
        return None if key is None or key == "" else kind(key)

    return read
