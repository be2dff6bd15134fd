"""Worlds with an account whose name and password nothing else shares, so that a leak of either is seen."""

from collections.abc import Callable

import pytest

from tests.harness.clients import TRANSPORTS
from tests.harness.mock_server import LiveMock
from tests.live.calls import PASSWORD, USERNAME, admit


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """What the clients send their requests with."""
    return str(request.param)


def _world(live_mock: Callable[..., LiveMock], client_kind: str, transport: str) -> LiveMock:
    return live_mock("jrhsz", client_kind, account=(USERNAME, PASSWORD), prepare=admit, transport=transport)


@pytest.fixture
def mock(live_mock: Callable[..., LiveMock], client_kind: str, transport: str) -> LiveMock:
    """A world as the documents describe it, for sync and async clients in turn."""
    return _world(live_mock, client_kind, transport)


@pytest.fixture
def sync_mock(live_mock: Callable[..., LiveMock], transport: str) -> LiveMock:
    """The same for tests that need sync clients."""
    return _world(live_mock, "sync", transport)


@pytest.fixture
def async_mock(live_mock: Callable[..., LiveMock], transport: str) -> LiveMock:
    """The same for tests that need async clients."""
    return _world(live_mock, "async", transport)
