"""The vendors' documents, transcribed by reading them, against operations, records, OpenAPI documents and the mock.

``contract.csv`` has a row for each endpoint, parameter and response field: family, section, direction, the name on the
wire, the documented type, whether it is required (是, 否), the document's own words, and whether the table, the sample
or both show it.
"""

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import is_record
from chaobiao._families import families, family
from chaobiao._openapi.document import document
from chaobiao._wire.codecs import kinds_of
from chaobiao_mock.app import create_app
from chaobiao_mock.world import World, WorldSettings

Row = dict[str, str]

with Path(__file__).with_name("contract.csv").open(encoding="utf-8", newline="") as file:
    ROWS: list[Row] = list(csv.DictReader(file))

OPERATIONS = [(each, kind) for each in families() for kind in each.operations]
every_operation = pytest.mark.parametrize(
    ("family", "kind"), OPERATIONS, ids=[f"{each.name}.{kind.spec.call}" for each, kind in OPERATIONS]
)

#: What Python makes of a documented type. A code or a state is an enum, whatever its documented type.
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str, Decimal, datetime),  # numbers and times come as text as well
    "number": (Decimal, int),
    "int": (int,),
    "date": (datetime, date),
    "datetime": (datetime,),
    "obj[]": (tuple,),
}
SPELLINGS = {"String": "string", "S": "string", "num": "number", "Int": "int", "": ""}
#: Fields whose Chinese name is ours: the document has no words, or words that are no name.
NO_NAME = {
    ("recharge 4.4", "user_code"): "the table says 无",
    ("meter 4.2", "typeType"): "the table lists the codes instead",
    ("meter 4.5", "type"): "the table gives a code instead",
    ("meter 4.6", "type"): "the table lists the codes instead",
    ("recharge 4.5", "total_fee"): "the table adds the unit",
    ("recharge 4.6", "total_fee"): "the table adds the unit",
}


def sections_of(kind: Kind) -> list[str]:
    """The sections that describe an operation: a login stands in two documents."""
    return [section.strip() for section in kind.spec.section.split("=")]


def rows(family: Family, kind: Kind, direction: str) -> list[Row]:
    """What the documents say of an operation."""
    sections = sections_of(kind)
    return [
        row
        for row in ROWS
        if (row["family"], row["direction"]) == (family.name, direction) and row["section"] in sections
    ]


def added(family: Family, kind: Kind) -> set[str]:
    """What the client adds to the arguments by itself."""
    return set(family.module("openapi").DESCRIBER.added(kind))


def test_every_section_is_an_operation() -> None:
    """Each transcribed section has an operation, and each operation's sections are transcribed."""
    sections = [(each.name, section) for each, kind in OPERATIONS for section in sections_of(kind)]
    assert set(sections) == {(row["family"], row["section"]) for row in ROWS}
    assert len(set(sections)) == len(sections)


@every_operation
def test_an_endpoint_is_the_documented_one(family: Family, kind: Kind) -> None:
    """Verb, path and Chinese title; some paths are written without their leading slash."""
    found = {("/" + row["name"].lstrip("/"), row["type"], row["words"]) for row in rows(family, kind, "operation")}
    assert found == {(kind.spec.path, kind.spec.method, kind.spec.title)}


@every_operation
def test_arguments_are_the_documented_ones(family: Family, kind: Kind) -> None:
    """Names and what is required, no more and no less, apart from what the client adds by itself."""
    documented = {row["name"]: row["required"] == "是" for row in rows(family, kind, "request")}
    declared = {field.name: field.required for field in fields_of(kind)} | dict.fromkeys(added(family, kind), True)
    assert declared == documented


def fields_below(record: type) -> dict[str, WireField]:
    """A record's fields by every name that a response may give them."""
    return {name: field for field in fields_of(record) for name in (field.name, *field.aliases)}


@every_operation
def test_records_are_the_documented_ones(family: Family, kind: Kind) -> None:
    """Every documented field is in the record, and every field of the record is documented."""
    documented = {row["name"] for row in rows(family, kind, "response")}
    record = kind.spec.returns
    if not is_record(record):
        assert documented == set()
        return
    assert documented <= set(fields_below(record))
    for field in fields_of(record):
        assert documented & {field.name, *field.aliases}, field.name


def described(family: Family, kind: Kind) -> list[tuple[Row, WireField]]:
    """Each transcribed parameter and field with the one that the code declares."""
    found: list[tuple[Row, WireField]] = []
    for direction, owner in (("request", kind), ("response", kind.spec.returns)):
        fields = fields_below(owner) if attrs.has(owner) else {}
        found += [(row, fields[row["name"]]) for row in rows(family, kind, direction) if row["name"] in fields]
    return found


@every_operation
def test_types_are_the_documented_ones(family: Family, kind: Kind) -> None:
    """Python's type is one that the documented type allows."""
    for row, field in described(family, kind):
        documented = SPELLINGS.get(row["type"], row["type"])
        for python in kinds_of(field.type):
            if not documented or (isinstance(python, type) and hasattr(python, "__members__")):
                continue  # the document gives no type, or the value is a code
            if row["direction"] == "request":
                continue  # a caller may pass more types than the wire has
            origin = getattr(python, "__origin__", python)
            assert issubclass(origin, TYPES[documented]), (row, field.type)


@every_operation
def test_chinese_names_are_the_documented_ones(family: Family, kind: Kind) -> None:
    """A field's Chinese name begins the document's words, or the list of exceptions says why not."""
    for row, field in described(family, kind):
        words = re.sub(r"\s", "", row["words"])
        if not words or (row["section"], row["name"]) in NO_NAME:
            assert field.zh
            continue
        assert words.startswith(field.zh.replace(" ", "")), (row["section"], row["name"], field.zh, row["words"])


@pytest.mark.parametrize("name", [each.name for each in families()])
def test_openapi_documents_say_the_same(name: str) -> None:
    """Paths, verbs, parameters, bodies and what is required are the documents'."""
    found = document(family(name))
    paths = {(path, verb.upper()) for path, verbs in found["paths"].items() for verb in verbs}
    assert paths == {(kind.spec.path, kind.spec.method) for each, kind in OPERATIONS if each.name == name}
    schemas = found["components"]["schemas"]
    for kind in family(name).operations:
        said = found["paths"][kind.spec.path][kind.spec.method.lower()]
        documented = {row["name"]: row["required"] == "是" for row in rows(family(name), kind, "request")}
        if "requestBody" in said:
            (reference,) = {content["schema"]["$ref"] for content in said["requestBody"]["content"].values()}
            schema = schemas[reference.rpartition("/")[2]]
            described = {argument: argument in schema["required"] for argument in schema["properties"]}
        else:
            described = {parameter["name"]: parameter["required"] for parameter in said.get("parameters", [])}
        assert described == documented, kind.spec.call
        if is_record(kind.spec.returns):
            record: dict[str, Any] = schemas[kind.spec.returns.__name__]["properties"]
            names = {name for name, part in record.items() for name in (name, *part.get("x-aliases", []))}
            assert {row["name"] for row in rows(family(name), kind, "response")} <= names


def test_the_mock_has_a_route_for_each_endpoint() -> None:
    """What the mock serves beside its own pages is what is transcribed."""
    app = create_app(World(WorldSettings(meters=0)))
    served = {
        (route.path, verb)
        for route in app.routes
        for verb in getattr(route, "methods", None) or ()
        if verb != "HEAD" and not route.path.startswith(("/_mock", "/openapi")) and route.path != "/"
    }
    assert served == {("/" + row["name"].lstrip("/"), row["type"]) for row in ROWS if row["direction"] == "operation"}
