"""The documents say what the contract says of every operation, argument and field."""

import importlib
import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chaobiao import InvalidArgument, JrhszDialect, WaterDialect
from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.secret import Secret
from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document
from chaobiao.jrhsz import CODES, InstructMeter, ListMeters, ListReadings, Login, Recharge
from chaobiao.water import ListFlows, ListPayments, ListRegions
from tests.openapi.described import Document, arguments, operations, problems, validator

CHINESE = re.compile("[\u4e00-\u9fff]")

BEGIN, END = datetime(2023, 4, 1), datetime(2023, 4, 2)
#: Good values for arguments without a default.
NEEDED: dict[str, Any] = {
    "username": "demo",
    "password": "secret",
    "user_code": "2022040001",
    "amount": "10.00",
    "order_number": "A1",
    "begin": BEGIN,
    "end": END,
    "address": "一栋一层",
    "device_id": "202005005292",
    "instruction": "1",
}


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
    """Whatever an operation takes and a record holds stands in the document with its Python name, and nothing more."""
    module = importlib.import_module(f"chaobiao.{family}")
    said = {operation["operationId"]: operation for _, _, operation in operations(documents[family])}
    for operation in module.FAMILY.operations:
        described = arguments(documents[family], said[operation.spec.call])
        named = {d["x-python-name"] for d in described.values() if not d.get("x-sent-by-client")}
        assert named == {field.name for field in attrs.fields(operation)}, operation
    records = [kind for kind in map(module.__dict__.get, module.__all__) if isinstance(kind, type)]
    for record in records:
        if attrs.has(record) and issubclass(record, Record):
            properties = documents[family]["components"]["schemas"][record.__name__]["properties"]
            named = {described["x-python-name"] for described in properties.values()}
            assert named == {field.name for field in attrs.fields(record)} - {"extra", "unreadable"}, record
            for field in fields_of(record):
                assert properties[field.name].get("x-unit") == field.unit


@pytest.mark.parametrize("family", NAMES)
def test_everything_is_said_in_both_languages(documents: dict[str, Document], family: str) -> None:
    """Summaries, arguments and properties read in English and in Chinese."""
    texts = [said["summary"] for _, _, said in operations(documents[family])]
    texts += [part["description"] for part in walk(documents[family]) if "x-python-name" in part and "in" in part]
    for part in walk(documents[family]["components"]):
        texts += [described["description"] for described in part.get("properties", {}).values()]
    assert len(texts) > 80
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


def test_what_the_prepaid_client_sends_is_what_the_document_asks_for(jrhsz: Document) -> None:
    """Bodies written by the SDK fit the described requests: logins, money, commands, periods, several meters."""
    for operation in (
        Login("demo", Secret("secret")),
        Recharge("2022040001", amount="10", order_number="A1"),
        InstructMeter("202005005292", "1"),  # type: ignore[arg-type]  # the wire's code, which the check takes too
        ListMeters(),
        ListReadings(table_no=["1", "2"], begin=BEGIN, end=END),
    ):
        token = None if isinstance(operation, Login) else Secret("token")
        body = json.loads(JrhszDialect().request(operation, "demo", token).content)
        assert problems(jrhsz, f"{type(operation).__name__}Request", body) == []


def test_what_the_water_client_sends_is_what_the_document_asks_for(water: Document) -> None:
    """Query strings written by the SDK hold described parameters only, all required ones, with values that fit."""
    for operation in (
        ListRegions(),
        ListFlows(region_id=7, watch_status="成功"),
        ListPayments(start=BEGIN, end=END),
    ):
        sent = dict(parse_qsl(urlsplit(WaterDialect().request(operation, None, None).target).query))
        described = {p["name"]: p for p in water["paths"][operation.spec.path]["get"].get("parameters", [])}
        assert {name for name, parameter in described.items() if parameter["required"]} <= set(sent) <= set(described)
        for name, text in sent.items():
            schema = described[name]["schema"]
            value = int(text) if schema["type"] == "integer" else text
            assert validator(water, schema).is_valid(value), (name, text)


@pytest.mark.parametrize("family", NAMES)
def test_bounds_are_those_that_the_sdk_keeps(documents: dict[str, Document], family: str) -> None:
    """Where the document bounds a whole number, the SDK takes the bound and refuses the number beyond it."""
    module = importlib.import_module(f"chaobiao.{family}")
    said = {operation["operationId"]: operation for _, _, operation in operations(documents[family])}
    checked = set()
    for operation in module.FAMILY.operations:
        described = arguments(documents[family], said[operation.spec.call])
        fields = fields_of(operation)
        needed = {f.python_name: NEEDED[f.python_name] for f in fields if f.default is attrs.NOTHING}
        for field in fields:
            schema = described[field.name].get("schema", described[field.name])
            if schema.get("type") != "integer" or field.name in ("start_time", "end_time"):
                continue
            assert "minimum" in schema, field.name
            for bound, beyond in (("minimum", -1), ("maximum", 1)):
                if bound in schema:
                    taken = operation(**{**needed, field.python_name: schema[bound]})
                    assert getattr(taken, field.python_name) == schema[bound]
                    with pytest.raises(InvalidArgument, match=field.python_name):
                        operation(**{**needed, field.python_name: schema[bound] + beyond})
                    checked.add((field.name, bound))
    assert (
        checked
        == {
            "jrhsz": {("pageNo", "minimum"), ("pageSize", "minimum"), ("pageSize", "maximum")},
            "water": {("page", "minimum"), ("page_count", "minimum"), ("region_id", "minimum")},
        }[family]
    )


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


def test_defaults_are_the_documented_ones(jrhsz: Document, water: Document) -> None:
    """Only what may be left out has a default; what the SDK fills in by itself is told apart."""
    optional = jrhsz["components"]["schemas"]["ListMetersRequest"]["properties"]
    required = jrhsz["components"]["schemas"]["ListReadingsRequest"]["properties"]
    assert (optional["pageNo"]["default"], optional["pageSize"]["default"]) == (1, 1000)
    assert (required["pageSize"]["x-python-default"], required["pageSize"].get("default")) == (1000, None)
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


def test_responses_carry_the_table_of_codes(jrhsz: Document) -> None:
    """Every response of the prepaid platform lists all its codes, to read and to process."""
    for _, _, said in operations(jrhsz):
        response = said["responses"]["200"]
        assert list(response["x-codes"]) == ["200", *map(str, CODES)]
        assert response["x-codes"]["1011"]["python-error"] == "TooFast"
        for code, row in response["x-codes"].items():
            assert f"| {code} | {row['meaning']} | {row['meaning-zh']} |" in response["description"]


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
