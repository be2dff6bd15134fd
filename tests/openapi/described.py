"""Ways into an OpenAPI document: its operations, their arguments, and validation by its schemas."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

Document = dict[str, Any]


def validator(document: Document, schema: Document) -> Draft202012Validator:
    """A validator of one schema of a document, with the document's components at hand."""
    return Draft202012Validator({**schema, "components": document["components"]})


def problems(document: Document, name: str, value: Any) -> list[str]:
    """What a named schema of a document has against a value."""
    found = validator(document, {"$ref": f"#/components/schemas/{name}"}).iter_errors(value)
    return [error.message for error in found]


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every operation of a document, as verb, path, and what it says."""
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield verb.upper(), path, operation


def arguments(document: Document, operation: Document) -> dict[str, Document]:
    """An operation's arguments by wire name: query parameters, or the properties of its body."""
    if "requestBody" not in operation:
        return {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
    (schema,) = {content["schema"]["$ref"] for content in operation["requestBody"]["content"].values()}
    properties: dict[str, Document] = document["components"]["schemas"][schema.rpartition("/")[2]]["properties"]
    return properties
