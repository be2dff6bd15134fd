"""The water query API of the mock."""

from typing import Final

from chaobiao import water
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.water import flows, history, logs
from chaobiao_mock.water.overview import WaterOverview
from chaobiao_mock.water.protocol import WaterProtocol
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.state import SavedWater, WaterState

FAMILY: Final = MockFamily(
    family=water.FAMILY,
    quirks=WaterQuirks,
    state=WaterState,
    protocol=WaterProtocol(),
    handlers={**flows.handlers, **logs.handlers, **history.handlers},
    success=200,
    saved=SavedWater,
    account=None,
    overview=WaterOverview(),
)
