"""The tree of regions."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs

from chaobiao.water import Region
from chaobiao_mock.water.documented import WaterSamples

_DISTRICTS: Final = ("东区", "西区")
_STREETS: Final = ("第一街道", "第二街道")


@attrs.frozen
class LowestRegion:
    """A region without regions below it: its number, the numbers from the root down to it, and its full name."""

    id: int
    path: tuple[int, ...]
    address: str


class RegionTree:
    """The regions of one world: the documented provinces and cities, or also districts and streets below them."""

    def __init__(self, samples: WaterSamples, *, deep: bool) -> None:
        self._samples = samples
        self._deep = deep

    @cached_property
    def roots(self) -> tuple[Region, ...]:
        """The regions at the top."""
        regions = self._samples.regions
        return tuple(_with_districts(region) for region in regions) if self._deep else regions

    @cached_property
    def lowest(self) -> list[LowestRegion]:
        """All regions without regions below them; users live in these."""
        return [found for root in self.roots for found in _lowest_regions(root, (), "")]

    def positions_within(self, region: int) -> frozenset[int]:
        """Return the lowest regions that are a region or lie below it, by their positions in the list."""
        return frozenset(position for position, lowest in enumerate(self.lowest) if region in lowest.path)

    def is_within(self, inner: int | None, outer: int) -> bool:
        """Tell whether a region is another one or lies below it."""
        return any(inner in found.path and outer in found.path[: found.path.index(inner) + 1] for found in self.lowest)


def _lowest_regions(region: Region, above: tuple[int, ...], address: str) -> Iterator[LowestRegion]:
    assert region.id is not None  # noqa: S101  # documented and generated regions all have one
    path, address = (*above, region.id), address + (region.name or "")
    if not region.children:
        yield LowestRegion(region.id, path, address)
    for child in region.children or ():
        yield from _lowest_regions(child, path, address)


def _with_districts(region: Region) -> Region:
    """Return a region with two districts of two streets each below its cities."""
    if region.children:
        return Region(id=region.id, name=region.name, children=tuple(map(_with_districts, region.children)))
    return _with_children(region, _DISTRICTS, _STREETS)


def _with_children(region: Region, names: tuple[str, ...], *below: tuple[str, ...]) -> Region:
    children = []
    for number, name in enumerate(names, 1):
        child = Region(id=(region.id or 0) * 10 + number, name=name)
        children.append(_with_children(child, *below) if below else child)
    return Region(id=region.id, name=region.name, children=tuple(children))
