"""Conversion between JSON objects and records.

Decoding is tolerant: a value that does not fit its field becomes ``None`` and is kept in ``record.unreadable``, an
unlisted field is kept in ``record.extra``, and the rest of the page is not affected, at any depth. Numbers never
become binary floats.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from chaobiao._contract.fields import NO_EXTRAS, Extras, Record, TimeStyle, WireField, fields_of
from chaobiao._wire.codecs import Codec, Schema, SchemaNames, codec_of_type, item_record_of, kinds_of
from chaobiao._wire.codegen import Cell, compile_reader
from chaobiao._wire.json_text import Conflict
from chaobiao._wire.scalars import Unreadable


class StrictField(ValueError):
    """In strict decoding, the first field that could not be read, with its path if nested, such as "children.id"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class RowReader:
    """Reads rows of one record class with a generated function; a row that it cannot read is read field by field."""

    def __init__(self, record: type[Record]) -> None:
        self._record = record
        self._fields = fields_of(record)
        codecs = {field.python_name: codec_of(field) for field in self._fields}
        self._readers: dict[str, Callable[..., Any]] = {name: codec.read for name, codec in codecs.items()}
        #: The Python names of the fields that hold records.
        self.nested = tuple(name for name, codec in codecs.items() if codec.nested is not None)
        self._empty = dict.fromkeys(field.name for field in self._fields)
        self._aliases = {alias: field.name for field in self._fields for alias in field.aliases}
        self._rows = compile_reader(
            record,
            [
                Cell(field.python_name, field.name, codec.inline, codec.read)
                for field in self._fields
                for codec in (codecs[field.python_name],)
            ],
        )

    def read_all(self, rows: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        """Read rows; return the records, and those among them of which not all fields were present and readable."""
        unusual: list[Any] = []

        def read_other(row: Any) -> Any:
            record = self.read(row)
            unusual.append(record)
            return record

        return self._rows(rows, read_other), unusual

    def read(self, row: Any, *, strict: bool = False) -> Any:
        """Read one row. With ``strict``, raise :class:`StrictField` for the first field that can't be read."""
        if row.__class__ is not dict:
            if strict:
                raise StrictField("(row)")
            return self._record(unreadable=Extras({"(row)": row}))
        extra: dict[str, Any] | None = None
        cells = row
        if row.keys() != self._empty.keys():
            cells = self._complete(row)
            if len(cells) != len(self._empty):  # all listed names are present, so the others are unlisted
                extra = {key: value for key, value in cells.items() if key not in self._empty}
                cells = {name: cells[name] for name in self._empty}
        record: Any
        if strict and self.nested:  # the generated function cannot ask for strict reading of nested records
            record = self._read_carefully(cells, strict)
        else:
            (record,) = self._rows((cells,), partial(self._read_carefully, strict=strict))
        if extra is not None:
            object.__setattr__(record, "extra", Extras(extra))  # frozen, but not shared yet
        return record

    def _complete(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with aliases replaced by their field names, and ``None`` for missing fields."""
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
                values[field.python_name] = read(raw, strict) if field.python_name in self.nested else read(raw)
            except (ValueError, ArithmeticError, TypeError, OverflowError) as error:
                if strict:
                    nested = f".{error.field}" if isinstance(error, StrictField) else ""
                    raise StrictField(field.name + nested) from None
                unreadable[field.python_name] = raw.values if isinstance(raw, Conflict) else raw
        return self._record(**values, unreadable=Extras(unreadable) if unreadable else NO_EXTRAS)


_readers: dict[type, RowReader] = {}


def reader_of(record: type[Record]) -> RowReader:
    """Return the reader of a record class; cached."""
    reader = _readers.get(record)
    if reader is None:
        reader = _readers[record] = RowReader(record)
    return reader


class Document(Codec):
    """A record in a record or among the arguments. A server may send it as a list with one element."""

    scalar = False

    def __init__(self, record: type[Record]) -> None:
        self.nested = self._record = record

    def read(self, value: Any, strict: bool = False) -> Any:
        if value == "":
            return None
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            raise Unreadable
        return reader_of(self._record).read(value, strict=strict)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return {name: part for name, part in write_record(value, style).items() if part is not None}

    def argument_schema(self, names: SchemaNames) -> Schema:
        return names.argument_record(self._record)

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"anyOf": [names.record(self._record), {"type": "null"}]}


class Documents(Document):
    """A list of records."""

    def read(self, value: Any, strict: bool = False) -> Any:
        if value == "":
            return None
        if not isinstance(value, list):
            raise Unreadable
        reader = reader_of(self._record)
        return tuple(reader.read(row, strict=strict) for row in value)

    def write(self, value: Any, style: TimeStyle) -> Any:
        return [super(Documents, self).write(item, style) for item in value]

    def argument_schema(self, names: SchemaNames) -> Schema:
        return {"type": "array", "items": names.argument_record(self._record)}

    def response_schema(self, names: SchemaNames) -> Schema:
        return {"type": ["array", "null"], "items": names.record(self._record)}


def codec_of(field: WireField) -> Codec:
    """Return the codec of a field. Raises ``TypeError`` for a type that has none."""
    codec = codec_of_type(field)
    if codec is not None:
        return codec
    for kind in kinds_of(field.type):
        if isinstance(kind, type) and issubclass(kind, Record):
            return Document(kind)
        item = item_record_of(kind)
        if item is not None:
            return Documents(item)
    raise TypeError(f"no codec for {field.python_name}: {field.type}")


def write_record(record: Record, style: TimeStyle = "datetime") -> dict[str, Any]:
    """Return a record as a server sends it: all fields and ``extra``, numbers as text unless the samples differ."""
    key = (type(record), style)
    writer = _writers.get(key)
    if writer is None:
        writer = _writers[key] = _row_writer(*key)
    row = writer(record)
    return {**row, **record.extra} if record.extra else row


_writers: dict[tuple[type[Record], TimeStyle], Callable[[Any], dict[str, Any]]] = {}


def _row_writer(record: type[Record], style: TimeStyle) -> Callable[[Any], dict[str, Any]]:
    """Let cattrs generate the function that writes a record."""
    import cattrs.gen  # imported here because clients rarely write records

    cells: dict[str, Any] = {
        field.python_name: cattrs.gen.override(rename=field.name, unstruct_hook=_cell_writer(field, style))
        for field in fields_of(record)
    }
    omitted = cattrs.gen.override(omit=True)
    return cattrs.gen.make_dict_unstructure_fn(record, cattrs.Converter(), extra=omitted, unreadable=omitted, **cells)


def _cell_writer(field: WireField, style: TimeStyle) -> Callable[[Any], Any]:
    codec = codec_of(field)

    def write(value: Any) -> Any:
        if value is None:
            return None
        written = codec.write(value, style)
        if not codec.scalar or isinstance(written, bool):
            return written
        return _number(written) if field.number else str(written)

    return write


def _number(written: Any) -> int | float:
    """Return a JSON number. A float is written in its shortest form, so up to 15 digits are kept."""
    text = str(written)
    return int(text) if text.lstrip("-").isdigit() else float(text)
