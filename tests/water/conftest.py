"""The water API's worlds on the live mock."""

from collections.abc import Callable

import pytest

from tests.harness.mock_server import LiveMock
from tests.water.rows import BEGAN


@pytest.fixture
def mock(live_mock: Callable[..., LiveMock], client_kind: str) -> LiveMock:
    """A world of sixty made-up devices, for sync and async clients in turn; its time stands at BEGAN."""
    return live_mock("water", client_kind, meters=60, start=BEGAN)


@pytest.fixture
def raw(live_mock: Callable[..., LiveMock]) -> LiveMock:
    """The same for tests that send requests by hand only."""
    return live_mock("water", meters=60, start=BEGAN)
