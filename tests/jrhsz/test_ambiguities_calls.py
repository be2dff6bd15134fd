"""Where the documents leave open how calls are sent and refused: rows 1 to 8 of the published page."""

import warnings
from typing import Any
from urllib.parse import parse_qsl

import pytest

import chaobiao._client.base
from chaobiao import (
    DuplicateOrder,
    Jrhsz,
    JrhszDialect,
    OperationFailed,
    PermissionRefused,
    PlainHttpWarning,
    TooFast,
)
from chaobiao._contract.operation import Effect
from chaobiao.jrhsz import CODES, FAMILY, Instruction
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock, at
from tests.jrhsz.documented import PASSWORD, USERNAME
from tests.jrhsz.every_list import EMPTY, POWER, RESIDENT, all_lists, differing

pytestmark = pytest.mark.single_client


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


def test_every_endpoint_but_recharging_keeps_the_interval_by_default() -> None:
    """Row 7, in the dialect: two seconds for all operations, none for money."""
    for operation in FAMILY.operations:
        interval = JrhszDialect().interval_of(object.__new__(operation))
        assert interval == (None if operation.spec.effect is Effect.MONEY else 2)
