"""One isolated state of the mock: clock, estates, accounts, tokens, orders, faults and journal."""

from datetime import datetime
from typing import Any

import attrs

from chaobiao.clock import Clock
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.faults import Faults
from chaobiao_mock.journal import Journal
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.water.state import WaterState


@attrs.frozen
class WorldSettings:
    """What a world is made from; the same settings make the same world.

    ``meters`` is the size of the made-up estate beside the documented one, ``start`` the world's time at its beginning.
    """

    meters: int = 200
    seed: int = 1
    start: datetime | None = None
    jrhsz: JrhszQuirks = attrs.field(factory=JrhszQuirks)
    water: WaterQuirks = attrs.field(factory=WaterQuirks)


class World:
    """Everything that the mock knows. Two worlds share nothing."""

    def __init__(self, settings: WorldSettings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or WorldSettings()
        self.clock = WorldClock(clock, self.settings.start)
        self.faults = Faults()
        self.journal = Journal()
        self.reset()

    def reset(self) -> None:
        """Begin anew: the time of the start, the same estate, no tokens, no orders, no faults, an empty journal."""
        self.clock.restart()
        self.faults.clear()
        self.journal.clear()
        began = self.clock.now()
        self.jrhsz = JrhszState(self.clock, self.settings.meters, self.settings.seed, began, self.settings.jrhsz)
        self.water = WaterState(self.clock, self.settings.meters, self.settings.seed, began, self.settings.water)
        #: The families' states by name.
        self.states: dict[str, Any] = {"jrhsz": self.jrhsz, "water": self.water}
