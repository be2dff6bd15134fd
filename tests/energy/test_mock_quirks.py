"""Where the document leaves something open, the mock can act by each interpretation, and clients take all."""

from typing import Any

import attrs
import httpx
import pytest

from chaobiao import AsyncEnergyManager, EnergyManager, HttpStatusError, NotFound, ParameterRefused, VirtualClock
from chaobiao._contract.operation import Page
from chaobiao.energy import AlarmMessage, EnergyDialect, ListAlarmMessages
from chaobiao_mock import EnergyQuirks, World, WorldSettings, create_app
from chaobiao_mock.__main__ import main
from chaobiao_mock.registry import mock_families
from tests.energy.names import BEGAN, METER
from tests.harness.mock_server import LiveMock

#: What clients read whatever the server's form: pages, single objects, lists and a list without rows.
READ: list[tuple[str, dict[str, Any]]] = [
    ("meters.list", {"page_size": 7}),
    ("machines.list", {"id": 1}),
    ("machines.list", {"id": 9_999}),
    ("rates.list", {}),
    ("users.get", {}),
    ("settings.get", {}),
    ("province.organization", {}),
    ("province.base_data", {}),
]
QUIRKS: list[dict[str, Any]] = [
    {"page_base": "1"},
    {"err_no": "number"},
    {"err_no": "empty"},
    {"single": "object"},
    {"total": "number"},
    {"total": "none"},
    {"empty": "rows"},
    {"cookies": "two"},
    {"unauthorized": "401"},
    {"page_base": "1", "total": "none", "empty": "rows"},
]


@pytest.mark.parametrize("quirks", QUIRKS, ids=lambda quirks: ",".join(f"{name}={quirks[name]}" for name in quirks))
@pytest.mark.single_client
async def test_clients_read_the_same_records(mock: LiveMock, quirks: dict[str, Any]) -> None:
    """However the server counts and wraps, the same records are read, without a switch of the dialect."""

    async def read() -> list[list[Any]]:
        return [await mock.rows(method, **arguments) for method, arguments in READ]

    expected = await read()
    assert [len(rows) for rows in expected] == [27, 1, 0, 2, 1, 1, 1, 1]
    mock.restart(**quirks)
    assert await read() == expected


@pytest.mark.single_client
async def test_a_dialect_names_the_first_page(mock: LiveMock) -> None:
    """With the right number of the first page, no request is made in vain."""
    mock.restart(page_base="1")
    client = mock.client(dialect=EnergyDialect(first_page=1))
    assert len(await client.rows("meters.list", page_size=30)) == 27
    assert mock.codes("meters.list") == [0]


def test_each_quirk_shows_on_the_wire(raw: LiveMock) -> None:
    """A quirk changes what it names on the wire, and nothing else."""

    def shown(method: str, quirks: dict[str, Any], **arguments: Any) -> Any:
        raw.restart(**quirks)
        raw.session()
        return raw.envelope(method, **arguments)

    rate = shown("rates.list", {})
    assert [*rate] == ["Err_No", "Err_Msg", "Data"]
    assert shown("rates.list", {"err_no": "number"}) == {**rate, "Err_No": 0}
    assert shown("rates.list", {"err_no": "empty"}) == {"Err_No": "", "Err_msg": "", "Data": rate["Data"]}
    assert shown("rates.list", {"err_no": "number"}, x="y")["Err_No"] == 0
    assert shown("meters.delete", {"err_no": "number"}, id=99_999) == {"Err_No": 4002, "Err_Msg": "无数据"}
    (user,) = shown("users.get", {})["Data"]
    assert shown("users.get", {"single": "object"})["Data"] == user
    meters = shown("meters.list", {})
    assert meters["Total_Numbers"] == "27"
    assert shown("meters.list", {"total": "number"}) == {**meters, "Total_Numbers": 27}
    assert "Total_Numbers" not in shown("meters.list", {"total": "none"})
    assert shown("meters.list", {"page_base": "1"}, Page_Counts=1) == meters
    assert shown("meters.list", {"page_base": "1"}, Page_Counts=0)["Err_No"] == "4002"
    assert shown("meters.list", {}, id=9_999) == {"Err_No": "4002", "Err_Msg": "无数据"}
    assert shown("meters.list", {"empty": "rows"}, id=9_999)["Data"] == []


def test_a_put_merges_or_replaces(raw: LiveMock, energy: EnergyManager) -> None:
    """What an update leaves out stays, or gets the documented default."""
    form: dict[str, Any] = {"name": "机器1电表", "kind": "0", "machine_id": 1}
    energy.meters.update(METER, **form)
    merged = energy.meters.list(id=METER).collect()[0]
    assert (merged.remarks, merged.is_counted, str(merged.amount_before)) == ("2018年换表", True, "1520.50")
    raw.restart(put="replace")
    energy.meters.update(METER, **form)
    replaced = energy.meters.list(id=METER).collect()[0]
    assert (replaced.remarks, replaced.is_counted, str(replaced.amount_before)) == ("", False, "0.00")
    assert replaced.parameters == merged.parameters


@pytest.mark.parametrize("place", ["body", "query"])
@pytest.mark.single_client
async def test_deletes_take_their_parameters_from_one_place(mock: LiveMock, place: Any) -> None:
    """A server that reads one place only misses what is in the other; the dialect chooses the place."""
    mock.restart(delete_parameters=place)
    other: Any = {"body": "query", "query": "body"}[place]
    with pytest.raises(ParameterRefused, match="缺少参数 id"):
        await mock.client(dialect=EnergyDialect(delete_parameters=other)).call("products.delete", 5)
    client = mock.client(dialect=EnergyDialect(delete_parameters=place))
    with pytest.raises(NotFound):
        await client.call("products.delete", 99)


@pytest.mark.parametrize(("verb", "other"), [("GET", "DELETE"), ("DELETE", "GET")])
@pytest.mark.single_client
async def test_alarm_messages_have_one_verb_or_two(mock: LiveMock, verb: Any, other: Any) -> None:
    """By default both verbs are taken; a server with one returns HTTP 405 for the other, which a client raises."""
    assert [mock.http(each, "/api_3/alarm_message").json()["Err_No"] for each in (verb, other)] == ["4101", "4101"]
    mock.restart(alarm_message_verb=verb)
    response = mock.http(other, "/api_3/alarm_message")
    assert (response.status_code, response.headers["allow"]) == (405, verb)
    assert mock.http(verb, "/api_3/alarm_message").json()["Err_No"] == "4101"
    client = mock.client(dialect=EnergyDialect(alarm_message_verb=other))
    with pytest.raises(HttpStatusError):
        await client.rows("alarm_messages.list", start=BEGAN, end=BEGAN)


@pytest.mark.parametrize("verb", ["GET", "DELETE"])
async def test_a_world_in_process(verb: Any) -> None:
    """The application serves a client without a socket, with a handler of the caller's own."""
    message = AlarmMessage(id=1, content="测试")
    replaced: dict[Any, Any] = {ListAlarmMessages: lambda _, op: Page([message], 1, op.page)}
    (family,) = [each for each in mock_families() if each.name == "energy"]
    world = World(
        WorldSettings(meters=4, quirks=[EnergyQuirks(alarm_message_verb=verb)]),
        VirtualClock(),
        [family.with_handlers(replaced)],
    )
    transport = httpx.ASGITransport(create_app(world))
    async with (
        httpx.AsyncClient(transport=transport) as http,
        AsyncEnergyManager(
            "zhangwei",
            "Energy2019",
            base_url="https://energy.example",
            http_client=http,
            dialect=EnergyDialect(alarm_message_verb=verb),
        ) as client,
    ):
        found = await client.alarm_messages.list(start=BEGAN, end=BEGAN).collect()
        assert [(row.id, row.content) for row in found] == [(1, "测试")]
        assert len(await client.meters.list().collect()) == 11


def test_faults_are_made_as_for_the_other_families(raw: LiveMock, energy: EnergyManager) -> None:
    """A code on request is in the family's envelope; 4101 makes a client log in again."""
    raw.add_fault(raw.operation("users.get"), "code", code=4101)
    assert energy.users.get().name == "zhangwei"
    raw.add_fault(raw.operation("users.get"), "code", code=4302)
    assert raw.envelope("users.get") == {"Err_No": "4302", "Err_Msg": "文件读写错误"}


def test_every_quirk_is_tried() -> None:
    """No interpretation of the mock is without a test here, in the sessions' tests or in those of what is in use."""
    elsewhere = {"put", "delete_parameters", "alarm_message_verb", "cascade"}
    assert {name for quirks in QUIRKS for name in quirks} | elsewhere == {*attrs.fields_dict(EnergyQuirks)}


def test_the_command_names_the_quirks(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown value is refused with those there are."""
    with pytest.raises(SystemExit):
        main(["--quirk", "energy.cookies=three"])
    assert "one, two, none" in capsys.readouterr().err
