"""The energy management API's worlds on the live mock."""

from collections.abc import Callable

import pytest

from chaobiao import EnergyManager
from tests.energy.names import BEGAN
from tests.harness.mock_server import LiveMock


@pytest.fixture
def mock(live_mock: Callable[..., LiveMock], client_kind: str) -> LiveMock:
    """A world with the documented rows and twenty made-up meters, for sync and async clients in turn."""
    return live_mock("energy", client_kind, meters=20, start=BEGAN)


@pytest.fixture
def raw(live_mock: Callable[..., LiveMock]) -> LiveMock:
    """The same for tests that use one sync client, or send requests by hand."""
    return live_mock("energy", meters=20, start=BEGAN)


@pytest.fixture
def energy(raw: LiveMock) -> EnergyManager:
    """A sync client of ``raw``."""
    client: EnergyManager = raw.client(client_kind="sync").client
    return client
