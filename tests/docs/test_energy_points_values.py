"""Points on the page of ambiguities about the energy API's values: times, texts, amounts, conditions of arguments."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from chaobiao import SHANGHAI, InvalidArgument, NotFound, UnreadableResponse
from chaobiao.energy import (
    AlarmLevel,
    CountBy,
    Enterprise,
    GroupBy,
    Month,
    OutputAmount,
    ReturnFormat,
    SummaryBy,
    TimeType,
    UploadOrganization,
    Year,
)
from tests.docs.energy_server import OK, data, energy_client

DAY: dict[str, Any] = {"start": datetime(2019, 4, 1), "end": datetime(2019, 4, 2)}
SETTINGS: dict[str, Any] = {
    "year_start": 1,
    "year_end": 1,
    "month_start": 1,
    "month_end": 1,
    "day_start": timedelta(0),
    "day_end": timedelta(0),
}
ENTERPRISE = Enterprise(
    name="示例",
    type_code="159",
    industry_code="C3120",
    region_code="410481",
    is_central=False,
    converts_energy=False,
    consume_level=4,
    latitude=Decimal("33.28"),
    longitude=Decimal("113.5"),
    phone="0519-8888",
)


@pytest.mark.parametrize("key", ["TIme", "Time"])
def test_energy_09_both_spellings_of_a_time(key: str) -> None:
    """A measurement has its time under either key; the shifts of a report are read."""
    shifts = [{"Shift_Name": "白班", "Shift_Amount": "1000"}]
    with energy_client(data([{key: "2019-04-01 13:53:59"}]), data([{"Shift_Amounts": shifts}])) as (client, _):
        [measured] = client.measurements.list("染色工业水表", **DAY, time_type=TimeType.DAY)
        assert measured.time == datetime(2019, 4, 1, 13, 53, 59, tzinfo=SHANGHAI)
        [row] = client.reports.details(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER)
        assert [(shift.name, shift.amount) for shift in row.shifts or ()] == [("白班", Decimal(1000))]


@pytest.mark.parametrize(
    ("name", "covers"),
    [
        ("Year_report2019.xlsx", Year(2019)),
        ("Month_report2019_6.xlsx", Month(2019, 6)),
        ("Day_report2019_6_12.xlsx", date(2019, 6, 12)),
        ("Day_report2019_6_31.xlsx", None),
        ("report.xlsx", None),
    ],
)
def test_energy_10_what_the_name_of_a_report_says(name: str, covers: Any) -> None:
    """A name of the documented form says its year, month or day; another one says nothing."""
    with energy_client(data({"File_Name": name})) as (client, _):
        report = client.reports.generate(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER)
    assert (report.file_name, report.covers) == (name, covers)


def test_energy_11_settings_are_signed() -> None:
    """Offsets travel as signed numbers and times, and nothing outside the ranges is sent."""
    with energy_client() as (client, server):
        client.settings.update(**{**SETTINGS, "year_start": -12, "day_start": -timedelta(hours=7, minutes=30)})
        assert (server.sent["Year_Start"], server.sent["Day_Start"]) == ("-12", "-07:30:00")
        for name, wrong in (("year_start", 13), ("month_end", -32), ("day_end", timedelta(hours=24))):
            with pytest.raises(InvalidArgument, match=name):
                client.settings.update(**{**SETTINGS, name: wrong})
        assert len(server.requests) == 1


def test_energy_12_a_group_may_be_left_out() -> None:
    """The enterprise is one document, and the group is optional."""
    assert UploadOrganization(items=[], enterprise=ENTERPRISE).group is None
    with pytest.raises(InvalidArgument, match="enterprise"):
        UploadOrganization(items=[], enterprise=[ENTERPRISE])


@pytest.mark.parametrize(("wire", "found"), [({"a": 1}, {"a": 1}), ('{"a":1}', {"a": 1}), ("成功", "成功")])
def test_energy_13_and_30_data_are_json_or_text(wire: Any, found: Any) -> None:
    """What was uploaded and what came back may be JSON, JSON in text, or words, in both places."""
    row = {"id": 1, "Original_Data": wire, "Response_Data": wire, "Target_Url": "http://example.com"}
    with energy_client(data([row]), data([{"Result": 1, "Response_Data": wire}])) as (client, _):
        [upload] = client.province.uploads(**DAY)
        assert (upload.original, upload.response, upload.target_url) == (found, found, "http://example.com")
        assert client.province.operation_result(1).response == found


def test_energy_17_batches_need_name_begin_and_end() -> None:
    """What the shifted columns may mean is required."""
    with energy_client() as (client, server):
        client.batches.create(name="A", **DAY)
        assert set(server.sent) == {"Production_Batch", "Time_Start", "Time_End"}
        for missing in ("name", "start", "end"):
            given: dict[str, Any] = {"name": "A", **DAY}
            del given[missing]
            with pytest.raises(TypeError, match=missing):
                client.batches.create(**given)


def test_energy_19_and_25_periods_are_china_standard_time() -> None:
    """A naive time is China's, another one is converted; begin and end are sent as they are given."""
    with energy_client(data([])) as (client, server):
        client.province.uploads(start=datetime(2019, 4, 1), end=datetime(2019, 4, 1, 16, tzinfo=UTC)).collect()
        assert server.sent == {"Time_Start": "2019-04-01 00:00:00", "Time_End": "2019-04-02 00:00:00"}


def test_energy_22_zero_is_read_and_not_sent() -> None:
    """0 has no meaning: a server that returns it is understood, and no caller can set it."""
    with energy_client(data([{"Year_Start": "0", "Day_Start": "00:00:00"}])) as (client, server):
        assert client.settings.get().year_start == 0
        with pytest.raises(InvalidArgument, match="not 0"):
            client.settings.update(**{**SETTINGS, "year_start": 0})
        assert len(server.requests) == 1


def test_energy_23_and_45_texts_without_a_list_are_unchanged() -> None:
    """Kinds of rates and meters, times of segments and formulas are texts, both ways."""
    rate = {"Rate_Type": "峰平谷", "Seg_Begin": "8点"}
    with energy_client(data([rate]), data({"id": 1})) as (client, server):
        assert [(row.kind, row.segment_begin) for row in client.rates.list()] == [("峰平谷", "8点")]
        client.meters.create(name="a", kind="自定义", machine_id=1, is_virtual=True, formula="甲 + 乙-丙")
        assert (server.sent["Meter_Type"], server.sent["Meter_Formula"]) == ("自定义", "甲 + 乙-丙")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2019", Year(2019)),
        ("2019-04", Month(2019, 4)),
        ("2019-04-01", date(2019, 4, 1)),
        ("2019-04-01 13:00:00", datetime(2019, 4, 1, 13, tzinfo=SHANGHAI)),
        ("第一班", "第一班"),
    ],
)
def test_energy_24_the_time_of_a_statistic(text: str, time: Any) -> None:
    """It is what its length says, and no day is made up for a month."""
    with energy_client(data([{"Time": text, "Total_Amount": 3}])) as (client, _):
        rows = client.alarm_messages.counts(
            **DAY, time_type=TimeType.MONTH, count_by=CountBy.ALL, return_format=ReturnFormat.DETAILS
        )
        assert [row.time for row in rows] == [time]


def test_energy_26_sums_that_disagree_are_passed_on() -> None:
    """Shifts of thousands beside steps of a hundred, as in the sample, are no error."""
    row = {
        "Shift_Amounts": [{"Shift_Name": "白班", "Shift_Amount": "3000"}],
        "Detail_Amounts": [{"Time": "2019-04-01 01:30:00", "Total_Amount": "100.00"}],
    }
    with energy_client(data([row])) as (client, _):
        [found] = client.reports.details(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER)
    assert [shift.amount for shift in found.shifts or ()] == [3000]
    assert [detail.amount for detail in found.details or ()] == [100]


def test_energy_27_codes_of_energy_are_not_compared() -> None:
    """Two codes for electricity are two texts."""
    base = {"collectItem": [{"code": "023300", "name": "电力"}]}
    with energy_client(data(base), data({"collectItemConfig": [{"Energy_Code": "013300"}]})) as (client, _):
        assert [item.code for item in client.province.base_data().items or ()] == ["023300"]
        assert [item.energy_code for item in client.province.organization().items or ()] == ["013300"]


def test_energy_29_manual_data_are_of_a_day_or_a_month() -> None:
    """A year is refused before it is sent; the time is sent as it is given."""
    with energy_client() as (client, server):
        client.province.add_manual_data(5, time=datetime(2019, 4, 1), time_type=TimeType.MONTH, amount="12.5")
        assert (server.sent["Date_Time"], server.sent["Date_Type"]) == ("2019-04-01 00:00:00", "2")
        with pytest.raises(InvalidArgument, match="time_type"):
            client.province.add_manual_data(5, time=datetime(2019, 4, 1), time_type=TimeType.YEAR, amount=1)


def test_energy_32_limits_are_in_order() -> None:
    """Equal limits are sent, crossed ones are not."""
    with energy_client() as (client, server):
        client.alarm_rules.create(name="a", alarm_id=1, meter_id=2, lower_limit=5, upper_limit=5)
        assert (server.sent["LowerLimit"], server.sent["UpperLimit"]) == (5, 5)
        with pytest.raises(InvalidArgument, match="lower_limit"):
            client.oee_rules.create(
                name="a", status="运行", machine_id=1, meter_id=2, parameter="IA", lower_limit=6, upper_limit=5
            )


def test_energy_33_at_most_24_hours() -> None:
    """A day is sent, a second more is not."""
    with energy_client(data([])) as (client, server):
        client.oee.records(3, **DAY).collect()
        with pytest.raises(InvalidArgument, match="24 hours"):
            client.oee.records(3, start=DAY["start"], end=DAY["end"] + timedelta(seconds=1))
        assert len(server.requests) == 1


def test_energy_34_statistics_of_output() -> None:
    """Energy needs its kind, other amounts must not have one; what is for batches only is refused elsewhere."""
    query: dict[str, Any] = {**DAY, "time_type": TimeType.DAY, "return_format": ReturnFormat.TOTAL}
    with energy_client(data([{"Total_Amount": 0.02}])) as (client, _):
        for wrong in (
            {"summary_by": SummaryBy.PRODUCT, "amount_type": OutputAmount.ENERGY},
            {"summary_by": SummaryBy.PRODUCT, "amount_type": OutputAmount.OUTPUT, "energy_kind": "0"},
            {"summary_by": SummaryBy.BATCH, "amount_type": OutputAmount.OUTPUT},
            {"summary_by": SummaryBy.PRODUCT, "amount_type": OutputAmount.EFFICIENCY},
        ):
            with pytest.raises(InvalidArgument):
                client.outputs.statistics(**query, **wrong)
        rows = client.batches.statistics("A", summary_by=SummaryBy.BATCH, amount_type=OutputAmount.EFFICIENCY)
        assert [row.amount for row in rows] == [Decimal("0.02")]


@pytest.mark.parametrize("wire", [{"id": 1}, [{"id": 1}]])
def test_energy_35_an_object_comes_bare_or_in_a_list(wire: Any) -> None:
    """Both are the object; an empty list is NotFound, two objects are unreadable."""
    with energy_client(data(wire), data([]), data([{"id": 1}, {"id": 2}])) as (client, _):
        assert client.users.get().id == 1
        with pytest.raises(NotFound):
            client.users.get()
    with energy_client(data([{"id": 1}, {"id": 2}])) as (client, _), pytest.raises(UnreadableResponse):
        client.users.get()


def test_energy_41_times_within_documents_do_not_move() -> None:
    """A date of the enterprise is China Standard Time, and is written back as it was read."""
    wire = "1998-10-10 00:00:00"
    with energy_client(data({"enterprise": {"registerDate": wire}}), OK) as (client, server):
        read = client.province.organization().enterprise
        assert read is not None
        assert read.registered_on == datetime(1998, 10, 10, tzinfo=SHANGHAI)
        changed = attrs.evolve(ENTERPRISE, registered_on=read.registered_on)
        client.province.upload_organization(items=[], enterprise=changed)
        assert server.sent["enterprise"]["registerDate"] == wire
        client.province.upload_organization(
            items=[], enterprise=attrs.evolve(ENTERPRISE, registered_on=datetime(1998, 10, 10))
        )
        assert server.sent["enterprise"]["registerDate"] == wire


def test_energy_46_amounts_are_passed_on() -> None:
    """The client adds nothing up: rows of a virtual and a total meter come as the server sends them."""
    rows = [{"Meter_Name": name, "Total_Amount": "10.00"} for name in ("电表", "虚拟电表", "总电表")]
    with energy_client(data(rows)) as (client, _):
        found = client.consumption.totals(**DAY, time_type=TimeType.DAY, group_by=GroupBy.METER).collect()
    assert [(row.meter, row.amount) for row in found] == [(row["Meter_Name"], Decimal(10)) for row in rows]


def test_energy_43_members_that_no_table_lists_are_not_dropped() -> None:
    """An organisation with a member of its own is refused as an upload; a list of one is the object."""
    wire = {"enterprise": [{"name": "示例"}], "group": [{"name": "集团"}], "license": "A-1"}
    with energy_client(data(wire)) as (client, _):
        organization = client.province.organization()
    assert organization.enterprise is not None
    assert organization.group is not None
    assert (organization.enterprise.name, organization.group.name) == ("示例", "集团")
    with pytest.raises(InvalidArgument, match="license"):
        organization.arguments()


def test_energy_44_arguments_that_exclude_one_another() -> None:
    """Names of kinds of energy, an order of details and codes that no table lists are refused; read ones are kept."""
    with energy_client(data([{"Alarm_Level": 9}]), OK) as (client, server):
        [message] = client.alarm_messages.list(**DAY, page_size=1).collect()[:1]
        assert message.level == 9
        asked = len(server.requests)
        with pytest.raises(InvalidArgument, match="names"):
            client.consumption.totals(**DAY, time_type=TimeType.DAY, group_by=GroupBy.ENERGY_KIND, names="甲")
        with pytest.raises(InvalidArgument, match="is_ordered"):
            client.outputs.statistics(
                **DAY,
                time_type=TimeType.DAY,
                summary_by=SummaryBy.PRODUCT,
                amount_type=OutputAmount.OUTPUT,
                return_format=ReturnFormat.DETAILS,
                is_ordered=True,
            )
        with pytest.raises(InvalidArgument, match="level"):
            client.alarm_messages.list(**DAY, level=AlarmLevel(9))
        assert len(server.requests) == asked
