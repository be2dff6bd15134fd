"""What the energy API's arguments become on the wire, and which combinations of them are rejected before sending."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from chaobiao import ConfigurationError, InvalidArgument
from chaobiao.energy import EnergyKind, Enterprise, Organization
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.samples import sample_named

Connect = Callable[..., ClientUnderTest]
OK = {"Err_No": "0", "Err_Msg": "ok", "Data": []}
DAY: dict[str, Any] = {"time_type": "3", "start": datetime(2019, 4, 1), "end": datetime(2019, 4, 2)}
STATISTICS: dict[str, Any] = {**DAY, "summary_by": 0, "return_format": 1, "amount_type": 1}
OF_BATCH: dict[str, Any] = {"batch": "1", "summary_by": 0, "amount_type": 1}
SETTINGS = sample_named("energy", "settings.update").arguments


@pytest.mark.parametrize(
    ("method", "arguments", "argument", "rule"),
    [
        ("consumption.totals", {**DAY, "group_by": "1", "combination": "1"}, "combination", "MACHINE or DEPARTMENT"),
        ("consumption.totals", {**DAY, "group_by": "2", "combination": "2"}, "combination", "MACHINE or DEPARTMENT"),
        ("consumption.details", {**DAY, "group_by": "1", "names": "1"}, "names", "not for group_by ENERGY_KIND"),
        ("reports.details", {**DAY, "group_by": "1", "names": ["1"]}, "names", "not for group_by ENERGY_KIND"),
        ("consumption.details", {**DAY, "group_by": "1", "interval": 0}, "interval", "a whole number from 1"),
        ("outputs.statistics", {**STATISTICS, "amount_type": 2}, "energy_kind", "required for amount_type ENERGY"),
        ("outputs.statistics", {**STATISTICS, "amount_type": 4}, "energy_kind", "required for amount_type ENERGY"),
        ("outputs.statistics", {**STATISTICS, "energy_kind": "0"}, "energy_kind", "only for use for amount_type"),
        ("outputs.statistics", {**STATISTICS, "summary_by": 3}, "summary_by", "not be BATCH"),
        ("outputs.statistics", {**STATISTICS, "amount_type": 6}, "amount_type", "not be EFFICIENCY"),
        ("outputs.statistics", {**STATISTICS, "return_format": 2, "is_ordered": True}, "is_ordered", "TOTAL"),
        ("batches.statistics", {**OF_BATCH, "amount_type": 2}, "energy_kind", "required for amount_type ENERGY"),
        ("oee.records", {"machine_id": 1, "start": DAY["start"], "end": datetime(2019, 4, 2, 0, 0, 1)}, "end", "24 h"),
        ("settings.update", {**SETTINGS, "year_start": 0}, "year_start", "from -12 to 12 and not 0"),
        ("settings.update", {**SETTINGS, "year_end": 13}, "year_end", "from -12 to 12"),
        ("settings.update", {**SETTINGS, "month_start": -32}, "month_start", "from -31 to 31"),
        ("settings.update", {**SETTINGS, "month_end": 0}, "month_end", "from -31 to 31 and not 0"),
        ("settings.update", {**SETTINGS, "day_start": timedelta(days=-1)}, "day_start", "less than 24 hours"),
        (
            "province.add_manual_data",
            {"meter_id": 1, "time": DAY["start"], "time_type": "1", "amount": "1"},
            "time_type",
            "MONTH or DAY",
        ),
    ],
)
async def test_arguments_that_exclude_each_other_are_rejected(
    method: str, arguments: dict[str, Any], argument: str, rule: str, connect: Connect
) -> None:
    """The error names the argument and the rule; nothing is sent."""
    server = FakeServer(OK)
    with pytest.raises(InvalidArgument) as caught:
        await connect(server, "energy").rows(method, **arguments)
    assert caught.value.argument == argument
    assert rule in caught.value.message
    assert (server.requests, server.logins) == ([], [])


@pytest.mark.parametrize(
    ("method", "arguments", "sent"),
    [
        (
            "consumption.totals",
            {**DAY, "group_by": "4", "combination": "2", "names": ["甲", "乙"], "kinds": (EnergyKind.AIR, "0")},
            {"Amount_Type": "4", "Amount_Combination": "2", "Amount_SortName": "甲,乙", "Amount_Value": "7,0"},
        ),
        ("consumption.details", {**DAY, "group_by": "1", "interval": 15}, {"Time_Interval": "15"}),
        ("outputs.statistics", {**STATISTICS, "ascending": False, "is_ordered": True}, {"Order_Type": "2"}),
        ("outputs.statistics", {**STATISTICS, "amount_type": 4, "energy_kind": "8"}, {"Energy_Type": "8"}),
        ("batches.statistics", {**OF_BATCH, "amount_type": 6, "summary_by": 3}, {"Amount_Type": "6"}),
        ("settings.update", {**SETTINGS, "day_start": timedelta(hours=-23)}, {"Day_Start": "-23:00:00"}),
        ("batches.update", {"id": 2, "name": "b"}, {"id": 2, "Production_Batch": "b"}),
        ("users.update", {"id": 1, "name": "a", "email": "e", "phone": ""}, {"Usr_Phone": ""}),
    ],
)
async def test_what_is_sent(method: str, arguments: dict[str, Any], sent: dict[str, Any], connect: Connect) -> None:
    """Lists are joined by ASCII commas, flags and offsets are text or numbers, and "" clears a field."""
    server = FakeServer(OK)
    await connect(server, "energy").rows(method, **arguments)
    assert server.arguments[0] == server.arguments[0] | sent


async def test_a_field_that_is_not_given_is_not_sent(connect: Connect) -> None:
    """An update of a batch sends what is to change, and nothing else."""
    server = FakeServer(OK)
    await connect(server, "energy").call("batches.update", 2, end=datetime(2019, 4, 2))
    assert server.arguments == [{"id": 2, "Time_End": "2019-04-02 00:00:00"}]


async def organization(connect: Connect, **changes: Any) -> Organization:
    """The documented organisation, read from a server; ``changes`` are made to its enterprise."""
    response = sample_named("energy", "province.organization").response
    response["Data"]["enterprise"] |= changes
    found: Organization = await connect(FakeServer(response), "energy").call("province.organization")
    return found


async def test_an_organisation_is_written_back_as_it_was_read(connect: Connect) -> None:
    """Every member that the document shows returns unchanged: text, numbers, true and false, and what is empty."""
    server = FakeServer(OK)
    found = await organization(connect)
    await connect(server, "energy").call("province.upload_organization", **found.arguments())
    assert server.arguments == [sample_named("energy", "province.organization").response["Data"]]


async def test_a_changed_organisation_is_checked(connect: Connect) -> None:
    """A new value is converted or rejected by the rule of its field, named by its path."""
    server = FakeServer(OK)
    client = connect(server, "energy")
    found = await organization(connect)
    assert found.enterprise is not None

    async def upload(**changes: Any) -> None:
        enterprise = attrs.evolve(found.enterprise, **changes)
        await client.call("province.upload_organization", **{**found.arguments(), "enterprise": enterprise})

    await upload(latitude="30.5", field="600", is_central=True)
    sent = server.arguments[0]["enterprise"]
    assert (sent["latitude"], sent["fieldCode"], sent["center"]) == (30.5, "600", True)
    for name, wrong in {"phone": None, "field": "700", "is_central": "no", "latitude": "north"}.items():
        with pytest.raises(InvalidArgument) as caught:
            await upload(**{name: wrong})
        assert caught.value.argument == f"enterprise.{name}"
    assert len(server.requests) == 1


@pytest.mark.parametrize("changes", [{"latitude": "north"}, {"center": "maybe"}])
async def test_what_could_not_be_read_is_not_written_back(changes: dict[str, Any], connect: Connect) -> None:
    """A value that did not fit its field would be lost by an upload, which is rejected until it is set."""
    found = await organization(connect, **changes)
    server = FakeServer(OK)
    with pytest.raises(InvalidArgument, match="could not be read"):
        await connect(server, "energy").call("province.upload_organization", **found.arguments())
    assert server.requests == []


async def test_an_unknown_member_of_the_organisation_is_not_lost_in_silence(connect: Connect) -> None:
    """A member that no table lists is sent back, or the upload is rejected."""
    found = await organization(connect, newField="x")
    server = FakeServer(OK)
    try:
        await connect(server, "energy").call("province.upload_organization", **found.arguments())
    except InvalidArgument:
        assert server.requests == []
    else:
        assert server.arguments[0]["enterprise"]["newField"] == "x"


def test_records_show_true_and_false_as_json_does() -> None:
    """A written document has JSON's own true and false, numbers where the samples have numbers, and text elsewhere."""
    from chaobiao._wire.records import write_record

    written = write_record(Enterprise(is_central=False, latitude=Decimal("33.5"), fax="1"))
    assert (written["center"], written["latitude"], written["fax"]) == (False, 33.5, "1")


@pytest.mark.parametrize("method", ["users.register", "regions.list"])
async def test_what_may_need_no_login_is_sent_without_an_account(method: str, connect: Connect) -> None:
    """Without user name and password there is no login before it; with them there is. Other calls need them."""
    sample = sample_named("energy", method)
    for account, logins in ({"username": None, "password": None}, 0), ({}, 1):
        server = FakeServer(sample.response_text)
        client = connect(server, "energy", **account)
        await client.send(sample.operation)
        assert (len(server.logins), len(server.requests)) == (logins, 1)
    alone = connect(FakeServer(OK), "energy", username=None, password=None)
    with pytest.raises(ConfigurationError):
        await alone.call("users.get")
