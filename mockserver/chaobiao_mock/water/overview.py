"""What the mock's page shows of the water API."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from chaobiao.water import ListFlows
from chaobiao_mock.decimals import tenths
from chaobiao_mock.overview import SHOWN, FamilyOverview, ShownMeter
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.flows import list_flows
from chaobiao_mock.water.state import WaterState


class WaterOverview(FamilyOverview):
    """Devices with balances; there are no logins and no valves."""

    example = "client.flows.list()"
    example_path = f"{ListFlows.spec.path}?page=1&page_count=10"

    def meter_count(self, state: WaterState) -> int:
        return state.fleet.device_count + len(state.documented.flows)

    def meters(self, state: WaterState, search: str) -> Sequence[ShownMeter]:
        flows = list_flows(state, ListFlows(page=1, page_size=SHOWN, device_code=search or None))
        return [
            ShownMeter(
                number=flow.device_code or "",
                place=" ".join(part for part in (flow.house_number, flow.user_name) if part),
                kind="水",
                unit="m³",
                reading=flow.total_flow or Decimal(0),
                read_at=flow.created_at,
                balance=flow.balance,
                online=flow.status != "离线",
            )
            for flow in flows
        ]

    def curve(self, state: WaterState, number: str, days: int) -> Sequence[tuple[datetime, Decimal]] | None:
        """A documented device has the readings of the samples only."""
        fleet = state.fleet
        device = next((each for each in fleet.find_devices(DeviceFilter(device_code=number))), None)
        if device is None or fleet.device_code(device) != number:
            return [] if any(sample.row.device_code == number for sample in state.documented.flows) else None
        count = fleet.collection_count(device, fleet.seconds_since_start(state.clock.now()))
        return [
            (fleet.collected_at(device, each), tenths(fleet.register(device, each)))
            for each in range(max(count - days - 1, 0), count)
        ]
