"""What all tests share: an environment without settings, and clients of both colours over a scripted server."""

import os
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.sdk.driver import Driver


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own settings out of the tests."""
    for name in list(os.environ):
        if name.startswith("CHAOBIAO_"):
            monkeypatch.delenv(name)


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest) -> str:
    """Run the same test body for both colours."""
    return str(request.param)


@pytest.fixture
async def connect(colour: str) -> AsyncIterator[Callable[..., Driver]]:
    """Make clients over a fake server: ``connect(server, family="jrhsz", **options)``."""
    drivers: list[Driver] = []

    def make(server: Any, family: str = "jrhsz", **options: Any) -> Driver:
        drivers.append(Driver(colour, family, server, **options))
        return drivers[-1]

    yield make
    for driver in drivers:
        await driver.close_all()
