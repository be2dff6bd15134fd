"""The vendors' documented examples, through the real clients of both kinds of client: requests out, records in."""

import json
import re
import typing
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx
import pytest

from chaobiao import Acknowledgement, Page, UnreadableResponse
from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.secret import Secret
from chaobiao._families import family as find_family
from chaobiao._wire.codecs import kinds_of
from tests.harness.clients import ClientUnderTest, each
from tests.harness.fake_server import LOGGED_IN, FakeServer
from tests.harness.forms import form_in
from tests.harness.operations import success
from tests.harness.samples import FAMILIES, Sample, load, plain

SAMPLES = load()
ROWS = [sample for sample in SAMPLES if sample.rows]
#: Those of operations that return a list or one object.
RECORDS = [sample for sample in SAMPLES if sample.records]
JRHSZ_ROWS = [sample for sample in ROWS if sample.family == "jrhsz"]
Connect = Callable[..., ClientUnderTest]


def by_name(samples: list[Sample]) -> Any:
    return pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.name)


def test_every_operation_has_a_sample_and_every_sample_an_operation() -> None:
    """An operation without a documented example, or an example that nothing uses, fails here."""
    operations = {
        (family, kind.spec.call, kind.__name__, kind.spec.section)
        for family, module in FAMILIES.items()
        for kind in module.FAMILY.operations
    }
    assert operations == {(s.family, s.method, s.content["operation"], s.content["section"]) for s in SAMPLES}


def test_every_sample_says_where_it_comes_from() -> None:
    """A reader can tell what a vendor's document shows from what was composed from its tables."""
    assert {sample.content["source"] for sample in SAMPLES} <= {"documented", "composed"}


def expected(sample: Sample) -> Any:
    """What sending the operation of the sample returns, in plain form."""
    content = sample.content
    return next(content[key] for key in ("records", "record", "acknowledgement", "token") if key in content)


def plain_result(result: Any) -> Any:
    """What it did return, in plain form."""
    if isinstance(result, Acknowledgement):
        assert not result.repeated
        return result.message
    if isinstance(result, Secret):
        return result.reveal()
    return plain(result) if isinstance(result, Record) else [plain(record) for record in result]


def total(sample: Sample) -> int:
    """The documented total; lists that come whole have none, and count themselves."""
    documented: int | None = sample.content["total"]
    return len(sample.content["records"]) if documented is None else documented


_COMPACT: Final[dict[str, Any]] = {"ensure_ascii": False, "separators": (",", ":")}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that names nothing twice."""
    assert len(dict(pairs)) == len(pairs), "a parameter was sent twice"
    return dict(pairs)


def check_request(sample: Sample, request: httpx.Request) -> None:
    """Compare a request with the sample's, value by value, types included."""
    wanted = sample.content["request"]
    assert (request.method, request.url.path) == (wanted["method"], wanted["path"])
    if "json" in wanted:
        assert request.url.query == b""
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content, object_pairs_hook=once) == wanted["json"]
        assert request.content == json.dumps(json.loads(request.content), **_COMPACT).encode()
    elif "form" in wanted:
        assert form_in(request) == {
            **{name: (None, None, text.encode()) for name, text in wanted["form"].items()},
            **{
                name: (file["filename"], file["content_type"], b64decode(file["base64"]))
                for name, file in wanted["files"].items()
            },
        }
    else:
        assert request.content == b""
        assert "content-type" not in request.headers
        pairs = parse_qsl(request.url.query.decode("ascii"), strict_parsing=True) if request.url.query else []
        assert sorted(pairs) == sorted(wanted["query"].items())


@by_name(SAMPLES)
async def test_operation_is_sent_as_documented_and_its_response_understood(sample: Sample, connect: Connect) -> None:
    """client.send(operation) puts the documented request on the wire and reads the documented response."""
    server = FakeServer(sample.reply, login=None if sample.method == "login" else LOGGED_IN)
    result = await connect(server, sample.family).send(sample.operation)
    assert len(server.requests) == 1
    check_request(sample, server.requests[0])
    assert plain_result(result) == expected(sample)
    if sample.rows:
        assert isinstance(result, Page)
        assert result.total == total(sample)
        assert result.number == 1


@by_name(SAMPLES)
async def test_client_method_sends_and_returns_the_same(sample: Sample, connect: Connect) -> None:
    """client.<method>(...) is the operation: the same request, and the same records however long the list is read."""
    server = FakeServer(sample.response_text)
    # The totals beside the documented rows are those of larger lists.
    dialect = find_family(sample.family).dialect(trust_totals=False)
    client = connect(server, sample.family, dialect=dialect)
    arguments = {} if sample.method == "login" else sample.arguments
    result = await client.call(sample.method, **arguments)
    if sample.method == "login":
        assert result is None
        check_request(sample, server.logins[0])
        return
    if sample.method == "logout":  # the client has not logged in, so that there is nothing to end
        assert (result, server.requests, server.logins) == (None, [], [])
        return
    if sample.rows and not isinstance(result, Page):
        assert server.requests == []
        # Every page is returned alike: whatever total the document shows, no row may come twice.
        result = [row async for row in each(result)]
    assert plain_result(result) == expected(sample)
    check_request(sample, server.requests[0])


@by_name(RECORDS)
async def test_records_have_the_types_that_they_are_annotated_with(sample: Sample, connect: Connect) -> None:
    """No field of a documented record holds anything but what its annotation promises."""
    found = await connect(FakeServer(sample.response_text), sample.family).send(sample.operation)
    for record in found if sample.rows else [found]:
        check_types(record)


def check_types(record: Record) -> None:
    for field in fields_of(type(record)):
        value = getattr(record, field.python_name)
        kinds = (object,) if field.type is Any else (*kinds_of(field.type), type(None))
        assert isinstance(value, tuple(typing.get_origin(kind) or kind for kind in kinds)), field.python_name
        if isinstance(value, tuple):
            (held,) = (typing.get_args(kind)[0] for kind in kinds if typing.get_origin(kind) is tuple)
            assert all(isinstance(item, held) for item in value), field.python_name
        for item in value if isinstance(value, tuple) else [value]:
            if isinstance(item, Record):
                check_types(item)
        if isinstance(value, datetime):
            assert value.utcoffset() is not None


@by_name(RECORDS)
async def test_documented_responses_are_read_without_a_remainder(sample: Sample, connect: Connect) -> None:
    """Strict reading accepts every example but the one whose document contradicts its own table."""
    client = connect(FakeServer(sample.response_text), sample.family, strict=True)
    if sample.method == "schedules.list":
        with pytest.raises(UnreadableResponse) as caught:
            await client.send(sample.operation)
        assert (caught.value.row, caught.value.field) == (0, "execution_count")
        return
    await client.send(sample.operation)
    assert dict(client.client.oddities) == {}


def total_of(result: Any) -> int | None:
    """The total of a list; ``None`` for one object."""
    return result.total if isinstance(result, Page) else None


async def check_variant(sample: Sample, text: str, connect: Connect) -> None:
    """The variant must differ from the sample in form, and not at all in meaning."""
    assert text != sample.response_text, "the variant changes nothing"
    client = connect(FakeServer(text), sample.family)
    result = await client.send(sample.operation)
    assert plain_result(result) == expected(sample)
    assert total_of(result) == (total(sample) if sample.rows else None)
    assert {kind for _, kind, _ in client.client.oddities} <= {"unreadable"}


@by_name(JRHSZ_ROWS)
async def test_data_is_taken_as_text_and_as_it_is(sample: Sample, connect: Connect) -> None:
    """Each endpoint takes the other document's form of data: JSON text inside a string, or native JSON."""
    envelope = json.loads(sample.response_text)
    data = envelope["data"]
    envelope["data"] = json.loads(data) if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    await check_variant(sample, json.dumps(envelope), connect)


@by_name(JRHSZ_ROWS)
async def test_code_and_total_are_taken_as_text(sample: Sample, connect: Connect) -> None:
    """A code of "200" is success, and a total of "3" counts."""
    text = re.sub(r'"(code|totalCount)": (\d+)', r'"\1": "\2"', sample.response_text)
    await check_variant(sample, text, connect)


ONE_ROW = [sample for sample in JRHSZ_ROWS if len(sample.content["records"]) == 1]


@by_name(ONE_ROW)
async def test_one_row_is_taken_bare_and_in_a_list(sample: Sample, connect: Connect) -> None:
    """Where the example shows an object a list will do, and the other way round."""
    envelope = json.loads(sample.response_text)
    data = json.loads(envelope["data"]) if isinstance(envelope["data"], str) else envelope["data"]
    envelope["data"] = data[0] if isinstance(data, list) else [data]
    await check_variant(sample, json.dumps(envelope), connect)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("jrhsz/meters.consumption", "amout", "amount"),
        ("jrhsz/meters.list", "tableType", "typeType"),
        ("water/flows.list", "username", "user_name"),
        ("water/costs.list", "username", "user_name"),
        ("water/readings.list", "username", "user_name"),
        ("water/schedules.list", "user_name", "username"),
        ("water/payments.list", "user_name", "username"),
        ("water/payments.list", "amcount_recharged", "amount_recharged"),
    ],
)
async def test_both_spellings_of_a_name_are_taken(name: str, old: str, new: str, connect: Connect) -> None:
    """Where table and example spell a field differently, either gives the same record."""
    sample = next(sample for sample in SAMPLES if sample.name == name)
    await check_variant(sample, sample.response_text.replace(f'"{old}"', f'"{new}"'), connect)


TIMED = [sample for sample in ROWS if sample.family == "water" and sample.method != "regions.list"]


@by_name(TIMED)
async def test_timestamps_and_totals_are_taken_as_numbers_and_as_text(sample: Sample, connect: Connect) -> None:
    """Thirteen digits are a moment whether quoted or not, and so with the total."""
    numbers = re.sub(r'"(\d{13})"', r"\1", sample.response_text)
    await check_variant(sample, numbers, connect)
    await check_variant(sample, re.sub(r'"total": (\d+)', r'"total": "\1"', sample.response_text), connect)


QUOTED = re.compile(r'(?<=: )"(-?\d+\.\d+)"(?=[,}])')
BARE = re.compile(r"(?<=: )(-?\d+(?:\.\d+)?)(?=[,}])")


def natively(sample: Sample) -> str:
    """The response with native data, spaced as json.dumps does."""
    envelope = json.loads(sample.response_text)
    if isinstance(envelope.get("data"), str):
        return json.dumps({**envelope, "data": json.loads(envelope["data"])}, ensure_ascii=False)
    return sample.response_text


@by_name([s for s in RECORDS if QUOTED.search(natively(s))])
async def test_readings_and_money_are_taken_as_numbers(sample: Sample, connect: Connect) -> None:
    """ "346.90" and 346.90 are the same reading, trailing zero and all: no number passes a binary float."""
    await check_variant(sample, QUOTED.sub(r"\1", natively(sample)), connect)


@by_name([s for s in RECORDS if BARE.search(natively(s))])
async def test_readings_and_money_are_taken_as_text(sample: Sample, connect: Connect) -> None:
    """10622.5 and "10622.5" are the same reading; so are region ids, kinds of meters and totals."""
    await check_variant(sample, BARE.sub(r'"\1"', natively(sample)), connect)


@by_name(RECORDS)
async def test_every_field_of_a_response_may_be_missing_or_null(sample: Sample, connect: Connect) -> None:
    """A row without any field, and one whose fields are all null, are records of None, and nothing odd."""
    kind = sample.kind.spec.returns
    for row in ({}, {field.name: None for field in fields_of(kind)}):
        client = connect(FakeServer(success(sample.kind, [row])), sample.family)
        found = await client.send(sample.operation)
        assert (list(found) if sample.rows else [found]) == [kind()]
    assert dict(client.client.oddities) == {}
