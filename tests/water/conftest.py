"""One live server for all of these tests; each gets a world of its own on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from chaobiao import VirtualClock
from chaobiao_mock import MockServer, WorldSettings
from chaobiao_mock.clock import WorldClock
from tests.water.waterworks import BEGAN, Waterworks, close


@pytest.fixture(scope="session")
def water_server() -> Iterator[MockServer]:
    """A mock on a free loopback port."""
    with MockServer() as server:
        yield server


@pytest.fixture(scope="session")
def raw_http() -> Iterator[httpx.Client]:
    """What raw requests are sent with."""
    with httpx.Client(verify=False, trust_env=False) as http:
        yield http


@pytest.fixture
async def found(
    water_server: MockServer, raw_http: httpx.Client, colour: str
) -> AsyncIterator[Callable[..., Waterworks]]:
    """Make a world and a client for it: ``found(meters=60, quirks=[WaterQuirks(...)])``; clients are closed at the end.

    Its time stands at BEGAN until somebody moves it.
    """
    made: list[Waterworks] = []

    def make(meters: int = 60, **settings: Any) -> Waterworks:
        world = water_server.world
        world.settings = WorldSettings(meters, **settings)
        world.clock = WorldClock(VirtualClock(BEGAN))
        world.reset()
        made.append(Waterworks(water_server, raw_http, colour))
        return made[-1]

    yield make
    for works in made:
        await close(works.client)


@pytest.fixture
async def works(found: Callable[..., Waterworks]) -> Waterworks:
    """A world of sixty made-up devices, for both colours in turn."""
    return found()
