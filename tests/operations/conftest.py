"""A server on a real socket, and a client of it."""

import threading
from collections.abc import Iterator

import pytest

from tests.operations.plant import Plant, Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free loopback port."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[Plant]:
    with Plant(base_url=server.url) as found:
        yield found
