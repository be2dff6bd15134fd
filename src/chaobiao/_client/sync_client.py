"""The sync driver: performs the effects that a call asks for, and nothing else."""

import threading
from typing import Any, Generic, Self, TypeVar, Unpack

from chaobiao._call.dialect import Dialect
from chaobiao._call.effects import Detach, Effects, Transmit, Wait
from chaobiao._call.options import ClientOptions, Options
from chaobiao._call.run import log_in, log_out, run_call
from chaobiao._client.base import BaseClient, Transport, make_context, secret_of, uses_pyreqwest
from chaobiao._client.http import HttpClient, SyncHttp
from chaobiao._client.listing import Listing
from chaobiao._client.transport import SyncTransport
from chaobiao._contract.operation import Operation, Page, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock
from chaobiao.errors import ChaobiaoError

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D", bound=Dialect)


class Client(BaseClient[SyncTransport], Generic[D]):
    """What the sync clients of all families have in common. Safe to share between threads.

    ``transport="pyreqwest"`` sends the requests by pyreqwest, which takes less CPU time (``pip install
    "chaobiao[fast]"``); it excludes ``http_client``. Keyword arguments beside the named ones are :class:`Options`.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        dialect: D | None = None,
        clock: Clock | None = None,
        http_client: HttpClient | None = None,
        transport: Transport = "httpx",
        **options: Unpack[ClientOptions],
    ) -> None:
        self._open(base_url, None, None, dialect, clock, http_client, transport, options)

    def _open(
        self,
        base_url: str | None,
        username: str | None,
        password: Secret | None,
        dialect: Dialect | None,
        clock: Clock | None,
        http_client: HttpClient | None,
        transport: Transport,
        options: ClientOptions,
    ) -> None:
        used = dialect or self._dialect_type()
        self._context = make_context(used, base_url, username, password, clock, Options(**options))
        self._http = _transport(transport, self._context.base_url, http_client)
        self._owner = True
        #: Renewals under way, of this client and its copies.
        self._background: set[threading.Thread] = set()
        self._bind()

    def send(self, operation: Operation[T]) -> T:
        """Send one operation and return what the server returned."""
        return self._drive(run_call(self._context, operation))

    def iterate(self, operation: RowsOperation[R]) -> Listing[R]:
        """Return the rows of an operation as a lazy iterable over all its pages."""
        return Listing[R](self._page, operation, self._context.decode.numbering)

    def _page(self, operation: RowsOperation[R]) -> Page[R]:
        return self.send(operation)

    def _drive(self, effects: Effects[T]) -> T:
        self._refuse_if_closed()
        reply: Any = None
        try:
            while True:
                effect = effects.send(reply)
                reply = None
                if isinstance(effect, Transmit):
                    reply = self._http.transmit(effect)
                elif isinstance(effect, Wait):
                    effect.waiter.wait(effect.seconds)
                    self._refuse_if_closed()  # a wait may be long
                elif isinstance(effect, Detach):
                    self._detach(effect)
        except StopIteration as end:
            value: T = end.value
            return value
        finally:
            effects.close()

    def _detach(self, effect: Detach[Any]) -> None:
        thread = threading.Thread(
            target=self._drive_quietly, args=(effect.effects,), name="chaobiao-renewal", daemon=True
        )
        self._background.add(thread)
        try:
            thread.start()
        except RuntimeError:  # no thread can be had: the token is still good, and renewed when it must be
            self._background.discard(thread)
            effect.effects.close()

    def _drive_quietly(self, effects: Effects[Any]) -> None:
        try:
            self._drive(effects)
        except ChaobiaoError:
            # The exchange has told the session and the hooks; callers go on with the token they have.
            return
        finally:
            self._background.discard(threading.current_thread())

    def close(self) -> None:
        """Close the connections. Copies made by ``with_options`` share them and close nothing."""
        if not self._owner or self._http.closed:
            return
        self._http.close()
        for thread in list(self._background):  # its next request is refused, so it ends soon
            thread.join(timeout=5.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AccountClient(Client[D]):
    """A client of a family whose calls need a login."""

    def __init__(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        base_url: str | None = None,
        dialect: D | None = None,
        clock: Clock | None = None,
        http_client: HttpClient | None = None,
        transport: Transport = "httpx",
        **options: Unpack[ClientOptions],
    ) -> None:
        secret = secret_of(password)
        del password  # so that no traceback shows it
        self._open(base_url, username, secret, dialect, clock, http_client, transport, options)

    def login(self) -> None:
        """Log in now. Calls log in by themselves; this is for checking the account, or for a head start."""
        self._drive(log_in(self._context))

    def _log_out(self, operation: Operation[Any]) -> None:
        self._drive(log_out(self._context, operation))


def _transport(name: Transport, base_url: str, http_client: HttpClient | None) -> SyncTransport:
    """Return what a sync client sends its requests with."""
    if uses_pyreqwest(name, http_client):
        from chaobiao._client.pyreqwest_http import SyncPyreqwest  # an extra that few clients ask for

        return SyncPyreqwest(base_url)
    return SyncHttp(base_url, http_client)
