"""What all tests share: an environment without settings, and clients of both colours over a scripted server."""

import os
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.sdk.driver import Driver

COLOURS = ("sync", "async")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own settings out of the tests."""
    for name in list(os.environ):
        if name.startswith("CHAOBIAO_"):
            monkeypatch.delenv(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests in both colours, and those that only ask the server under test in one: half of them get each."""
    test = metafunc.definition
    if "colour" in metafunc.fixturenames and "colour" not in {
        mark.args[0] for mark in test.iter_markers("parametrize")
    }:
        one = [COLOURS[zlib.crc32(test.name.encode()) % 2]] if test.get_closest_marker("one_colour") else COLOURS
        metafunc.parametrize("colour", one, indirect=True)


@pytest.fixture
def colour(request: pytest.FixtureRequest) -> str:
    """The colour of a test's clients: "sync" or "async"."""
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
