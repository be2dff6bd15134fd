"""Regions, flows and costs: how things stand now."""

from chaobiao._contract.operation import Page
from chaobiao.water import Cost, Flow, ListCosts, ListFlows, ListRegions, Region
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water import documented
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.pagination import page_of_keys
from chaobiao_mock.water.state import WaterState, hundredths, tenths

handlers = Handlers()

#: What the newest attempt to read a device came to (抄表状态).
SUCCEEDED = "成功"
FAILED = "失败"


@handlers.serves(ListRegions)
def list_regions(state: WaterState, op: ListRegions) -> Page[Region]:
    return Page(state.region_tree.roots, len(state.region_tree.roots))


@handlers.serves(ListFlows)
def list_flows(state: WaterState, op: ListFlows) -> Page[Flow]:
    fleet, now = state.fleet, state.clock.now()
    seconds = fleet.seconds(now)

    def flow(device: int) -> Flow:
        user = fleet.user_of(device)
        newest = fleet.collections(device, seconds) - 1
        settled = fleet.month_begin(newest)
        return Flow(
            user_name=fleet.user_name(user),
            house_number=fleet.house_number(user),
            device_code=fleet.device_code(device),
            balance=hundredths(state.accounts.balance(device, now)),
            status="离线" if fleet.is_silent(device) else "正常",
            settle_flow=tenths(fleet.register(device, settled)),
            total_flow=tenths(fleet.register(device, newest)),
            last_month_flow=tenths(last_month(state, device, newest)),
            created_at=fleet.collected_at(device, newest),
            flow_chart_url=f"https://charts.example/flow/{fleet.device_code(device)}.png",
        )

    chosen = DeviceFilter(device_code=op.device_code, region=op.region_id)
    devices = fleet.find_devices(chosen)
    shown = state.documented(documented.FLOWS, chosen)
    if op.watch_status is not None:
        wanted = {status for status in (SUCCEEDED, FAILED) if op.watch_status in status}
        shown = shown if SUCCEEDED in wanted else []
        devices = [device for device in devices if watch_status(state, device) in wanted]
    return page_of_keys(op, shown, devices, flow)


def watch_status(state: WaterState, device: int) -> str:
    """What the newest attempt to read a device came to."""
    return FAILED if state.fleet.is_silent(device) else SUCCEEDED


def last_month(state: WaterState, device: int, number: int) -> int:
    """What was used in the month before a collection's, from its first collection to this month's first."""
    fleet = state.fleet
    end = fleet.month_begin(number)
    begin = fleet.month_begin(end - 1) if end > 0 else 0
    return fleet.register(device, end) - fleet.register(device, begin)


@handlers.serves(ListCosts)
def list_costs(state: WaterState, op: ListCosts) -> Page[Cost]:
    fleet, now = state.fleet, state.clock.now()
    seconds = fleet.seconds(now)

    def cost(user: int) -> Cost:
        devices = fleet.devices_of(user)
        left = state.accounts.account_balance(user, now)
        newest = max((fleet.collections(device, seconds) - 1, device) for device in devices)
        return Cost(
            user_name=fleet.user_name(user),
            user_code=fleet.user_code(user),
            phone_number=fleet.phone_number(user),
            account_balance=hundredths(max(left, 0)),
            consumed_amount=hundredths(sum(state.accounts.consumed(device, now) for device in devices)),
            arrears_balance=hundredths(max(-left, 0)),
            last_billing_date=fleet.collected_at(newest[1], fleet.month_begin(newest[0])),
        )

    chosen = DeviceFilter(user_name=op.user_name, user_code=op.user_code, region=op.region_id)
    return page_of_keys(op, state.documented(documented.COSTS, chosen), fleet.find_users(chosen), cost)
