"""The tree of regions, and which of them lie below which."""

from collections.abc import Iterator
from typing import Final

import attrs

from chaobiao.water import Region
from chaobiao_mock.water import documented

_DISTRICTS: Final = ("东区", "西区")
_STREETS: Final = ("第一街道", "第二街道")


@attrs.frozen
class Leaf:
    """A region with none below it, where people live: its number, the way to it, and both in words."""

    id: int
    path: tuple[int, ...]
    address: str


class RegionTree:
    """The regions of one world: the documented provinces and cities, or with districts and streets below them."""

    def __init__(self, *, deep: bool) -> None:
        self.roots = tuple(_deepened(root) for root in documented.REGIONS) if deep else documented.REGIONS
        self.leaves = [leaf for root in self.roots for leaf in _leaves(root, (), "")]

    def within(self, region: int) -> frozenset[int]:
        """The places, as positions among the leaves, that are the region or lie below it."""
        return frozenset(place for place, leaf in enumerate(self.leaves) if region in leaf.path)

    def holds(self, region: int, place: int | None) -> bool:
        """Whether ``place`` is the region or lies below it."""
        return any(place in leaf.path and region in leaf.path[: leaf.path.index(place) + 1] for leaf in self.leaves)


def _leaves(region: Region, above: tuple[int, ...], address: str) -> Iterator[Leaf]:
    assert region.id is not None  # noqa: S101  # documented and made-up regions all have one
    path, address = (*above, region.id), address + (region.name or "")
    if not region.children:
        yield Leaf(region.id, path, address)
    for child in region.children or ():
        yield from _leaves(child, path, address)


def _deepened(region: Region) -> Region:
    """The same region with two districts of two streets each below its cities."""
    if region.children:
        return Region(id=region.id, name=region.name, children=tuple(_deepened(child) for child in region.children))
    return _with_below(region, _DISTRICTS, _STREETS)


def _with_below(region: Region, names: tuple[str, ...], *below: tuple[str, ...]) -> Region:
    children = []
    for number, name in enumerate(names, 1):
        child = Region(id=(region.id or 0) * 10 + number, name=name)
        children.append(_with_below(child, *below) if below else child)
    return Region(id=region.id, name=region.name, children=tuple(children))
