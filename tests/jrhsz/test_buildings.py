"""Buildings, addresses, rooms, residents: the same people by every way in."""

import pytest

from chaobiao.jrhsz import Address, Building, Resident
from tests.jrhsz.platform import Platform

pytestmark = pytest.mark.one_colour

DOCUMENTED = [
    Resident(user_code="2022040001", user_name="101", house_number="101"),
    Resident(user_code="2022040002", user_name="102"),
]


async def test_buildings_are_the_documented_ones_and_the_estate_s(platform: Platform) -> None:
    """The sample's five buildings come first, then as many as the estate needs: 50 residents each."""
    platform.begin(meters=220)
    buildings = await platform.client().rows("buildings.list")
    assert buildings[:5] == [
        Building(name="一栋电", build_code="gzfh-1-d"),
        Building(name="二栋电", build_code="gzfh-2-d"),
        Building(name="三栋水", build_code="gzfh-3-s"),
        Building(name="四栋水", build_code="gzfh-4-s"),
        Building(name="测试", build_code="gzfh"),
    ]
    assert [building.build_code for building in buildings[5:]] == ["demo-1", "demo-2", "demo-3"]


async def test_residents_of_a_building(platform: Platform) -> None:
    """The sample's building has the sample's residents and no others."""
    assert await platform.client().rows("residents.list", build_code="gzfh-1-d") == DOCUMENTED


async def test_residents_of_all_buildings_are_everybody_once(platform: Platform) -> None:
    """Building by building and all at once are the same residents."""
    platform.begin(meters=220)
    client = platform.client()
    everybody = await client.rows("residents.list")
    by_building = []
    for building in await client.rows("buildings.list"):
        by_building += await client.rows("residents.list", build_code=building.build_code)
    codes = [resident.user_code for resident in everybody]
    assert len(codes) == len(set(codes)) == 6 + 110
    assert sorted(codes) == sorted(resident.user_code for resident in by_building)


async def test_a_building_that_does_not_exist_is_empty(platform: Platform) -> None:
    """An unknown building code finds nobody and no address."""
    client = platform.client()
    assert await client.rows("residents.list", build_code="no-such") == []
    assert await client.rows("addresses.list", build_code="no-such") == []


@pytest.mark.parametrize("build_code", ["gzfh-1-d", "一栋"])
async def test_addresses_of_a_building(platform: Platform, build_code: str) -> None:
    """The sample's addresses are found by the building's code and by the short name that the sample shows."""
    assert await platform.client().rows("addresses.list", build_code=build_code) == [
        Address(address="一栋一层", build_code="一栋"),
        Address(address="一栋二层", build_code="一栋"),
        Address(address="一栋三层", build_code="一栋"),
    ]


async def test_rooms_at_an_address(platform: Platform) -> None:
    """The sample's address has the sample's rooms; the floor above has none."""
    client = platform.client()
    assert await client.rows("addresses.rooms", "一栋一层") == DOCUMENTED
    assert await client.rows("addresses.rooms", "一栋二层") == []


async def test_rooms_at_an_address_in_a_building(platform: Platform) -> None:
    """The building narrows it, by code or by short name; another building has no such address."""
    client = platform.client()
    assert await client.rows("addresses.rooms", "一栋一层", build_code="gzfh-1-d") == DOCUMENTED
    assert await client.rows("addresses.rooms", "一栋一层", build_code="一栋") == DOCUMENTED
    assert await client.rows("addresses.rooms", "一栋一层", build_code="gzfh") == []
    assert await client.rows("addresses.rooms", "7栋", build_code="一栋") == []


async def test_rooms_of_all_addresses_are_the_building_s_residents(platform: Platform) -> None:
    """Address by address and building by building are the same residents, the last room included."""
    platform.begin(meters=131)
    client = platform.client()
    for build_code, count in (("demo-1", 50), ("demo-2", 16)):
        rooms: list[Resident] = []
        for address in await client.rows("addresses.list", build_code=build_code):
            rooms += await client.rows("addresses.rooms", address.address, build_code=build_code)
        assert rooms == await client.rows("residents.list", build_code=build_code)
        assert len(rooms) == count
