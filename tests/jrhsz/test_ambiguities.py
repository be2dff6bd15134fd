"""Where the documents leave something open: the default and the other interpretation, by rows of the published page.

One file of more than 400 lines, so that it can be read beside that page.
"""

import itertools
import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

import chaobiao._client.base
from chaobiao import (
    DuplicateOrder,
    IncompleteList,
    InvalidArgument,
    Jrhsz,
    JrhszDialect,
    OperationFailed,
    PermissionRefused,
    PlainHttpWarning,
    TooFast,
    UnreadableResponse,
)
from chaobiao._contract.operation import Effect
from chaobiao.jrhsz import CODES, FAMILY, Commodity, ConsumptionKind, Gate, Instruction, MeterKind, NetworkState
from chaobiao_mock.jrhsz.serializer import OTHER_WORDS, UNASSIGNED
from tests.harness.clients import ClientUnderTest, each, resolve
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock, at
from tests.harness.operations import READS, required_arguments
from tests.harness.samples import sample_named
from tests.jrhsz.documented import PASSWORD, PERIOD, USERNAME

pytestmark = pytest.mark.single_client

EMPTY = {"code": 200, "data": [], "msg": "操作成功", "totalCount": 0}
RESIDENT, POWER, WATER = "2026000000", "202600000000", "202600000001"

#: Arguments that find rows, where neither the sample's nor the last two days do.
FOUND_BY: dict[str, dict[str, Any]] = {
    "addresses.rooms": {"address": "一栋一层"},
    "residents.get": {"user_code": RESIDENT},
    "residents.consumption": {"user_code": RESIDENT},
    "recharges.list": {"user_code": "2022040001", **PERIOD},
}


async def all_lists(mock: LiveMock, client: ClientUnderTest) -> dict[str, list[Any]]:
    """Return the rows of every list of the platform at one moment; nothing is paced meanwhile."""
    mock.set_quirks(paced="no")
    client = client.with_options(paced=False)
    period = {"begin": mock.now - timedelta(days=2), "end": mock.now}
    found: dict[str, list[Any]] = {}
    for kind in READS:
        if kind in FAMILY.operations:
            required = required_arguments(kind)
            arguments = {**required, **(period if "begin" in required else {}), **FOUND_BY.get(kind.spec.call, {})}
            found[kind.spec.call] = await client.rows(kind.spec.call, **arguments)
    return found


def differing(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> list[str]:
    """Return the methods whose rows differ; whole lists side by side would take a minute to print."""
    return [method for method, rows in one.items() if rows != other[method]]


# --- 1 transport ------------------------------------------------------------------------------------------------------


def test_row_01_every_operation_is_an_http_post() -> None:
    """Whatever the prose says of SOAP, each endpoint is a POST of its own path."""
    assert {operation.spec.method for operation in FAMILY.operations} == {"POST"}
    assert len({operation.spec.path for operation in FAMILY.operations}) == len(FAMILY.operations)


async def test_row_01_the_base_url_is_the_documented_one_or_yours(
    mock: LiveMock, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls go to the documented host by default, to the one passed, or to the one in the environment."""
    monkeypatch.setattr(chaobiao._client.base, "_warned", {"http://imrapi.jrhsz.com"})
    server = FakeServer(EMPTY)
    for base_url in (None, "https://other.example/prefix"):
        await connect(server, base_url=base_url).rows("buildings.list")
    assert [str(request.url) for request in server.requests] == [
        "http://imrapi.jrhsz.com/user/getBuildCode",
        "https://other.example/prefix/user/getBuildCode",
    ]
    monkeypatch.setenv("CHAOBIAO_JRHSZ_BASE_URL", mock.url)
    assert await mock.client(base_url=None).rows("buildings.list")


def test_row_01_plain_http_warns_once_for_each_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The documented server is plain http: the first client of each such server warns, where it is made."""
    monkeypatch.setattr(chaobiao._client.base, "_warned", set())
    for url in (None, "http://meters.example", "http://localhost.example"):
        with pytest.warns(PlainHttpWarning) as caught:
            Jrhsz(USERNAME, PASSWORD, base_url=url).close()
        assert [warning.filename for warning in caught] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Jrhsz("another", PASSWORD, base_url=url).close()


@pytest.mark.parametrize(
    "url", ["https://meters.example", "http://127.0.0.1:8765", "http://localhost", "http://[::1]:1"]
)
def test_row_01_no_warning_for_https_or_this_machine(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no warning where the password is encrypted or does not leave the machine."""
    monkeypatch.setattr(chaobiao._client.base, "_warned", set())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Jrhsz(USERNAME, PASSWORD, base_url=url).close()


# --- 2, 3 requests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["json", "form"])
async def test_row_02_bodies_are_json_or_a_form(mock: LiveMock, connect: Any, body: Any) -> None:
    """JSON by default, a form by the switch; the platform takes both, Chinese included."""
    dialect = JrhszDialect() if body == "json" else JrhszDialect(body="form")
    server = FakeServer(EMPTY)
    client: ClientUnderTest = connect(server, dialect=dialect)
    await client.rows("addresses.rooms", "一栋一层", build_code="一栋")
    (request,) = server.requests
    assert (
        request.headers["content-type"]
        == {"json": "application/json", "form": "application/x-www-form-urlencoded"}[body]
    )
    sent = server.arguments[0] if body == "json" else dict(parse_qsl(request.content.decode()))
    assert (sent["address"], sent["build_code"]) == ("一栋一层", "一栋")
    live = mock.client(dialect=dialect)
    assert [room.user_code for room in await live.rows("addresses.rooms", "一栋一层")] == ["2022040001", "2022040002"]
    assert (await live.call("recharges.create", RESIDENT, amount=1, order_number="order-1")).message == "充值成功"


@pytest.mark.parametrize("body", ["json", "form"])
async def test_row_03_token_and_account_are_in_every_body_but_that_of_a_login(mock: LiveMock, body: Any) -> None:
    """The client adds them to every call, in both forms, and no call is refused."""
    client = mock.client(dialect=JrhszDialect(body=body))
    assert all((await all_lists(mock, client)).values())
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    await client.call("meters.instruct", POWER, Instruction.READ)
    journal = list(mock.world.journal)
    assert {entry.code for entry in journal} == {200}
    assert {entry.path for entry in journal} == {operation.spec.path for operation in FAMILY.operations}


async def test_row_03_on_the_wire(connect: Any) -> None:
    """The login carries account and password, every other body token and account, and none of them both."""
    server = FakeServer(EMPTY, login={"code": 200, "data": "a-token"})
    await connect(server).rows("buildings.list")
    assert server.arguments == [{"token": "a-token", "admin_user_name": USERNAME}]
    assert b"token" not in server.logins[0].content


# --- 4, 5, 6 envelope and session -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quirks",
    [{"data": "text"}, {"data": "native"}, {"code": "text"}, {"data": "text", "code": "text", "single_row": "list"}],
    ids=str,
)
async def test_row_04_envelopes_of_every_form_read_alike(mock: LiveMock, quirks: dict[str, Any]) -> None:
    """data as text or as JSON, code as number or as text: every list is the same as in the documented form."""
    client = mock.client()
    documented = await all_lists(mock, client)
    mock.set_quirks(**quirks)
    assert differing(documented, await all_lists(mock, client)) == []
    assert all(documented.values())


def test_row_04_the_documented_forms_on_the_wire(raw: LiveMock) -> None:
    """The recharge document's endpoints return JSON text in a string, the meter document's native JSON, code 200."""
    body = raw.authorised()
    responses = raw.post("/user/getBuildCode", body), raw.post("/meter/meterList", body)
    assert [type(response["data"]) for response in responses] == [str, list]
    assert [response["code"] for response in responses] == [200, 200]
    raw.set_quirks(data="native", code="text", paced="no")
    response = raw.post("/user/getBuildCode", body)
    assert (type(response["data"]), response["code"]) == (list, "200")


async def test_row_04_refusals_may_be_text_as_well(mock: LiveMock) -> None:
    """A code of "1005" raises the same error as 1005."""
    mock.restart(code="text")
    assert mock.post("/user/login", {"admin_user_name": USERNAME, "api_password": "x"})["code"] == "1005"
    with pytest.raises(OperationFailed) as caught:
        await mock.client().rows("residents.get", "no-such-resident")
    assert caught.value.code == 1001


async def test_row_04_a_token_is_never_parsed(connect: Any) -> None:
    """A token that happens to be JSON text is sent back as it came."""
    server = FakeServer(EMPTY, login={"code": 200, "data": '["not", "rows"]'})
    await connect(server).rows("buildings.list")
    assert server.arguments[0]["token"] == '["not", "rows"]'


@pytest.mark.parametrize("start", ["2010-01-01 00:00:00", "2090-01-01 00:00:00"])
async def test_row_05_a_token_ends_two_hours_after_its_login_whatever_it_contains(mock: LiveMock, start: str) -> None:
    """The time inside a token is not used: servers' clocks may be years off."""
    mock.restart(start=at(start))
    client = mock.client()
    await client.rows("buildings.list")
    mock.clock.advance(6000)
    await client.rows("buildings.list")
    assert len(mock.world.journal.of("login")) == 1
    mock.clock.advance(1200)
    await client.rows("buildings.list")
    assert len(mock.world.journal.of("login")) == 2
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200] * 3


async def test_row_05_neither_token_nor_password_is_shown(mock: LiveMock) -> None:
    """The reprs of a client that is logged in show its account and its server only."""
    client = mock.client()
    await client.rows("buildings.list")
    shown = repr(client.client) + repr(vars(client.client)) + repr(client.client._context)
    assert USERNAME in shown
    assert PASSWORD not in shown
    assert "eyJ" not in shown


async def test_row_06_an_expired_token_leads_to_one_login_and_one_repetition(mock: LiveMock) -> None:
    """1007 from a server whose clock runs ahead: a new login, the call again, and no more."""
    client = mock.client()
    await client.rows("buildings.list")
    mock.world.clock.advance(7200)
    await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200, 1007, 200]
    assert len(mock.world.journal.of("login")) == 2


async def test_row_06_a_missing_token_leads_to_one_login_and_one_repetition(mock: LiveMock) -> None:
    """1006 because another login has ended this token: a new login, and the call again."""
    mock.restart(sessions="one-1006")
    client = mock.client()
    await client.rows("buildings.list")
    mock.world.clock.advance(10)
    mock.session()
    await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200, 1006, 200]


async def test_row_06_1009_is_a_permission_error_by_default(mock: LiveMock) -> None:
    """1009 may mean a missing permission, which no login changes: it raises at once."""
    mock.restart(sessions="one-1009")
    client = mock.client()
    await client.rows("buildings.list")
    mock.world.clock.advance(10)
    mock.session()
    with pytest.raises(PermissionRefused):
        await client.rows("buildings.list")
    assert len(mock.world.journal.of("login")) == 2


async def test_row_06_1009_can_be_taken_as_a_lost_session(mock: LiveMock) -> None:
    """With relogin_on_1009 one login follows; where that does not help, it is a permission error."""
    mock.restart(sessions="one-1009")
    dialect = JrhszDialect(relogin_on_1009=True)
    client = mock.client(dialect=dialect)
    await client.rows("buildings.list")
    mock.world.clock.advance(10)
    mock.session()
    await client.rows("buildings.list")
    assert [entry.code for entry in mock.world.journal.of("buildings.list")] == [200, 1009, 200]
    forbidden = mock.client("recharge-only", "123456", dialect=dialect)
    with pytest.raises(PermissionRefused):
        await forbidden.call("meters.instruct", POWER, Instruction.READ)
    assert [entry.code for entry in mock.world.journal.of("meters.instruct")] == [1009, 1009]


# --- 7, 8 intervals and codes -----------------------------------------------------------------------------------------


async def test_row_07_logins_keep_the_interval_by_default(mock: LiveMock) -> None:
    """Two logins are two seconds apart, and a platform that enforces it refuses none."""
    client = mock.client()
    await client.login()
    await client.login()
    first, second = mock.world.journal.of("login")
    assert second.at - first.at >= 2
    assert (first.code, second.code) == (200, 200)


async def test_row_07_logins_need_not_keep_it(mock: LiveMock) -> None:
    """With the switch, and on a platform that follows the meter document, logins follow at once."""
    mock.restart(login_paced="no")
    client = mock.client(dialect=JrhszDialect(login_paced=False))
    await client.login()
    await client.login()
    first, second = mock.world.journal.of("login")
    assert (second.at - first.at, first.code, second.code) == (0, 200, 200)


async def test_row_07_recharges_do_not_wait_by_default(mock: LiveMock) -> None:
    """The recharge document exempts recharges: two follow at once."""
    client = mock.client()
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-2")
    first, second = mock.world.journal.of("recharges.create")
    assert (second.at - first.at, first.code, second.code) == (0, 200, 200)


async def test_row_07_recharges_can_keep_the_interval(mock: LiveMock) -> None:
    """With the switch they are two seconds apart, and a platform that follows the meter document refuses none."""
    mock.restart(recharge_paced="yes")
    client = mock.client(dialect=JrhszDialect(recharge_paced=True))
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-2")
    first, second = mock.world.journal.of("recharges.create")
    assert second.at - first.at >= 2
    assert (first.code, second.code) == (200, 200)


async def test_row_07_a_recharge_refused_as_too_fast_is_carried_out_once(mock: LiveMock) -> None:
    """Where the default is wrong, 1011 is waited out and the money arrives once."""
    mock.restart(recharge_paced="yes")
    client = mock.client()
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-2")
    codes = [entry.code for entry in mock.world.journal.of("recharges.create")]
    assert codes[:2] == [200, 1011]
    assert codes.count(200) == 2
    period = {"begin": at("2026-01-01 08:00:00"), "end": mock.now}
    listed = await client.rows("recharges.list", RESIDENT, **period)
    assert [payment.order_number for payment in listed] == ["order-1", "order-2"]


async def test_row_08_one_table_of_codes_for_both_documents(mock: LiveMock) -> None:
    """1010 and 1011 hold at the recharge document's endpoints too, though only the other document lists them."""
    assert {1001, 1002, 1005, 1006, 1007, 1008, 1009, 1010, 1011} == set(CODES)
    client = mock.client(paced=False)
    await client.rows("buildings.list")
    with pytest.raises(TooFast) as too_fast:
        await client.rows("buildings.list")
    await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    with pytest.raises(DuplicateOrder) as duplicate:
        await client.call("recharges.create", RESIDENT, amount=1, order_number="order-1")
    assert (too_fast.value.code, duplicate.value.code) == (1011, 1010)


# --- 9, 10 one or several ---------------------------------------------------------------------------------------------


async def test_row_09_meters_of_a_resident_as_object_or_list(mock: LiveMock) -> None:
    """One object, one row in a list, two rows in a list: the page has all of them."""
    client = mock.client()
    for single_row in ("object", "list"):
        mock.set_quirks(single_row=single_row)
        one, two = [await client.rows("residents.get", code) for code in ("2022040001", RESIDENT)]
        assert [row.table_no for row in one] == ["202364555511"]
        assert [row.table_no for row in two] == [POWER, WATER]


def test_row_09_the_documented_object_on_the_wire(raw: LiveMock) -> None:
    """By default a single meter is an object in a string, as in the sample."""
    raw.restart(start=at("2022-04-20 21:00:04"))
    found = raw.post("/user/GetUserInfo", raw.authorised(user_code="2022040001"))
    assert found == sample_named("jrhsz", "residents.get").response


async def test_row_10_one_newest_reading_beside_a_total_of_52(mock: LiveMock) -> None:
    """An object beside a larger total is one row, and the list ends."""
    mock.restart(total="more")
    response = mock.post("/meter/readMeter", mock.authorised(tableNo="190620833464"))
    assert (type(response["data"]), response["totalCount"]) == (dict, 52)
    mock.clock.advance(2)
    listing = await mock.client().call("meters.latest_readings", table_no="190620833464")
    assert [row.table_no for row in await resolve(listing.collect())] == ["190620833464"]
    assert len(mock.world.journal.of("meters.latest_readings")) == 2


async def test_row_10_a_list_short_of_its_total_is_incomplete(mock: LiveMock) -> None:
    """Where the total is larger than the rows, all rows come, and then the error that tells how many there are."""
    mock.restart(total="more")
    listing = await mock.client().call("meters.list", page_size=10)
    seen: list[Any] = []

    async def read() -> None:
        async for page in each(listing.pages()):
            seen.extend(meter.table_no for meter in page)

    with pytest.raises(IncompleteList) as caught:
        await read()
    assert len(set(seen)) == len(seen) == 28
    assert (caught.value.rows, caught.value.total, caught.value.page) == (28, 79, 4)


async def test_row_10_all_newest_readings_are_a_list(mock: LiveMock) -> None:
    """Without a number, and where a platform always returns lists, all rows come."""
    client = mock.client()
    assert len(await client.rows("meters.latest_readings")) == 28
    mock.set_quirks(single_row="list")
    assert len(await client.rows("meters.latest_readings", table_no=POWER)) == 1


# --- 11, 12, 13, 14, 15, 16 fields ------------------------------------------------------------------------------------


def test_row_11_kinds_by_the_longer_lists() -> None:
    """The meter document's lists decide: what they leave out is neither, and no code from 1 to 49 is in both."""
    electricity = {kind for kind in range(1, 50) if MeterKind(kind).commodity is Commodity.ELECTRICITY}
    water = {kind for kind in range(1, 50) if MeterKind(kind).commodity is Commodity.WATER}
    assert electricity == {1, 3, 5, 7, 9, 11, 13, 15, 16, 18, 21, 26, 30, 42, 43, 46, 48}
    assert set(range(1, 50)) - electricity - water == {25, 29, 33, 34}
    assert len(water) == 28


@pytest.mark.parametrize("kind_key", ["tableType", "typeType"])
async def test_row_11_the_kind_under_both_names(mock: LiveMock, kind_key: str) -> None:
    """The sample's tableType and the table's typeType are one field, and neither is left over."""
    mock.restart(kind_key=kind_key)
    meters = await mock.client().rows("meters.list")
    assert [meter.kind for meter in meters[:3]] == [MeterKind.WATER] * 3
    assert all(not meter.extra for meter in meters)


async def test_row_11_unassigned_kinds_are_kept(mock: LiveMock) -> None:
    """25, 29, 33 and 34 decode to their numbers, as text and as numbers, and belong to no commodity."""
    mock.restart(kinds="unassigned")
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    for rows in (
        await client.rows("meters.list"),
        await client.rows("residents.get", RESIDENT),
        await client.rows("meters.consumption", **period),
    ):
        assert {row.kind for row in rows} <= set(UNASSIGNED)
        assert len({row.kind for row in rows}) > 1
        assert all(row.kind.commodity is None and not row.unreadable for row in rows)


@pytest.mark.parametrize("numbers", ["text", "number"])
async def test_row_12_numbers_as_text_or_as_numbers(mock: LiveMock, numbers: str) -> None:
    """However a server writes numbers, they are read as the same decimals and the same kinds."""
    client = mock.client()
    documented = await all_lists(mock, client)
    samples = await client.rows("meters.time_of_use_readings", **PERIOD)
    mock.set_quirks(numbers=numbers)
    assert differing(documented, await all_lists(mock, client)) == []
    assert await client.rows("meters.time_of_use_readings", **PERIOD) == samples
    assert samples[0].total == Decimal("10622.5")


async def test_row_12_no_number_passes_through_a_float(connect: Any) -> None:
    """A number with more digits than a float holds arrives whole."""
    server = FakeServer('{"code":200,"data":[{"tableNo":"1","reading":12345678901234567.89}]}')
    (row,) = await connect(server).rows("meters.latest_readings", page_size=2)
    assert row.reading == Decimal("12345678901234567.89")


@pytest.mark.parametrize("amount_key", ["amout", "amount"])
async def test_row_13_the_amount_under_both_names(mock: LiveMock, amount_key: str) -> None:
    """The sample's amout and the table's amount are one field."""
    mock.restart(amount_key=amount_key)
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    response = mock.post(
        "/meter/readMeterDataList",
        mock.authorised(type="1", BeginDate="2025-12-31", EndDate="2025-12-31", pageNo=1, pageSize=1),
    )
    assert amount_key in response["data"][0]
    mock.clock.advance(2)
    rows = await mock.client().rows("meters.consumption", table_no=POWER, **period)
    assert all(row.amount is not None and not row.extra for row in rows)
    assert sum(row.amount for row in rows) > 0


async def test_row_14_daily_consumption_is_type_2_by_inference(mock: LiveMock, connect: Any) -> None:
    """REALTIME sends the documented 1, DAILY the inferred 2, and the type of a row is the kind of meter."""
    server = FakeServer(EMPTY)
    client: ClientUnderTest = connect(server)
    for kind in ({}, {"kind": ConsumptionKind.DAILY}):
        await client.rows("meters.consumption", begin=at("2023-04-01"), end=at("2023-04-02"), **kind)
    assert [body["type"] for body in server.arguments] == ["1", "2"]
    live = mock.client()
    period = {"begin": mock.now - timedelta(days=4), "end": mock.now, "table_no": POWER}
    days = await live.rows("meters.consumption", kind=ConsumptionKind.DAILY, **period)
    assert [row.kind for row in days] == [MeterKind.TIME_OF_USE_ELECTRICITY] * 4
    assert len({row.read_at.date() for row in days}) == 4


async def test_row_14_a_platform_without_type_2_refuses_it(mock: LiveMock) -> None:
    """Where the inference is wrong the refusal is an error, never an empty list; realtime still works."""
    mock.restart(daily="no")
    client = mock.client()
    period = {"begin": mock.now - timedelta(days=1), "end": mock.now}
    with pytest.raises(OperationFailed) as caught:
        await client.rows("meters.consumption", kind=ConsumptionKind.DAILY, **period)
    assert caught.value.vendor_message == "type 仅支持 1"
    assert await client.rows("meters.consumption", **period)


async def test_row_15_samples_lack_fields(mock: LiveMock) -> None:
    """deviceId, which only the table has, and house_number, which one row lacks, are None where they are missing."""
    client = mock.client()
    (row,) = await client.rows("residents.consumption", "2022040002", **PERIOD)
    assert row.device_id is None
    assert [resident.house_number for resident in await client.rows("addresses.rooms", "一栋一层")] == ["101", None]


async def test_row_15_any_field_may_be_missing(mock: LiveMock) -> None:
    """Rows that lack a field each keep all their others, and no row is lost or called unreadable."""
    client = mock.client(strict=True)
    whole = await all_lists(mock, client)
    mock.set_quirks(missing="one")
    for method, rows in (await all_lists(mock, client)).items():
        assert len(rows) == len(whole[method])
        for short, full in zip(rows, whole[method], strict=True):
            fields = [name for name in type(full).__slots__ if not name.startswith("_")]
            missing = [name for name in fields if getattr(short, name) != getattr(full, name)]
            assert len(missing) == 1, method
            assert getattr(short, missing[0]) is None
            assert not short.unreadable


async def test_row_16_a_key_that_comes_twice_with_one_value(mock: LiveMock) -> None:
    """The sample's second tableNo changes nothing, in text and in native data."""
    client = mock.client()
    documented = await all_lists(mock, client)
    mock.set_quirks(repeated_key="same")
    response = mock.http("POST", "/meter/readMeter", json=mock.authorised(tableNo=POWER))
    assert response.text.count('"tableNo"') == 2
    assert differing(documented, await all_lists(mock, client)) == []


async def test_row_16_a_key_that_comes_twice_with_two_values(mock: LiveMock) -> None:
    """Neither value is believed: the field is None, both are kept, and strict reading raises."""
    mock.restart(repeated_key="different")
    client = mock.client()
    (row,) = await client.rows("meters.latest_readings", table_no=POWER)
    assert row.table_no is None
    assert row.unreadable == {"table_no": (POWER, "0")}
    assert row.device_id == POWER
    with pytest.raises(UnreadableResponse) as caught:
        await mock.client(strict=True).rows("meters.latest_readings", table_no=POWER)
    assert (caught.value.row, caught.value.field) == (0, "tableNo")


@pytest.mark.parametrize("text", ['{"code":200,"data":[{"tableNo":"1",}]}', '{"code":200"data":[]}', '{"code":200'])
async def test_row_16_syntax_is_taken_strictly(connect: Any, text: str) -> None:
    """The samples' trailing commas and missing commas are damage: a response with them is unreadable."""
    with pytest.raises(UnreadableResponse):
        await connect(FakeServer(text)).rows("meters.list")


# --- 17, 18, 19, 20, 21 arguments and words ---------------------------------------------------------------------------


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


# --- totals and last pages, which samples contradict ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "after_last", "size"),
    list(itertools.product(["all", "page", "one", "more", "none"], ["empty", "repeat"], [9, 14, 28, 100])),
)
async def test_totals_and_last_pages_cost_no_row(mock: LiveMock, total: str, after_last: str, size: int) -> None:
    """Whatever the total is and whatever follows the last page, a list has every row once, and ends."""
    mock.restart(total=total, after_last=after_last)
    dialect = JrhszDialect(trust_totals=total != "more")
    meters = await mock.client(dialect=dialect).rows("meters.list", page_size=size)
    numbers = [meter.table_no for meter in meters]
    assert len(numbers) == len(set(numbers)) == 28


@pytest.mark.parametrize("total", ["all", "page", "one", "more", "none"])
async def test_a_repeated_page_is_recognised_though_its_reading_changed(mock: LiveMock, total: str) -> None:
    """A meter whose reading changes from page to page is one meter, and the list ends."""
    mock.restart(total=total, after_last="repeat")
    client = mock.client()
    for size in (1, 1000):
        rows = await client.rows("meters.latest_readings", table_no="202364555511", page_size=size)
        assert [row.table_no for row in rows] == ["202364555511"]


def test_every_row_of_the_notes_has_a_test() -> None:
    """Rows 1 to 21 each have at least one test here."""
    tested = {name.split("_")[2] for name in globals() if name.startswith("test_row_")}
    assert tested == {f"{row:02}" for row in range(1, 22)}


def test_every_endpoint_but_recharging_keeps_the_interval_by_default() -> None:
    """Row 7, in the dialect: two seconds for all operations, none for money."""
    for operation in FAMILY.operations:
        interval = JrhszDialect().interval_of(object.__new__(operation))
        assert interval == (None if operation.spec.effect is Effect.MONEY else 2)
