"""Bytes to typed values and back, without I/O.

Answers are read leniently: a cell that can't be understood becomes ``None`` and is kept in ``record.unreadable``, an
unknown field is kept in ``record.extra``, and neither costs the rest of the page. Numbers never pass through a binary
float. Syntax is read strictly: a server that sends broken JSON has not answered.
"""

import enum
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar, cast

import attrs
import cattrs
import cattrs.gen

from chaobiao._contract.fields import NO_EXTRAS, Extras, Record, WireField, fields_of
from chaobiao._contract.secret import Secret
from chaobiao._wire.codegen import Cell, compile_reader
from chaobiao._wire.json_text import Conflict, MalformedJson, parse_json
from chaobiao._wire.scalars import (
    SCALARS,
    Unreadable,
    enum_reader,
    plain_type,
    read_text,
    read_time,
)
from chaobiao.clock import SHANGHAI
from chaobiao.errors import InvalidArgument

R = TypeVar("R")
O = TypeVar("O")  # noqa: E741  # O for operation

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

TimeStyle = Literal["datetime", "date", "milliseconds"]

__all__ = [
    "Conflict",
    "MalformedJson",
    "StrictField",
    "TimeStyle",
    "parse_json",
    "read_arguments",
    "reader_of",
    "write_arguments",
    "write_record",
    "write_time",
]


def _value_reader(field: WireField) -> Callable[[Any], Any]:
    """How a field's values are read: its own way, its type's, or, for nested records, theirs."""
    if field.read is not None:
        return field.read
    kind = plain_type(field.type)
    if kind in SCALARS:
        return SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return enum_reader(kind)
    if typing.get_origin(kind) is tuple:
        return _list_reader(typing.get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, Record):
        return lambda value: reader_of(kind).read(value, strict=True)
    raise TypeError(f"no reader for {field.python_name}: {field.type}")


def _list_reader(item: Any) -> Callable[[Any], Any]:
    def read(value: Any, strict: bool = False) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unreadable
        return tuple(reader_of(item).read(row, strict=strict) for row in value)

    return read


# --- reading records ------------------------------------------------------------------------------------------------


class StrictField(ValueError):
    """In strict reading: the field that could not be read, with its path where it is below others: "children.id"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class RowReader:
    """Reads one record class. Good rows take a path written out for the class; a bad one is read again cell by cell."""

    def __init__(self, record: type[Record]) -> None:
        self._record = record
        self._fields = fields_of(record)
        self._readers: dict[str, Callable[..., Any]] = {f.python_name: _value_reader(f) for f in self._fields}
        #: The fields that hold records in their turn, by their Python names.
        self.trees = tuple(f.python_name for f in self._fields if typing.get_origin(plain_type(f.type)) is tuple)
        self._names = frozenset(field.name for field in self._fields)
        self._empty = dict.fromkeys(field.name for field in self._fields)
        self._aliases = {alias: field.name for field in self._fields for alias in field.aliases}
        self._fast = compile_reader(
            record,
            [
                Cell(field.python_name, field.name, str if read is read_text else type(None), read)
                for field in self._fields
                for read in (self._readers[field.python_name],)
            ],
        )

    def read(self, row: Any, *, strict: bool = False) -> Any:
        """Read one row. With ``strict``, raise :class:`StrictField` for the first field that can't be read."""
        if row.__class__ is not dict:
            if strict:
                raise StrictField("(row)")
            return self._record(unreadable=Extras({"(row)": row}))
        cells = row if row.keys() == self._names else self._complete(row)
        record: Any
        if strict and self.trees:  # what is below has to be read strictly too
            record = self._read_carefully(cells, strict)
        else:
            try:
                record = self._fast(cells)
            except RecursionError:
                raise  # a tree too deep to read: reading it again level by level would take for ever
            except Exception:  # noqa: BLE001  # whatever a cell did wrong, the careful path finds it
                record = self._read_carefully(cells, strict)
        if len(cells) != len(self._names):  # every name is there, so what is too many is unknown
            extra = {key: value for key, value in cells.items() if key not in self._names}
            object.__setattr__(record, "extra", Extras(extra))  # the record is still ours alone
        return record

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with the names that the class knows, and ``None`` for those that it lacks."""
        cells = {**self._empty, **row}
        for alias, name in self._aliases.items():
            if alias not in row:
                continue
            other = cells.pop(alias)
            if cells[name] is None or cells[name] == "":
                cells[name] = other
            elif other is not None and other != "" and other != cells[name]:
                cells[name] = Conflict((cells[name], other))
        return cells

    def _read_carefully(self, row: dict[str, Any], strict: bool) -> Record:
        values: dict[str, Any] = {}
        unreadable: dict[str, Any] = {}
        for field in self._fields:
            raw = row.get(field.name)
            if raw is None:
                continue
            read = self._readers[field.python_name]
            try:
                values[field.python_name] = read(raw, strict) if field.python_name in self.trees else read(raw)
            except (ValueError, ArithmeticError, TypeError, OverflowError) as error:
                if strict:
                    below = f".{error.field}" if isinstance(error, StrictField) else ""
                    raise StrictField(field.name + below) from None
                unreadable[field.python_name] = raw.values if isinstance(raw, Conflict) else raw
        return self._record(**values, unreadable=Extras(unreadable) if unreadable else NO_EXTRAS)


_readers: dict[type, RowReader] = {}


def reader_of(record: type[Record]) -> RowReader:
    """Answer the reader of a record class, made once."""
    reader = _readers.get(record)
    if reader is None:
        reader = _readers[record] = RowReader(record)
    return reader


# --- writing --------------------------------------------------------------------------------------------------------


def write_time(moment: datetime, style: TimeStyle) -> str | int:
    """Write a moment the way a family wants it, in China Standard Time."""
    local = moment.astimezone(SHANGHAI)
    if style == "milliseconds":
        return (local - _EPOCH) // timedelta(milliseconds=1)
    return local.isoformat(" ", "seconds")[:19] if style == "datetime" else local.date().isoformat()


def _write(value: Any, style: TimeStyle) -> Any:
    if value.__class__ is str:
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return write_time(value, style)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Record):
        return write_record(value, style)
    if isinstance(value, tuple | list):
        items = cast("Sequence[Any]", value)
        if items and isinstance(items[0], Record):  # a document within; plain values are joined by commas
            return [_write(item, style) for item in items]
        return ",".join(str(_write(item, style)) for item in cast("Iterable[Any]", value))
    return value


def write_arguments(operation: object, style: TimeStyle) -> dict[str, Any]:
    """Answer an operation's arguments by their wire names, leaving out those that are ``None``."""
    arguments: dict[str, Any] = {}
    for field in fields_of(type(operation)):
        value = getattr(operation, field.python_name)
        if value is not None:
            arguments[field.name] = _write(value, style)
    return arguments


def write_record(record: Record, style: TimeStyle = "datetime") -> dict[str, Any]:
    """Answer a record the way a server writes it: all fields, numbers as text unless samples differ."""
    key = (type(record), style)
    writer = _writers.get(key)
    if writer is None:
        writer = _writers[key] = _row_writer(*key)
    row = writer(record)
    return {**row, **record.extra} if record.extra else row


_writers: dict[tuple[type[Record], TimeStyle], Callable[[Any], dict[str, Any]]] = {}


def _row_writer(record: type[Record], style: TimeStyle) -> Callable[[Any], dict[str, Any]]:
    """Have cattrs write the function that writes a record."""
    cells: dict[str, Any] = {
        field.python_name: cattrs.gen.override(rename=field.name, unstruct_hook=_cell_writer(field.number, style))
        for field in fields_of(record)
    }
    omitted = cattrs.gen.override(omit=True)
    return cattrs.gen.make_dict_unstructure_fn(record, cattrs.Converter(), extra=omitted, unreadable=omitted, **cells)


def _cell_writer(as_number: bool, style: TimeStyle) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, tuple):
            return [write_record(item, style) for item in cast("tuple[Record, ...]", value)]
        if isinstance(value, Record):
            return write_record(value, style)
        written = _write(value, style)
        return _number(written) if as_number else str(written)

    return write


def _number(written: Any) -> int | float:
    """A JSON number. Python writes a float's shortest text, so up to 15 digits arrive as they were."""
    text = str(written)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def read_arguments(operation: type[O], arguments: Mapping[str, Any]) -> O:
    """Build an operation from wire arguments, the way a server understands a request.

    Raises :class:`InvalidArgument` naming the wire argument that is missing or can't be understood.
    """
    values: dict[str, Any] = {}
    for field in fields_of(operation):
        raw = arguments.get(field.name)
        if raw is None or raw == "":
            if field.required or field.default is attrs.NOTHING:
                raise InvalidArgument(f"{field.name} is missing", f"缺少参数 {field.name}", argument=field.name)
            continue
        try:
            values[field.python_name] = _argument_reader(field)(raw)
        except InvalidArgument:
            raise
        except (ValueError, ArithmeticError, TypeError, OverflowError):
            raise InvalidArgument(
                f"{field.name} cannot be understood", f"参数 {field.name} 无法解析", argument=field.name
            ) from None
    return operation(**values)


def _argument_reader(field: WireField) -> Callable[[Any], Any]:
    if field.secret:
        return lambda raw: Secret(read_text(raw))
    if field.read is not None:
        return field.read
    kinds = [kind for kind in typing.get_args(field.type) or (field.type,) if kind is not type(None)]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return enum_reader(kind)
        if kind in (datetime, date):
            return _read_argument_time
        if kind in (int, Decimal, bool):
            return SCALARS[kind]
    return read_text


def _read_argument_time(raw: Any) -> datetime:
    moment = read_time(raw)
    if moment is None:
        raise Unreadable
    return moment
