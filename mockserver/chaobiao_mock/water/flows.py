"""Regions, flows and costs: the present state."""

from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.water import Cost, Flow, ListCosts, ListFlows, ListRegions, Region
from chaobiao_mock.decimals import hundredths, tenths
from chaobiao_mock.pagination import rows_of
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.pagination import page_of
from chaobiao_mock.water.state import WaterState

handlers = Handlers()

#: Results of the newest attempt to read a device (抄表状态).
SUCCEEDED: Final = "成功"
FAILED: Final = "失败"


@handlers.serves(ListRegions)
def list_regions(state: WaterState, op: ListRegions) -> Page[Region]:
    return Page(state.region_tree.roots, len(state.region_tree.roots))


@handlers.serves(ListFlows)
def list_flows(state: WaterState, op: ListFlows) -> Page[Flow]:
    fleet, now = state.fleet, state.clock.now()
    seconds = fleet.seconds_since_start(now)

    def flow(device: int) -> Flow:
        user = fleet.user_of(device)
        newest = fleet.collection_count(device, seconds) - 1
        settled = fleet.month_begin(newest)
        return Flow(
            user_name=fleet.user_name(user),
            house_number=fleet.house_number(user),
            device_code=fleet.device_code(device),
            balance=hundredths(state.ledger.balance(device, now)),
            status="离线" if fleet.is_offline(device) else "正常",
            settle_flow=tenths(fleet.register(device, settled)),
            total_flow=tenths(fleet.register(device, newest)),
            last_month_flow=tenths(usage_of_last_month(state, device, newest)),
            created_at=fleet.collected_at(device, newest),
            flow_chart_url=f"https://charts.example/flow/{fleet.device_code(device)}.png",
        )

    device_filter = DeviceFilter(device_code=op.device_code, region=op.region_id)
    devices = fleet.find_devices(device_filter)
    documented = state.matching(state.documented.flows, device_filter)
    if op.watch_status is not None:
        statuses = {status for status in (SUCCEEDED, FAILED) if op.watch_status in status}
        documented = documented if SUCCEEDED in statuses else []
        devices = [device for device in devices if watch_status(state, device) in statuses]
    return page_of(op, [rows_of(documented), rows_of(devices).map(flow)])


def watch_status(state: WaterState, device: int) -> str:
    """Return the result of the newest attempt to read a device."""
    return FAILED if state.fleet.is_offline(device) else SUCCEEDED


def usage_of_last_month(state: WaterState, device: int, number: int) -> int:
    """Return the usage of the month before a collection's: from its first collection to the next month's first."""
    fleet = state.fleet
    end = fleet.month_begin(number)
    begin = fleet.month_begin(end - 1) if end > 0 else 0
    return fleet.register(device, end) - fleet.register(device, begin)


@handlers.serves(ListCosts)
def list_costs(state: WaterState, op: ListCosts) -> Page[Cost]:
    fleet, now = state.fleet, state.clock.now()
    seconds = fleet.seconds_since_start(now)

    def cost(user: int) -> Cost:
        devices = fleet.devices_of(user)
        balance = state.ledger.account_balance(user, now)
        newest, newest_device = max((fleet.collection_count(device, seconds) - 1, device) for device in devices)
        return Cost(
            user_name=fleet.user_name(user),
            user_code=fleet.user_code(user),
            phone_number=fleet.phone_number(user),
            account_balance=hundredths(max(balance, 0)),
            consumed_amount=hundredths(sum(state.ledger.consumed(device, now) for device in devices)),
            arrears_balance=hundredths(max(-balance, 0)),
            last_billing_date=fleet.collected_at(newest_device, fleet.month_begin(newest)),
        )

    device_filter = DeviceFilter(user_name=op.user_name, user_code=op.user_code, region=op.region_id)
    documented = state.matching(state.documented.costs, device_filter)
    return page_of(op, [rows_of(documented), rows_of(fleet.find_users(device_filter)).map(cost)])
