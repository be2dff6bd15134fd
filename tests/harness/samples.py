"""Reads the golden samples, and writes records in their plain form."""

import enum
import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from chaobiao._contract.fields import Record
from chaobiao._contract.operation import Operation
from chaobiao._families import families

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
        kind = getattr(FAMILIES[self.family], self.content["operation"])
        return kind(**self.arguments)  # type: ignore[no-any-return]  # looked up by name

    @property
    def arguments(self) -> dict[str, Any]:
        return {name: _argument(value) for name, value in self.content["arguments"].items()}

    @property
    def response(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.response_text)
        return found

    @property
    def response_text(self) -> str:
        text = self.content.get("response_text")
        return text if text is not None else json.dumps(self.content["response"], ensure_ascii=False)

    @property
    def rows(self) -> bool:
        return "records" in self.content


def _argument(value: Any) -> Any:
    return datetime.fromisoformat(value["time"]) if isinstance(value, dict) else value


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
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Record):
        fields = {a.name: plain(getattr(value, a.name)) for a in attrs.fields(type(value)) if a.name not in _ODD}
        row = {name: field for name, field in fields.items() if field is not None}
        return row | {name: dict(getattr(value, name)) for name in _ODD if getattr(value, name)}
    return value


_ODD = ("extra", "unreadable")
