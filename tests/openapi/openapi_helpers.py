"""Ways into an OpenAPI document: its operations, their arguments, and validation by its schemas."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

Document = dict[str, Any]


def validator(document: Document, schema: Document) -> Draft202012Validator:
    """Return a validator of one schema of a document, with the document's components at hand."""
    return Draft202012Validator({**schema, "components": document["components"]})


def problems(document: Document, name: str, value: Any) -> list[str]:
    """Return what is wrong with a value by a named schema of a document."""
    found = validator(document, {"$ref": f"#/components/schemas/{name}"}).iter_errors(value)
    return [error.message for error in found]


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Return every operation of a document: verb, path, and its description."""
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield verb.upper(), path, operation


def resolve(document: Document, schema: Document) -> Document:
    """Return the named schema that a reference is for, or the schema itself."""
    if "$ref" not in schema:
        return schema
    found: Document = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def request_schema(document: Document, operation: Document) -> Document:
    """Return one schema for an operation's arguments, whether they are query parameters or members of a body."""
    if "requestBody" in operation:
        schemas = [content["schema"] for content in operation["requestBody"]["content"].values()]
        assert all(schema == schemas[0] for schema in schemas)
        return resolve(document, schemas[0])
    parameters = operation.get("parameters", [])
    return {
        "type": "object",
        "required": [parameter["name"] for parameter in parameters if parameter["required"]],
        "properties": {parameter["name"]: {**parameter["schema"], **_labels(parameter)} for parameter in parameters},
    }


def _labels(parameter: Document) -> Document:
    return {key: value for key, value in parameter.items() if key == "description" or key.startswith("x-")}
