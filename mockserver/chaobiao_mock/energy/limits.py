"""Limits of alarm rules and OEE rules, and values as texts."""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from chaobiao.energy import AlarmRule, OeeRule

#: The decimal places of registers, and of the values of measuring points.
AMOUNT_PLACES: Final = 4
VALUE_PLACES: Final = 3
#: Beyond every value that a meter can have.
_LARGEST: Final = Decimal(10) ** 18


def within(rule: AlarmRule | OeeRule, places: int) -> Callable[[int], bool]:
    """Return whether a value lies within a rule's limits, both included; values have so many decimal places."""
    lower, upper = (
        int(max(min(limit or Decimal(0), _LARGEST), -_LARGEST).scaleb(places).to_integral_value(rounding))
        for limit, rounding in ((rule.lower_limit, ROUND_CEILING), (rule.upper_limit, ROUND_FLOOR))
    )
    return lambda value: lower <= value <= upper


def plain(number: Decimal) -> str:
    """Return a number without trailing zeros."""
    return format(number.normalize(), "f")
