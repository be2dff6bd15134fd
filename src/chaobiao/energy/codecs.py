"""Codecs for kinds of values that only this API has."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from chaobiao._contract.calendar import Month, Year, read_offset, write_offset
from chaobiao._contract.fields import TimeStyle
from chaobiao._wire import scalars
from chaobiao._wire.codecs import Codec, Integer, Number, Schema, SchemaNames
from chaobiao._wire.scalars import Unreadable


class IntegerText(Integer):
    """A whole number that requests write as text."""

    def write(self, value: Any, style: TimeStyle) -> Any:
        return str(value)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "pattern": "^-?[0-9]{1,18}$"}


class Paging(Integer):
    """The number of a page, or of its rows; the document says what the server takes without it."""

    described_by_check = False

    def __init__(self, minimum: int, default: int, note: str) -> None:
        self._schema: Schema = {"type": "integer", "minimum": minimum, "default": default, "description": note}

    def argument_schema(self, names: SchemaNames) -> Schema:
        return dict(self._schema)


class JoinedTexts(Codec):
    """Texts that a response joins by commas; an empty text is no text at all."""

    def read(self, value: Any) -> tuple[str, ...]:
        text = scalars.read_text(value)
        return tuple(part.strip() for part in text.split(",")) if text else ()

    def write(self, value: Any, style: TimeStyle) -> Any:
        return ",".join(value)

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"]}


class JsonNumber(Number):
    """A decimal number that requests write as a JSON number, with all its digits."""

    def write(self, value: Any, style: TimeStyle) -> Any:
        return value

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "number"}


class ClearableNumber(Number):
    """A decimal number, or the empty text that clears it."""

    def argument_schema(self, names: SchemaNames) -> Schema:
        schema = super().argument_schema(names)
        return {**schema, "pattern": f"^({schema['pattern'].strip('^$')})?$"}


class Offset(Codec):
    """A time of day before or after midnight: "07:30:00" or "-07:30:00"."""

    def read(self, value: Any) -> timedelta | None:
        if value == "":
            return None
        if value.__class__ is not str:
            raise Unreadable
        return read_offset(value)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return write_offset(value)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string", "pattern": "^-?([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "null"]}


class TimeIndex(Codec):
    """The time of an amount (时间下标): a year, month, day or moment, by its length; any other text unchanged."""

    def read(self, value: Any) -> Year | Month | date | datetime | str | None:
        text = scalars.read_text(value)
        if not text:
            return None
        try:
            match len(text):
                case 4 if text.isascii() and text.isdigit():
                    return Year(int(text))
                case 6 | 7:
                    return Month.parse(text)
                case 10 if text[4] == "-":
                    return date.fromisoformat(text)
                case _:
                    return scalars.read_time_or_text(value)
        except ValueError:
            return text

    def write(self, value: Any, style: TimeStyle) -> Any:
        return scalars.write_time(value, style) if isinstance(value, datetime) else str(value)

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "string"}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["string", "integer", "null"]}


class KeptTimeIndex(TimeIndex):
    """A time index of a document that is written back as it was read: an empty text stays one."""

    def read(self, value: Any) -> Year | Month | date | datetime | str | None:
        return "" if value == "" else super().read(value)


INTEGER_TEXT: Final = IntegerText()
JOINED_TEXTS: Final = JoinedTexts()
PAGE_NUMBER: Final = Paging(0, 0, " (counted from 0, or by the appendix from 1 / 从 0 开始，附录为从 1 开始)")
PAGE_SIZE: Final = Paging(1, 10, "")
JSON_NUMBER: Final = JsonNumber()
CLEARABLE_NUMBER: Final = ClearableNumber()
OFFSET: Final = Offset()
TIME_INDEX: Final = TimeIndex()
KEPT_TIME_INDEX: Final = KeptTimeIndex()

#: What a time index can be.
Index = Year | Month | date | datetime | str
