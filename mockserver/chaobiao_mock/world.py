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
    ``quirks`` the quirks of those families that have any, such as ``[JrhszQuirks(code="text")]``, and ``rate`` how many
    seconds pass in the world in one second: 0 freezes its clock.
    """

    meters: int = 200
    seed: int = 1
    start: datetime | None = None
    quirks: Sequence[Any] = ()
    rate: float = 1.0


class World:
    """The whole state of a mock. Two worlds share no state.

    ``families`` are the families that it serves: all of them, or your own selection, for example with a handler
    replaced (``with_handlers``). ``clock`` is the clock below the world's own.
    """

    def __init__(
        self,
        settings: WorldSettings | None = None,
        clock: Clock | None = None,
        families: Sequence[MockFamily] | None = None,
    ) -> None:
        self.settings = settings or WorldSettings()
        self.families = tuple(mock_families() if families is None else families)
        self.base_clock = clock
        self.journal = Journal()
        self.reset()

    def reset(self, settings: WorldSettings | None = None) -> None:
        """Restart: the time of the start, the same fleet, no tokens, no orders, no faults, an empty journal.

        With ``settings``, the world is made anew by them.
        """
        settings = settings or self.settings
        quirks = {family.name: self._quirks(family, settings) for family in self.families}
        self.clock = WorldClock(self.base_clock, settings.start, settings.rate)
        self.settings = settings
        self.faults = Faults(settings.seed)
        self.journal.clear()
        began = self.clock.now()
        #: The families' states by name.
        self.states: dict[str, Any] = {
            family.name: family.state(self.clock, settings.meters, settings.seed, began, quirks[family.name])
            for family in self.families
        }

    def _quirks(self, family: MockFamily, settings: WorldSettings) -> Any:
        known = tuple(each.quirks for each in self.families)
        for quirks in settings.quirks:
            if not isinstance(quirks, known):
                names = ", ".join(kind.__name__ for kind in known)
                found = type(quirks).__name__
                raise InvalidInput(
                    f"{found} are the quirks of no family here; there are {names}",
                    f"{found} 不属于任何接口系列，可选：{names}",
                )
        return next((each for each in settings.quirks if isinstance(each, family.quirks)), family.quirks())
