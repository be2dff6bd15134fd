"""All lists hold the same users and devices, and their figures add up to the cent and the litre."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from chaobiao.water import ListReadings
from chaobiao_mock import MockServer, World, WorldSettings
from tests.harness.mock_server import LiveMock
from tests.water.rows import BEGAN, DAY, code_of, made_up, price_of

pytestmark = pytest.mark.single_client


def by_code(rows: list[Any], name: str = "device_code") -> dict[str, list[Any]]:
    """Return the rows by device or user."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


async def test_the_same_devices_and_users_are_in_all_lists(mock: LiveMock) -> None:
    """Flows, readings, payments, logs and tasks have the same devices; costs, payments and tasks the same users."""
    devices = {code_of(row) for row in await made_up(mock, "flows.list")}
    assert len(devices) == 60
    readings = await made_up(mock, "readings.list", page_size=1000, start=BEGAN - 5 * DAY)
    payments = await made_up(mock, "payments.list", page_size=1000)
    tasks = await made_up(mock, "schedules.list")
    logs = await made_up(mock, "operation_logs.list", page_size=1000)
    for rows in (readings, payments, tasks, logs):
        assert {code_of(row) for row in rows} == devices
    users = {row.user_code: row.user_name for row in await made_up(mock, "costs.list")}
    assert len(users) == 48
    for rows in (payments, tasks):
        assert {row.user_code: row.user_name for row in rows} == users
    names = {row.device_code: row.user_name for row in payments}
    for rows in (readings, await made_up(mock, "flows.list")):
        assert {row.device_code: row.user_name for row in rows} == names


async def test_a_flow_is_the_newest_reading(mock: LiveMock) -> None:
    """A flow's volumes and time are those of the device's newest reading; payments since then are in its balance."""
    mock.advance(timedelta(hours=11))
    readings = by_code(await made_up(mock, "readings.list", page_size=1000, start=BEGAN - 10 * DAY))
    payments = by_code(await made_up(mock, "payments.list", page_size=1000))
    flows = await made_up(mock, "flows.list")
    paid_since = 0
    for flow in flows:
        newest = max(readings[flow.device_code], key=lambda reading: reading.collected_at)
        assert flow.created_at == newest.collected_at
        for name in ("total_flow", "settle_flow", "last_month_flow", "house_number"):
            assert getattr(flow, name) == getattr(newest, name)
        since = [p for p in payments[flow.device_code] if p.collected_at > newest.collected_at]
        paid_since += len(since)
        assert flow.balance == newest.balance + sum(payment.amount_recharged for payment in since)
    assert paid_since


async def test_costs_are_payments_less_what_the_water_cost(mock: LiveMock) -> None:
    """Consumption is the metered volume times the price, balance less arrears is payments less consumption."""
    flows = by_code(await made_up(mock, "flows.list"))
    payments = by_code(await made_up(mock, "payments.list", page_size=1000), "user_code")
    costs = await made_up(mock, "costs.list")
    several = 0
    for cost in costs:
        devices = {payment.device_code for payment in payments[cost.user_code]}
        several += len(devices) > 1
        volume = sum(flow.total_flow for device in devices for flow in flows[device])
        assert cost.consumed_amount == volume * price_of(payments[cost.user_code])
        paid = sum(payment.amount_recharged for payment in payments[cost.user_code])
        assert cost.account_balance - cost.arrears_balance == paid - cost.consumed_amount
        assert cost.account_balance - cost.arrears_balance == sum(
            flow.balance for device in devices for flow in flows[device]
        )
        assert min(cost.account_balance, cost.arrears_balance) == 0
    assert several == 12
    in_arrears = [cost for cost in costs if cost.arrears_balance > 0]
    assert 0 < len(in_arrears) < len(costs) / 2


async def test_each_payment_raises_the_balance_by_its_amount(mock: LiveMock) -> None:
    """The balance after a payment is the one before and the amount; until the next, only water is deducted."""
    payments = by_code(await made_up(mock, "payments.list", page_size=1000), "user_code")
    for code in ("2300000001", "2300000008", "2300000003"):
        mine = sorted(payments[code], key=lambda payment: payment.collected_at)
        devices = {payment.device_code for payment in mine}
        readings = await mock.rows("readings.list", user_code=code, page_size=1000)

        def consumed(moment: Any, readings: list[Any] = readings, mine: list[Any] = mine) -> Decimal:
            until: dict[str, Decimal] = {}
            for reading in readings:
                if reading.collected_at <= moment:
                    until[reading.device_code] = max(until.get(reading.device_code, Decimal(0)), reading.total_flow)
            return sum(until.values(), Decimal(0)) * price_of(mine)

        assert mine[0].account_balance == 0
        for payment in mine:
            assert payment.surplus_balance == payment.account_balance + payment.amount_recharged
        for before, after in pairwise(mine):
            used = consumed(after.collected_at) - consumed(before.collected_at)
            assert used > 0 or len(devices) > 1
            assert after.account_balance == before.surplus_balance - used
        cost = (await mock.rows("costs.list", user_code=code))[0]
        left = mine[-1].surplus_balance - (cost.consumed_amount - consumed(mine[-1].collected_at))
        assert cost.account_balance - cost.arrears_balance == left


async def test_volumes_of_a_period_are_differences_of_the_register(mock: LiveMock) -> None:
    """The last 31 days, the last month and the settled volume follow from the readings themselves."""
    readings = await mock.rows("readings.list", device_code="230000000007", page_size=500)
    assert len(readings) > 365
    at = {reading.collected_at: reading for reading in readings}
    assert all(later.collected_at - earlier.collected_at == DAY for earlier, later in pairwise(readings))
    assert all(later.total_flow >= earlier.total_flow for earlier, later in pairwise(readings))
    for reading in readings[62:]:
        moment = reading.collected_at
        assert reading.latest_31_day_usage == reading.total_flow - at[moment - 31 * DAY].total_flow
        first = moment.replace(day=1)
        before = (first - DAY).replace(day=1)
        assert reading.settle_flow == at[first].total_flow
        assert reading.last_month_flow == at[first].total_flow - at[before].total_flow
    assert len({reading.latest_31_day_usage for reading in readings[62:]}) > 5


async def test_balances_of_readings_follow_the_payments(mock: LiveMock) -> None:
    """The balance at a reading is what was paid for the device until then, less its volume at the price."""
    device = "230000000014"
    payments = await mock.rows("payments.list", device_code=device)
    readings = await mock.rows("readings.list", device_code=device, page_size=500)
    for reading in readings:
        paid = sum(p.amount_recharged for p in payments if p.collected_at <= reading.collected_at)
        assert reading.balance == paid - reading.total_flow * price_of(payments)


async def test_tasks_ran_as_often_as_there_are_readings(mock: LiveMock) -> None:
    """A device's task counts its readings, runs next at a later time, and says how the last run ended."""
    tasks = await made_up(mock, "schedules.list")
    failed = {flow.device_code for flow in await mock.rows("flows.list", watch_status="失败")}
    assert len(failed) == 2
    for task in tasks:
        assert timedelta(0) < task.execution_time - BEGAN <= DAY
        assert task.execution_status == ("失败" if task.water_meter_number in failed else "成功")
    for task in (tasks[0], *(task for task in tasks if task.water_meter_number in failed)):
        readings = await mock.rows("readings.list", device_code=task.water_meter_number, page_size=500)
        assert task.execution_count == len(readings)


async def test_logs_list_installations_and_payments(mock: LiveMock) -> None:
    """Each device was installed once, and each payment is in the log with its time and its payer."""
    payments = await made_up(mock, "payments.list", page_size=1000)
    logged = await mock.rows("operation_logs.list", operation_type="充值", page_size=1000)
    assert [(log.device_code, log.operated_at, log.operator) for log in logged] == [
        (payment.device_code, payment.collected_at, payment.user_name) for payment in payments
    ]
    installed = await mock.rows("operation_logs.list", operation_type="开户")
    tasks = {task.water_meter_number: task.created_at for task in await made_up(mock, "schedules.list")}
    assert {log.device_code: log.operated_at for log in installed} == tasks


async def test_a_day_later_everything_has_moved_on(mock: LiveMock) -> None:
    """A day adds one reading of every device that is online, and consumption; offline devices do not move."""
    flows, costs = await made_up(mock, "flows.list"), await made_up(mock, "costs.list")
    readings = await made_up(mock, "readings.list", page_size=1000, start=BEGAN - 20 * DAY)
    mock.advance(DAY)
    later = {flow.device_code: flow for flow in await made_up(mock, "flows.list")}
    fresh = await made_up(mock, "readings.list", start=BEGAN)
    offline = {flow.device_code for flow in flows if flow.status == "离线"}
    assert len(offline) == 2
    assert {reading.device_code for reading in fresh} == set(later) - offline
    for flow in flows:
        after = later[flow.device_code]
        if flow.device_code in offline:
            assert (after.total_flow, after.created_at) == (flow.total_flow, flow.created_at)
        else:
            assert after.created_at == flow.created_at + DAY
    assert sum(flow.total_flow for flow in later.values()) > sum(flow.total_flow for flow in flows)
    consumed = sum(cost.consumed_amount for cost in await made_up(mock, "costs.list"))
    assert consumed > sum(cost.consumed_amount for cost in costs)
    # The past stays as it was.
    assert await made_up(mock, "readings.list", page_size=1000, start=BEGAN - 20 * DAY, end=BEGAN) == readings


async def test_a_month_later_there_are_new_payments_and_a_new_billing_date(mock: LiveMock) -> None:
    """Every user pays once a month; the billing date is the month's first reading."""
    before = by_code(await made_up(mock, "payments.list", page_size=1000))
    mock.advance(30 * DAY)
    after = by_code(await made_up(mock, "payments.list", page_size=1000))
    assert sum(map(len, after.values())) >= sum(map(len, before.values())) + 55
    for code, payments in before.items():
        assert after[code][: len(payments)] == payments
    dates = {cost.last_billing_date.date().isoformat() for cost in await made_up(mock, "costs.list")}
    assert "2023-07-01" in dates
    await test_costs_are_payments_less_what_the_water_cost(mock)


async def test_the_same_seed_makes_the_same_world(mock: LiveMock) -> None:
    """Two worlds of one seed agree in every row; another seed makes other users."""
    first = await mock.rows("costs.list")
    mock.restart()
    assert await mock.rows("costs.list") == first
    mock.restart(seed=2)
    assert await mock.rows("costs.list") != first


async def test_a_hundred_thousand_devices(mock: LiveMock) -> None:
    """The last page, a filter and millions of readings of a large fleet are returned like those of a small one."""
    mock.restart(meters=100_000)
    page = (await mock.pages("flows.list", page=10_001, page_size=10))[0]
    assert (page.total, [flow.device_code for flow in page][-1]) == (100_004, "230000099999")
    costs = await mock.rows("costs.list", user_name="王秀英", region_id=2217, page_size=1000)
    assert 20 < len(costs) < 200
    deep = await mock.plain_client.send(ListReadings(page=7_000_000, page_size=5))
    assert deep.total > 35_000_000
    assert len(deep) == 5


async def test_a_world_without_meters_has_the_documented_rows_only(mock: LiveMock) -> None:
    """``--meters 0`` leaves the document's own rows; the smallest fleets have users that fit their devices."""
    mock.restart(meters=0)
    assert [len(await mock.rows(f"{name}.list")) for name in ("flows", "costs", "readings", "payments")] == [4, 1, 1, 1]
    for meters, users in ((1, 1), (2, 1), (3, 2), (5, 4), (6, 5)):
        mock.restart(meters=meters)
        assert (len(await made_up(mock, "flows.list")), len(await made_up(mock, "costs.list"))) == (meters, users)


def test_two_worlds_share_nothing() -> None:
    """Moving one world's clock leaves another's alone."""
    one, other = World(WorldSettings(start=BEGAN)), World(WorldSettings(start=BEGAN))
    one.clock.advance(86_400)
    with MockServer(one) as first, MockServer(other) as second:
        assert first.world.clock.now() - second.world.clock.now() > timedelta(hours=23)
