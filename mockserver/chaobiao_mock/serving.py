"""The mock as a live server on a real socket: in the foreground, or in a thread for tests."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Any, Self

import attrs
import uvicorn
from starlette.applications import Starlette

from chaobiao_mock.app import Listener, create_app
from chaobiao_mock.state_file import StateFile
from chaobiao_mock.world import World
from chaobiao_mock.worlds import Worlds


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the caller decides how it ends."""

    def __init__(
        self, config: uvicorn.Config, app: Starlette, on_started: Callable[[], None], state_file: StateFile | None
    ) -> None:
        super().__init__(config)
        self._state_file = state_file
        self._app = app
        self._on_started = on_started
        self._stop_requested: asyncio.Event | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._stop_requested = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)
        if self._state_file is not None:
            self._state_file.begin(self._app.state.worlds)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.stopping.set()
        await super().shutdown(sockets)
        if self._state_file is not None:
            await self._state_file.end(self._app.state.worlds)

    async def main_loop(self) -> None:
        """Tick once a second until a stop is requested: a server in a test must stop without delay."""
        while not await self.on_tick(0) and self._stop_requested is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_requested.wait(), 1.0)

    def stop(self) -> None:
        """Request a stop; any thread and any signal handler may call this."""
        self.should_exit = True
        if self._stop_requested is not None:
            with suppress(RuntimeError):  # the loop is closed: the server has stopped
                self._loop.call_soon_threadsafe(self._stop_requested.set)


def _http_protocol() -> type[asyncio.Protocol]:
    """Return uvicorn's protocol (httptools where it is installed, else h11) that shows faults the connection."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Protocol(AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # which class it is depends on what is installed
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}

    return Protocol


def bind(host: str, port: int) -> socket.socket:
    """Bind a listening socket; port 0 chooses a free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio disables Nagle's algorithm, which delays responses by 40 ms, only for sockets with TCP as their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket, scheme: str = "http") -> str:
    """Return the URL of a bound socket."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@attrs.frozen(kw_only=True)
class ServerSettings:
    """How a server is reached, and what is told of its calls.

    ``admin_token`` opens the mock's own endpoints to callers on other machines that send it, ``cors`` the families'
    endpoints to web pages of these origins; with ``certfile`` (and ``keyfile``) it serves https. ``state_file`` keeps
    all worlds across restarts.
    """

    admin_token: str | None = attrs.field(default=None, repr=False)
    cors: Collection[str] = ()
    certfile: str | None = None
    keyfile: str | None = None
    on_call: Listener | None = None
    state_file: StateFile | None = None

    @property
    def scheme(self) -> str:
        """The scheme of its URL."""
        return "https" if self.certfile else "http"


def _is_unintended(record: logging.LogRecord) -> bool:
    """Tell whether a log record is about anything but a response that a fault cuts off."""
    return "callable returned without" not in record.getMessage()


def _app_of(world: World, settings: ServerSettings) -> Starlette:
    """Make the application of a world, with the other worlds that are kept in a file."""
    app = create_app(world, admin_token=settings.admin_token, on_call=settings.on_call, cors=settings.cors)
    if settings.state_file is not None:
        settings.state_file.load(app.state.worlds)
    return app


def _make_server(
    app: Starlette, on_started: Callable[[], None], settings: ServerSettings, *, lifespan: bool = False
) -> _Server:
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on" if lifespan else "off",
        http=_http_protocol(),
        ws="none",
        timeout_graceful_shutdown=2,
        ssl_certfile=settings.certfile,
        ssl_keyfile=settings.keyfile,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_unintended)
    return _Server(config, app, on_started, settings.state_file)


def _run(server: _Server, listener: socket.socket) -> None:
    """Serve until the server stops, on uvloop where it is installed, else on asyncio's own loop."""
    try:
        loop_factory = import_module("uvloop").new_event_loop
    except ImportError:
        loop_factory = None
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(server.serve(sockets=[listener]))


def serve(
    world: World,
    listener: socket.socket,
    on_started: Callable[[], None],
    settings: ServerSettings | None = None,
) -> None:
    """Serve in the foreground until SIGTERM or Ctrl-C. Raises ``ValueError`` for a state file that cannot be used."""
    settings = settings or ServerSettings()
    serve_app(_app_of(world, settings), listener, on_started, settings)


def serve_app(
    app: Starlette,
    listener: socket.socket,
    on_started: Callable[[], None],
    settings: ServerSettings | None = None,
    *,
    lifespan: bool = False,
) -> None:
    """Serve an application in the foreground until SIGTERM or Ctrl-C; ``lifespan`` is whether it has one."""
    server = _make_server(app, on_started, settings or ServerSettings(), lifespan=lifespan)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _run(server, listener)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class MockServer:
    """A live mock on a free loopback port, in a thread of its own::

        with MockServer() as server:
            client = Jrhsz("khcs", "123456", base_url=server.url)

    ``world`` is its state: read it, move its clock, add faults. With ``admin_token``, callers on other machines that
    send this token may use the mock's own endpoints. Web pages of the origins in ``cors`` may call the families'
    endpoints; with ``certfile`` (and ``keyfile``) it serves https. ``on_call`` is called after each call, with the name
    of the world and the call. ``state_file`` keeps all worlds across restarts.
    """

    def __init__(
        self,
        world: World | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        admin_token: str | None = None,
        cors: Collection[str] = (),
        certfile: str | None = None,
        keyfile: str | None = None,
        on_call: Listener | None = None,
        state_file: StateFile | str | os.PathLike[str] | None = None,
    ) -> None:
        kept = state_file if state_file is None or isinstance(state_file, StateFile) else StateFile(state_file)
        settings = ServerSettings(
            admin_token=admin_token, cors=cors, certfile=certfile, keyfile=keyfile, on_call=on_call, state_file=kept
        )
        self.world = world or World()
        self._started = threading.Event()
        self._listener = bind(host, port)
        self.url = url_of(self._listener, settings.scheme)
        try:
            app = _app_of(self.world, settings)
            self._worlds: Worlds = app.state.worlds
            self._server = _make_server(app, self._started.set, settings)
        except BaseException:
            self._listener.close()
            raise
        self._thread = threading.Thread(target=self._run, name="chaobiao-mock", daemon=True)
        self._failure: BaseException | None = None

    def _run(self) -> None:
        try:
            _run(self._server, self._listener)
        except BaseException as error:  # noqa: BLE001  # raised again in start()
            self._failure = error
        finally:
            self._started.set()

    @property
    def worlds(self) -> Worlds:
        """The worlds that it serves: ``world``, and those below ``/w/NAME``."""
        return self._worlds

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
        if self._thread.ident is not None:  # it may not have been started
            self._thread.join(10)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
