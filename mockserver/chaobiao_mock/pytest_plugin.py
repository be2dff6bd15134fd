"""The pytest plugin: a world for each test, a live server, and clients of all families.

pytest loads this module in every project where the package is installed, so it imports nothing until a fixture is used.
"""

import itertools
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chaobiao import (
        AsyncEnergyManager,
        AsyncJrhsz,
        AsyncWaterQuery,
        EnergyManager,
        Jrhsz,
        VirtualClock,
        WaterQuery,
    )
    from chaobiao_mock import LiveWorld, MockServer, World

_MARKER = (
    "chaobiao(meters=200, seed=1, start=None, quirks={}, faults=[]): what the world of the fixtures chaobiao_world and "
    "chaobiao_server is like / 设置 chaobiao_world 与 chaobiao_server 的模拟环境"
)
#: How many calls the report of a failed test shows.
_SHOWN = 30
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the newest calls that the world of a failed test has seen."""
    report = yield
    world = getattr(item, "funcargs", {}).get("chaobiao_world")
    if report.failed and call.when == "call" and world is not None:
        from chaobiao_mock.console import text_line

        calls = [*world.journal][-_SHOWN:]
        report.sections.append(("chaobiao-mock calls", "\n".join(text_line("", entry) for entry in calls) or "none"))
    return report


def _wish(request: pytest.FixtureRequest) -> Any:
    from chaobiao_mock.live_world import wish_of

    marks = [*request.node.iter_markers("chaobiao")]
    if any(mark.args for mark in marks):
        raise pytest.UsageError(
            "the marker chaobiao takes named arguments only / 标记 chaobiao 只接受具名参数，例如 meters=50"
        )
    try:
        return wish_of([mark.kwargs for mark in marks])
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture
def chaobiao_clock(request: pytest.FixtureRequest) -> "VirtualClock":
    """The virtual clock of the test's world and clients: waits pass at once, and ``advance()`` moves it."""
    from chaobiao import VirtualClock

    try:
        return VirtualClock(_wish(request).first_time())
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture
def chaobiao_world(request: pytest.FixtureRequest, chaobiao_clock: "VirtualClock") -> "World":
    """A world of the test's own, as the marker ``chaobiao`` describes it, on a virtual clock."""
    try:
        world: World = _wish(request).world(chaobiao_clock)
    except ValueError as error:
        raise pytest.UsageError(f"@pytest.mark.chaobiao: {error}") from None
    return world


@pytest.fixture(scope="session")
def _chaobiao_mock_server() -> "Iterator[MockServer]":
    """The one live server of the session; each test has a world of its own on it."""
    from chaobiao_mock import MockServer, World, WorldSettings

    with MockServer(World(WorldSettings(meters=0))) as server:
        yield server


@pytest.fixture
def chaobiao_server(
    request: pytest.FixtureRequest,
    _chaobiao_mock_server: "MockServer",
    chaobiao_world: "World",
    chaobiao_clock: "VirtualClock",
) -> "Iterator[LiveWorld]":
    """The test's world on a live server: ``url`` for any program, ``environment`` for those that read variables."""
    from chaobiao_mock.live_world import LiveWorld

    name = f"{re.sub('[^A-Za-z0-9_.-]', '-', request.node.name)[:50].strip('-._') or 'test'}-{next(_numbers)}"
    _chaobiao_mock_server.worlds.add(name, chaobiao_world)
    yield LiveWorld(f"{_chaobiao_mock_server.url}/w/{name}", chaobiao_world, chaobiao_clock)
    if _chaobiao_mock_server.worlds.find(name) is not None:  # the test may have deleted it
        _chaobiao_mock_server.worlds.delete(name)


def _settings(server: "LiveWorld", name: str) -> dict[str, Any]:
    """Return the settings of a client: where the world is, its clock, and the account that always exists."""
    family = next(each for each in server.world.families if each.name == name)
    settings: dict[str, Any] = {"base_url": server.url, "clock": server.clock}
    if family.account is not None:
        settings["username"], settings["password"] = family.account
    return settings


def _async_settings(server: "LiveWorld", name: str) -> dict[str, Any]:
    """Return the settings of an async client.

    Its connections end with each request, so that nothing is open when the test's event loop ends: the fixture works
    with every plugin for async tests, and with ``asyncio.run``.
    """
    import httpx

    limits = httpx.Limits(max_keepalive_connections=0)
    http = httpx.AsyncClient(limits=limits, verify=False, trust_env=False)  # noqa: S501  # plain http on this machine
    return {**_settings(server, name), "http_client": http}


@pytest.fixture
def chaobiao_jrhsz(chaobiao_server: "LiveWorld") -> "Iterator[Jrhsz]":
    """A client of the prepaid platform, on the test's world."""
    from chaobiao import Jrhsz

    with Jrhsz(**_settings(chaobiao_server, "jrhsz")) as client:
        yield client


@pytest.fixture
def chaobiao_water(chaobiao_server: "LiveWorld") -> "Iterator[WaterQuery]":
    """A client of the water query API, on the test's world."""
    from chaobiao import WaterQuery

    with WaterQuery(**_settings(chaobiao_server, "water")) as client:
        yield client


@pytest.fixture
def chaobiao_energy(chaobiao_server: "LiveWorld") -> "Iterator[EnergyManager]":
    """A client of the energy management API, on the test's world."""
    from chaobiao import EnergyManager

    with EnergyManager(**_settings(chaobiao_server, "energy")) as client:
        yield client


@pytest.fixture
def async_chaobiao_jrhsz(chaobiao_server: "LiveWorld") -> "AsyncJrhsz":
    """An async client of the prepaid platform, on the test's world."""
    from chaobiao import AsyncJrhsz

    return AsyncJrhsz(**_async_settings(chaobiao_server, "jrhsz"))


@pytest.fixture
def async_chaobiao_water(chaobiao_server: "LiveWorld") -> "AsyncWaterQuery":
    """An async client of the water query API, on the test's world."""
    from chaobiao import AsyncWaterQuery

    return AsyncWaterQuery(**_async_settings(chaobiao_server, "water"))


@pytest.fixture
def async_chaobiao_energy(chaobiao_server: "LiveWorld") -> "AsyncEnergyManager":
    """An async client of the energy management API, on the test's world."""
    from chaobiao import AsyncEnergyManager

    return AsyncEnergyManager(**_async_settings(chaobiao_server, "energy"))
