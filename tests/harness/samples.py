"""Reads the golden samples, and writes records in their plain form."""

import enum
import json
from base64 import b64decode
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import httpx

from chaobiao._contract.calendar import Month, Year, read_offset, write_offset
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import Record, WireField, fields_of
from chaobiao._contract.operation import Operation
from chaobiao._contract.upload import Upload
from chaobiao._families import families
from chaobiao._wire.codecs import kinds_of
from chaobiao._wire.records import codec_of

ROOT = Path(__file__).parent.parent / "samples"
#: Each family's public module by the family's name.
FAMILIES: dict[str, Any] = {family.name: import_module(family.package) for family in families()}


@attrs.frozen
class Sample:
    """One documented example: arguments, request, response, and what it means."""

    family: str
    method: str
    content: dict[str, Any] = attrs.field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.family}/{self.method}"

    @property
    def operation(self) -> Operation[Any]:
        made: Operation[Any] = self.kind(**self.arguments)
        return made

    @property
    def kind(self) -> Kind:
        """The operation's class."""
        kind: Kind = getattr(FAMILIES[self.family], self.content["operation"])
        return kind

    @property
    def arguments(self) -> dict[str, Any]:
        fields = {field.python_name: field for field in fields_of(self.kind)}
        return {name: _argument(value, fields[name]) for name, value in self.content["arguments"].items()}

    @property
    def response(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.response_text)
        return found

    @property
    def response_text(self) -> str:
        text = self.content.get("response_text")
        return text if text is not None else json.dumps(self.content["response"], ensure_ascii=False)

    @property
    def reply(self) -> httpx.Response:
        """The whole response, with the headers that it needs."""
        return httpx.Response(200, text=self.response_text, headers=self.content.get("response_headers"))

    @property
    def rows(self) -> bool:
        """Whether a list is returned."""
        return "records" in self.content

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows of a list, or the one object; none for what returns neither."""
        content = self.content
        return content["records"] if self.rows else [content["record"]] if "record" in content else []


def _argument(value: Any, field: WireField) -> Any:
    """Return an argument, or a field of a record among the arguments, from its form in a sample."""
    if isinstance(value, list):
        return tuple(_argument(item, field) for item in value)
    if isinstance(value, dict):
        if "time" in value:
            return datetime.fromisoformat(value["time"])
        if "offset" in value:
            return read_offset(value["offset"])
        if "base64" in value:
            return Upload(value["filename"], b64decode(value["base64"]), value["content_type"])
        record = codec_of(field).nested
        assert record is not None, field.python_name
        inside = {each.python_name: each for each in fields_of(record)}
        return record(**{name: _argument(part, inside[name]) for name, part in value.items()})
    # An operation converts numbers, a record does not.
    is_cell = field.default is None and field.check is None
    return Decimal(value) if is_cell and Decimal in kinds_of(field.type) else value


@cache
def load() -> list[Sample]:
    """Return every sample there is."""
    return [
        Sample(path.parent.name, path.name.removesuffix(".json"), json.loads(path.read_text("utf-8")))
        for path in sorted(ROOT.glob("*/*.json"))
    ]


def sample_named(family: str, method: str) -> Sample:
    """Return the sample of a client method."""
    found = [sample for sample in load() if (sample.family, sample.method) == (family, method)]
    assert found, f"there is no tests/samples/{family}/{method}.json"
    return found[0]


def plain(value: Any) -> Any:
    """Write a value as the samples do: decimals as text, times in ISO form, states by their wire value."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, timedelta):
        return write_offset(value)
    if isinstance(value, Year | Month):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, Record):
        fields = {a.name: plain(getattr(value, a.name)) for a in attrs.fields(type(value)) if a.name not in _ODD}
        row = {name: field for name, field in fields.items() if field is not None}
        return row | {name: dict(getattr(value, name)) for name in _ODD if getattr(value, name)}
    return value


_ODD = ("extra", "unreadable")
