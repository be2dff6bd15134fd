"""Buildings, addresses, rooms, residents: every way to them finds the same residents."""

import pytest

from chaobiao.jrhsz import Resident
from tests.harness.mock_server import LiveMock
from tests.harness.samples import plain, sample_named

pytestmark = pytest.mark.single_client

DOCUMENTED = sample_named("jrhsz", "addresses.rooms").content["records"]


async def test_buildings_are_the_documented_ones_and_those_of_the_fleet(mock: LiveMock) -> None:
    """The sample's five buildings come first, then as many as the fleet needs: one for 50 residents."""
    mock.restart(meters=220)
    buildings = await mock.client().rows("buildings.list")
    assert len(buildings) == 8
    assert [building.build_code for building in buildings[5:]] == ["demo-1", "demo-2", "demo-3"]


async def test_residents_of_a_building(mock: LiveMock) -> None:
    """The sample's building has the sample's residents and no others."""
    found = await mock.client().rows("residents.list", build_code="gzfh-1-d")
    assert plain(tuple(found)) == DOCUMENTED


async def test_residents_of_all_buildings_are_all_residents_once(mock: LiveMock) -> None:
    """Building by building and all at once are the same residents."""
    mock.restart(meters=220)
    client = mock.client()
    residents = await client.rows("residents.list")
    by_building = []
    for building in await client.rows("buildings.list"):
        by_building += await client.rows("residents.list", build_code=building.build_code)
    codes = [resident.user_code for resident in residents]
    assert len(codes) == len(set(codes)) == 6 + 110
    assert sorted(codes) == sorted(resident.user_code for resident in by_building)


async def test_a_building_that_does_not_exist_is_empty(mock: LiveMock) -> None:
    """An unknown building code finds no resident and no address."""
    client = mock.client()
    assert await client.rows("residents.list", build_code="no-such") == []
    assert await client.rows("addresses.list", build_code="no-such") == []


@pytest.mark.parametrize("build_code", ["gzfh-1-d", "一栋"])
async def test_addresses_of_a_building(mock: LiveMock, build_code: str) -> None:
    """The sample's addresses are found by the building's code and by the short name that the sample shows."""
    found = await mock.client().rows("addresses.list", build_code=build_code)
    assert plain(tuple(found)) == sample_named("jrhsz", "addresses.list").content["records"]


async def test_rooms_at_an_address(mock: LiveMock) -> None:
    """The sample's address has the sample's rooms; the floor above has none."""
    client = mock.client()
    assert plain(tuple(await client.rows("addresses.rooms", "一栋一层"))) == DOCUMENTED
    assert await client.rows("addresses.rooms", "一栋二层") == []


async def test_rooms_at_an_address_in_a_building(mock: LiveMock) -> None:
    """The building narrows the address, by code or by short name; another building has no such address."""
    client = mock.client()
    for build_code in ("gzfh-1-d", "一栋"):
        found = await client.rows("addresses.rooms", "一栋一层", build_code=build_code)
        assert plain(tuple(found)) == DOCUMENTED
    assert await client.rows("addresses.rooms", "一栋一层", build_code="gzfh") == []
    assert await client.rows("addresses.rooms", "7栋", build_code="一栋") == []


async def test_rooms_of_all_addresses_are_the_residents_of_the_building(mock: LiveMock) -> None:
    """Address by address and building by building are the same residents, the last room included."""
    mock.restart(meters=131)
    client = mock.client()
    for build_code, count in (("demo-1", 50), ("demo-2", 16)):
        rooms: list[Resident] = []
        for address in await client.rows("addresses.list", build_code=build_code):
            rooms += await client.rows("addresses.rooms", address.address, build_code=build_code)
        assert rooms == await client.rows("residents.list", build_code=build_code)
        assert len(rooms) == count
