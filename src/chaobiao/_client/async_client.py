"""The async driver: performs the effects that a call asks for, and nothing else."""

import asyncio
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack

from chaobiao._call.dialect import Dialect
from chaobiao._call.effects import Detach, Effects, Transmit, Wait
from chaobiao._call.options import ClientOptions, Options
from chaobiao._call.run import log_in, run_call
from chaobiao._client.base import BaseClient, Transport, async_transport, make_context, secret_of
from chaobiao._client.http import AsyncHttpClient
from chaobiao._client.listing import AsyncListing
from chaobiao._client.transport import AsyncTransport
from chaobiao._contract.checks import refuse
from chaobiao._contract.operation import Operation, Page, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock
from chaobiao.errors import ChaobiaoError, ConfigurationError

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D", bound=Dialect)


class AsyncClient(BaseClient[AsyncTransport], Generic[D]):
    """What the async clients of all families have in common. Use one in one event loop.

    ``max_rate`` caps the requests a second of this client, bursts allowed. ``transport="pyreqwest"`` sends the
    requests by pyreqwest, which takes less CPU time (``pip install "chaobiao[fast]"``); it excludes ``http_client``.
    Keyword arguments beside the named ones are :class:`Options`.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        dialect: D | None = None,
        clock: Clock | None = None,
        http_client: AsyncHttpClient | None = None,
        transport: Transport = "httpx",
        max_rate: float | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._open(base_url, None, None, dialect, clock, http_client, transport, max_rate, options)

    def _open(
        self,
        base_url: str | None,
        username: str | None,
        password: Secret | None,
        dialect: Dialect | None,
        clock: Clock | None,
        http_client: AsyncHttpClient | None,
        transport: Transport,
        max_rate: float | None,
        options: ClientOptions,
    ) -> None:
        used = dialect or self._dialect_type()
        self._context = make_context(used, base_url, username, password, clock, Options(**options))
        self._http = async_transport(transport, self._context.base_url, http_client)
        self._limiter = _limiter(max_rate)
        self._owner = True
        #: Renewals under way, of this client and its copies.
        self._background: set[asyncio.Task[Any]] = set()
        self._bind()

    async def send(self, operation: Operation[T]) -> T:
        """Send one operation and return what the server returned."""
        return await self._drive(run_call(self._context, operation))

    def iterate(self, operation: RowsOperation[R]) -> AsyncListing[R]:
        """Return the rows of an operation as a lazy iterable over all its pages."""
        return AsyncListing[R](self._page, operation)

    async def _page(self, operation: RowsOperation[R]) -> Page[R]:
        return await self.send(operation)

    async def _drive(self, effects: Effects[T]) -> T:
        self._refuse_if_closed()
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "an async client works in asyncio's event loop; under trio, use the sync client in a thread",
                "异步客户端只能在 asyncio 事件循环中使用；在 trio 中请在线程里使用同步客户端",
                argument="event loop",
            ) from None
        self._http.prepare()
        reply: Any = None
        try:
            while True:
                effect = effects.send(reply)
                reply = None
                if isinstance(effect, Transmit):
                    reply = await self._http.transmit(effect)
                elif isinstance(effect, Wait):
                    await effect.waiter.wait_async(effect.seconds)
                    self._refuse_if_closed()  # a wait may be long
                elif isinstance(effect, Detach):
                    self._detach(effect)
                elif self._limiter is not None:
                    reply = await self._admit(self._limiter, effect.seconds)
                    self._refuse_if_closed()
        except StopIteration as end:
            value: T = end.value
            return value
        finally:
            effects.close()

    @staticmethod
    async def _admit(limiter: "AsyncLimiter", seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await limiter.acquire()
        except TimeoutError:
            return False
        return True

    def _detach(self, effect: Detach[Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._drive_quietly(effect.effects))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _drive_quietly(self, effects: Effects[Any]) -> None:
        try:
            await self._drive(effects)
        except ChaobiaoError:
            # The exchange has told the session and the hooks; callers go on with the token they have.
            return

    async def aclose(self) -> None:
        """Close the connections. Copies made by ``with_options`` share them and close nothing."""
        if not self._owner or self._http.closed:
            return
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncAccountClient(AsyncClient[D]):
    """An async client of a family whose calls need a login."""

    def __init__(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        base_url: str | None = None,
        dialect: D | None = None,
        clock: Clock | None = None,
        http_client: AsyncHttpClient | None = None,
        transport: Transport = "httpx",
        max_rate: float | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        secret = secret_of(password)
        del password  # so that no traceback shows it
        self._open(base_url, username, secret, dialect, clock, http_client, transport, max_rate, options)

    async def login(self) -> None:
        """Log in now. Calls log in by themselves; this is for checking the account, or for a head start."""
        await self._drive(log_in(self._context))


def _limiter(max_rate: float | None) -> "AsyncLimiter | None":
    if max_rate is None:
        return None
    if isinstance(max_rate, bool) or not max_rate > 0:
        raise refuse("max_rate", "a number of requests per second greater than zero", "大于零的每秒请求数", max_rate)
    from aiolimiter import AsyncLimiter  # only a client with a cap pays for its import

    return AsyncLimiter(max_rate, 1.0) if max_rate >= 1 else AsyncLimiter(1, 1.0 / max_rate)
