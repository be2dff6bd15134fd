"""Regions are a tree of any depth."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chaobiao.water import Region
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.harness.mock_server import LiveMock

pytestmark = pytest.mark.single_client


def walk(regions: Any, depth: int = 1) -> Iterator[tuple[int, Region]]:
    """Yield every region with its depth."""
    for region in regions or ():
        yield depth, region
        yield from walk(region.children, depth + 1)


async def test_the_documented_tree_has_provinces_and_cities(mock: LiveMock) -> None:
    """Two provinces of two cities each arrive as records; a city has no children at all."""
    roots = await mock.rows("regions.list")
    assert [(depth, region.id, region.name) for depth, region in walk(roots)] == [
        (1, 1212, "山东省"),
        (2, 1215, "烟台市"),
        (2, 1217, "青岛市"),
        (1, 2212, "湖南省"),
        (2, 2215, "长沙市"),
        (2, 2217, "湘潭市"),
    ]
    assert roots[0].children[0].children is None


async def test_a_deeper_tree_filters_at_every_depth(mock: LiveMock) -> None:
    """With districts and streets, each region finds exactly what those below it find."""
    mock.restart(meters=400, regions="deep")
    regions = list(walk(await mock.rows("regions.list")))
    assert max(depth for depth, _ in regions) == 4
    assert len({region.id for _, region in regions}) == len(regions) == 2 + 4 + 8 + 16
    found_in = {region.id: {*await mock.rows("flows.list", region_id=region.id)} for _, region in regions}
    assert any(found_in[region.id] for depth, region in regions if depth == 4)
    for _, region in regions:
        if region.children:
            made_up = {flow for flow in found_in[region.id] if flow.user_name != "张三"}
            assert made_up == set().union(*(found_in[child.id] for child in region.children)) - (
                found_in[region.id] - made_up
            )
    # The documented user lives in a city, not in one of its districts.
    assert {"张三"} == {flow.user_name for flow in found_in[1215]} & {"张三"}
    assert "张三" not in {flow.user_name for child in (12151, 12152) for flow in found_in[child]}


@pytest.mark.parametrize("depth", [1, 2, 40])
async def test_any_depth_is_read(connect: Callable[..., ClientUnderTest], depth: int) -> None:
    """A chain of regions of any length arrives whole; null and an empty list both end it."""
    region: dict[str, Any] = {"id": depth, "name": f"第{depth}级", "children": [] if depth % 2 else None}
    for level in range(depth - 1, 0, -1):
        region = {"id": level, "name": f"第{level}级", "children": [region]}
    roots = await connect(FakeServer({"data": [region]}), "water").rows("regions.list")
    assert [(level, region.id, region.name) for level, region in walk(roots)] == [
        (level, level, f"第{level}级") for level in range(1, depth + 1)
    ]
