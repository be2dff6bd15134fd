"""All filters are fuzzy: they match parts of values, leave what matches, and count it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.mock_server import LiveMock
from tests.water.rows import BEGAN, DAY, made_up

pytestmark = pytest.mark.single_client

#: Each filter, a part of a value that some rows have, and the text of a row that must then contain it.
FILTERS: list[tuple[str, str, str, Callable[[Any], str]]] = [
    ("flows.list", "device_code", "0003", lambda row: row.device_code),
    ("costs.list", "user_name", "张", lambda row: row.user_name),
    ("costs.list", "user_code", "0004", lambda row: row.user_code),
    ("operation_logs.list", "operation_type", "充", lambda row: row.log_type),
    ("schedules.list", "water_meter_number", "0003", lambda row: row.water_meter_number),
    ("readings.list", "device_code", "0003", lambda row: row.device_code),
    ("readings.list", "user_name", "杨", lambda row: row.user_name),
    ("readings.list", "address", "2单元30", lambda row: row.house_number),
    ("payments.list", "device_code", "0003", lambda row: row.device_code),
    ("payments.list", "user_code", "0004", lambda row: row.user_code),
    ("payments.list", "user_name", "王", lambda row: row.user_name),
    ("payments.list", "address", "青岛市1号楼", lambda row: row.address),
]


@pytest.mark.parametrize(("method", "argument", "part", "shown"), FILTERS)
async def test_a_filter_leaves_the_rows_that_hold_its_text(
    mock: LiveMock, method: str, argument: str, part: str, shown: Callable[[Any], str]
) -> None:
    """The server returns the rows, in the order, that filtering all rows here leaves."""
    newest = {"start": BEGAN - 12 * DAY} if method == "readings.list" else {}  # the devices are the same every day
    everything = await mock.rows(method, page_size=1000, **newest)
    expected = [row for row in everything if part in shown(row)]
    assert 0 < len(expected) < len(everything)
    pages = await mock.pages(method, page_size=1000, **newest, **{argument: part})
    assert [row for page in pages for row in page] == expected
    assert pages[0].total == len(expected)


async def test_readings_are_filtered_by_the_users_code(mock: LiveMock) -> None:
    """A reading does not show its user's code; the filter finds the readings of the devices that the user pays for."""
    payments = await mock.rows("payments.list", user_code="2300000004", page_size=1000)
    devices = {payment.device_code for payment in payments}
    assert len(devices) == 2
    readings = await mock.rows("readings.list", user_code="2300000004", page_size=1000)
    assert {reading.device_code for reading in readings} == devices


async def test_readings_and_payments_are_filtered_by_the_same_address(mock: LiveMock) -> None:
    """The regions are part of an address: a city finds the same devices among readings and payments."""
    payments = await mock.rows("payments.list", address="长沙市", page_size=1000)
    readings = await mock.rows("readings.list", address="长沙市", page_size=1000, start=BEGAN - 9 * DAY)
    devices = {payment.device_code for payment in payments}
    assert 0 < len(devices) < 60
    assert {reading.device_code for reading in readings} == devices


@pytest.mark.parametrize("region", [1215, 1217, 2215, 2217])
async def test_a_city_matches_its_own(mock: LiveMock, region: int) -> None:
    """Flows and costs of a city are those of the users whose address names it."""
    mock.restart(meters=80)  # four buildings, one in each city
    name = {1215: "烟台市", 1217: "青岛市", 2215: "长沙市", 2217: "湘潭市"}[region]
    payments = await made_up(mock, "payments.list", address=name, page_size=1000)
    flows = await made_up(mock, "flows.list", region_id=region)
    costs = await made_up(mock, "costs.list", region_id=region)
    assert flows
    assert {flow.device_code for flow in flows} == {payment.device_code for payment in payments}
    assert {cost.user_code for cost in costs} == {payment.user_code for payment in payments}


async def test_a_province_matches_everything_below_it(mock: LiveMock) -> None:
    """A region finds what its cities find, and the provinces together everything that has a region."""
    for method in ("flows.list", "costs.list"):
        found = {region: await mock.rows(method, region_id=region) for region in (1212, 1215, 1217, 2212)}
        assert {*found[1212]} == {*found[1215], *found[1217]}
        assert len(found[1212]) + len(found[2212]) == len(await mock.rows(method))
        assert await mock.rows(method, region_id=1) == []


async def test_the_documented_user_lives_in_a_documented_city(mock: LiveMock) -> None:
    """张三 is found below 山东省 and 烟台市, and nowhere else."""
    for region, count in ((1212, 1), (1215, 1), (1217, 0), (2212, 0)):
        assert len(await mock.rows("costs.list", region_id=region, user_code="123456", user_name="张三")) == count


async def test_the_reading_status_splits_the_flows(mock: LiveMock) -> None:
    """Flows are read successfully or not; a part of the word is enough, and 功 is no part of 失败."""
    everything = await mock.rows("flows.list")
    good = await mock.rows("flows.list", watch_status="成功")
    failed = await mock.rows("flows.list", watch_status="失败")
    assert {flow.status for flow in good} == {"正常"}
    assert {flow.status for flow in failed} == {"离线"}
    assert len(good) + len(failed) == len(everything)
    assert await mock.rows("flows.list", watch_status="功") == good
    assert await mock.rows("flows.list", watch_status="未知") == []


async def test_a_collector_reads_the_devices_of_a_building(mock: LiveMock) -> None:
    """Tasks of one collector are those of one building; a part of its code matches several collectors."""
    payments = await made_up(mock, "payments.list", page_size=1000)
    addresses = {payment.device_code: payment.address.partition("号楼")[0] for payment in payments}
    seen: list[str] = []
    for collector in ("8700000000", "8700000001", "8700000002"):
        meters = [task.water_meter_number for task in await mock.rows("schedules.list", collector_code=collector)]
        assert len({addresses[meter] for meter in meters}) == 1
        seen += meters
    assert sorted(seen) == sorted(addresses)
    together = await mock.rows("schedules.list", collector_code="870000000")
    assert sorted(task.water_meter_number for task in together) == sorted(addresses)
    assert [task.user_name for task in await mock.rows("schedules.list", collector_code="8787")] == ["Raephel"]


async def test_filters_together_leave_what_each_leaves(mock: LiveMock) -> None:
    """Several filters narrow one another down."""
    by_name = await mock.rows("payments.list", user_name="黄", page_size=1000)
    by_place = await mock.rows("payments.list", address="烟台市", page_size=1000)
    both = await mock.rows("payments.list", user_name="黄", address="烟台市", page_size=1000)
    assert both == [payment for payment in by_name if payment in by_place]
    assert 0 < len(both) < len(by_name)
    region = await mock.rows("flows.list", region_id=1215, device_code="2", watch_status="失败")
    assert {flow.status for flow in region} <= {"离线"}


@pytest.mark.parametrize("text", ["%", "_", ".*", "a&page=2", "+", "张 三", "'", "1号楼1单元101号"])
async def test_filters_are_plain_text(mock: LiveMock, text: str) -> None:
    """No character has a special meaning, on the wire or at the server: a name that no user has finds no row."""
    pages = await mock.pages("costs.list", user_name=text)
    assert [(len(page), page.total) for page in pages] == [(0, 0)]
    assert await mock.rows("readings.list", address=text) == []
