"""JSON Schemas of arguments and records, from the same fields that write and read them.

Arguments are described as the SDK sends them. Responses are described as it takes them: every field may be missing or
null, numbers come as numbers or as text, empty text stands for nothing.
"""

import enum

import attrs

from chaobiao._contract.fields import Record, TimeStyle, WireField, fields_of
from chaobiao._wire.codecs import Schema
from chaobiao._wire.records import codec_of


def bilingual(english: str, chinese: str) -> str:
    """Join what is said in both languages."""
    return " / ".join(part for part in (english, chinese) if part)


def refer(name: str) -> Schema:
    """Point to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


@attrs.define
class Schemas:
    """Writes the schemas of one family and collects those that have names of their own."""

    times: TimeStyle
    named: dict[str, Schema] = attrs.field(factory=dict)

    def argument(self, field: WireField) -> Schema:
        """Describe an argument as it is sent."""
        schema = codec_of(field).sent(self)
        if field.required and schema.get("type") == "string" and not schema.keys() & {"enum", "pattern"}:
            schema["minLength"] = 1
        if field.check is not None:
            schema |= field.check.bounds
        if field.default is not attrs.NOTHING and field.default is not None:
            value = field.default.value if isinstance(field.default, enum.Enum) else field.default
            # What the vendor requires has no default on the wire; the SDK may still have one of its own.
            schema["x-python-default" if field.required else "default"] = value
        return self._labelled(schema, field)

    def returned(self, field: WireField) -> Schema:
        """Describe a field of a response as it is read."""
        schema = self._labelled(codec_of(field).returned(self), field)
        if field.aliases:
            schema["x-aliases"] = list(field.aliases)
        return schema

    def record(self, record: type[Record]) -> Schema:
        """Name the schema of a record and return a reference to it."""
        name = record.__name__
        if name not in self.named:
            self.named[name] = {}  # a record may hold its own kind
            self.named[name] = {
                "type": "object",
                "description": first_sentence(record),
                "x-python-name": f"{record.__module__.rpartition('.')[0]}.{name}",
                "properties": {field.name: self.returned(field) for field in fields_of(record)},
            }
        return refer(name)

    def _labelled(self, schema: Schema, field: WireField) -> Schema:
        labels: Schema = {
            "description": bilingual(field.doc, field.zh) + schema.pop("description", ""),
            "x-python-name": field.python_name,
        }
        if field.unit is not None:
            labels["x-unit"] = field.unit
        if field.example is not None:
            labels["examples"] = [field.example]
        return {**schema, **labels}

    def enumeration(self, kind: type[enum.Enum], schema: Schema) -> Schema:
        """Name the schema of a code or state word. It lists the known ones and allows others: they survive."""
        self.named[kind.__name__] = {
            **schema,
            "description": first_sentence(kind),
            "x-known-values": {str(member.value): member.name for member in kind},
        }
        return refer(kind.__name__)


def first_sentence(described: type) -> str:
    """Return the first paragraph of a class's docstring on one line."""
    return " ".join((described.__doc__ or "").split("\n\n")[0].split())
