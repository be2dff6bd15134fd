"""The sync driver: performs the effects an exchange asks for, and nothing clever."""

import threading
from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from chaobiao._call.call import log_in, run_call
from chaobiao._call.dialect import Dialect
from chaobiao._call.effects import Context, Detach, Effects, Transmit, Wait
from chaobiao._call.options import Options
from chaobiao._client.base import changed, make_context
from chaobiao._client.http import HttpClient, SyncHttp
from chaobiao._client.listing import Listing
from chaobiao._contract.operation import Operation, Page, RowsOperation
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock
from chaobiao.errors import ChaobiaoError, ClientClosed

T = TypeVar("T")
R = TypeVar("R")


class Client:
    """What the sync clients of all families have in common. Safe to share between threads."""

    _dialect_type: ClassVar[type[Dialect]]

    def __init__(self, context: Context, http: SyncHttp, owner: bool = True) -> None:
        self._context = context
        self._http = http
        self._owner = owner
        self._background: set[threading.Thread] = set()
        self._bind()

    def _bind(self) -> None:
        """Make the namespaces (generated)."""

    @classmethod
    def _make(
        cls,
        *,
        dialect: Dialect,
        base_url: str | None,
        username: str | None,
        password: Secret | None,
        clock: Clock | None,
        http_client: HttpClient | None,
        options: Options,
    ) -> tuple[Context, SyncHttp]:
        context = make_context(dialect, base_url, username, password, clock, options)
        return context, SyncHttp(context.base_url, http_client)

    def send(self, operation: Operation[T]) -> T:
        """Send one operation and answer what the server answered."""
        return self._drive(run_call(self._context, operation))

    def iterate(self, operation: RowsOperation[R]) -> Listing[R]:
        """Answer the rows of an operation as a lazy iterable over all its pages."""
        return Listing[R](self._page, operation)

    def _page(self, operation: RowsOperation[R]) -> Page[R]:
        return self.send(operation)

    def _log_in(self) -> None:
        self._drive(log_in(self._context))

    def _copy(self, changes: Mapping[str, Any]) -> Self:
        copy = type(self).__new__(type(self))
        Client.__init__(copy, changed(self._context, changes), self._http, owner=False)
        copy._background = self._background  # whoever closes the connections waits for all who use them
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
                    reply = self._http.transmit(effect.request, effect.timeout, effect.max_bytes)
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
        """How often answers had fields that are unreadable or unknown: ``("Meter", "unreadable", "gate")`` → count."""
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
        if not hasattr(self, "_context"):  # its making failed, and somebody looks at the pieces
            return f"<{type(self).__name__}, unfinished>"
        credentials = self._context.credentials
        account = f" as {credentials.username}" if credentials else ""
        return f"<{type(self).__name__} at {self._context.base_url}{account}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a client cannot be pickled: make one in each process / 客户端不能被序列化，请在各进程中新建")
