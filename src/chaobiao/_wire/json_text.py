"""JSON text to plain values: strict about syntax, exact about numbers, and forgiving about a key that stands twice."""

import json
import secrets
from decimal import Decimal
from typing import Any, Final


class MalformedJson(ValueError):
    """Text that is not JSON. Holds no part of the text."""


class Conflict:
    """The values of a key that one object has more than once, where they differ."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = values

    def __repr__(self) -> str:
        return f"Conflict{self.values!r}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        for key in found:
            values = tuple(value for name, value in pairs if name == key)
            if any(value != values[0] for value in values):
                found[key] = Conflict(values)
    return found


def _no_constant(name: str) -> Any:
    raise MalformedJson(f"{name} is not JSON")


_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant).decode


def parse_json(text: str | bytes) -> Any:
    """Read JSON text; fractions become ``Decimal``, a repeated key with equal values counts once.

    Raises :class:`MalformedJson`, which never quotes the text: it may hold a token.
    """
    problem = ""
    try:
        return _DECODE(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except UnicodeDecodeError:
        problem = "not UTF-8 text"
    except json.JSONDecodeError as error:
        problem = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        problem = "nested too deeply"
    except (ValueError, ArithmeticError) as error:  # an absurdly long number or exponent, NaN, Infinity
        problem = type(error).__name__
    del text
    raise MalformedJson(problem)


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_json(value: Any) -> str:
    """Write JSON text without spaces; a ``Decimal`` becomes a number, digit by digit."""
    try:
        return _ENCODE(value)
    except TypeError:  # a Decimal, or what is no JSON at all
        pass
    # json can't be told how to write a number, so Decimals are marked as texts and unmarked in what it wrote.
    mark = secrets.token_hex(8)

    def marked(found: Any) -> str:
        if not isinstance(found, Decimal):
            raise TypeError(f"{type(found).__name__} is no JSON")
        return f"{mark}{found}{mark}"

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=marked)
    return text.replace(f'"{mark}', "").replace(f'{mark}"', "")
