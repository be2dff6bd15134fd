"""Whole numbers of tenths and hundredths as decimals: the mock counts in them, so that sums are exact."""

from decimal import Decimal


def tenths(value: int) -> Decimal:
    """Return a number of tenths as a decimal with one place."""
    return Decimal(value).scaleb(-1)


def hundredths(value: int) -> Decimal:
    """Return a number of hundredths, such as cents, as a decimal with two places."""
    return Decimal(value).scaleb(-2)


def with_places(value: int, places: int, least: int) -> Decimal:
    """Return a whole number of the smallest places as a decimal, without zeros at the end beyond the least places."""
    while places > least and value % 10 == 0:
        value //= 10
        places -= 1
    return Decimal(value).scaleb(-places)
