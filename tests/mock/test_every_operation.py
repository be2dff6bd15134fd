"""The mock serves every operation of every family as its documents show it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest

from chaobiao._contract import checks
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import Acknowledgement, Operation, PagedOperation
from chaobiao._wire.arguments import write_arguments
from tests.harness.mock_server import LiveMock
from tests.harness.operations import (
    OPERATIONS,
    READS,
    family_of,
    for_each,
    name_of,
    page_names,
    required_arguments,
    sample_of,
)
from tests.harness.samples import plain
from tests.harness.wire_formats import format_of

MakeMock = Callable[..., LiveMock]
#: Reads of which the vendor's document shows rows, which the mock holds.
DOCUMENTED = [kind for kind in READS if sample_of(kind).content["source"] == "documented"]
VERBS = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}
REQUIRED = [(kind, field) for kind in OPERATIONS for field in fields_of(kind) if field.required]


def mock_of(kind: Kind, live_mock: MakeMock, client_kind: str = "sync") -> LiveMock:
    """Return a world of the operation's family in which the documented rows are as the samples show them."""
    family = family_of(kind)
    return live_mock(family.name, client_kind, start=format_of(family).samples_start)


def asked(kind: Kind, arguments: Mapping[str, Any]) -> Operation[Any]:
    """Return the operation with these arguments, but for those that the mock needs to be different."""
    return kind(**{**arguments, **format_of(family_of(kind)).mock_arguments.get(kind.spec.call, {})})


def written(mock: LiveMock, operation: Operation[Any]) -> dict[str, Any]:
    """Return what a request for the operation carries, a login's included."""
    session = {} if type(operation) is mock.family.login else mock.session()
    found = {**session, **write_arguments(operation, mock.family.dialect().times)}
    if isinstance(operation, PagedOperation):
        found[page_names(type(operation))[0]] = operation.page - 1 + format_of(mock.family).first_page
    return found


def verbs_of(mock: LiveMock, path: str) -> list[str]:
    """Return the verbs of a path, sorted."""
    served = next(each for each in mock.world.families if each.family is mock.family)
    kinds = [kind for kind in mock.family.operations if kind.spec.path == path]
    return sorted(verb for kind in kinds for verb in (kind.spec.method, *served.further_verbs.get(kind, ())))


def without_repetitions(rows: list[Any]) -> list[Any]:
    """Return rows without those that the document shows again and again to fill a page."""
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


def agreed(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the wire without what the document contradicts."""
    left_out = format_of(family_of(kind)).contradictions.get(kind.spec.call, ())
    return {name: value for name, value in row.items() if name not in left_out}


@for_each(OPERATIONS)
def test_the_documented_call_succeeds(kind: Kind, live_mock: MakeMock) -> None:
    """The request of the operation's sample is carried out; an acknowledgement is the documented one, word for word."""
    mock = mock_of(kind, live_mock)
    response = mock.request(kind, written(mock, asked(kind, sample_of(kind).arguments))).json()
    assert format_of(mock.family).succeeded(response), response
    if kind.spec.returns is Acknowledgement:
        assert response == sample_of(kind).response


@for_each(DOCUMENTED)
def test_lists_begin_with_the_documented_rows(kind: Kind, live_mock: MakeMock) -> None:
    """The response begins with the document's rows to the letter: names in order, text as text, numbers as numbers."""
    mock = mock_of(kind, live_mock)
    rows_in = format_of(mock.family).rows_in
    documented = without_repetitions(rows_in(sample_of(kind).response))
    found = rows_in(mock.request(kind, written(mock, asked(kind, required_arguments(kind)))).json())
    assert [agreed(kind, row) for row in found[: len(documented)]] == [agreed(kind, row) for row in documented]
    assert [list(row) for row in found[: len(documented)]] == [list(row) for row in documented]


@for_each(DOCUMENTED)
async def test_clients_read_the_documented_rows(kind: Kind, live_mock: MakeMock, client_kind: str) -> None:
    """A client reads these rows as the records that the sample gives."""
    mock = mock_of(kind, live_mock, client_kind)
    documented = without_repetitions(sample_of(kind).records)
    names = {field.name: field.python_name for field in fields_of(kind.spec.returns)}
    left_out = {names[name] for name in format_of(mock.family).contradictions.get(kind.spec.call, ())}
    found = await mock.client().records(asked(kind, required_arguments(kind)))
    assert len(found) >= len(documented)
    for record, shown in zip(found, documented, strict=False):
        assert set(plain(record)) == set(shown)
        for name, value in shown.items():
            if name in left_out:
                continue
            read = getattr(record, name)
            assert read == Decimal(value) if isinstance(read, Decimal) else plain(read) == value


@pytest.mark.parametrize(
    ("kind", "field"), REQUIRED, ids=[f"{name_of(kind)}-{field.python_name}" for kind, field in REQUIRED]
)
def test_a_missing_argument_is_named(kind: Kind, field: WireField, live_mock: MakeMock) -> None:
    """Without a required argument, or with an empty one where it must not be, a request is refused with its name."""
    mock = mock_of(kind, live_mock)
    arguments = written(mock, asked(kind, sample_of(kind).arguments))
    refusal = format_of(mock.family).missing(field.name)
    absent = {name: value for name, value in arguments.items() if name != field.name}
    for sent in (absent, *([] if field.check is checks.any_text else [{**arguments, field.name: ""}])):
        response = mock.request(kind, sent)
        assert (response.status_code, response.json()) == refusal
        mock.clock.advance(2.0)  # the refused call may have begun an interval


@for_each(OPERATIONS)
def test_every_path_is_reached(kind: Kind, live_mock: MakeMock) -> None:
    """A call of each path with its verb reaches its operation, whatever the response is."""
    mock = mock_of(kind, live_mock)
    response = mock.request(kind)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert isinstance(response.json(), dict)
    (entry,) = mock.world.journal
    assert (entry.operation, entry.path) == (kind.spec.call, kind.spec.path)


@for_each(OPERATIONS)
def test_a_wrong_verb_names_the_right_one(kind: Kind, live_mock: MakeMock) -> None:
    """Another verb is HTTP 405 with the right ones, as JSON, and is no call of the operation."""
    mock = mock_of(kind, live_mock)
    path = kind.spec.path
    right = verbs_of(mock, path)
    for wrong in VERBS - {*right}:
        response = mock.http(wrong, path)
        assert response.status_code == 405
        assert response.headers["allow"] == ", ".join(right)
        if wrong != "HEAD":  # its responses have no body
            assert response.json()["allowed"] == ", ".join(right)
            assert response.json()["error"] == f"{path} does not take {wrong}, but {', '.join(right)}"
    assert len(mock.world.journal) == 0


def test_samples_show_every_required_argument() -> None:
    """Each sample gives the arguments without a default, so that every test here has a request to send."""
    for kind in OPERATIONS:
        needed = {field.python_name for field in fields_of(kind) if field.default is attrs.NOTHING}
        assert needed <= set(sample_of(kind).arguments), kind
