"""Codecs: how each kind of value is read and written, and its JSON Schemas as an argument and in a response.

A field's codec is the one that it names; otherwise it follows from the field's type (``records.codec_of``). ``read``
raises :class:`Unreadable` or another ``ValueError`` for a value that does not fit, and returns ``None`` for empty text
unless the type is text.
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
from chaobiao._wire.codegen import Inline
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao._wire.scalars import Unreadable
from chaobiao.clock import SHANGHAI

Schema = dict[str, Any]

_DATE: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NUMBER: Final = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"


class SchemaNames(Protocol):
    """What codecs need to write schemas: how the family writes times, and references to named schemas."""

    @property
    def times(self) -> TimeStyle: ...
    def record(self, record: type[Record]) -> Schema:
        """Return a reference to the schema of a record."""
        ...

    def enumeration(self, kind: type[enum.Enum], schema: Schema) -> Schema:
        """Name the schema of an enum and return a reference to it."""
        ...


class Codec:
    """Reads, writes and describes one kind of value."""

    #: How generated readers read the usual form of the value without calling ``read``.
    inline: Inline = Inline("False")
    #: The record class that the value holds, if any.
    nested: type[Record] | None = None
    #: Whether the value is written as one text or number, not as a list, object or file.
    scalar: bool = True
    #: Reads a JSON value other than null. With ``nested`` set, a second argument asks for strict reading.
    read: Callable[..., Any]

    def write(self, value: Any, style: TimeStyle) -> Any:
        """Return the JSON value for a value."""
        return value

    def argument_schema(self, names: SchemaNames) -> Schema:
        """Return the schema of the value as an argument."""
        raise NotImplementedError

    def response_schema(self, names: SchemaNames) -> Schema:
        """Return the schema of the value in a response: it may be null, and a number may be text."""
        raise NotImplementedError


class Text(Codec):
    inline = Inline("{v}.__class__ is str")
    read = staticmethod(scalars.read_text)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"]}


class Integer(Codec):
    read = staticmethod(scalars.read_int)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "integer"}

    def response_schema(self, names: SchemaNames) -> Schema:
        # Without a pattern: the water document calls execution_count a number and shows a word.
        return {"type": ["integer", "string", "null"]}


class Number(Codec):
    """A decimal number. It is written as text and never becomes a binary float."""

    inline = Inline(
        '{v}.__class__ is str and 0 < len({v}) < 100 and "_" not in {v}',
        (
            "{v} = Decimal({v})",
            "if not {v}.is_finite() or not -1000 < {v}.adjusted() < 1000:",
            "    raise ValueError",
        ),
        {"Decimal": Decimal},
    )
    read = staticmethod(scalars.read_decimal)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return format(value, "f") if isinstance(value, Decimal) else value

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "decimal", "pattern": f"^{_NUMBER}$"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "number", "null"], "format": "decimal", "pattern": f"^({_NUMBER})?$"}


class Boolean(Codec):
    read = staticmethod(scalars.read_bool)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "boolean"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["boolean", "integer", "string", "null"]}


class Flag(Codec):
    """A truth value that has one code for true and one for false, such as "1" and "0"."""

    def __init__(self, on: str | int, off: str | int) -> None:
        self._codes = {True: on, False: off}
        self._values = {str(on): True, str(off): False}
        self._takes_booleans = str(on) == "1"  # where "0" means true, what JSON's true means is unclear

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

    def argument_schema(self, names: SchemaNames) -> Schema:
        on = self._codes[True]
        return {"type": "integer" if isinstance(on, int) else "string", "enum": [on, self._codes[False]]}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "integer", "boolean", "null"]}


class Time(Codec):
    inline = Inline(
        "{v}.__class__ is str and len({v}) == 19",
        (
            "{v} = fromisoformat({v})",
            "{v} = combine({v}, {v}.time(), SHANGHAI) if {v}.tzinfo is None else {v}.astimezone(SHANGHAI)",
        ),
        {"fromisoformat": datetime.fromisoformat, "combine": datetime.combine, "SHANGHAI": SHANGHAI},
    )
    read: Callable[..., Any] = staticmethod(scalars.read_time)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return scalars.write_time(value, style)

    def argument_schema(self, names: SchemaNames) -> Schema:
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

    def response_schema(self, names: SchemaNames) -> Schema:
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
    """A time, or any other text, which is kept unchanged."""

    read: Callable[..., Any] = staticmethod(scalars.read_time_or_text)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value if isinstance(value, str) else super().write(value, style)

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "number", "null"]}


class Date(Codec):
    """A calendar day, such as "2019-04-01"."""

    read = staticmethod(scalars.read_date)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.isoformat()

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "pattern": f"^{_DATE}$", "description": " (YYYY-MM-DD)"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"], "pattern": f"^({_DATE}( {_CLOCK})?)?$"}


class Code(Codec):
    """A member of an enum, written as the vendor's code or Chinese word."""

    def __init__(self, kind: type[enum.Enum]) -> None:
        self._kind = kind
        self._type = "integer" if issubclass(kind, int) else "string"
        self.read = scalars.enum_reader(kind)
        known = {str(member.value): member for member in kind}
        self.inline = Inline("{v}.__class__ is str and {v} in {v}known", ("{v} = {v}known[{v}]",), {"{v}known": known})

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.value

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {
            "type": self._type,
            "enum": [member.value for member in self._kind],
            "x-enum-varnames": [member.name for member in self._kind],
        }

    def response_schema(self, names: SchemaNames) -> Schema:
        number: Schema = {"type": ["integer", "string", "null"], "pattern": "^[0-9]*$"}
        return names.enumeration(self._kind, number if self._type == "integer" else {"type": ["string", "null"]})


class SeveralCodes(Text):
    """One text or several, joined by commas."""

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value if isinstance(value, str) else ",".join(value)

    def argument_schema(self, names: SchemaNames) -> Schema:
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

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "array", "items": {"type": "string"}}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["array", "string", "null"], "items": {"type": ["string", "integer", "number"]}}


class JsonOrText(Codec):
    """Any JSON value. It may arrive as JSON text in a string; text that is not JSON is kept unchanged."""

    scalar = False

    def read(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return parse_json(value)
            except MalformedJson:
                return value
        return value

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {}


class Password(Codec):
    """A password or token, as a :class:`Secret`."""

    def read(self, value: Any) -> Secret:
        return Secret(scalars.read_text(value))

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value.reveal()

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "password", "writeOnly": True}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"], "format": "password"}


class File(Codec):
    """A file in a multipart form."""

    inline = Inline("{v}.__class__ is Upload", names={"Upload": Upload})
    scalar = False

    def read(self, value: Any) -> Upload:
        if not isinstance(value, Upload):
            raise Unreadable
        return value

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "format": "binary"}

    def response_schema(self, names: SchemaNames) -> Schema:
        raise TypeError("a field of a response cannot be a file")


TEXT: Final = Text()
INTEGER: Final = Integer()
NUMBER: Final = Number()
BOOLEAN: Final = Boolean()
#: "1" for true and "0" for false, as text.
FLAG: Final = Flag("1", "0")
#: 1 for true and 0 for false, as numbers.
NUMERIC_FLAG: Final = Flag(1, 0)
#: "0" for true and "1" for false, as text.
INVERTED_FLAG: Final = Flag("0", "1")
TIME: Final = Time()
TIME_OR_TEXT: Final = TimeOrText()
DATE: Final = Date()
SEVERAL_CODES: Final = SeveralCodes()
TEXTS: Final = Texts()
JSON_OR_TEXT: Final = JsonOrText()
PASSWORD: Final = Password()
FILE: Final = File()

#: The order matters: of a union such as ``Decimal | str``, the type that stands first here decides.
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


def _holds_records(kind: Any) -> bool:
    inner = typing.get_args(kind)[0]
    return isinstance(inner, type) and issubclass(inner, Record)


def kinds_of(annotation: Any) -> tuple[Any, ...]:
    """Return the types that an annotation allows, without ``None``."""
    union = typing.get_origin(annotation) in (types.UnionType, typing.Union)
    parts = typing.get_args(annotation) if union else (annotation,)
    return tuple(part for part in parts if part is not type(None))


def codec_of_type(field: WireField) -> Codec | None:
    """Return the codec that a field names or that follows from its type; ``None`` for a nested record."""
    if field.codec is not None:
        named: Codec = field.codec
        return named
    if field.secret:
        return PASSWORD
    kinds = kinds_of(field.type)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return _enum_codec(kind)
        if typing.get_origin(kind) is Iterable and not _holds_records(kind):
            return SEVERAL_CODES
        if kind == tuple[str, ...]:
            return TEXTS
    return next((codec for kind, codec in _BY_TYPE if kind in kinds), None)
