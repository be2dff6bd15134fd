"""JSON Schemas of arguments and records, from the fields that also write and read them.

Arguments are described as the SDK sends them, responses as it accepts them: every field may be missing or null, numbers
may be text, and empty text means no value.
"""

import enum

import attrs

from chaobiao._contract.fields import Record, TimeStyle, WireField, fields_of
from chaobiao._wire.codecs import Schema
from chaobiao._wire.records import codec_of


def bilingual(english: str, chinese: str) -> str:
    """Join an English and a Chinese text, either of which may be empty."""
    return " / ".join(part for part in (english, chinese) if part)


def refer(name: str) -> Schema:
    """Return a reference to a named schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


@attrs.define
class Schemas:
    """Writes the schemas of one family and collects the named ones."""

    times: TimeStyle
    named: dict[str, Schema] = attrs.field(factory=dict)

    def argument(self, field: WireField) -> Schema:
        """Return the schema of an argument as it is sent."""
        codec = codec_of(field)
        schema = codec.argument_schema(self)
        if not codec.described_by_check:
            return self._labelled(schema, field)
        if field.required and schema.get("type") == "string" and not schema.keys() & {"enum", "pattern"}:
            schema["minLength"] = 1
        if field.check is not None:
            schema |= field.check.bounds
        if field.default is not attrs.NOTHING and field.default is not None:
            value = field.default.value if isinstance(field.default, enum.Enum) else field.default
            # The SDK sends a value of its own for an argument that the vendor requires: no default of the API.
            schema["x-python-default" if field.required else "default"] = value
        return self._labelled(schema, field)

    def response_field(self, field: WireField) -> Schema:
        """Return the schema of a field of a response as it is accepted."""
        schema = self._labelled(codec_of(field).response_schema(self), field)
        if field.aliases:
            schema["x-aliases"] = list(field.aliases)
        return schema

    def record(self, record: type[Record]) -> Schema:
        """Name the schema of a record and return a reference to it."""
        name = record.__name__
        if name not in self.named:
            self.named[name] = {}  # ends the recursion for a record that holds records of its own class
            self.named[name] = {
                "type": "object",
                "description": first_sentence(record),
                "x-python-name": f"{record.__module__.rpartition('.')[0]}.{name}",
                "properties": {field.name: self.response_field(field) for field in fields_of(record)},
            }
        return refer(name)

    def argument_record(self, record: type[Record]) -> Schema:
        """Name the schema of a record as a part of a request and return a reference to it."""
        name = f"{record.__name__}Argument"
        fields = fields_of(record)
        required = [field.name for field in fields if field.required]
        self.named[name] = {
            "type": "object",
            "description": first_sentence(record),
            **({"required": required} if required else {}),
            "properties": {field.name: self._written(field) for field in fields},
        }
        return refer(name)

    def _written(self, field: WireField) -> Schema:
        """Return the schema of a field of a record as it is sent: a number or text, as the vendor's samples show it."""
        schema = self.argument(field)
        if field.number and schema["type"] == "string":
            schema = {key: value for key, value in schema.items() if key not in ("format", "pattern")}
            schema["type"] = "number"
        return schema

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
        """Name the schema of an enum. It lists the known values and allows others, because clients keep those too."""
        self.named[kind.__name__] = {
            **schema,
            "description": first_sentence(kind),
            "x-known-values": {str(member.value): member.name for member in kind},
        }
        return refer(kind.__name__)


def first_sentence(described: type) -> str:
    """Return the first paragraph of a class's docstring as one line."""
    return " ".join((described.__doc__ or "").split("\n\n")[0].split())
