"""The mock as a live server on a real socket: in the foreground, or in a thread for tests."""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from chaobiao_mock.app import create_app
from chaobiao_mock.world import World


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the caller decides how it ends."""

    def __init__(self, config: uvicorn.Config, app: Starlette, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._on_started = on_started
        self._told: asyncio.Event | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.stopping.set()
        await super().shutdown(sockets)

    async def main_loop(self) -> None:
        """Tick once a second until told to stop: a server for each test must not take its time to end."""
        while not await self.on_tick(0) and self._told is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1.0)

    def stop(self) -> None:
        """End soon; callable from any thread and from signal handlers."""
        self.should_exit = True
        if self._told is not None:
            with suppress(RuntimeError):  # the loop is closed: it has ended
                self._loop.call_soon_threadsafe(self._told.set)


def bind(host: str, port: int) -> socket.socket:
    """Bind a listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for sockets that say they are TCP; with it, each response takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    """The URL of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _unexpected(record: logging.LogRecord) -> bool:
    """Keep responses that are cut off on purpose out of the log."""
    return "returned without completing response" not in record.getMessage()


def _make(world: World, on_started: Callable[[], None], admin_token: str | None = None) -> _Server:
    app = create_app(world, admin_token=admin_token)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        loop="asyncio",
        http="h11",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    logging.getLogger("uvicorn.error").addFilter(_unexpected)
    return _Server(config, app, on_started)


def serve(
    world: World, listener: socket.socket, on_started: Callable[[], None], admin_token: str | None = None
) -> None:
    """Serve in the foreground until SIGTERM or Ctrl-C."""
    server = _make(world, on_started, admin_token)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class MockServer:
    """A live mock on a free loopback port, in a thread of its own::

        with MockServer() as server:
            client = Jrhsz("khcs", "123456", base_url=server.url)

    ``world`` is its state: look at it, move its clock, add faults. ``admin_token`` opens its own endpoints to callers
    on other machines that know it.
    """

    def __init__(
        self, world: World | None = None, host: str = "127.0.0.1", port: int = 0, *, admin_token: str | None = None
    ) -> None:
        self.world = world or World()
        self._listener = bind(host, port)
        self.url = url_of(self._listener)
        self._started = threading.Event()
        self._server = _make(self.world, self._started.set, admin_token)
        self._thread = threading.Thread(target=self._run, name="chaobiao-mock", daemon=True)
        self._failure: BaseException | None = None

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._listener]))
        except BaseException as error:  # noqa: BLE001  # raised again in start()
            self._failure = error
        finally:
            self._started.set()

    def start(self) -> Self:
        """Start serving; returns when the server responds."""
        self._thread.start()
        self._started.wait(10)
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Stop serving and close the socket."""
        self._server.stop()
        if self._thread.ident is not None:  # it may never have been started
            self._thread.join(10)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
