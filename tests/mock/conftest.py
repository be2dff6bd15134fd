"""A small world on the live mock, for tests that send their requests by hand."""

from collections.abc import Callable

import httpx
import pytest

from chaobiao_mock import World
from tests.harness.mock_server import LiveMock


@pytest.fixture
def mock(live_mock: Callable[..., LiveMock]) -> LiveMock:
    """A world of ten made-up meters that enforces no intervals."""
    made = live_mock("jrhsz", meters=10)
    made.restart(paced="no")
    return made


@pytest.fixture
def world(mock: LiveMock) -> World:
    """The world itself."""
    return mock.world


@pytest.fixture(scope="session")
def http(raw_http: httpx.Client) -> httpx.Client:
    """What requests are sent with."""
    return raw_http


@pytest.fixture
def body(mock: LiveMock) -> dict[str, str]:
    """Token and account of a login that the journal does not show."""
    found = mock.session()
    mock.world.journal.clear()
    return found


@pytest.fixture
def mock_http(mock: LiveMock, http: httpx.Client) -> httpx.Client:
    """What requests to a fresh world are sent with."""
    return http
