"""One live server for all of these tests; each gets a world of its own on it."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from chaobiao_mock import MockServer
from tests.jrhsz.platform import Platform


@pytest.fixture(scope="session")
def jrhsz_server() -> Iterator[MockServer]:
    """A mock on a free loopback port."""
    with MockServer() as server:
        yield server


@pytest.fixture(scope="session")
def raw_http() -> Iterator[httpx.Client]:
    """What raw requests are sent with."""
    with httpx.Client(verify=False, trust_env=False) as http:
        yield http


@pytest.fixture
async def platform(jrhsz_server: MockServer, raw_http: httpx.Client, colour: str) -> AsyncIterator[Platform]:
    """A platform in a world of its own, with clients of both colours in turn."""
    made = Platform(jrhsz_server, raw_http, colour)
    yield made
    await made.close()


@pytest.fixture
async def raw(jrhsz_server: MockServer, raw_http: httpx.Client) -> AsyncIterator[Platform]:
    """The same for tests that send raw requests only, where colours make no difference."""
    made = Platform(jrhsz_server, raw_http, "sync")
    yield made
    await made.close()
