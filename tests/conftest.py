"""What all tests share: an environment without settings, and clients of both kinds over fake and live servers."""

import os
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

pytest.register_assert_rewrite("tests.harness")

from chaobiao._call import state  # noqa: E402  # imported with rewritten asserts
from chaobiao._families import family as find_family  # noqa: E402  # imported with rewritten asserts
from chaobiao_mock import MockServer  # noqa: E402
from tests.harness.clients import CLIENT_KINDS, ClientUnderTest, over_fake_server  # noqa: E402
from tests.harness.mock_server import LiveMock  # noqa: E402


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own settings out of the tests."""
    for name in list(os.environ):
        if name.startswith("CHAOBIAO_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_states() -> None:
    """Forget the sessions of earlier tests: the system may give their servers' ports to other servers."""
    with state._lock:
        state._by_clock.clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with sync and async clients; those marked single_client with one, half of them with each."""
    test = metafunc.definition
    if "client_kind" in metafunc.fixturenames and "client_kind" not in {
        mark.args[0] for mark in test.iter_markers("parametrize")
    }:
        single = test.get_closest_marker("single_client")
        kinds = [CLIENT_KINDS[zlib.crc32(test.name.encode()) % 2]] if single else CLIENT_KINDS
        metafunc.parametrize("client_kind", kinds, indirect=True)


@pytest.fixture
def client_kind(request: pytest.FixtureRequest) -> str:
    """The kind of a test's clients: "sync" or "async"."""
    return str(request.param)


@pytest.fixture
async def connect(client_kind: str) -> AsyncIterator[Callable[..., ClientUnderTest]]:
    """Make clients over a fake server: ``connect(server, "water", **options)``; of the first family by default."""
    clients: list[ClientUnderTest] = []

    def make(server: Any, family: str | None = None, **options: Any) -> ClientUnderTest:
        clients.append(over_fake_server(client_kind, server, family, **options))
        return clients[-1]

    yield make
    for client in clients:
        await client.close_all()


@pytest.fixture(scope="session")
def mock_server() -> Iterator[MockServer]:
    """The one live mock server of all tests; each test gives it a new world."""
    with MockServer() as server:
        yield server


@pytest.fixture(scope="session")
def raw_http(mock_server: MockServer) -> Iterator[httpx.Client]:
    """What requests by hand are sent with."""
    with httpx.Client(base_url=mock_server.url, verify=False, trust_env=False) as http:
        yield http


@pytest.fixture
async def live_mock(mock_server: MockServer, raw_http: httpx.Client) -> AsyncIterator[Callable[..., LiveMock]]:
    """Make a world on the live server: ``live_mock("water", client_kind, meters=60)``; its clients are closed."""
    made: list[LiveMock] = []

    def make(family: str, client_kind: str = "sync", **settings: Any) -> LiveMock:
        made.append(LiveMock(mock_server, raw_http, find_family(family), client_kind, **settings))
        return made[-1]

    yield make
    for mock in made:
        await mock.close()
