"""JSON text to Python values and back: strict about syntax, exact about numbers, tolerant of repeated keys."""

import json
import secrets
from decimal import Decimal
from typing import Any, Final

from chaobiao._wire.quick_json import DOUBT, quick_parser


class MalformedJson(ValueError):
    """Text that is not JSON. The error holds no part of the text, which may contain a token."""


class Conflict:
    """The different values of a key that occurs several times in one object. In a typed field they are unreadable."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"Conflict{self.values!r}"


class HugeNumber:
    """A number too large for int or Decimal. In a typed field it is unreadable."""

    def __init__(self, text: str) -> None:
        self.text = text[:100]

    def __repr__(self) -> str:
        return f"HugeNumber({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HugeNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        values: dict[str, list[Any]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        for name, several in values.items():
            if any(value != several[0] for value in several):
                found[name] = Conflict(tuple(several))
    return found


def _no_constant(name: str) -> Any:
    raise MalformedJson(f"{name} is not JSON")


def _fraction(text: str) -> Decimal | HugeNumber:
    try:
        return Decimal(text)
    except ArithmeticError:
        return HugeNumber(text)


def _whole(text: str) -> int | HugeNumber:
    return int(text) if len(text) <= 1000 else HugeNumber(text)


_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant).decode
#: Slower, because it calls a function for each number; used only after ``_DECODE`` failed at a huge one.
_DECODE_HUGE: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_fraction, parse_int=_whole, parse_constant=_no_constant
).decode


#: Chosen once, at import, so that no call pays for it within its turn.
_QUICK: Final = quick_parser()


def parse_json(text: str | bytes) -> Any:
    """Parse JSON text. Fractions become ``Decimal``; a repeated key with equal values counts once.

    With msgspec installed, it reads what it can be trusted with. Raises :class:`MalformedJson`, which never quotes the
    text.
    """
    if _QUICK is not None:
        found = _QUICK(text)
        if found is not DOUBT:
            return found
    problem = ""
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        try:
            return _DECODE(decoded)
        except (json.JSONDecodeError, MalformedJson):
            raise
        except (ValueError, ArithmeticError):  # a number with thousands of digits or a huge exponent
            return _DECODE_HUGE(decoded)
    except UnicodeDecodeError:
        problem = "not UTF-8 text"
    except json.JSONDecodeError as error:
        problem = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        problem = "nested too deeply"
    except ValueError as error:  # NaN, Infinity
        problem = type(error).__name__
    del text
    raise MalformedJson(problem)


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_json(value: Any) -> str:
    """Return JSON text without spaces; a ``Decimal`` becomes a number with all its digits."""
    try:
        return _ENCODE(value)
    except TypeError:  # a Decimal, or a value that JSON cannot express
        pass
    # json offers no hook for numbers: Decimals are written as marked strings, then marks and quotes are removed.
    mark = secrets.token_hex(8)

    def marked(found: Any) -> str:
        if not isinstance(found, Decimal):
            raise TypeError(f"{type(found).__name__} cannot be written as JSON")
        return f"{mark}{found}{mark}"

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=marked)
    return text.replace(f'"{mark}', "").replace(f'{mark}"', "")
