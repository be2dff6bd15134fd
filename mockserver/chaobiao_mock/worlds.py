"""The worlds of one server, by name: each is chosen by its base URL, and none touches another."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.world import World, WorldSettings

#: The name of the world at the server's root.
DEFAULT: Final = "default"
#: How many worlds one server holds.
MOST_WORLDS: Final = 1_000
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class Worlds:
    """The worlds of one server. All serve the families of the default world, and have its clock below their own."""

    def __init__(self, default: World) -> None:
        self.default = default
        self._worlds = {DEFAULT: default}
        #: How many requests the server has received: whether anything can have changed.
        self.requests = 0

    def __iter__(self) -> Iterator[tuple[str, World]]:
        return iter([*self._worlds.items()])

    def find(self, name: str) -> World | None:
        """Return a world, or ``None``."""
        return self._worlds.get(name)

    def create(self, name: str, settings: WorldSettings) -> World:
        """Create a world, in the place of the one that has the name. Raises ``ValueError``."""
        return self.add(name, World(settings, self.default.base_clock, self.default.families))

    def add(self, name: str, world: World) -> World:
        """Add a world that exists, in the place of the one that has the name. Raises ``ValueError``."""
        _check_name(name)
        if name == DEFAULT:
            raise InvalidInput(
                f"the world {DEFAULT} is always there; reset it instead", f"模拟环境 {DEFAULT} 始终存在，请改用重置"
            )
        if name not in self._worlds and len(self._worlds) > MOST_WORLDS:
            raise InvalidInput(
                f"there are {MOST_WORLDS} worlds already; delete some", f"已有 {MOST_WORLDS} 个模拟环境，请先删除一些"
            )
        self._worlds[name] = world
        return world

    def snapshot(self) -> dict[str, Any]:
        """Return the snapshots of all worlds, by name."""
        return {name: world.snapshot() for name, world in self}

    def restore(self, snapshots: Mapping[str, Any]) -> None:
        """Hold the worlds of these snapshots, and no others. Raises ``ValueError``; nothing is changed then."""
        made: dict[str, World] = {}
        for name, snapshot in snapshots.items():
            if name != DEFAULT:
                _check_name(name)
            made[name] = World(WorldSettings(0), self.default.base_clock, self.default.families)
            made[name].restore(snapshot)
        if DEFAULT in made:
            self.default.restore(snapshots[DEFAULT])
        self._worlds = {**made, DEFAULT: self.default}

    def delete(self, name: str) -> None:
        """Delete a world. Raises ``ValueError`` for the default one and for an unknown one."""
        if name == DEFAULT or name not in self._worlds:
            raise InvalidInput(f"there is no world {name} that can be deleted", f"没有可删除的模拟环境 {name}")
        del self._worlds[name]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "name must be 1 to 64 letters, digits, dots, underscores and hyphens",
            "name 须为 1 到 64 个字母、数字、点、下划线或连字符",
        )
