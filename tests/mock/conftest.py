"""One live mock for these tests, begun anew for each."""

from collections.abc import Iterator

import httpx
import pytest

from chaobiao import VirtualClock
from chaobiao_mock import JrhszQuirks, MockServer, World
from chaobiao_mock.world import WorldSettings


@pytest.fixture(scope="session")
def mock_server() -> Iterator[MockServer]:
    """A mock on a free loopback port that enforces no intervals."""
    world = World(WorldSettings(meters=10, quirks=[JrhszQuirks(paced="no")]), VirtualClock())
    with MockServer(world) as server:
        yield server


@pytest.fixture(scope="session")
def http(mock_server: MockServer) -> Iterator[httpx.Client]:
    """Raw requests to it."""
    with httpx.Client(base_url=mock_server.url, verify=False, trust_env=False) as client:
        yield client


@pytest.fixture
def world(mock_server: MockServer) -> World:
    """Its world, begun anew."""
    mock_server.world.reset()
    return mock_server.world


@pytest.fixture
def body(world: World, http: httpx.Client) -> dict[str, str]:
    """Token and account of a login."""
    answer = http.post("/user/login", json={"admin_user_name": "khcs", "api_password": "123456"}).json()
    world.journal.clear()
    return {"token": answer["data"], "admin_user_name": "khcs"}
