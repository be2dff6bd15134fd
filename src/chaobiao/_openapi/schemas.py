"""JSON Schemas of arguments and records, from the same fields that write and read them.

Arguments are described as the SDK sends them. Answers are described as it takes them: every field may be missing or
null, numbers come as numbers or as text, empty text stands for nothing.
"""

import enum
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import attrs

from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import is_record
from chaobiao._wire.records import TimeStyle

Schema = dict[str, Any]

_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_TIMES: Final[dict[TimeStyle, tuple[Schema, str]]] = {
    "datetime": ({"type": "string", "pattern": f"^{_DATE} {_CLOCK}$"}, "YYYY-MM-DD HH:MM:SS"),
    "date": ({"type": "string", "pattern": f"^{_DATE}$"}, "YYYY-MM-DD"),
    "milliseconds": (
        {"type": "integer", "minimum": 10**12, "maximum": 10**13 - 1},
        "milliseconds since 1970, 13 digits (13 位毫秒时间戳)",
    ),
}
_ANSWERED_TIMES: Final[dict[TimeStyle, Schema]] = {
    "datetime": {"type": ["string", "null"], "pattern": f"^({_DATE} {_CLOCK})?$"},
    "date": {"type": ["string", "null"], "pattern": f"^({_DATE}( {_CLOCK})?)?$"},
    "milliseconds": {
        "type": ["string", "integer", "null"],
        "pattern": "^([0-9]{13})?$",
        "minimum": 10**12,
        "maximum": 10**13 - 1,
    },
}


def bilingual(english: str, chinese: str) -> str:
    """Join what is said in both languages."""
    return " / ".join(part for part in (english, chinese) if part)


def refer(name: str) -> Schema:
    """Point to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


@attrs.define
class Schemas:
    """Writes the schemas of one family and collects those that have names of their own.

    ``examples`` and ``bounds`` add, by wire name, a documented value and what an argument's check refuses beyond its
    type.
    """

    times: TimeStyle
    examples: Mapping[str, Any]
    bounds: Mapping[str, Schema]
    named: dict[str, Schema] = attrs.field(factory=dict)

    def argument(self, field: WireField) -> Schema:
        """Describe an argument as it is sent."""
        schema = self._sent(field)
        if field.required and schema.get("type") == "string" and not schema.keys() & {"enum", "pattern"}:
            schema["minLength"] = 1
        schema |= self.bounds.get(field.name, {})
        if field.default is not attrs.NOTHING and field.default is not None:
            value = field.default.value if isinstance(field.default, enum.Enum) else field.default
            # What the vendor requires has no default on the wire; the SDK may still have one of its own.
            schema["x-python-default" if field.required else "default"] = value
        return self._labelled(schema, field)

    def answered(self, field: WireField) -> Schema:
        """Describe a field of an answer as it is read."""
        schema = self._labelled(self._read(field), field)
        if field.aliases:
            schema["x-aliases"] = list(field.aliases)
        return schema

    def record(self, record: type) -> Schema:
        """Name the schema of a record and answer a reference to it."""
        name = record.__name__
        if name not in self.named:
            self.named[name] = {}  # a record may hold its own kind
            self.named[name] = {
                "type": "object",
                "description": first_sentence(record),
                "x-python-name": f"{record.__module__.rpartition('.')[0]}.{name}",
                "properties": {field.name: self.answered(field) for field in fields_of(record)},
            }
        return refer(name)

    def _labelled(self, schema: Schema, field: WireField) -> Schema:
        labels: Schema = {
            "description": bilingual(field.doc, field.zh) + schema.pop("description", ""),
            "x-python-name": field.python_name,
        }
        if field.unit is not None:
            labels["x-unit"] = field.unit
        if field.name in self.examples and "enum" not in schema and not field.secret:
            labels["examples"] = [self.examples[field.name]]
        return {**schema, **labels}

    def _sent(self, field: WireField) -> Schema:
        kinds = _kinds(field.type)
        if field.secret:
            return {"type": "string", "format": "password", "writeOnly": True}
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, enum.Enum):
                return {
                    "type": "integer" if issubclass(kind, int) else "string",
                    "enum": [member.value for member in kind],
                    "x-enum-varnames": [member.name for member in kind],
                }
            if typing.get_origin(kind) is Iterable:
                pattern = "^([^,]+(,[^,]+)*)?$"
                return {"type": "string", "pattern": pattern, "description": " (several: a,b / 多个以英文逗号分隔)"}
        if datetime in kinds:
            schema, style = _TIMES[self.times]
            return {**schema, "description": f" ({style}, UTC+8)"}
        if Decimal in kinds:
            return {"type": "string", "format": "decimal", "pattern": f"^{_NUMBER}$"}
        for kind, name in ((bool, "boolean"), (int, "integer"), (str, "string")):
            if kind in kinds:
                return {"type": name}
        raise TypeError(f"no schema for {field.python_name}: {field.type}")

    def _read(self, field: WireField) -> Schema:
        (kind, *others) = _kinds(field.type)
        if field.read is not None or others:
            return {"type": ["string", "number", "null"]}
        if kind is datetime:
            return dict(_ANSWERED_TIMES[self.times])
        if kind is Decimal:
            return {"type": ["string", "number", "null"], "format": "decimal", "pattern": f"^({_NUMBER})?$"}
        if kind is int:  # no pattern: where the documents say a number and show a word, the row is still good
            return {"type": ["integer", "string", "null"]}
        if kind is bool:
            return {"type": ["boolean", "integer", "string", "null"]}
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self._words(kind)
        if typing.get_origin(kind) is tuple:
            return {"type": ["array", "null"], "items": self.record(typing.get_args(kind)[0])}
        if is_record(kind):
            return {"anyOf": [self.record(kind), {"type": "null"}]}
        if kind is str:
            return {"type": ["string", "null"]}
        raise TypeError(f"no schema for {field.python_name}: {field.type}")

    def _words(self, kind: type[enum.Enum]) -> Schema:
        """Name the schema of a code or state word. It lists the known ones and allows others: they survive."""
        numeric = issubclass(kind, int)
        shape: Schema = {"type": ["integer", "string", "null"], "pattern": "^[0-9]*$"}
        self.named[kind.__name__] = {
            **(shape if numeric else {"type": ["string", "null"]}),
            "description": first_sentence(kind),
            "x-known-values": {str(member.value): member.name for member in kind},
        }
        return refer(kind.__name__)


def first_sentence(described: type) -> str:
    """Answer the first paragraph of a class's docstring on one line."""
    return " ".join((described.__doc__ or "").split("\n\n")[0].split())


def _kinds(kind: Any) -> list[Any]:
    """Answer the types of a field without ``None``."""
    union = typing.get_origin(kind) in (types.UnionType, typing.Union)
    return [part for part in (typing.get_args(kind) if union else (kind,)) if part is not type(None)]
