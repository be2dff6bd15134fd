"""The recorder as a live server in front of the live mock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from chaobiao_mock import MockServer
from chaobiao_mock.record.proxy import create_proxy
from chaobiao_mock.record.recorder import Recorder
from chaobiao_mock.serving import bind, url_of


class Current:
    """Stands for the recorder of the test that runs."""

    recorder: Recorder

    def now(self) -> float:
        """Ask the recorder."""
        return self.recorder.now()

    def add(self, **call: Any) -> None:
        """Tell the recorder."""
        self.recorder.add(**call)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application in a thread; yield its URL."""
    listener = bind("127.0.0.1", 0)
    started = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert started.wait(10)
    yield url_of(listener)
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="session")
def proxy(mock_server: MockServer) -> Iterator[tuple[str, Current]]:
    """The URL of a recorder in front of the mock, and what chooses its recorder."""
    current: Any = Current()
    with serving(create_proxy(mock_server.url, current)) as url:
        yield url, current


@pytest.fixture
def recorded(proxy: tuple[str, Current]) -> Callable[[Recorder], str]:
    """Let the calls of this test be kept by a recorder; returns the URL to send them to."""

    def use(recorder: Recorder) -> str:
        proxy[1].recorder = recorder
        return proxy[0]

    return use
