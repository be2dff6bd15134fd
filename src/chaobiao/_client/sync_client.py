"""The sync driver: performs the effects that a call asks for, and nothing else."""

import threading
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar, Unpack

from chaobiao._call.dialect import Dialect
from chaobiao._call.effects import Context, Detach, Effects, Transmit, Wait
from chaobiao._call.options import ClientOptions, Options
from chaobiao._call.run import log_in, run_call
from chaobiao._client.base import changed, make_context, secret_of
from chaobiao._client.http import HttpClient, SyncHttp
from chaobiao._client.listing import Listing
from chaobiao._contract.operation import Operation, Page, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock
from chaobiao.errors import ChaobiaoError, ClientClosed

T = TypeVar("T")
R = TypeVar("R")
D = TypeVar("D", bound=Dialect)


class Client(Generic[D]):
    """What the sync clients of all families have in common. Safe to share between threads.

    Keyword arguments beside the named ones are :class:`Options`.
    """

    _dialect_type: ClassVar[type[Dialect]]

    def __init__(
        self,
        *,
        base_url: str | None = None,
        dialect: D | None = None,
        clock: Clock | None = None,
        http_client: HttpClient | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._open(base_url, None, None, dialect, clock, http_client, options)

    def _open(
        self,
        base_url: str | None,
        username: str | None,
        password: Secret | None,
        dialect: Dialect | None,
        clock: Clock | None,
        http_client: HttpClient | None,
        options: ClientOptions,
    ) -> None:
        used = dialect or self._dialect_type()
        context = make_context(used, base_url, username, password, clock, Options(**options))
        self._share(context, SyncHttp(context.base_url, http_client), set(), owner=True)

    def _share(self, context: Context, http: SyncHttp, background: "set[threading.Thread]", *, owner: bool) -> None:
        self._context = context
        self._http = http
        self._owner = owner
        self._background = background  # renewals under way, of this client and its copies
        self._bind()

    def _bind(self) -> None:
        """Make the namespaces (generated)."""

    def send(self, operation: Operation[T]) -> T:
        """Send one operation and return what the server returned."""
        return self._drive(run_call(self._context, operation))

    def iterate(self, operation: RowsOperation[R]) -> Listing[R]:
        """Return the rows of an operation as a lazy iterable over all its pages."""
        return Listing[R](self._page, operation)

    def _page(self, operation: RowsOperation[R]) -> Page[R]:
        return self.send(operation)

    def with_options(self, **changes: Unpack[ClientOptions]) -> Self:
        """Return a copy with some options changed. It shares the login, the pacing and the connections."""
        copy = type(self).__new__(type(self))
        copy._share(changed(self._context, changes), self._http, self._background, owner=False)
        return copy

    def _refuse_if_closed(self) -> None:
        if self._http.closed:
            raise ClientClosed("the client is closed", "客户端已关闭")

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

    @property
    def oddities(self) -> Mapping[tuple[str, str, str], int]:
        """How often fields were unreadable or unknown: ``("Meter", "unreadable", "gate")`` → count."""
        return dict(self._context.decode.oddities)

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

    def __repr__(self) -> str:
        if not hasattr(self, "_context"):  # a half-built client, in a traceback
            return f"<{type(self).__name__}, unfinished>"
        credentials = self._context.credentials
        account = f" as {credentials.username}" if credentials else ""
        return f"<{type(self).__name__} at {self._context.base_url}{account}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a client cannot be pickled: make one in each process / 客户端不能被序列化，请在各进程中新建")


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
        **options: Unpack[ClientOptions],
    ) -> None:
        secret = secret_of(password)
        del password  # so that no traceback shows it
        self._open(base_url, username, secret, dialect, clock, http_client, options)

    def login(self) -> None:
        """Log in now. Calls log in by themselves; this is for checking the account, or for a head start."""
        self._drive(log_in(self._context))
