"""A live mock on a real socket under a virtual clock; every test gets a world and a time of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import attrs
import pytest

from chaobiao_mock import JrhszQuirks, MockServer, World
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.world import WorldSettings
from tests.live.people import Place, WatchedClock


@pytest.fixture(scope="session")
def live() -> Iterator[MockServer]:
    """The one server of all tests; its world is made anew for each."""
    with MockServer(World(WorldSettings(meters=20))) as server:
        yield server


@pytest.fixture
def clock() -> WatchedClock:
    """The time that server and clients share."""
    return WatchedClock()


@pytest.fixture
async def settle(live: MockServer, clock: WatchedClock) -> AsyncIterator[Callable[..., Place]]:
    """Make a world: ``settle(login_paced="no")`` answers a place to connect to; clients are closed at the end."""
    places: list[Place] = []

    def make(**quirks: Any) -> Place:
        live.world.settings = attrs.evolve(live.world.settings, quirks=[JrhszQuirks(**quirks)])
        live.world.clock = WorldClock(clock)
        live.world.reset()
        places.append(Place(live.url, live.world, clock))
        return places[-1]

    yield make
    for place in places:
        await place.close()


@pytest.fixture
async def place(settle: Callable[..., Place]) -> Place:
    """A world as the documents describe it."""
    return settle()
