"""Limits of alarm rules and OEE rules, and values as texts."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from chaobiao.energy import AlarmRule, OeeRule

#: The decimal places of registers, and of the values of measuring points.
AMOUNT_PLACES: Final = 4
VALUE_PLACES: Final = 3
#: Beyond every value that a meter can have.
_LARGEST: Final = Decimal(10) ** 18


def bounds_of(rule: AlarmRule | OeeRule, places: int) -> tuple[int, int]:
    """Return the least and the largest value within a rule's limits; values have so many decimal places."""
    lower, upper = (
        int(max(min(limit or Decimal(0), _LARGEST), -_LARGEST).scaleb(places).to_integral_value(rounding))
        for limit, rounding in ((rule.lower_limit, ROUND_CEILING), (rule.upper_limit, ROUND_FLOOR))
    )
    return lower, upper


def plain(number: Decimal) -> str:
    """Return a number without trailing zeros."""
    return format(number.normalize(), "f")
