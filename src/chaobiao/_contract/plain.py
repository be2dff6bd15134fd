"""Records as plain values (dicts, lists, text, numbers) for json, web frameworks, tables and databases.

The module knows field names and values but no record class, because the record class imports it.
"""

import enum
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any, Final, Literal, Protocol, cast, get_args

from chaobiao._contract.calendar import write_offset
from chaobiao.errors import InvalidArgument

#: The keys: Python names, wire names, or the vendor's Chinese names.
Headings = Literal["python", "wire", "zh"]
#: What a Decimal becomes: text with all digits, a binary float, or the same Decimal.
Decimals = Literal["text", "number", "keep"]
#: What a datetime or date becomes: ISO 8601 text (a datetime with its offset), or the same value.
Times = Literal["text", "keep"]

#: The keys under which ``extra`` and ``unreadable`` are added.
_REMAINDER: Final[Mapping[Headings, tuple[str, str]]] = {
    "python": ("extra", "unreadable"),
    "wire": ("extra", "unreadable"),
    "zh": ("其他字段", "无法解析的值"),
}
_AS_IT_IS: Final = frozenset({str, int, bool, type(None)})
#: Numbers up to this size are written without an exponent. A server may send 1e999999, too long to write out.
_LARGEST_EXPONENT: Final = 40


class Named(Protocol):
    """A field, of which only the names are used here."""

    @property
    def name(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def python_name(self) -> str: ...


class Remainder(Protocol):
    """A record, of which only the values outside its fields are used here."""

    @property
    def extra(self) -> Mapping[str, Any]: ...
    @property
    def unreadable(self) -> Mapping[str, Any]: ...


def conversion(headings: Headings, extra: bool, decimals: Decimals, times: Times) -> "Conversion":
    """Return the conversion with these choices. Raises :class:`InvalidArgument` for an unknown choice."""
    for name, value, kind in (
        ("headings", headings, Headings),
        ("decimals", decimals, Decimals),
        ("times", times, Times),
    ):
        known = get_args(kind)
        if value not in known:
            listed = ", ".join(map(repr, known))
            raise InvalidArgument(
                name, f"must be one of {listed}, not {value!r}", f"必须是以下之一：{listed}，而不是 {value!r}"
            )
    return _conversion(headings, bool(extra), decimals, times)


@lru_cache
def _conversion(headings: Headings, extra: bool, decimals: Decimals, times: Times) -> "Conversion":
    return Conversion(headings, extra, decimals, times)


class Conversion:
    """Converts records to dicts, all with the same choices."""

    def __init__(self, headings: Headings, extra: bool, decimals: Decimals, times: Times) -> None:
        self._headings: Headings = headings
        self._extra = extra
        self._decimals = decimals
        self._times = times
        self._nested = {"headings": headings, "extra": extra, "decimals": decimals, "times": times}
        self._keys: dict[type, dict[str, str]] = {}

    def record(self, record: Remainder, fields: Iterable[Named]) -> dict[str, Any]:
        """Convert one record whose class has these fields."""
        keys = self._keys.get(type(record))
        if keys is None:
            keys = self._keys[type(record)] = _keys(fields, self._headings)
        plain = {key: self.value(getattr(record, name)) for name, key in keys.items()}
        if self._extra:
            extra, unreadable = _REMAINDER[self._headings]
            plain[extra] = self.value(record.extra)
            plain[unreadable] = {keys.get(name, name): self.value(raw) for name, raw in record.unreadable.items()}
        return plain

    def rows(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """Convert the rows of a list."""
        return [self.value(row) for row in rows]

    def value(self, value: Any) -> Any:
        """Convert any value that a record can hold."""
        if value.__class__ in _AS_IT_IS:
            return value
        if isinstance(value, Decimal):
            return value if self._decimals == "keep" else self._number(value)
        if isinstance(value, date):  # a datetime is one, too
            return value if self._times == "keep" else value.isoformat()
        if isinstance(value, timedelta):
            return value if self._times == "keep" else write_offset(value)
        if isinstance(value, enum.Enum):
            return value.value
        if isinstance(value, tuple | list):
            return list(map(self.value, cast("Iterable[Any]", value)))
        if isinstance(value, Mapping):
            return {name: self.value(part) for name, part in cast("Mapping[str, Any]", value).items()}
        if hasattr(value, "to_dict"):  # a record within a record
            return value.to_dict(**self._nested)
        if isinstance(values := getattr(value, "values", None), tuple):  # a Conflict: the values of a repeated key
            return self.value(values)
        return str(value)  # a HugeNumber

    def _number(self, value: Decimal) -> str | float:
        if self._decimals == "number" and isfinite(number := float(value)):
            return number
        return format(value, "f") if abs(value.adjusted()) <= _LARGEST_EXPONENT else str(value)


def _keys(fields: Iterable[Named], headings: Headings) -> dict[str, str]:
    """Return the key of each field, by its Python name."""
    if headings == "python":
        return {field.python_name: field.python_name for field in fields}
    if headings == "wire":
        return {field.python_name: field.name for field in fields}
    listed = list(fields)
    names = [field.zh or field.name for field in listed]
    return {
        field.python_name: name if names.count(name) == 1 else f"{name}（{field.name}）"
        for field, name in zip(listed, names, strict=True)
    }
