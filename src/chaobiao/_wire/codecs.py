"""One codec for each kind of value: how it is read, how it is written, and its JSON schemas in both directions.

A field's codec is the one that it names, or follows from its type (:func:`codec_of`). Whatever a codec can't read is
:class:`Unreadable`; an empty text is no value.
"""

import enum
import types
import typing
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Protocol

from chaobiao._contract.fields import Record, TimeStyle, WireField
from chaobiao._contract.secret import Secret
from chaobiao._contract.upload import Upload
from chaobiao._wire import scalars
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao._wire.scalars import Unreadable

Schema = dict[str, Any]

_DATE: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NUMBER: Final = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"


class SchemaNames(Protocol):
    """What a codec's schemas may refer to: the family's way of writing times, and schemas that have names."""

    @property
    def times(self) -> TimeStyle: ...
    def record(self, record: type[Record]) -> Schema:
        """Return a reference to the schema of a record."""
        ...

    def enumeration(self, kind: type[enum.Enum], schema: Schema) -> Schema:
        """Give the schema of an enum's values a name, and return a reference to it."""
        ...


class Codec:
    """How one kind of value is read, written and described."""

    #: JSON values of this class are kept as they are.
    plain: type = type(None)
    #: The record that is nested in the value, if any.
    nested: type[Record] | None = None
    #: Whether the value is written as one text or number, or has parts.
    scalar: bool = True
    #: Reads a JSON value other than null; where records nest, its second argument asks for strict reading.
    read: Callable[..., Any]

    def write(self, value: Any, style: TimeStyle) -> Any:
        """Write a value as JSON."""
        return value

    def sent(self, names: SchemaNames) -> Schema:
        """Describe the value as an argument."""
        raise NotImplementedError

    def returned(self, names: SchemaNames) -> Schema:
        """Describe the value as a field of a response: it may be null, and numbers may be text."""
        raise NotImplementedError


class Text(Codec):
    plain = str
    read = staticmethod(scalars.read_text)

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "string"}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"]}


class Integer(Codec):
    read = staticmethod(scalars.read_int)

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "integer"}

    def returned(self, names: SchemaNames) -> Schema:
        # No pattern: where the documents say a number and show a word, the row is still good.
        return {"type": ["integer", "string", "null"]}


class Number(Codec):
    """A decimal number, written as text and never as a binary float."""

    read = staticmethod(scalars.read_decimal)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return format(value, "f") if isinstance(value, Decimal) else value

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "decimal", "pattern": f"^{_NUMBER}$"}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "number", "null"], "format": "decimal", "pattern": f"^({_NUMBER})?$"}


class Boolean(Codec):
    read = staticmethod(scalars.read_bool)

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "boolean"}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["boolean", "integer", "string", "null"]}


class Flag(Codec):
    """A truth value in the vendor's two codes, text or number; a code for true may be "0"."""

    def __init__(self, on: str | int, off: str | int) -> None:
        self._codes = {True: on, False: off}
        self._values = {str(on): True, str(off): False}
        self._takes_booleans = str(on) == "1"

    def read(self, value: Any) -> bool | None:
        if value == "":
            return None
        if value.__class__ is bool and self._takes_booleans:
            return bool(value)
        if value.__class__ is str or value.__class__ is int:
            found = self._values.get(str(value))
            if found is not None:
                return found
        raise Unreadable

    def write(self, value: Any, style: TimeStyle) -> Any:
        return self._codes[value]

    def sent(self, names: SchemaNames) -> Schema:
        on = self._codes[True]
        return {"type": "integer" if isinstance(on, int) else "string", "enum": [on, self._codes[False]]}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "integer", "boolean", "null"]}


class Time(Codec):
    read: Callable[..., Any] = staticmethod(scalars.read_time)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return scalars.write_time(value, style)

    def sent(self, names: SchemaNames) -> Schema:
        schemas: dict[TimeStyle, tuple[Schema, str]] = {
            "datetime": ({"type": "string", "pattern": f"^{_DATE} {_CLOCK}$"}, "YYYY-MM-DD HH:MM:SS"),
            "date": ({"type": "string", "pattern": f"^{_DATE}$"}, "YYYY-MM-DD"),
            "milliseconds": (
                {"type": "integer", "minimum": 10**12, "maximum": 10**13 - 1},
                "milliseconds since 1970, 13 digits (13 位毫秒时间戳)",
            ),
        }
        schema, style = schemas[names.times]
        return {**schema, "description": f" ({style}, UTC+8)"}

    def returned(self, names: SchemaNames) -> Schema:
        schemas: dict[TimeStyle, Schema] = {
            "datetime": {"type": ["string", "null"], "pattern": f"^({_DATE} {_CLOCK})?$"},
            "date": {"type": ["string", "null"], "pattern": f"^({_DATE}( {_CLOCK})?)?$"},
            "milliseconds": {
                "type": ["string", "integer", "null"],
                "pattern": "^([0-9]{13})?$",
                "minimum": 10**12,
                "maximum": 10**13 - 1,
            },
        }
        return schemas[names.times]


class TimeOrText(Time):
    """A time where the server writes one, and any other text as it is."""

    read: Callable[..., Any] = staticmethod(scalars.read_time_or_text)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value if isinstance(value, str) else super().write(value, style)

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "number", "null"]}


class Date(Codec):
    """A day, "2019-04-01"."""

    read = staticmethod(scalars.read_date)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.isoformat()

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "string", "pattern": f"^{_DATE}$", "description": " (YYYY-MM-DD)"}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"], "pattern": f"^({_DATE}( {_CLOCK})?)?$"}


class Code(Codec):
    """A member of an enum: one of the vendor's codes or state words."""

    def __init__(self, kind: type[enum.Enum]) -> None:
        self._kind = kind
        self._type = "integer" if issubclass(kind, int) else "string"
        self.read = scalars.enum_reader(kind)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.value

    def sent(self, names: SchemaNames) -> Schema:
        return {
            "type": self._type,
            "enum": [member.value for member in self._kind],
            "x-enum-varnames": [member.name for member in self._kind],
        }

    def returned(self, names: SchemaNames) -> Schema:
        number: Schema = {"type": ["integer", "string", "null"], "pattern": "^[0-9]*$"}
        return names.enumeration(self._kind, number if self._type == "integer" else {"type": ["string", "null"]})


class SeveralCodes(Text):
    """One text or several, joined by commas."""

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value if isinstance(value, str) else ",".join(value)

    def sent(self, names: SchemaNames) -> Schema:
        pattern = "^([^,]+(,[^,]+)*)?$"
        return {"type": "string", "pattern": pattern, "description": " (several: a,b / 多个以英文逗号分隔)"}


class Texts(Codec):
    """A JSON list of texts; an empty list stays an empty list."""

    scalar = False

    def read(self, value: Any) -> tuple[str, ...] | None:
        if value == "":
            return None
        if not isinstance(value, list):
            raise Unreadable
        return tuple(scalars.read_text(part) for part in value)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return list(value)

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "array", "items": {"type": "string"}}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["array", "string", "null"], "items": {"type": ["string", "integer", "number"]}}


class JsonOrText(Codec):
    """Any JSON value, which may come as JSON text inside a string; text that is no JSON is kept."""

    scalar = False

    def read(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return parse_json(value)
            except MalformedJson:
                return value
        return value

    def sent(self, names: SchemaNames) -> Schema:
        return {}

    def returned(self, names: SchemaNames) -> Schema:
        return {}


class Password(Codec):
    """A text that must not leak."""

    def read(self, value: Any) -> Secret:
        return Secret(scalars.read_text(value))

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.reveal()

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "password", "writeOnly": True}

    def returned(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"], "format": "password"}


class File(Codec):
    """A file of a multipart form."""

    plain = Upload
    scalar = False

    def read(self, value: Any) -> Upload:
        if not isinstance(value, Upload):
            raise Unreadable
        return value

    def sent(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "binary"}

    def returned(self, names: SchemaNames) -> Schema:
        raise TypeError("a response has no files")


TEXT: Final = Text()
INTEGER: Final = Integer()
NUMBER: Final = Number()
BOOLEAN: Final = Boolean()
#: '1' and '0' as text.
FLAG: Final = Flag("1", "0")
#: 1 and 0 as numbers.
NUMERIC_FLAG: Final = Flag(1, 0)
#: '0' for true and '1' for false.
INVERTED_FLAG: Final = Flag("0", "1")
TIME: Final = Time()
TIME_OR_TEXT: Final = TimeOrText()
DATE: Final = Date()
SEVERAL_CODES: Final = SeveralCodes()
TEXTS: Final = Texts()
JSON_OR_TEXT: Final = JsonOrText()
PASSWORD: Final = Password()
FILE: Final = File()

#: In this order: a field that takes a Decimal or text is a number, one that takes a datetime or text is a time.
_BY_TYPE: Final[tuple[tuple[type, Codec], ...]] = (
    (Secret, PASSWORD),
    (Upload, FILE),
    (datetime, TIME),
    (date, DATE),
    (Decimal, NUMBER),
    (bool, BOOLEAN),
    (int, INTEGER),
    (str, TEXT),
)

_enum_codec: Final = cache(Code)


def kinds_of(annotation: Any) -> tuple[Any, ...]:
    """Return the types that an annotation allows, without ``None``."""
    union = typing.get_origin(annotation) in (types.UnionType, typing.Union)
    parts = typing.get_args(annotation) if union else (annotation,)
    return tuple(part for part in parts if part is not type(None))


def codec_of_type(field: WireField) -> Codec | None:
    """Return the codec that a field names or that follows from its type; ``None`` for records, which nest."""
    if field.codec is not None:
        named: Codec = field.codec
        return named
    if field.secret:
        return PASSWORD
    kinds = kinds_of(field.type)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return _enum_codec(kind)
        if typing.get_origin(kind) is Iterable:
            return SEVERAL_CODES
        if kind == tuple[str, ...]:
            return TEXTS
    return next((codec for kind, codec in _BY_TYPE if kind in kinds), None)
