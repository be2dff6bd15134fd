"""What responses mean: envelopes, codes, missing data, single objects, points in time, and the organisation."""

import copy
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import httpx
import pytest

import chaobiao
from chaobiao import InvalidArgument, NotFound, OutcomeUnknown, UnreadableResponse
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation
from chaobiao.clock import SHANGHAI
from chaobiao.energy import CODES, AlarmLevel, EnergyKind, GroupBy, Month, ReportFile, TimeType, Year
from chaobiao.energy.codecs import TIME_INDEX
from chaobiao.energy.family import FAMILY
from tests.energy.servers import carry_out, envelope
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer, arguments_of
from tests.harness.samples import sample_named

Connect = Callable[..., ClientUnderTest]

METER = {"name": "表", "kind": "电", "machine_id": 3}
#: Calls of each effect: reads of rows and of one object, an update, a deletion and a creation.
CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "rates.list": ((), {}),
    "users.get": ((), {}),
    "meters.update": ((12,), METER),
    "meters.delete": ((12,), {}),
    "meters.create": ((), METER),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("status", [200, 500])
async def test_each_code_is_an_error_of_its_kind(
    code: int, as_text: bool, status: int, call: str, connect: Connect
) -> None:
    """All codes, as number or text and under any HTTP status, raise what their table says, for creations as well."""
    outcome, kind, _, _ = CODES[code]
    refusal = envelope(code=str(code) if as_text else code, words="原文")
    server = FakeServer(httpx.Response(status, json=refusal))
    args, given = CALLS[call]
    if code == 4002 and call == "rates.list":
        assert await carry_out(connect(server, "energy"), call) == []
        return
    unknown = outcome.name == "UNKNOWN" and call == "meters.create"
    with pytest.raises(OutcomeUnknown if unknown else kind) as caught:
        await carry_out(connect(server, "energy"), call, *args, **given)
    error = caught.value
    assert (error.code, error.vendor_message, error.operation) == (code, "原文", call)
    assert len(server.requests) == {4101: 2, 4201: 4}.get(code, 1)
    other_methods = ("recharges", "latest_readings", "residents")
    assert not [name for name in other_methods if name in str(error)]
    if code == 4002 and call in ("meters.update", "meters.delete"):
        assert "meters.list" in error.hint
        assert "meters.list" in error.hint_zh
    if unknown:
        assert (getattr(error, "reference", None), "meters.list" in error.hint) == ("表", True)


def test_hints_name_methods_of_this_family() -> None:
    """Every update, deletion and creation names a method that shows what it acts on."""
    calls = {kind.spec.call for kind in FAMILY.operations}
    for kind in FAMILY.operations:
        if kind.spec.effect in (Effect.UPDATE, Effect.DELETE) and kind.spec.look_up:
            assert kind.spec.look_up in calls, kind.spec.call


@pytest.mark.parametrize("number", ["0", 0, "", "00"])
@pytest.mark.parametrize("words", ["Err_Msg", "Err_msg"])
async def test_success_in_all_spellings(number: Any, words: str, connect: Connect) -> None:
    """Err_No is text, a number, or empty beside data; the server's words stand under either name."""
    data = {"Err_No": number, words: "好", "Data": [{"id": 1}]}
    client = connect(FakeServer(data), "energy")
    assert [meter.id for meter in await client.rows("meters.list", id=1)] == [1]
    done = await client.call("meters.delete", 1)
    assert (done.message, done.repeated) == ("好", False)


@pytest.mark.parametrize("reply", [{"Err_No": ""}, {"Err_No": "", "Data": None}, {"Data": []}, {"Err_No": None}, []])
async def test_no_readable_code_is_no_success(reply: Any, connect: Connect) -> None:
    """Without a code, or an empty one without data, a read fails and a creation's outcome is unknown."""
    client = connect(FakeServer(reply), "energy")
    with pytest.raises(UnreadableResponse):
        await carry_out(client, "rates.list")
    with pytest.raises(OutcomeUnknown):
        await carry_out(client, "meters.create", **METER)


@pytest.mark.parametrize("status", [200, 201])
async def test_a_creation_may_be_told_by_http_201(status: int, connect: Connect) -> None:
    """The envelope counts."""
    server = FakeServer(httpx.Response(status, json=envelope({"id": 5})))
    assert (await connect(server, "energy").call("meters.create", **METER)).id == 5


def _objects() -> list[Any]:
    kinds = (kind for kind in FAMILY.operations if issubclass(kind, ObjectOperation) and kind.spec.call != "login")
    return [kind for kind in kinds if kind.spec.returns is not Acknowledgement]


@pytest.mark.parametrize("kind", _objects(), ids=lambda kind: kind.spec.call)
async def test_one_object_or_a_list_of_one(kind: Any, connect: Connect) -> None:
    """Both are the object; nothing is NotFound for a read; two objects are an error."""
    operation = sample_named("energy", kind.spec.call).operation if kind.spec.call != "meters.create" else kind(**METER)
    data = sample_named("energy", kind.spec.call).response["Data"]
    one = data[0] if isinstance(data, list) else data
    found = [await connect(FakeServer(envelope(each)), "energy").send(operation) for each in (one, [one])]
    assert found[0] == found[1]
    is_read = kind.spec.effect is Effect.READ
    nothing: Any
    for nothing in ([], "", None):
        with pytest.raises(NotFound if is_read else OutcomeUnknown):
            await connect(FakeServer({"Err_No": "0", "Data": nothing}), "energy").send(operation)
    with pytest.raises(UnreadableResponse if is_read else OutcomeUnknown):
        await connect(FakeServer(envelope([one, one])), "energy").send(operation)


@pytest.mark.parametrize("data", [[], None, "", {"id": 3}])
async def test_rows_come_in_a_list_or_as_one_object(data: Any, connect: Connect) -> None:
    """An object is one row; nothing is none."""
    found = await carry_out(connect(FakeServer({"Err_No": "0", "Data": data}), "energy"), "rates.list")
    assert [rate.id for rate in found] == ([3] if data else [])


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("slow"), httpx.Response(502)])
async def test_a_deletion_that_had_worked_is_a_success_that_says_so(lost: Any, connect: Connect) -> None:
    """4002 after an attempt without a response means that it was deleted; at the first attempt it is an error."""
    gone = envelope(code=4002, words="无数据")
    done = await connect(FakeServer(lost, gone), "energy").call("machines.delete", 3)
    assert done.repeated
    with pytest.raises(NotFound):
        await connect(FakeServer(gone), "energy").call("machines.delete", 3)
    with pytest.raises(NotFound):  # an update of what is gone did nothing
        await connect(FakeServer(lost, gone), "energy").call("meters.update", 3, **METER)


async def test_a_day_of_consumption_is_24_points(connect: Connect) -> None:
    """Each point has its time in China, its owner, its kind of energy and an exact amount; unknown kinds are kept."""
    hours = [datetime(2019, 4, 1) + timedelta(hours=hour) for hour in range(24)]
    data = [
        {"Time": f"{hour:%F %T}", "Meter_Superior": "机器1", "Ene_Type": "0", "Ene_Name": "电", "Total_Amount": "0.10"}
        for hour in hours
    ]
    data[-1]["Ene_Type"] = "77"
    day = {"start": hours[0], "end": hours[0] + timedelta(days=1), "time_type": TimeType.DAY}
    client = connect(FakeServer(envelope(data)), "energy")
    points = await client.rows("consumption.details", **day, group_by=GroupBy.MACHINE)
    assert [point.time for point in points] == [hour.replace(tzinfo=SHANGHAI) for hour in hours]
    assert {(point.owner, point.amount) for point in points} == {("机器1", Decimal("0.10"))}
    assert points[0].kind is EnergyKind.ELECTRICITY
    assert (points[-1].kind, points[-1].kind.listed) == ("77", False)
    assert points[0].to_dict()["time"] == "2019-04-01T00:00:00+08:00"


async def test_codes_that_no_table_lists_are_kept(connect: Connect) -> None:
    """As text or number they are members that are not listed, and equal to their values."""
    data = [{"id": 1, "Alarm_Level": 9, "Alarm_Type": "2", "Alarm_Notify": "8"}]
    (alarm,) = await connect(FakeServer(envelope(data)), "energy").rows("alarms.list", page_size=2)
    assert (alarm.level, alarm.level.listed, alarm.type, alarm.notify_way) == (9, False, 2, 8)
    assert isinstance(alarm.level, AlarmLevel)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", Year(2019)),
        ("2019-04", Month(2019, 4)),
        ("2019-04-01", date(2019, 4, 1)),
        ("2019-04-01 13:00:00", datetime(2019, 4, 1, 13, tzinfo=SHANGHAI)),
        ("第1周", "第1周"),
        ("2019-13", "2019-13"),
        ("", None),
    ],
)
def test_times_are_what_they_name(text: str, expected: Any) -> None:
    """A month is a month and no first day of it; what is no time is kept."""
    found = TIME_INDEX.read(text)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Year_report2019.xlsx", Year(2019)),
        ("Month_report2019_6.xlsx", Month(2019, 6)),
        ("Day_report2019_6_12.xlsx", date(2019, 6, 12)),
        ("Day_report2019_6_31.xlsx", None),
        ("Year_report2019_6.xlsx", None),
        ("报表.xlsx", None),
        (None, None),
    ],
)
def test_the_name_of_a_report_says_what_it_covers(name: str | None, expected: Any) -> None:
    """A year, a month or a day, as the document's three examples; nothing for other names."""
    found = ReportFile(file_name=name).covers
    assert (type(found), found) == (type(expected), expected)


def organisation() -> dict[str, Any]:
    """5.3's sample as it stands in the document."""
    return copy.deepcopy(sample_named("energy", "province.organization").response["Data"])


def without_empty(value: Any) -> Any:
    """Leave empty texts out: the upload replaces all, so a field that is left out is empty."""
    if isinstance(value, dict):
        return {name: without_empty(part) for name, part in value.items() if part not in ("", None)}
    return [without_empty(part) for part in value] if isinstance(value, list) else value


async def written_back(connect: Connect, data: Any, **changes: Any) -> dict[str, Any]:
    """Read an organisation, change it, write it back; return what was sent."""
    server = FakeServer(envelope(data), envelope())
    client = connect(server, "energy")
    found = await client.call("province.organization")
    arguments = found.arguments()
    if changes:
        arguments["enterprise"] = attrs.evolve(arguments["enterprise"], **changes)
    await client.call("province.upload_organization", **arguments)
    return arguments_of(server.requests[1])


async def test_reading_and_writing_back_an_organisation_loses_nothing(connect: Connect) -> None:
    """What goes back is what came, member by member and digit by digit, but for the one change."""
    assert without_empty(await written_back(connect, organisation())) == without_empty(organisation())
    changed = await written_back(connect, organisation(), phone="0375-1")
    expected = organisation()
    expected["enterprise"]["phone"] = "0375-1"
    assert without_empty(changed) == without_empty(expected)


@pytest.mark.parametrize("part", ["enterprise", "group", "collectItemConfig", "process", "processUnit"])
async def test_members_that_no_table_lists_go_back_as_they_came(part: str, connect: Connect) -> None:
    """Undocumented members of any part are kept, whatever their type."""
    data = organisation()
    inner = data[part] if isinstance(data[part], dict) else data[part][0]
    inner["newMember"] = {"deep": [1, "二", None]}
    assert without_empty(await written_back(connect, data)) == without_empty(data)


@pytest.mark.parametrize("part", ["enterprise", "group"])
async def test_parts_may_come_as_a_list_of_one(part: str, connect: Connect) -> None:
    """The table calls them lists and the sample shows objects: both are read, and the sample's form is sent."""
    data = organisation()
    data[part] = [data[part]]
    assert without_empty(await written_back(connect, data)) == without_empty(organisation())


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("enterprise", "latitude"), "north", "latitude"),
        (("enterprise", "center"), "maybe", "is_central"),
        (("group",), 7, "group"),
        (("process",), [7], "(row)"),
        (("collectItemConfig", 0, "Meter_id"), "twelve", "meter_id"),
        (("newPart",), {"a": 1}, "newPart"),
    ],
)
async def test_what_could_not_be_read_is_not_written_back_in_silence(
    path: tuple[Any, ...], value: Any, named: str, connect: Connect
) -> None:
    """The error names what would be lost, and nothing is sent."""
    data = organisation()
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(InvalidArgument, match="could not be read") as caught:
        await written_back(connect, data)
    assert named in caught.value.message
    assert named in caught.value.message_zh


async def test_dates_without_a_time_and_other_texts_go_back_as_they_came(connect: Connect) -> None:
    """A server that writes days alone gets days alone."""
    data = organisation()
    data["enterprise"]["registerDate"] = "1998-10-10"
    data["processUnit"][0]["commDate"] = "2010年"
    assert without_empty(await written_back(connect, data)) == without_empty(data)


def test_lists_of_this_family_are_rows() -> None:
    """Every operation returns one object, rows or an acknowledgement."""
    assert all(issubclass(kind, ObjectOperation | RowsOperation) for kind in FAMILY.operations)
    assert issubclass(chaobiao.NotFound, LookupError)
