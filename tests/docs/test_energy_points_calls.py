"""Points on the page of ambiguities about the energy API's calls: sessions, codes, verbs, what is sent."""

from datetime import datetime
from typing import Any, Literal

import httpx
import pytest

from chaobiao import (
    AlreadyExists,
    EnergyDialect,
    InvalidArgument,
    NotFound,
    OperationFailed,
    OutcomeUnknown,
    ParameterRefused,
    PermissionRefused,
    StillInUse,
    TooFast,
    UnknownCode,
    UnreadableResponse,
    WrongPassword,
)
from chaobiao.energy import AlarmLevel, AlarmType, GroupBy, NotifyWay, TimeType
from tests.docs.energy_server import OK, EnergyServer, data, energy_client

DAY: dict[str, Any] = {"start": datetime(2019, 4, 1), "end": datetime(2019, 4, 2)}
MACHINE = {"name": "机器1", "department": "东车间", "equipment_code": "", "equipment_unit_code": ""}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


def refusal(code: Any, **more: Any) -> dict[str, Any]:
    return {"Err_No": code, "Err_Msg": "", **more}


@pytest.mark.parametrize("number", ["0", 0, ""])
@pytest.mark.parametrize("words", ["Err_Msg", "Err_msg"])
def test_energy_01_err_no_is_text_a_number_or_empty(number: Any, words: str) -> None:
    """With data, all of them are success; empty without data is unreadable."""
    with energy_client({"Err_No": number, words: "ok", "Data": [{"id": 1}]}) as (client, _):
        assert client.users.get().id == 1
    with energy_client({"Err_No": "", words: "ok"}) as (client, _), pytest.raises(UnreadableResponse):
        client.users.get()


def test_energy_02_the_session_is_in_cookies() -> None:
    """Calls carry the cookie that the login set; 4101 leads to one more login and one repetition."""
    with energy_client(refusal("4101"), data([{"id": 1}])) as (client, server):
        assert client.users.get().id == 1
    assert server.logins == 2
    assert [request.headers["Cookie"] for request in server.requests] == ["sessionid=c2Vzc2lvbi0x"] * 2


def test_energy_03_no_data_is_an_empty_page_or_not_found() -> None:
    """4002 ends a list; to an object, an update and a delete it is NotFound."""
    with energy_client(refusal("4002")) as (client, _):
        assert client.machines.list().collect() == []
        for call in (client.users.get, lambda: client.machines.update(9, **MACHINE), lambda: client.machines.delete(9)):
            with pytest.raises(NotFound):
                call()


def test_energy_05_only_images_are_sent() -> None:
    """An image is told by its first bytes and travels as a form; other content is refused before it is sent."""
    with energy_client() as (client, server):
        client.machines.upload_image(3, image=PNG)
        assert server.requests[0].headers["Content-Type"].startswith("multipart/form-data")
        assert b'name="Machine_Image"' in server.requests[0].content
        for wrong in (b"text", PNG + bytes(10 * 1024 * 1024)):
            with pytest.raises(InvalidArgument):
                client.machines.upload_image(3, image=wrong)
    assert len(server.requests) == 1


def test_energy_06_ids_are_sent_as_each_table_says() -> None:
    """The id of a machine is text when a meter is created, and a number when it is changed; both are read."""
    with energy_client(data({"id": "12"}), OK, data([{"id": "12", "Meter_Superior_id": 3}])) as (client, server):
        assert client.meters.create(name="a", kind="0", machine_id=3).id == 12
        assert server.sent["Meter_Superior_id"] == "3"
        client.meters.update(12, name="a", kind="0", machine_id=3)
        assert server.sent["Meter_Superior_id"] == 3
        assert [(meter.id, meter.machine_id) for meter in client.meters.list(id=12)] == [(12, 3)]


def test_energy_07_flags_are_sent_as_each_table_says() -> None:
    """Text for a virtual meter, a number for a manual one, and 0 for a price that is segmented."""
    with energy_client(data({"id": 1}), OK) as (client, server):
        client.meters.create(name="a", kind="0", machine_id=3, is_virtual=True, is_manual=False)
        assert (server.sent["Meter_IsVirtual"], server.sent["Is_HandWork"]) == ("1", 0)
        client.rates.update(1, name="a", kind="0", is_segmented=True, unit="元")
        assert server.sent["isSegmentation"] in (0, "0")


def test_energy_08_queries_of_amounts() -> None:
    """Several values are joined by an ASCII comma; a combination is only for machines and departments."""
    with energy_client(data([])) as (client, server):
        query = client.consumption.totals(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER, names=["甲", "乙"])
        assert query.collect() == []
        assert server.sent["Amount_SortName"] == "甲,乙"
        with pytest.raises(InvalidArgument, match="combination"):
            client.consumption.totals(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER, combination="1")


@pytest.mark.parametrize("first_page", [0, 1])
def test_energy_14_the_number_of_the_first_page(first_page: Literal[0, 1]) -> None:
    """Page 1 is 0 on the wire, or 1 if the dialect says so, and page 2 is one more."""
    with energy_client(data([{"id": 1}]), dialect=EnergyDialect(first_page=first_page)) as (client, server):
        for page in (1, 2):
            next(iter(client.machines.list(page=page)))
            assert server.sent["Page_Counts"] == str(first_page + page - 1)


def test_energy_20_a_server_that_counts_from_1() -> None:
    """Its page 0 is empty or its first page once more; either way all rows come, once."""
    rows = [[{"id": 1}], [{"id": 2}], [{"id": 3}]]

    class Counting(EnergyServer):
        repeats = False

        def __call__(self, request: httpx.Request) -> httpx.Response:
            page = int(request.url.params.get("Page_Counts", 1))
            shown = rows[max(page, 1) - 1 : max(page, 1)] if page or self.repeats else []
            self.responses = [data(shown[0] if shown else [], Total_Numbers=3)]
            return EnergyServer.__call__(self, request)

    for repeats in (False, True):
        server = Counting([OK])
        server.repeats = repeats
        with energy_client(server=server) as (client, _):
            assert [machine.id for machine in client.machines.list(page_size=1)] == [1, 2, 3]


def test_energy_15_alarm_messages_are_read_with_get() -> None:
    """GET unless the dialect says DELETE."""
    for options, verb in (({}, "GET"), ({"dialect": EnergyDialect(alarm_message_verb="DELETE")}, "DELETE")):
        with energy_client(refusal("4002"), **options) as (client, server):
            assert client.alarm_messages.list(**DAY).collect() == []
            assert {request.method for request in server.requests} == {verb}


def test_energy_16_parameters_of_delete() -> None:
    """A JSON body unless the dialect says the query."""
    with energy_client() as (client, server):
        client.alarms.delete(7)
        assert (server.requests[0].content, server.requests[0].url.query) == (b'{"id":7}', b"")
    with energy_client(dialect=EnergyDialect(delete_parameters="query")) as (client, server):
        client.alarms.delete(7)
        assert (server.requests[0].content, server.requests[0].url.query) == (b"", b"id=7")


def test_energy_18_the_secrets_of_the_mini_program_are_struck() -> None:
    """What the server repeats of them does not reach the error, and 4302 and 4202 are what their words say."""
    secrets = {"code": "c0de-of-wechat", "encrypted_data": "3ncrypt3d-data", "iv": "1nitial-vect0r"}
    for code, kind in (("4302", OperationFailed), ("4202", PermissionRefused)):
        refused = {"Err_No": code, "Err_Msg": "; ".join(secrets.values())}
        with energy_client(refused) as (client, _), pytest.raises(kind) as caught:
            client.wechat.bind(**secrets)
        assert not [secret for secret in secrets.values() if secret in str(caught.value)]


def test_energy_21_updates_send_what_is_given() -> None:
    """What is not given is not sent; an empty text is."""
    with energy_client() as (client, server):
        client.products.update(1, name="钢板", remarks="")
        assert server.sent == {"id": 1, "Product_Name": "钢板", "Remarks": ""}


def test_energy_28_an_acknowledgement_means_accepted() -> None:
    """An update of the version is acknowledged at once; its result is asked for."""
    with energy_client(OK, data([{"Result": 0, "Response_Data": "失败"}])) as (client, _):
        assert client.province.update_version(enterprise_code="9132", region="410481").message == "ok"
        result = client.province.operation_result(2)
        assert (result.succeeded, result.response) == (False, "失败")


def test_energy_31_conditions_are_left_to_the_server() -> None:
    """A notice on the platform has an empty address; a rule that does not fit its alarm is refused by the server."""
    with energy_client(OK, refusal(4103)) as (client, server):
        client.alarms.create(
            name="a",
            type=AlarmType.PARAMETER,
            level=AlarmLevel.SEVERE,
            notify_way=NotifyWay.PLATFORM,
            notify_address="",
        )
        assert server.sent["Notify_Address"] == ""
        with pytest.raises(ParameterRefused):
            client.alarm_rules.create(name="b", alarm_id=1, meter_id=2, lower_limit=0, upper_limit=1)


def test_energy_36_registration_sends_the_session() -> None:
    """A client with an account registers others under its session."""
    with energy_client() as (client, server):
        client.users.register("lisi", password="a-pass-word", email="lisi@example.com")
        assert server.requests[0].headers["Cookie"] == "sessionid=c2Vzc2lvbi0x"


def test_energy_37_every_cookie_is_kept_and_none_is_an_error() -> None:
    """Two cookies are sent together; a login without one says so; a logout that meets 4101 is done."""
    two = EnergyServer([data([{"id": 1}]), refusal("4101")], cookies=("a=1; Path=/", "b=2; HttpOnly"))
    with energy_client(server=two) as (client, _):
        client.logout()
        assert (two.logins, two.requests) == (0, [])
        client.users.get()
        assert two.requests[0].headers["Cookie"] == "a=1; b=2"
        client.logout()
        assert (two.logins, two.requests[-1].method) == (1, "DELETE")
    none = EnergyServer([OK], cookies=())
    with energy_client(server=none) as (client, _), pytest.raises(UnreadableResponse, match="cookie"):
        client.users.get()


@pytest.mark.parametrize("code", ["4001", "4107", "4302", "4501", "-1"])
def test_energy_38_codes_that_leave_a_create_open(code: str) -> None:
    """After a create they are OutcomeUnknown with the name; after an update OperationFailed."""
    with energy_client(refusal(code)) as (client, server):
        with pytest.raises(OutcomeUnknown) as caught:
            client.machines.create(**MACHINE)
        assert (caught.value.reference, caught.value.code, len(server.requests)) == ("机器1", int(code), 1)
        with pytest.raises(OperationFailed):
            client.machines.update(1, **MACHINE)


@pytest.mark.parametrize("code", ["4102", "4106"])
def test_energy_38_two_codes_for_a_wrong_password(code: str) -> None:
    """Both are WrongPassword, and 4101 counts under HTTP 401 as well."""
    with energy_client(server=EnergyServer([OK], login=refusal(code))) as (client, _), pytest.raises(WrongPassword):
        client.users.get()
    with energy_client(httpx.Response(401, json=refusal(4101)), data([{"id": 1}])) as (client, server):
        assert client.users.get().id == 1
        assert server.logins == 2


def test_energy_39_what_is_in_use_stays_and_pages_have_100_rows() -> None:
    """4004 is StillInUse, 4003 AlreadyExists; a list asks for 100 rows."""
    with energy_client(refusal("4004"), refusal("4003"), refusal("4002")) as (client, server):
        with pytest.raises(StillInUse):
            client.machines.delete(1)
        with pytest.raises(AlreadyExists):
            client.machines.create(**MACHINE)
        client.machines.list().collect()
        assert server.sent["Per_Page_Counts"] == "100"


def test_energy_40_a_refusal_as_too_fast_is_repeated_four_times_at_most() -> None:
    """Even a create is repeated, for nothing was carried out; a request that stays refused is TooFast."""
    with energy_client(refusal("4201")) as (client, server):
        with pytest.raises(TooFast):
            client.machines.create(**MACHINE)
        assert len(server.requests) == 4


@pytest.mark.parametrize("envelope", [refusal(1), refusal("")])
def test_energy_42_a_warning_leaves_a_create_open(envelope: dict[str, Any]) -> None:
    """Err_No 1, and an empty one without data, are OutcomeUnknown after a create."""
    with energy_client(envelope) as (client, server):
        with pytest.raises(OutcomeUnknown):
            client.meters.create(name="a", kind="0", machine_id=1)
        assert len(server.requests) == 1


def test_energy_47_expired_cookies_are_not_sent() -> None:
    """A cookie that is set with Max-Age=0 or a past date is none; provinces are asked for under the session."""
    past = "c=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
    server = EnergyServer([data([])], cookies=("a=1", "b=2; Max-Age=0", past))
    with energy_client(server=server) as (client, _):
        assert client.regions.list().collect() == []
        assert server.requests[0].headers["Cookie"] == "a=1"


def test_energy_48_a_code_that_no_table_lists() -> None:
    """UnknownCode, and after a create OutcomeUnknown."""
    with energy_client(refusal("4999")) as (client, _):
        with pytest.raises(UnknownCode):
            client.users.get()
        with pytest.raises(OutcomeUnknown):
            client.machines.create(**MACHINE)
