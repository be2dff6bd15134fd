"""The OpenAPI documents: valid, complete, in two languages, with the bounds, choices and defaults of the SDK."""

import importlib
import json
import re
from copy import deepcopy
from decimal import Decimal
from typing import Any

import attrs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chaobiao import InvalidArgument
from chaobiao._contract.fields import Record, WireField, fields_of
from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document
from chaobiao._wire.codecs import kinds_of
from chaobiao.energy import CODES as ENERGY_CODES
from chaobiao.jrhsz import CODES, Recharge
from tests.harness.samples import Sample, load, sample_named
from tests.harness.wire_formats import format_of
from tests.openapi.openapi_helpers import Document, operations, problems, request_schema, validator

CHINESE = re.compile("[\u4e00-\u9fff]")

every_sample = pytest.mark.parametrize("sample", load(), ids=lambda sample: sample.name)


def walk(value: Any) -> Any:
    """Every mapping inside a document."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


@pytest.mark.parametrize("family", NAMES)
def test_standard_tools_accept_the_document(documents: dict[str, Document], family: str) -> None:
    """The document is valid OpenAPI 3.1, also after a round through JSON."""
    OpenAPIV31SpecValidator(json.loads(json.dumps(documents[family]))).validate()


@pytest.mark.parametrize("family", NAMES)
def test_every_argument_and_field_has_its_python_name(documents: dict[str, Document], family: str) -> None:
    """The arguments of operations and the fields of records are described with their Python names, and no others."""
    module = importlib.import_module(find_family(family).package)
    said = {operation["operationId"]: operation for _, _, operation in operations(documents[family])}
    for operation in find_family(family).operations:
        described = request_schema(documents[family], said[operation.spec.call])["properties"].values()
        named = {argument["x-python-name"] for argument in described if not argument.get("x-sent-by-client")}
        assert named == {field.python_name for field in fields_of(operation)}, operation
    records = [kind for kind in map(module.__dict__.get, module.__all__) if isinstance(kind, type)]
    for record in records:
        if attrs.has(record) and issubclass(record, Record):
            properties = documents[family]["components"]["schemas"][record.__name__]["properties"]
            named = {described["x-python-name"] for described in properties.values()}
            assert named == {field.name for field in attrs.fields(record)} - {"extra", "unreadable"}, record
            for field in fields_of(record):
                assert properties[field.name].get("x-unit") == field.unit


@pytest.mark.parametrize("family", NAMES)
def test_everything_is_described_in_both_languages(documents: dict[str, Document], family: str) -> None:
    """Summaries, arguments and properties are described in English and in Chinese."""
    texts = [said["summary"] for _, _, said in operations(documents[family])]
    texts += [part["description"] for part in walk(documents[family]) if "x-python-name" in part and "in" in part]
    for part in walk(documents[family]["components"]):
        texts += [described["description"] for described in part.get("properties", {}).values()]
    assert texts
    for text in texts:
        english, _, chinese = text.partition(" / ")
        assert re.search("[A-Za-z]{2}", english), text
        assert CHINESE.search(chinese) or chinese.isascii(), text
        assert chinese, text


@pytest.mark.parametrize("family", NAMES)
def test_examples_fit_their_own_schemas(documents: dict[str, Document], family: str) -> None:
    """Every example is a value that its schema accepts, and every field that has one shows it."""
    shown = set()
    for part in walk(documents[family]):
        for name, described in part.get("properties", {}).items():
            for example in described.get("examples", []):
                shown.add(name)
                assert validator(documents[family], described).is_valid(example), (name, example)
        if "in" in part:
            for example in part["schema"].get("examples", []):
                shown.add(part["name"])
                assert validator(documents[family], part["schema"]).is_valid(example), (part["name"], example)
    declared = {
        field.name
        for operation in find_family(family).operations
        for kind in (operation, operation.spec.returns)
        if attrs.has(kind)
        for field in fields_of(kind)
        if field.example is not None
    }
    assert declared
    assert declared <= shown


def described_operation(documents: dict[str, Document], sample: Sample) -> Document:
    """What a document says of a sample's operation."""
    found = (each for _, _, each in operations(documents[sample.family]) if each["operationId"] == sample.method)
    return next(found)


@every_sample
def test_requests_of_samples_fit(documents: dict[str, Document], sample: Sample) -> None:
    """Requests are what the SDK sends: described arguments only, all required ones, and values that fit."""
    schema = request_schema(documents[sample.family], described_operation(documents, sample))
    request = sample.content["request"]
    sent: dict[str, Any] = request.get("json") or request.get("query") or request.get("form") or {}
    if "json" not in request:  # where every value is text
        whole = {name for name, each in schema["properties"].items() if each.get("type") == "integer"}
        sent = {name: int(text) if name in whole else text for name, text in sent.items()}
        sent |= {name: file["base64"] for name, file in request.get("files", {}).items()}
    assert set(schema.get("required", [])) <= set(sent) <= set(schema["properties"])
    assert [error.message for error in validator(documents[sample.family], schema).iter_errors(sent)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("enterprise", "phone"), None),
        (("enterprise", "center"), "False"),
        (("enterprise", "latitude"), "33.283433"),
        (("enterprise", "fieldCode"), "700"),
        (("collectItemConfig", 0, "scope"), 5),
        (("collectItemConfig", 0, "Real_zbckz"), 0.7143),
        (("processUnit",), {}),
    ],
)
def test_a_document_among_the_arguments_is_described_as_it_is_sent(
    documents: dict[str, Document], path: tuple[Any, ...], value: Any
) -> None:
    """Required members, codes, and whether a number is text: one wrong value makes a request invalid."""
    sent = deepcopy(sample_named("energy", "province.upload_organization").content["request"]["json"])
    assert problems(documents["energy"], "UploadOrganizationRequest", sent) == []
    inside = sent
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    assert len(problems(documents["energy"], "UploadOrganizationRequest", sent)) == 1
    del inside[path[-1]]
    optional = path in {("enterprise", "fieldCode"), ("collectItemConfig", 0, "Real_zbckz"), ("processUnit",)}
    assert (problems(documents["energy"], "UploadOrganizationRequest", sent) == []) is optional


def whole_numbers(documents: dict[str, Document], sample: Sample) -> list[tuple[WireField, Document]]:
    """The arguments of a sample's operation that take a whole number, with their schemas."""
    properties = request_schema(documents[sample.family], described_operation(documents, sample))["properties"]
    fields = [field for field in fields_of(type(sample.operation)) if int in kinds_of(field.type)]
    return [(field, properties[field.name]) for field in fields if properties[field.name].get("type") == "integer"]


@every_sample
def test_whole_numbers_are_those_that_the_sdk_takes(documents: dict[str, Document], sample: Sample) -> None:
    """At and beyond every bound, the document allows a number exactly where the SDK accepts it."""
    operation: Any = sample.operation
    first_page = format_of(find_family(sample.family)).first_page
    for field, schema in whole_numbers(documents, sample):
        ahead = 1 - first_page if field.python_name == "page" else 0  # Python counts pages from 1 in every family
        bounds = {0, 1, *(schema[name] for name in ("minimum", "maximum") if name in schema)}
        for number in {bound + step for bound in bounds for step in (-1, 0, 1)} | {10**6}:
            try:
                changed = attrs.evolve(operation, **{field.python_name: number + ahead})
                accepted = getattr(changed, field.python_name) == number + ahead
            except InvalidArgument:
                accepted = False
            assert validator(documents[sample.family], schema).is_valid(number) is accepted, (field.name, number)


@pytest.mark.parametrize("family", NAMES)
def test_pages_are_bounded(documents: dict[str, Document], family: str) -> None:
    """Whole numbers have a smallest value somewhere in each family: page numbers at least."""
    samples = [sample for sample in load() if sample.family == family]
    assert any("minimum" in schema for sample in samples for _, schema in whole_numbers(documents, sample))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("10.00", True),
        ("0.01", True),
        ("7", True),
        ("999999999999999.99", True),
        ("0", False),
        ("0.00", False),
        ("-1", False),
        ("1.001", False),
        ("1000000000000000", False),
        ("ten", False),
        ("", False),
    ],
)
def test_amounts_are_those_that_the_sdk_sends(jrhsz: Document, text: str, good: bool) -> None:
    """The described amounts of a recharge are the ones that the SDK accepts."""
    schema = jrhsz["components"]["schemas"]["RechargeRequest"]["properties"]["total_fee"]
    assert validator(jrhsz, schema).is_valid(text) is good
    if good:
        assert Recharge("1", amount=text, order_number="A").amount == Decimal(text)
    else:
        with pytest.raises(InvalidArgument):
            Recharge("1", amount=text, order_number="A")


def test_choices_are_listed_with_their_names(jrhsz: Document) -> None:
    """Arguments that take codes list them; codes in responses list the known ones and leave room for others."""
    schemas = jrhsz["components"]["schemas"]
    told = schemas["InstructMeterRequest"]["properties"]["type"]
    assert dict(zip(told["enum"], told["x-enum-varnames"], strict=True)) == {
        "1": "DISCONNECT",
        "2": "RECONNECT",
        "3": "READ",
    }
    assert schemas["ListConsumptionRequest"]["properties"]["type"]["enum"] == ["1", "2"]
    assert schemas["Gate"]["x-known-values"] == {"跳闸": "DISCONNECTED", "合闸": "CONNECTED"}
    assert schemas["MeterKind"]["x-known-values"]["11"] == "TIME_OF_USE_ELECTRICITY_4G"
    assert problems(jrhsz, "Gate", "检修") == []
    assert problems(jrhsz, "MeterKind", 48) == []


def test_defaults_are_the_documented_ones(jrhsz: Document, water: Document, documents: dict[str, Document]) -> None:
    """Only what may be left out has a default; what the SDK fills in by itself is told apart."""
    optional = jrhsz["components"]["schemas"]["ListMetersRequest"]["properties"]
    required = jrhsz["components"]["schemas"]["ListReadingsRequest"]["properties"]
    assert (optional["pageNo"]["default"], optional["pageSize"]["default"]) == (1, 1000)
    assert (required["pageSize"]["x-python-default"], required["pageSize"].get("default")) == (1000, None)
    machines = documents["energy"]["paths"]["/api_3/metersuperiors"]["get"]["parameters"]
    paging = {each["name"]: each["schema"] for each in machines if each["name"].endswith("_Counts")}
    assert {name: (schema["minimum"], schema["default"]) for name, schema in paging.items()} == {
        "Page_Counts": (0, 0),
        "Per_Page_Counts": (1, 10),
    }
    page = water["paths"]["/flow"]["get"]["parameters"][-1]["schema"]
    assert (page["x-python-default"], page.get("default")) == (100, None)


def test_secrets_are_marked_and_never_exemplified(jrhsz: Document) -> None:
    """Passwords and tokens are of format password and have no example."""
    schemas = jrhsz["components"]["schemas"]
    for schema, name in (
        ("LoginRequest", "api_password"),
        ("ListMetersRequest", "token"),
        ("LoginResponse", "data"),
    ):
        described = schemas[schema]["properties"][name]
        assert described["format"] == "password"
        assert "examples" not in described


@pytest.mark.parametrize(
    ("family", "success", "codes", "too_fast"), [("jrhsz", "200", CODES, "1011"), ("energy", "0", ENERGY_CODES, "4201")]
)
def test_responses_carry_the_table_of_codes(
    documents: dict[str, Document], family: str, success: str, codes: dict[int, Any], too_fast: str
) -> None:
    """Every response of a family with codes lists all of them, to read and to process."""
    for _, _, said in operations(documents[family]):
        response = said["responses"]["200"]
        assert list(response["x-codes"]) == [success, *map(str, codes)]
        assert response["x-codes"][success]["python-error"] is None
        assert response["x-codes"][too_fast]["python-error"] == "TooFast"
        for code, row in response["x-codes"].items():
            assert f"| {code} | {row['meaning']} | {row['meaning-zh']} |" in response["description"]


def test_bodies_are_json_or_forms(jrhsz: Document) -> None:
    """Every request of the prepaid platform may be written either way."""
    for _, _, said in operations(jrhsz):
        assert set(said["requestBody"]["content"]) == {"application/json", "application/x-www-form-urlencoded"}


def test_the_server_is_the_documented_one_or_the_callers(jrhsz: Document, water: Document) -> None:
    """The prepaid platform's document names its host, the water API's none, and a caller's URL replaces either."""
    assert jrhsz["servers"] == [{"url": "http://imrapi.jrhsz.com"}]
    assert "servers" not in water
    for family in NAMES:
        assert document(find_family(family), server="http://127.0.0.1:8000/")["servers"] == [
            {"url": "http://127.0.0.1:8000"}
        ]


def test_documents_are_made_anew() -> None:
    """Callers may change the document that they got."""
    first = document(find_family("water"))
    first["components"]["schemas"].clear()
    assert document(find_family("water"))["components"]["schemas"]


def test_an_unknown_family_is_an_error_in_both_languages() -> None:
    """The error names the families that there are."""
    with pytest.raises(ValueError, match=r"unknown family 'gas'.*jrhsz, water.*未知的接口系列"):
        document(find_family("gas"))
