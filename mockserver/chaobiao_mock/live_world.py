"""A world of a test's own on a live server, as the pytest plugin gives it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import attrs

from chaobiao.clock import VirtualClock
from chaobiao_mock.admin.bodies import read_into
from chaobiao_mock.clock import checked_start
from chaobiao_mock.environment import client_environment
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault
from chaobiao_mock.quirks import parse_family_quirks
from chaobiao_mock.registry import mock_families
from chaobiao_mock.world import World, WorldSettings


@attrs.frozen
class LiveWorld:
    """A world with its base URL. ``clock`` is the virtual clock of the world and of the plugin's clients."""

    url: str
    world: World
    clock: VirtualClock

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables by which the clients of all families find the world, for other programs."""
        return client_environment(self.url, self.world.families)


@attrs.frozen(kw_only=True)
class WorldWish:
    """What the marker ``chaobiao`` says of a test's world."""

    meters: int = 200
    seed: int = 1
    start: datetime | str | None = None
    #: By family and field, such as ``{"jrhsz.data": "text"}``, or objects such as ``[JrhszQuirks(data="text")]``.
    quirks: Mapping[str, str] | Sequence[Any] = ()
    #: Faults, or their fields.
    faults: Sequence[Fault | Mapping[str, Any]] = ()

    def first_time(self) -> datetime | None:
        """Return the world's first time. Raises ``ValueError``."""
        moment: Any = self.start
        if isinstance(moment, str):
            with suppress(ValueError):
                moment = datetime.fromisoformat(moment)
        if moment is None or isinstance(moment, datetime):
            return None if moment is None else checked_start(moment)
        raise InvalidInput(
            'start must be a time such as "2023-04-22 10:31:53"', 'start 须为时间，例如 "2023-04-22 10:31:53"'
        )

    def world(self, clock: VirtualClock) -> World:
        """Return the world. Raises ``ValueError``."""
        for name in ("meters", "seed"):
            value = getattr(self, name)
            if not isinstance(value, int) or (name == "meters" and value < 0):
                raise InvalidInput(f"{name} must be a whole number", f"{name} 须为整数")
        families = mock_families()
        quirks = self.quirks
        if isinstance(quirks, Mapping):
            assignments = [f"{name}={value}" for name, value in quirks.items()]
            quirks = [*parse_family_quirks({each.name: each.quirks for each in families}, assignments).values()]
        settings = WorldSettings(meters=self.meters, seed=self.seed, start=self.first_time(), quirks=quirks)
        made = World(settings, clock, families)
        for fault in self.faults:
            made.faults.add(_fault_of(fault), made.clock.monotonic())
        return made


def _fault_of(fault: Any) -> Fault:
    if isinstance(fault, Fault):
        return attrs.evolve(fault)  # a fault counts its calls, and the marker may belong to several tests
    if isinstance(fault, Mapping):
        return read_into(Fault, fault)
    raise InvalidInput(
        'faults must be Fault(…) or {"operation": …, "kind": …}',
        'faults 的每一项须为 Fault(…) 或 {"operation": …, "kind": …}',
    )


def wish_of(marks: Sequence[Mapping[str, Any]]) -> WorldWish:
    """Return what markers say, the nearest one first. Raises ``ValueError`` for a name that does not exist."""
    found: dict[str, Any] = {}
    for mark in reversed(marks):
        found |= mark
    known = [field.name for field in attrs.fields(WorldWish)]
    strange = sorted(set(found) - set(known))
    if strange:
        raise InvalidInput(
            f"the marker chaobiao does not take {', '.join(strange)}, but {', '.join(known)}",
            f"标记 chaobiao 不接受 {'、'.join(strange)}，可用参数：{'、'.join(known)}",
        )
    return WorldWish(**found)
