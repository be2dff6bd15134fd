"""Regions, flows and costs: how things stand now."""

from chaobiao._contract.operation import Page
from chaobiao.water import Cost, Flow, ListCosts, ListFlows, ListRegions, Region
from chaobiao_mock.serves import serves
from chaobiao_mock.water import documented
from chaobiao_mock.water.estate import Who
from chaobiao_mock.water.state import WaterState, hundredths, tenths
from chaobiao_mock.water.windows import cut_single

#: What the newest attempt to read a device came to (抄表状态).
SUCCEEDED = "成功"
FAILED = "失败"


@serves(ListRegions)
def list_regions(state: WaterState, op: ListRegions) -> Page[Region]:
    return Page(state.atlas.roots, len(state.atlas.roots))


@serves(ListFlows)
def list_flows(state: WaterState, op: ListFlows) -> Page[Flow]:
    estate, now = state.estate, state.clock.now()
    seconds = estate.seconds(now)

    def flow(device: int) -> Flow:
        user = estate.user_of(device)
        newest = estate.collections(device, seconds) - 1
        settled = estate.month_begin(newest)
        return Flow(
            user_name=estate.user_name(user),
            house_number=estate.house_number(user),
            device_code=estate.device_code(device),
            balance=hundredths(state.accounts.balance(device, now)),
            status="离线" if estate.is_silent(device) else "正常",
            settle_flow=tenths(estate.register(device, settled)),
            total_flow=tenths(estate.register(device, newest)),
            last_month_flow=tenths(last_month(state, device, newest)),
            created_at=estate.collected_at(device, newest),
            flow_chart_url=f"https://charts.example/flow/{estate.device_code(device)}.png",
        )

    who = Who(device_code=op.device_code, region=op.region_id)
    devices = estate.find_devices(who)
    shown = state.documented(documented.FLOWS, who)
    if op.watch_status is not None:
        wanted = {status for status in (SUCCEEDED, FAILED) if op.watch_status in status}
        shown = shown if SUCCEEDED in wanted else []
        devices = [device for device in devices if watch_status(state, device) in wanted]
    return cut_single(op, shown, devices, flow)


def watch_status(state: WaterState, device: int) -> str:
    """What the newest attempt to read a device came to."""
    return FAILED if state.estate.is_silent(device) else SUCCEEDED


def last_month(state: WaterState, device: int, number: int) -> int:
    """What was used in the month before a collection's, from its first collection to this month's first."""
    estate = state.estate
    end = estate.month_begin(number)
    begin = estate.month_begin(end - 1) if end > 0 else 0
    return estate.register(device, end) - estate.register(device, begin)


@serves(ListCosts)
def list_costs(state: WaterState, op: ListCosts) -> Page[Cost]:
    estate, now = state.estate, state.clock.now()
    seconds = estate.seconds(now)

    def cost(user: int) -> Cost:
        devices = estate.devices_of(user)
        left = state.accounts.account_balance(user, now)
        newest = max((estate.collections(device, seconds) - 1, device) for device in devices)
        return Cost(
            user_name=estate.user_name(user),
            user_code=estate.user_code(user),
            phone_number=estate.phone_number(user),
            account_balance=hundredths(max(left, 0)),
            consumed_amount=hundredths(sum(state.accounts.consumed(device, now) for device in devices)),
            arrears_balance=hundredths(max(-left, 0)),
            last_billing_date=estate.collected_at(newest[1], estate.month_begin(newest[0])),
        )

    who = Who(user_name=op.user_name, user_code=op.user_code, region=op.region_id)
    return cut_single(op, state.documented(documented.COSTS, who), estate.find_users(who), cost)
