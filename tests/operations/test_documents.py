"""Arguments and fields that have parts: documents, lists, flags, days and embedded JSON, over real sockets."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from chaobiao import InvalidArgument, UnreadableResponse
from chaobiao._wire.arguments import read_arguments, write_arguments
from tests.operations.plant import (
    AsyncPlant,
    ListOrganisations,
    Organisation,
    Plant,
    Server,
    Unit,
    UpdateOrganisation,
)

HEAD = {"code": "A", "isMetered": "1", "isSegmentation": "0", "since": "2019-04-01 13:53:59"}
ROW = {
    "name": "甲",
    "head": HEAD,
    "units": [HEAD, {"code": "B", "isMetered": 0, "isSegmentation": 1}],
    "tags": ["x", "y"],
    "founded": "2001-02-03",
    "origin": '{"a": [1, 2.5]}',
}


def read(client: Plant) -> Organisation:
    (found,) = client.iterate(ListOrganisations())
    return found


def test_nested_records_are_read(server: Server, client: Plant) -> None:
    """Documents, lists of documents, lists of texts, flags in three spellings, a day and embedded JSON are typed."""
    server.rows = [ROW]
    found = read(client)
    assert found.head is not None
    assert found.units is not None
    assert (found.head.metered, found.head.segmented) == (True, True)  # 0 means segmented
    assert [(unit.metered, unit.segmented) for unit in found.units] == [(True, True), (False, False)]
    assert (found.tags, found.founded) == (("x", "y"), date(2001, 2, 3))
    assert json.dumps(found.origin["a"][0]) == "1"
    assert dict(client.oddities) == {}


def test_a_bad_cell_costs_itself_alone_at_any_depth(server: Server, client: Plant) -> None:
    """What can't be read inside a nested record is None there, kept beside it, and counted; all else stays."""
    bad = {**HEAD, "isMetered": "maybe", "remark": "备用"}
    server.rows = [{**ROW, "head": bad, "units": [bad, "none"]}]
    found = read(client)
    assert found.head is not None
    assert found.units is not None
    assert (found.head.code, found.head.metered, dict(found.head.unreadable)) == ("A", None, {"metered": "maybe"})
    assert dict(found.units[1].unreadable) == {"(row)": "none"}
    assert dict(client.oddities) == {
        ("Unit", "unreadable", "metered"): 2,
        ("Unit", "extra", "remark"): 2,
        ("Unit", "unreadable", "(row)"): 1,
    }


@pytest.mark.parametrize("field", ["head", "units", "tags", "founded"])
def test_a_value_of_another_shape_costs_its_field(server: Server, client: Plant, field: str) -> None:
    """A number where a document, a list or a day belongs is unreadable, and the rest of the row is there."""
    server.rows = [{**ROW, field: 7}]
    found = read(client)
    assert (getattr(found, field), dict(found.unreadable), found.name) == (None, {field: 7}, "甲")


def test_strict_reading_names_the_path(server: Server, client: Plant) -> None:
    """The error of strict reading leads to the cell inside the nested record."""
    server.rows = [{**ROW, "head": {**HEAD, "isMetered": "maybe"}}]
    with pytest.raises(UnreadableResponse) as caught:
        read(client.with_options(strict=True))
    assert (caught.value.row, caught.value.field) == (0, "head.isMetered")


@pytest.mark.parametrize(("written", "expected"), [([HEAD], "A"), ("", None), (None, None)])
def test_a_single_document_may_come_in_a_list_or_as_nothing(
    server: Server, client: Plant, written: Any, expected: str | None
) -> None:
    """A list of one is its item; an empty text is no document."""
    server.rows = [{**ROW, "head": written}]
    found = read(client)
    assert (found.head and found.head.code) == expected
    assert not found.unreadable


async def test_a_document_is_written_back_as_it_came(server: Server) -> None:
    """Reading, changing one field and sending the whole back loses nothing, unknown members included."""
    server.rows = [{**ROW, "founded": None, "mark": {"kept": 1}}]
    async with AsyncPlant(base_url=server.url) as client:
        (found,) = [row async for row in client.iterate(ListOrganisations())]
        await client.send(UpdateOrganisation(organisation=attrs.evolve(found, name="乙")))
    sent = server.body["organisation"]
    assert sent == {
        "name": "乙",
        "head": HEAD,
        "units": [HEAD, {"code": "B", "isMetered": "0", "isSegmentation": "1"}],
        "tags": ["x", "y"],
        "origin": {"a": [1, 2.5]},
        "mark": {"kept": 1},
    }


def test_numbers_in_unknown_members_go_back_digit_by_digit(server: Server, client: Plant) -> None:
    """A fraction that no binary float can hold is sent as it came, beside texts that look like it."""
    exact = "12345678901234567890.123456789"
    sent = UpdateOrganisation(organisation=Organisation(name=exact, extra={"mark": [Decimal(exact), exact]}))
    client.send(sent)
    assert server.received[-1][2].decode() == (f'{{"organisation":{{"name":"{exact}","mark":[{exact},"{exact}"]}}}}')


def test_a_document_that_holds_what_could_not_be_read_is_refused(server: Server, client: Plant) -> None:
    """Sending it would erase what the server has there; once the field is set it goes."""
    server.rows = [{**ROW, "head": {**HEAD, "isMetered": "maybe"}}]
    found = read(client)
    with pytest.raises(InvalidArgument, match=r"organisation\.head holds values that could not be read \(metered\)"):
        UpdateOrganisation(organisation=found)
    assert found.head is not None
    client.send(UpdateOrganisation(organisation=attrs.evolve(found, head=attrs.evolve(found.head, metered=False))))
    assert server.body["organisation"]["head"]["isMetered"] == "0"


def test_what_a_document_requires_is_checked_with_its_path(server: Server) -> None:
    """A member that its table requires is missed by name, in Python's words and the vendor's."""
    with pytest.raises(InvalidArgument) as caught:
        UpdateOrganisation(organisation=Organisation(name="甲", units=(Unit(code="A"), Unit(metered=True))))
    error = caught.value
    assert (error.argument, error.wire_name, error.missing) == ("organisation.units[1].code", "code", True)
    assert "缺少参数 organisation.units[1].code" in str(error)
    with pytest.raises(InvalidArgument, match=r"units\[0\]\.code must be non-empty"):
        UpdateOrganisation(organisation=Organisation(name="甲"), units=[Unit(code=" ")])
    assert server.received == []


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"organisation": {"name": "甲"}}, "organisation must be an instance of Organisation"),
        ({"units": Unit(code="A")}, "units must be an iterable of Unit"),
        ({"units": ["A"]}, r"units\[0\] must be an instance of Unit"),
        ({"tags": "x"}, "tags must be an iterable of texts"),
        ({"tags": ["x", ""]}, r"tags\[1\] must be non-empty text"),
        ({"virtual": "1"}, "virtual must be True or False"),
    ],
)
def test_arguments_with_parts_are_checked(arguments: dict[str, Any], rule: str) -> None:
    """Each is refused with its name, its place and the rule."""
    with pytest.raises(InvalidArgument, match=rule):
        UpdateOrganisation(**{"organisation": Organisation(name="甲"), **arguments})


def test_unset_is_left_out_and_empty_is_sent(server: Server, client: Plant) -> None:
    """None is not sent; an empty list is; a naive time in a document is China Standard Time."""
    since = datetime(2019, 4, 1, 13, 53, 59)
    client.send(
        UpdateOrganisation(
            organisation=Organisation(name="甲", units=(), head=Unit(code="A", since=since)),
            units=[],
            tags=[],
            virtual=True,
        )
    )
    assert server.body == {
        "organisation": {"name": "甲", "units": [], "head": {"code": "A", "since": "2019-04-01 13:53:59"}},
        "more": [],
        "tags": [],
        "virtual": "1",
    }


def test_flags_and_several_codes_in_a_query(server: Server, client: Plant) -> None:
    """A numeric flag is 1 or 0, and several codes are joined by commas."""
    client.iterate(ListOrganisations(manual=False, codes=("a", "b"))).collect()
    assert server.received[-1][0] == "/organisations?Is_HandWork=0&codes=a,b"


def test_what_the_sdk_writes_a_server_reads() -> None:
    """The mock's way of reading arguments gives the operation back, documents and flags included."""
    sent = UpdateOrganisation(
        organisation=Organisation(name="甲", head=Unit(code="A", segmented=True), tags=("x",)),
        tags=["y"],
        virtual=False,
    )
    assert read_arguments(UpdateOrganisation, write_arguments(sent, "datetime")) == sent
