"""One isolated state of the mock: clock, fleets, accounts, tokens, orders, faults and journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from chaobiao.clock import Clock
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Faults
from chaobiao_mock.journal import Journal
from chaobiao_mock.registry import MockFamily, mock_families


@attrs.frozen
class WorldSettings:
    """The settings of a world; the same settings give the same world.

    ``meters`` is the size of the generated fleet, in addition to the documented one, ``start`` the world's first time,
    ``quirks`` the quirks of those families that have any, such as ``[JrhszQuirks(code="text")]``.
    """

    meters: int = 200
    seed: int = 1
    start: datetime | None = None
    quirks: Sequence[Any] = ()


class World:
    """The whole state of a mock. Two worlds share no state.

    ``families`` are the families that it serves: all of them, or your own selection, for example with a handler
    replaced (``with_handlers``).
    """

    def __init__(
        self,
        settings: WorldSettings | None = None,
        clock: Clock | None = None,
        families: Sequence[MockFamily] | None = None,
    ) -> None:
        self.settings = settings or WorldSettings()
        self.families = tuple(mock_families() if families is None else families)
        self.clock = WorldClock(clock, self.settings.start)
        self.faults = Faults()
        self.journal = Journal()
        self.reset()

    def reset(self) -> None:
        """Restart: the time of the start, the same fleet, no tokens, no orders, no faults, an empty journal."""
        self.clock.restart()
        self.faults.clear()
        self.journal.clear()
        began, settings = self.clock.now(), self.settings
        #: The families' states by name.
        self.states: dict[str, Any] = {
            family.name: family.state(self.clock, settings.meters, settings.seed, began, self._quirks(family))
            for family in self.families
        }

    def _quirks(self, family: MockFamily) -> Any:
        known = tuple(each.quirks for each in self.families)
        for quirks in self.settings.quirks:
            if not isinstance(quirks, known):
                names = ", ".join(kind.__name__ for kind in known)
                found = type(quirks).__name__
                raise InvalidInput(
                    f"{found} are the quirks of no family here; there are {names}",
                    f"{found} 不属于任何接口系列，可选：{names}",
                )
        return next((each for each in self.settings.quirks if isinstance(each, family.quirks)), family.quirks())
