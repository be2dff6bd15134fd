"""Generates the OpenAPI 3.1 document of a family from its operations.

What all endpoints of a family share (envelope, codes, arguments that the client adds) comes from the family's
:class:`Describer`, ``chaobiao.<family>.openapi.DESCRIBER``.
"""

import inspect
import re
from typing import Any, Literal

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import PagedOperation, is_record, sorted_arguments
from chaobiao._openapi.schemas import Schemas, bilingual, first_sentence, refer
from chaobiao._version import __version__
from chaobiao._wire.codecs import FILE, Schema
from chaobiao._wire.records import codec_of


@attrs.define
class Describer:
    """The parts of a document that all endpoints of a family share. Each family has a subclass."""

    family: Family
    description: str
    #: The media types of request bodies.
    content_types: tuple[str, ...] = ("application/json",)

    def method(self, operation: Kind) -> str:
        """Return the HTTP verb."""
        return operation.spec.method

    def arguments_in(self, operation: Kind) -> Literal["query", "body"]:
        """Return whether the arguments are sent in the query or in the body."""
        return "query" if self.method(operation) == "GET" else "body"

    def body_types(self, operation: Kind) -> tuple[str, ...]:
        """Return the media types of this operation's body; with a file it is a multipart form."""
        files = any(codec_of(field) is FILE for field in fields_of(operation))
        return ("multipart/form-data",) if files else self.content_types

    def added_arguments(self, operation: Kind) -> dict[str, Schema]:
        """Return the schemas of the arguments that the client adds; all of them are required."""
        return {}

    def envelope(self, operation: Kind, record: Schema | None) -> Schema:
        """Return the schema of the whole response; ``record`` is the record's schema, ``None`` without a record."""
        raise NotImplementedError

    def response_description(self) -> Schema:
        """Return the description of the response, which is the same for all operations, and the codes."""
        return {"description": "The response. / 返回结果"}


def document(family: Family, *, server: str | None = None) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a family's API, a new dict for each call.

    ``server`` replaces the documented base URL.
    """
    return describe(family.module("openapi").DESCRIBER, server=server)


def describe(describer: Describer, *, server: str | None = None) -> dict[str, Any]:
    """Return the document of one family. Raises ``ValueError`` for two operations with the same verb and path."""
    family = describer.family
    dialect = family.dialect()
    schemas = Schemas(dialect.times)
    paths: dict[str, dict[str, Any]] = {}
    for operation in family.operations:
        verb = describer.method(operation).lower()
        item = paths.setdefault(operation.spec.path, {})
        if verb in item:
            raise ValueError(
                f"{item[verb]['operationId']} and {operation.spec.call} are both {verb} of {operation.spec.path}"
            )
        item[verb] = _operation(describer, operation, schemas)
    openapi: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": bilingual(family.title, family.title_zh),
            "version": __version__,
            "description": describer.description,
        },
    }
    base_url = server or dialect.documented_base_url
    if base_url is not None:
        openapi["servers"] = [{"url": base_url.rstrip("/") or "/"}]
    tags = dict.fromkeys(_tag(operation) for operation in family.operations)
    openapi |= {
        "security": [],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.named.items()))},
        "x-family": family.name,
    }
    return openapi


def _tag(operation: Kind) -> str:
    return operation.spec.call.partition(".")[0]


def _operation(describer: Describer, operation: Kind, schemas: Schemas) -> Schema:
    spec = operation.spec
    interval = describer.family.interval_of(operation)
    pace = f"At most one call every {interval:g} s." if interval else "The client keeps no interval."
    pace_zh = f"每 {interval:g} 秒最多调用一次。" if interval else "客户端不限制访问间隔。"
    described: Schema = {
        "operationId": spec.call,
        "tags": [_tag(operation)],
        "summary": bilingual(first_sentence(operation), spec.title),
        "description": "\n\n".join([*_details(operation), f"Vendor section {spec.section}. {pace} / {pace_zh}"]),
        "x-section": spec.section,
        "x-title": spec.title,
        "x-effect": spec.effect.value,
        "x-interval": interval,
        "x-paged": issubclass(operation, PagedOperation),
        "x-python-name": f"{operation.__module__.rpartition('.')[0]}.{operation.__name__}",
    }
    fields = sorted_arguments(operation)
    if describer.arguments_in(operation) == "query":
        if fields:
            described["parameters"] = [_parameter(field, schemas) for field in fields]
    else:
        described |= _body(describer, operation, fields, schemas)
    record = schemas.record(spec.returns) if is_record(spec.returns) else None
    name = f"{operation.__name__}Response"
    schemas.named[name] = describer.envelope(operation, record)
    content = {"application/json": {"schema": refer(name)}}
    described["responses"] = {"200": {**describer.response_description(), "content": content}}
    return described


def _details(operation: Kind) -> list[str]:
    """Return the paragraphs of the docstring after the first, with Sphinx roles replaced by code spans."""
    paragraphs = (inspect.getdoc(operation) or "").split("\n\n")[1:]
    return [re.sub(r":\w+:`([^`]+)`", r"`\1`", " ".join(paragraph.split())) for paragraph in paragraphs]


def _parameter(field: WireField, schemas: Schemas) -> Schema:
    schema = schemas.argument(field)
    labels: Schema = {key: schema.pop(key) for key in ("description", "x-python-name", "x-unit") if key in schema}
    return {"name": field.name, "in": "query", "required": field.required, **labels, "schema": schema}


def _body(describer: Describer, operation: Kind, fields: list[WireField], schemas: Schemas) -> Schema:
    added = describer.added_arguments(operation)
    properties = {**added, **{field.name: schemas.argument(field) for field in fields}}
    if not properties:
        return {}
    required = [*added, *(field.name for field in fields if field.required)]
    name = f"{operation.__name__}Request"
    schemas.named[name] = {
        "type": "object",
        **({"required": required} if required else {}),
        "properties": properties,
    }
    content = {kind: {"schema": refer(name)} for kind in describer.body_types(operation)}
    return {"requestBody": {"required": bool(required), "content": content}}
