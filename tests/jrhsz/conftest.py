"""The prepaid platform's worlds on the live mock."""

from collections.abc import Callable

import pytest

from tests.harness.mock_server import LiveMock


@pytest.fixture
def mock(live_mock: Callable[..., LiveMock], client_kind: str) -> LiveMock:
    """A world of twenty made-up meters, for sync and async clients in turn."""
    return live_mock("jrhsz", client_kind)


@pytest.fixture
def raw(live_mock: Callable[..., LiveMock]) -> LiveMock:
    """The same for tests that send requests by hand only."""
    return live_mock("jrhsz")
