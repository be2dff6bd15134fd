"""Compares a family's OpenAPI document with the transcription of the vendor's document; returns the differences."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chaobiao._contract.operation import is_record
from tests.contract.comparison import (
    Names,
    added_by_client,
    compare_chinese_name,
    compare_names,
    compare_required,
    meanings,
)
from tests.contract.transcription import Direction, Endpoint
from tests.openapi.openapi_helpers import Document, request_schema, resolve


def compare_openapi(endpoint: Endpoint, document: Document) -> Iterator[str]:
    """All that a document says of an operation: title, arguments, envelope and record."""
    spec = endpoint.kind.spec
    said = document["paths"].get(spec.path, {}).get(spec.method.lower())
    if said is None:
        yield f"{endpoint}: {spec.method} {spec.path} is missing"
        return
    for row in endpoint.rows("operation"):
        if row.words != said["x-title"] or not said["summary"].endswith(f" / {row.words}"):
            yield f"{row}: documented as {row.words}, described as {said['summary']}"
    yield from _compare_request(endpoint, document, request_schema(document, said))
    envelope = resolve(document, said["responses"]["200"]["content"]["application/json"]["schema"])
    yield from _compare_envelope(endpoint, envelope["properties"])
    yield from _compare_record(endpoint, document, envelope)


def _compare_request(endpoint: Endpoint, document: Document, schema: Document) -> Iterator[str]:
    arguments = properties_below(document, schema)
    yield from compare_names(arguments, endpoint, "request")
    yield from compare_required(dict(_required_below(document, schema, "")), endpoint)
    yield from _compare_described(endpoint, document, arguments, "request")


def _compare_envelope(endpoint: Endpoint, members: Mapping[str, Document]) -> Iterator[str]:
    """An envelope has what its own section shows, and nothing that the family's documents show nowhere."""
    described = {each for name, member in members.items() for each in (name, *member.get("x-aliases", []))}
    for row in endpoint.rows("envelope"):
        if row.section != "*" and row.name not in described:
            yield f"{row}: documented, not described"
    for name in sorted(described - endpoint.transcription.envelope_names(endpoint.family)):
        yield f"{endpoint} envelope {name}: described, not documented"


def _compare_record(endpoint: Endpoint, document: Document, envelope: Document) -> Iterator[str]:
    record: Document = {}
    if is_record(endpoint.kind.spec.returns):
        reference = f"#/components/schemas/{endpoint.kind.spec.returns.__name__}"
        if json.dumps(reference) not in json.dumps(envelope):
            yield f"{endpoint}: the response does not hold {reference}"
        record = resolve(document, {"$ref": reference})
    fields = properties_below(document, record)
    yield from compare_names(fields, endpoint, "response")
    yield from _compare_described(endpoint, document, fields, "response")


def _compare_described(
    endpoint: Endpoint, document: Document, found: dict[Names, Document], direction: Direction
) -> Iterator[str]:
    """Chinese names and JSON types."""
    added = added_by_client(endpoint)
    by_name = {name: described for names, described in found.items() for name in names}
    for row in endpoint.rows(direction):
        if row.name not in by_name:
            continue
        described = by_name[row.name]
        if row.name not in added:
            zh = described["description"].partition(" / ")[2].partition(" (")[0]
            yield from compare_chinese_name(row, zh, endpoint)
        allowed = {kind for meaning in meanings(row, endpoint) for kind in meaning.json}
        types = _json_types(document, described)
        if allowed and not allowed & types:
            yield f"{row}: documented as {row.type}, described as {', '.join(sorted(types))}"


def properties_below(document: Document, schema: Document) -> dict[Names, Document]:
    """Return the properties of a schema by their names on the wire; the records below have names like "Data.Time"."""
    return dict(_properties_below(document, schema, "", ()))


def _properties_below(
    document: Document, schema: Document, prefix: str, above: tuple[Document, ...]
) -> Iterator[tuple[Names, Document]]:
    for name, described in schema.get("properties", {}).items():
        yield tuple(prefix + each for each in (name, *described.get("x-aliases", []))), described
        inside = _nested(document, described)
        if not any(inside is each for each in (schema, *above)):  # a tree is not followed
            yield from _properties_below(document, inside, f"{prefix}{name}.", (schema, *above))


def _required_below(document: Document, schema: Document, prefix: str) -> Iterator[tuple[str, bool]]:
    for name, described in schema.get("properties", {}).items():
        yield prefix + name, name in schema.get("required", [])
        yield from _required_below(document, _nested(document, described), f"{prefix}{name}.")


def _nested(document: Document, described: Document) -> Document:
    """The schema of the record or enum that a value is, or that its items are; empty for other values."""
    parts: list[dict[str, Any]] = [described, described.get("items", {}), *described.get("anyOf", [])]
    return next((resolve(document, part) for part in parts if "$ref" in part), {})


def _json_types(document: Document, described: Document) -> set[str]:
    if described.keys().isdisjoint({"type", "$ref", "anyOf"}):
        return _ALL_TYPES
    types = (described if "type" in described else _nested(document, described)).get("type", [])
    return {types} if isinstance(types, str) else set(types)


#: The types of a value that may be anything.
_ALL_TYPES = {"null", "boolean", "integer", "number", "string", "array", "object"}
