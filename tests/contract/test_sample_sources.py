"""Every sample says where it comes from, and shows what the transcription says that the document shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import is_record
from chaobiao._wire.records import codec_of
from tests.contract.comparison import TYPES, fields_below
from tests.contract.transcription import Direction, Endpoint, Row, endpoints
from tests.harness.samples import Sample, load

DOCUMENTED = [sample for sample in load() if sample.content.get("source") == "documented"]
every_sample = pytest.mark.parametrize("sample", load(), ids=lambda sample: sample.name)
every_documented_sample = pytest.mark.parametrize("sample", DOCUMENTED, ids=lambda sample: sample.name)


def problems_with(content: dict[str, Any]) -> list[str]:
    """What is wrong with what a sample says of its source."""
    found = []
    source, repairs = content.get("source"), content.get("repairs")
    if source not in ("documented", "composed"):
        found.append(f"source is {source!r}")
    if not isinstance(repairs, list) or not all(isinstance(repair, str) and repair for repair in repairs):
        found.append("repairs is no list of texts")
    elif source == "composed" and repairs:
        found.append("what was composed has nothing to repair")
    return found


@every_sample
def test_every_sample_gives_its_source(sample: Sample) -> None:
    """A sample is documented, with a list of what was repaired, or composed from the tables."""
    assert problems_with(sample.content) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"repairs": []}, "source is None"),
        ({"source": "vendor", "repairs": []}, "source is 'vendor'"),
        ({"source": "documented"}, "repairs is no list of texts"),
        ({"source": "documented", "repairs": "a comma"}, "repairs is no list of texts"),
        ({"source": "composed", "repairs": ["a comma"]}, "what was composed has nothing to repair"),
    ],
)
def test_a_sample_without_a_source_is_rejected(content: dict[str, Any], problem: str) -> None:
    """A sample that leaves its source or its repairs open does not pass."""
    assert problems_with(content) == [problem]


def endpoint_of(sample: Sample) -> Endpoint:
    """The operation that a sample is of, beside what is transcribed of it."""
    name = (sample.family, sample.method)
    (found,) = (each for each in endpoints() if (each.family.name, each.kind.spec.call) == name)
    return found


def shown_rows(endpoint: Endpoint, direction: Direction) -> list[Row]:
    """The rows of an operation's own sections that a sample shows."""
    return [row for row in endpoint.rows(direction) if row.where != "table" and row.section != "*"]


@every_sample
def test_a_sample_is_documented_where_its_section_shows_one(sample: Sample) -> None:
    """Where the document shows a response, the sample is that one; it is composed only where there is none."""
    endpoint = endpoint_of(sample)
    is_shown = bool(shown_rows(endpoint, "envelope") or shown_rows(endpoint, "response"))
    assert is_shown == (sample.content["source"] == "documented")


def rows_in(sample: Sample) -> list[dict[str, Any]]:
    """The rows of a sample's response: the one member that is a list or an object, or JSON text of either."""
    values = sample.response.values()
    parsed = [json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value for value in values]
    (found,) = (value for value in parsed if isinstance(value, list | dict))
    return found if isinstance(found, list) else [found]


def cells_in(row: dict[str, Any], record: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a row by its name on the wire; the branches of a tree have the names of its root."""
    nested = {name: codec_of(field).nested for field in fields_of(record) for name in (field.name, *field.aliases)}
    for name, value in row.items():
        yield prefix + name, value
        inside = nested.get(name)
        for item in value if isinstance(value, list) else [value]:
            if inside is not None and item is not None:
                yield from cells_in(item, inside, prefix if inside is record else f"{prefix}{name}.")


def cells_of(sample: Sample) -> list[tuple[str, Any]]:
    """Every value of the rows of a sample."""
    record = sample.operation.spec.returns
    return [cell for row in rows_in(sample) for cell in cells_in(row, record)] if is_record(record) else []


@every_documented_sample
def test_the_column_where_is_what_the_sample_shows(sample: Sample) -> None:
    """Envelope and rows of a documented sample have the transcribed names that are in a sample, and no others."""
    endpoint = endpoint_of(sample)
    envelope = {row.name for row in shown_rows(endpoint, "envelope")}
    if envelope:
        assert set(sample.response) == envelope
    else:  # the document shows what is in the envelope alone
        assert any("envelope" in repair for repair in sample.content["repairs"])
    assert {name for name, _ in cells_of(sample)} == {row.name for row in shown_rows(endpoint, "response")}


@every_sample
def test_samples_have_documented_names_only(sample: Sample) -> None:
    """A sample, composed or documented, has no name that neither table nor sample of the document has."""
    endpoint = endpoint_of(sample)
    assert set(sample.response) <= endpoint.transcription.envelope_names(endpoint.family)
    assert {name for name, _ in cells_of(sample)} <= {row.name for row in endpoint.rows("response")}


@every_sample
def test_a_request_has_all_that_the_document_shows_of_it(sample: Sample) -> None:
    """A sample's request has documented names only; where the document shows a request, it has all of its names."""
    endpoint, request = endpoint_of(sample), sample.content["request"]
    sent = request.get("json") or request.get("query") or {**request.get("form", {}), **request.get("files", {})}
    names = {name for name, _ in cells_in(sent, sample.kind)}
    assert names <= {row.name for row in endpoint.rows("request")}
    assert {row.name for row in shown_rows(endpoint, "request")} <= names


@every_documented_sample
def test_a_note_says_where_the_sample_has_another_type_than_the_table(sample: Sample) -> None:
    """A number where the table has text, or text where it has a number, is noted, and nothing else is."""
    cells = dict(cells_of(sample))
    for row in endpoint_of(sample).rows("response"):
        if row.type and isinstance(cells.get(row.name), str | int | float):
            shown = "text" if isinstance(cells[row.name], str) else "number"
            documented = "text" if "string" in TYPES[row.type].json else "number"
            assert row.note.startswith(f"sample: {shown}") == (shown != documented), row


@every_documented_sample
def test_fields_are_numbers_where_the_sample_has_numbers(sample: Sample) -> None:
    """What a field's ``number`` says, by which the mock writes it, is what the document's sample shows."""
    fields = fields_below(sample.operation.spec.returns)
    declared = {name: field for names, field in fields.items() for name in names}
    for name, value in cells_of(sample):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # A word in the place of a number shows nothing.
        if is_number or (isinstance(value, str) and re.fullmatch("[0-9.]+", value)):
            assert declared[name].number == is_number, name
