"""Where the documents leave arguments, units and words open: rows 17 to 21 of the published page."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chaobiao import (
    InvalidArgument,
    JrhszDialect,
)
from chaobiao.jrhsz import Gate, Instruction, NetworkState
from chaobiao_mock.jrhsz.serializer import OTHER_WORDS
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock, at
from tests.jrhsz.documented import PERIOD
from tests.jrhsz.every_list import EMPTY, POWER, RESIDENT, WATER

pytestmark = pytest.mark.single_client


def test_row_17_pages_default_to_the_first_thousand(raw: LiveMock) -> None:
    """Where page and size are optional, leaving them out means the first 1000 rows."""
    raw.restart(meters=1100, paced="no")
    body = raw.authorised()
    for path in ("/meter/meterList", "/meter/readMeter"):
        plain = raw.post(path, body)
        assert (len(plain["data"]), plain["totalCount"]) == (1000, 1108)
        assert plain == raw.post(path, {**body, "pageNo": 1, "pageSize": 1000})
        assert len(raw.post(path, {**body, "pageNo": "2"})["data"]) == 108


async def test_row_17_more_than_a_thousand_rows_are_rejected_before_sending(mock: LiveMock) -> None:
    """The client rejects it at once; the server would refuse it."""
    for method, more in (("meters.list", {}), ("meters.readings", PERIOD)):
        with pytest.raises(InvalidArgument) as caught:
            await mock.client().rows(method, page_size=1001, **more)
        assert caught.value.argument == "page_size"
    assert len(mock.world.journal) == 0
    assert mock.post("/meter/meterList", mock.authorised(pageSize=1001))["code"] == 1001


@pytest.mark.parametrize(("dates", "sent"), [("datetime", "2023-04-06 10:30:28"), ("date", "2023-04-06")])
async def test_row_17_dates_with_or_without_the_time_of_day(connect: Any, dates: Any, sent: str) -> None:
    """With the time of day by default, as readTime is written; the date alone by the switch."""
    server = FakeServer(EMPTY)
    dialect = JrhszDialect() if dates == "datetime" else JrhszDialect(dates="date")
    await connect(server, dialect=dialect).rows(
        "meters.readings", begin=at("2023-04-06 10:30:28"), end=at("2023-04-06 10:30:28")
    )
    assert (server.arguments[0]["BeginDate"], server.arguments[0]["EndDate"]) == (sent, sent)


@pytest.mark.parametrize(("date_end", "found"), [("day", 2), ("midnight", 1)])
async def test_row_17_what_a_bare_end_date_includes(mock: LiveMock, date_end: str, found: int) -> None:
    """A platform may include that day or only its first moment; with the time of day it makes no difference."""
    mock.restart(date_end=date_end)
    period = {"begin": at("2023-04-06 00:00:00"), "end": at("2023-04-07 23:59:59")}
    assert len(await mock.client(dialect=JrhszDialect(dates="date")).rows("meters.readings", **period)) == found
    assert len(await mock.client().rows("meters.readings", **period)) == 2


async def test_row_18_several_numbers_where_they_are_documented(mock: LiveMock, connect: Any) -> None:
    """An ASCII comma joins them in three histories, and nowhere else."""
    server = FakeServer(EMPTY)
    client: ClientUnderTest = connect(server)
    for method in ("meters.readings", "meters.time_of_use_readings", "meters.camera_readings"):
        await client.rows(method, table_no=[POWER, WATER], **PERIOD)
    assert {body["tableNo"] for body in server.arguments} == {f"{POWER},{WATER}"}
    for method, more in (("meters.consumption", PERIOD), ("meters.latest_readings", {})):
        for several in (f"{POWER},{WATER}", [POWER, WATER]):
            with pytest.raises(InvalidArgument) as caught:
                await client.rows(method, table_no=several, **more)
            assert caught.value.argument == "table_no"
    with pytest.raises(InvalidArgument):
        await client.call("meters.instruct", f"{POWER},{WATER}", Instruction.READ)
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    assert len(await mock.client().rows("meters.readings", table_no=[POWER, WATER], **period)) == 2


async def test_row_19_instructions_are_1_2_and_3(mock: LiveMock, connect: Any) -> None:
    """Disconnecting, reconnecting and reading are sent as text, and do what they say."""
    server = FakeServer({"code": 200, "msg": "操作成功"})
    client: ClientUnderTest = connect(server)
    for instruction in (Instruction.DISCONNECT, Instruction.RECONNECT, Instruction.READ):
        await client.call("meters.instruct", POWER, instruction)
    assert [body["type"] for body in server.arguments] == ["1", "2", "3"]
    live = mock.client()
    for instruction, gate in ((Instruction.DISCONNECT, Gate.DISCONNECTED), (Instruction.RECONNECT, Gate.CONNECTED)):
        await live.call("meters.instruct", POWER, instruction)
        (row,) = await live.rows("meters.latest_readings", table_no=POWER)
        assert row.gate is gate


async def test_row_20_times_are_china_standard_time(mock: LiveMock, connect: Any) -> None:
    """Naive times are taken as such, others converted; times in responses carry the zone."""
    server = FakeServer(EMPTY)
    client: ClientUnderTest = connect(server)
    for begin in (datetime(2023, 4, 6, 8), datetime(2023, 4, 6, 0, tzinfo=UTC)):
        await client.rows("meters.readings", begin=begin, end=at("2023-04-07 00:00:00"))
    assert [body["BeginDate"] for body in server.arguments] == ["2023-04-06 08:00:00"] * 2
    (row,) = await mock.client().rows("meters.latest_readings", table_no="190620833464")
    assert row.read_at == datetime(2023, 4, 22, 2, 31, 53, tzinfo=UTC)
    assert row.read_at.utcoffset() == timedelta(hours=8)


async def test_row_20_amounts_are_yuan_as_text(connect: Any) -> None:
    """In whatever exact form they are given, amounts are sent as text with two decimals; floats are rejected."""
    server = FakeServer({"code": 200, "msg": "充值成功"})
    client: ClientUnderTest = connect(server)
    for amount in (10, "10", "10.0", Decimal("10.00"), Decimal("1E+1")):
        await client.call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert [body["total_fee"] for body in server.arguments] == ["10.00"] * 5
    for amount in (10.0, "10.001", 0, -1):
        with pytest.raises(InvalidArgument):
            await client.call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert len(server.arguments) == 5


async def test_row_21_known_words_are_typed(mock: LiveMock) -> None:
    """The documents' words for states are members of enums."""
    meters = await mock.client().rows("meters.list")
    assert {meter.gate for meter in meters} == {Gate.DISCONNECTED, Gate.CONNECTED}
    assert {meter.network for meter in meters} == {NetworkState.ONLINE, NetworkState.OFFLINE}


async def test_row_21_other_words_are_kept(mock: LiveMock) -> None:
    """Words that no document shows are kept as they came, and are not listed."""
    mock.restart(words="other")
    meters = await mock.client(strict=True).rows("meters.list")
    words = {meter.gate.value for meter in meters} | {meter.network.value for meter in meters}
    assert words == set(OTHER_WORDS.values())
    assert not any(meter.gate.listed or meter.network.listed for meter in meters)


def test_every_row_of_the_notes_has_a_test() -> None:
    """Rows 1 to 21 each have at least one test in the files about ambiguities."""
    files = Path(__file__).parent.glob("test_ambiguities_*.py")
    tested = {row for file in files for row in re.findall(r"def test_row_(\d\d)_", file.read_text("utf-8"))}
    assert tested == {f"{row:02}" for row in range(1, 22)}
