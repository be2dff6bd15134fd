"""One isolated state of the mock: clock, fleets, accounts, tokens, orders, faults and journal."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import attrs

from chaobiao.clock import Clock
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.errors import InvalidInput, Refused
from chaobiao_mock.faults import Faults
from chaobiao_mock.fixtures.fixtures import Fixtures, Format, HeadingLanguage
from chaobiao_mock.fixtures.sheets import FamilyFixtures
from chaobiao_mock.journal import Journal
from chaobiao_mock.registry import MockFamily, mock_families


def family_fixtures(families: Sequence[MockFamily] | None = None) -> dict[str, FamilyFixtures]:
    """Return the families that take fixtures, by name."""
    found = mock_families() if families is None else families
    return {family.name: family.fixtures for family in found if family.fixtures is not None}


def _fixtures(given: Fixtures | str | os.PathLike[str] | Mapping[str, Any] | None) -> Fixtures | None:
    if given is None or isinstance(given, Fixtures):
        return given
    if isinstance(given, Mapping):
        return Fixtures.from_json(given, family_fixtures())
    return Fixtures.load(given, family_fixtures())


@attrs.frozen
class WorldSettings:
    """The settings of a world; the same settings give the same world.

    ``meters`` is the size of the generated fleet, in addition to the documented one (200, or 0 with fixtures),
    ``start`` the world's first time, ``quirks`` the quirks of those families that have any, such as
    ``[JrhszQuirks(code="text")]``, and ``rate`` how many seconds pass in the world in one second: 0 freezes its clock.
    ``fixtures`` are things of your own in the place of the documented ones: the path of a folder or file, or the same
    content as ``{"jrhsz": {"meters": [...]}}``.
    """

    fixtures: Fixtures | None = attrs.field(default=None, kw_only=True, converter=_fixtures)
    meters: int = attrs.field(default=attrs.Factory(lambda self: 200 if self.fixtures is None else 0, takes_self=True))
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

    @classmethod
    def load(cls, path: str | os.PathLike[str], clock: Clock | None = None, **settings: Any) -> Self:
        """Create a world with things of your own, from a folder or a JSON file; ``settings`` are the other settings.

        Raises :class:`InvalidFixtures`, which names file, row and column of all that is wrong.
        """
        return cls(WorldSettings(fixtures=path, **settings), clock)

    def export(
        self, path: str | os.PathLike[str], format: Format = "csv", headings: HeadingLanguage = "en"
    ) -> list[Path]:
        """Write the world's things, as they are now, into files that :meth:`load` reads; return the files."""
        return self.fixtures().write(path, format, headings)

    def fixtures(self) -> Fixtures:
        """Return the world's things, as they are now."""
        families = family_fixtures(self.families)
        return Fixtures({name: each.exported(self.states[name]) for name, each in families.items()}, families)

    def reset(self, settings: WorldSettings | None = None) -> None:
        """Restart: the time of the start, the same fleet, no tokens, no orders, no faults, an empty journal.

        With ``settings``, the world is made anew by them.
        """
        settings = settings or self.settings
        quirks = {family.name: self._quirks(family, settings) for family in self.families}
        clock = WorldClock(self.base_clock, settings.start, settings.rate)
        began = clock.now()
        states = self._made(settings, clock, began, quirks)
        self._begin(settings, clock, began, states, Faults(settings.seed))

    def _begin(
        self, settings: WorldSettings, clock: WorldClock, began: datetime, states: dict[str, Any], faults: Faults
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.faults = faults
        self._began = began
        #: The families' states by name.
        self.states = states
        self.journal.clear()

    def _made(
        self, settings: WorldSettings, clock: WorldClock, began: datetime, quirks: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Make the states of all families."""
        states: dict[str, Any] = {}
        own = {} if settings.fixtures is None else settings.fixtures.tables
        for family in self.families:
            samples = {}
            if family.fixtures is not None and family.name in own:
                samples["documented"] = family.fixtures.samples(own[family.name])
            name = family.name
            states[name] = family.state(clock, settings.meters, settings.seed, began, quirks[name], **samples)
            if samples and family.fixtures is not None:
                family.fixtures.check(states[name])
        return states

    def snapshot(self) -> dict[str, Any]:
        """Return all but the journal, as plain values that JSON can hold. Passwords and tokens are among them."""
        from chaobiao_mock import snapshots  # late: a mock starts without it

        settings = self.settings
        quirks = {name: state.quirks for name, state in self.states.items()}
        saved = snapshots.Saved(
            settings=snapshots.SavedSettings(
                meters=settings.meters,
                seed=settings.seed,
                start=settings.start,
                rate=settings.rate,
                quirks=snapshots.quirks_to_plain(self.families, quirks),
                fixtures=None if settings.fixtures is None else settings.fixtures.to_json(),
            ),
            began=self._began,
            clock=self.clock.saved(),
            faults=self.faults.saved(),
            states={name: snapshots.converter().unstructure(state.saved()) for name, state in self.states.items()},
        )
        return snapshots.to_plain(saved)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Return to a snapshot, of this world or of another one, with an empty journal. Time goes on from its moment.

        Raises ``ValueError`` for a snapshot that cannot be used; the world is unchanged then.
        """
        from chaobiao_mock import snapshots  # late: a mock starts without it

        saved = snapshots.from_plain(snapshot)
        given = saved.settings
        names = sorted(family.name for family in self.families)
        if sorted(saved.states) != names:
            raise snapshots.broken(f"its families are not {', '.join(names)}")
        settings = WorldSettings(
            given.meters,
            given.seed,
            given.start,
            snapshots.quirks_from_plain(self.families, given.quirks),
            given.rate,
            fixtures=given.fixtures,
        )
        quirks = {family.name: self._quirks(family, settings) for family in self.families}
        clock, faults = WorldClock(self.base_clock, settings.start, settings.rate), Faults(settings.seed)
        try:
            clock.restore(saved.clock)
            faults.restore(saved.faults)
            states = self._made(settings, clock, saved.began, quirks)
            for family in self.families:
                states[family.name].restore(snapshots.structured(saved.states[family.name], family.saved))
        except InvalidInput:
            raise
        except (ValueError, Refused, ArithmeticError) as error:
            raise snapshots.broken(str(error)) from None
        self._begin(settings, clock, saved.began, states, faults)

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
