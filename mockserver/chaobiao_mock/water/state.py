"""The state of the water API: it can only be read, so time alone changes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import attrs

from chaobiao._contract.fields import Record
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.water.documented import SAMPLES, Sample, SampleDevice, WaterSamples
from chaobiao_mock.water.fleet import DeviceFilter, Fleet
from chaobiao_mock.water.ledger import Ledger
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.regions import RegionTree

R = TypeVar("R", bound=Record)


@attrs.frozen
class SavedWater:
    """What a snapshot keeps of the water API: all of it follows from the settings."""


class WaterState:
    """The state of the water API in one world."""

    def __init__(
        self,
        clock: WorldClock,
        meters: int,
        seed: int,
        began: datetime,
        quirks: WaterQuirks,
        documented: WaterSamples = SAMPLES,
    ) -> None:
        self.clock = clock
        self.quirks = quirks
        self.documented = documented
        self.region_tree = RegionTree(self.documented, deep=quirks.regions == "deep")
        self.fleet = Fleet(meters, seed, began, self.region_tree)
        self.ledger = Ledger(self.fleet)

    def saved(self) -> SavedWater:
        """Return what a snapshot keeps."""
        return SavedWater()

    def restore(self, saved: SavedWater) -> None:
        """Return to a snapshot."""

    def matching(self, samples: Iterable[Sample[R]], device_filter: DeviceFilter) -> list[R]:
        """Return the documented rows that a filter selects."""
        return [sample.row for sample in samples if self._matches(sample.device, device_filter)]

    def _matches(self, device: SampleDevice, device_filter: DeviceFilter) -> bool:
        pairs = (
            (device_filter.device_code, device.device_code),
            (device_filter.user_code, device.user_code),
            (device_filter.user_name, device.user_name),
            (device_filter.address, device.address),
            (device_filter.collector_code, device.collector_code),
        )
        if any(part is not None and part not in text for part, text in pairs):
            return False
        return device_filter.region is None or self.region_tree.is_within(device.region, device_filter.region)
