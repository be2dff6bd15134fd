"""Rows as JSON. Which cells a row has and how each is written is decided once for each class of records."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import attrs

from chaobiao._contract.fields import NO_EXTRAS, Record, TimeStyle, WireField, fields_of
from chaobiao._wire.codecs import NUMBER, TEXT, TIME
from chaobiao._wire.records import codec_of
from chaobiao.clock import SHANGHAI

#: In place of a value: the row has no such key.
OMITTED: Final = object()

WriteCell = Callable[[Any], Any]


@attrs.frozen
class Column:
    """How one field of a record is written: under which name, and by which function."""

    name: str
    #: ``None`` for values that are written unchanged.
    write: WriteCell | None
    #: What is written for ``None``.
    empty: Any = OMITTED


class RowSerializer:
    """Writes records as JSON objects; ``column_of`` says how a field is written."""

    def __init__(self, column_of: Callable[[WireField], Column]) -> None:
        self._column_of = column_of
        self._writers: dict[type[Record], Callable[[Record], dict[str, Any]]] = {}

    def __call__(self, record: Record) -> dict[str, Any]:
        """Return a record as an object. A value that its field cannot hold is written as the document shows it."""
        kind = type(record)
        write = self._writers.get(kind)
        if write is None:
            write = self._writers[kind] = self._writer_of(kind)
        row = write(record)
        if record.unreadable is not NO_EXTRAS:
            for field in fields_of(kind):
                if field.python_name in record.unreadable:
                    row[self._column_of(field).name] = record.unreadable[field.python_name]
        return row if record.extra is NO_EXTRAS else {**row, **record.extra}

    def _writer_of(self, kind: type[Record]) -> Callable[[Record], dict[str, Any]]:
        found = [(field, self._column_of(field)) for field in fields_of(kind)]
        columns = tuple((column.name, column.write, column.empty) for _, column in found)
        # A last name, which is not used, because for one name alone attrgetter returns no tuple.
        values_of = attrgetter(*(field.python_name for field, _ in found), "extra")

        def write_row(record: Record) -> dict[str, Any]:
            row: dict[str, Any] = {}
            for (name, write, empty), value in zip(columns, values_of(record), strict=False):
                if value is None:
                    if empty is not OMITTED:
                        row[name] = empty
                elif write is None:
                    row[name] = value
                else:
                    row[name] = write(value)
            return row

        return write_row


def cell_writer(field: WireField, style: TimeStyle) -> WriteCell | None:
    """Return the function that writes a field as the samples show it: numbers as text unless the samples differ."""
    codec = codec_of(field)
    if codec is TEXT and not field.number:
        return None
    write = codec.write
    if codec is NUMBER:
        return (lambda value: json_number(_decimal_text(value))) if field.number else _decimal_text
    if not codec.scalar:
        return lambda value: write(value, style)
    if field.number:
        return lambda value: json_number(str(write(value, style)))
    if style == "datetime" and codec is TIME:
        return lambda value: _time_text(value) if value.tzinfo is SHANGHAI else write(value, style)
    return lambda value: str(write(value, style))


def _time_text(moment: datetime) -> str:
    return moment.isoformat(" ", "seconds")[:19]


def _decimal_text(value: Any) -> str:
    text = str(value)  # in most cases this is what the slower format() returns
    return format(value, "f") if "E" in text else text


def json_number(text: str) -> int | float:
    """Return a JSON number. A float is written in its shortest form, so up to 15 digits are kept."""
    return float(text) if "." in text else int(text)
