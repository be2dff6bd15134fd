"""A world on the live mock server for one test, with clients of it and raw requests to it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
import httpx

from chaobiao import SHANGHAI
from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Operation, Page
from chaobiao._contract.upload import Upload
from chaobiao._wire.json_text import write_json
from chaobiao_mock import Fault, MockServer, World
from chaobiao_mock.journal import Entry
from chaobiao_mock.world import WorldSettings
from tests.harness.clients import ClientUnderTest, account_of
from tests.harness.concurrency import WatchedClock
from tests.harness.wire_formats import format_of


def at(text: str) -> datetime:
    """Return a time in China Standard Time, such as "2023-04-22 10:31:53"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class LiveMock:
    """The live server with a world that one test has for itself, used as one family.

    ``meters`` and ``start`` are the world's unless :meth:`restart` says otherwise; ``prepare`` is called after each
    restart; ``account`` is the one that clients use, ``transport`` what they send their requests with.
    """

    def __init__(
        self,
        server: MockServer,
        http: httpx.Client,
        family: Family,
        client_kind: str,
        *,
        meters: int = 20,
        start: datetime | None = None,
        account: tuple[str, str] | None = None,
        prepare: Callable[["LiveMock"], None] = lambda _: None,
        transport: str = "httpx",
    ) -> None:
        self.url = server.url
        self.world: World = server.world
        self.family = family
        self.client_kind = client_kind
        self._http = http
        self._meters, self._start = meters, start
        self._account = account or account_of(family.name)
        self._prepare = prepare
        self._transport = transport
        self._clients: list[ClientUnderTest] = []
        self._plain: ClientUnderTest | None = None
        self.restart()

    # --- the world ---

    def restart(
        self, *, meters: int | None = None, start: datetime | None = None, seed: int = 1, **quirks: Any
    ) -> None:
        """Restart with a new world and a new clock; ``quirks`` are the family's."""
        #: The time that the world and the clients share.
        self.clock = WatchedClock()
        kind = next(each.quirks for each in self.world.families if each.family is self.family)
        self.world.base_clock = self.clock
        self.world.reset(
            WorldSettings(
                meters=self._meters if meters is None else meters,
                seed=seed,
                start=start or self._start,
                quirks=[kind(**quirks)],
            )
        )
        self._http.cookies.clear()
        self._plain = None
        self._prepare(self)

    @property
    def state(self) -> Any:
        """The family's state in the world."""
        return self.world.states[self.family.name]

    def set_quirks(self, **changes: Any) -> None:
        """Change quirks from here on; the world's state stays as it is."""
        self.state.quirks = attrs.evolve(self.state.quirks, **changes)

    @property
    def now(self) -> datetime:
        """The world's time, in whole seconds as servers write them."""
        return self.world.clock.now().replace(microsecond=0)

    def advance(self, span: timedelta) -> None:
        """Let time pass for the world and the clients."""
        self.clock.advance(span.total_seconds())

    def add_fault(self, operation: Kind | Operation[Any], kind: Any, **facts: Any) -> None:
        """Let the next calls of an operation go wrong."""
        self.world.faults.add(Fault(operation.spec.path, kind, **facts))

    # --- what the server has seen ---

    def entries(self, method: str, account: str | None = None) -> list[Entry]:
        """Return the journal's entries for a client method, of one account if asked; faults hide the account."""
        return [entry for entry in self.world.journal.of(method) if account is None or entry.account in (account, "")]

    def codes(self, method: str) -> list[int]:
        """Return the codes that the server has returned, in order."""
        return [entry.code for entry in self.entries(method)]

    def times(self, method: str, account: str | None = None) -> list[float]:
        """Return when the server has seen the calls, in seconds."""
        return [entry.at for entry in self.entries(method, account)]

    # --- clients ---

    def client(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        client_kind: str | None = None,
        **options: Any,
    ) -> ClientUnderTest:
        """Make a client, of the test's kind and account unless told otherwise; it is closed when the test ends."""
        settings: dict[str, Any] = {"base_url": self.url, "clock": self.clock, **options}
        if "http_client" not in options:
            settings.setdefault("transport", self._transport)
        if self._account is not None:
            settings["username"] = username or self._account[0]
            settings["password"] = password or self._account[1]
        made = ClientUnderTest(client_kind or self.client_kind, self.family.name, **settings)
        self._clients.append(made)
        return made

    @property
    def plain_client(self) -> ClientUnderTest:
        """A client without options, the same one until the world restarts."""
        if self._plain is None:
            self._plain = self.client()
        return self._plain

    async def rows(self, method: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Return every row of a list."""
        return await self.plain_client.rows(method, *args, **kwargs)

    async def pages(self, method: str, /, **kwargs: Any) -> list[Page[Any]]:
        """Return every page of a list."""
        return await self.plain_client.pages(method, **kwargs)

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients:
            await client.close()

    # --- raw requests ---

    def operation(self, method: str) -> Kind:
        """Return the operation of a client method."""
        return next(kind for kind in self.family.operations if kind.spec.call == method)

    def request(self, kind: Kind, arguments: Mapping[str, Any] | None = None, **how: Any) -> httpx.Response:
        """Send an operation's request by hand: in the query of a GET, in a form if there is a file, else as JSON."""
        if arguments is not None:
            files = {name: value for name, value in arguments.items() if isinstance(value, Upload)}
            if files:
                how["data"] = {name: str(value) for name, value in arguments.items() if name not in files}
                how["files"] = {name: (file.filename, file.content, file.content_type) for name, file in files.items()}
            elif kind.spec.method == "GET":
                how["params"] = dict(arguments)
            else:
                how |= {"content": write_json(arguments), "headers": {"content-type": "application/json"}}
        return self._http.request(kind.spec.method, self.url + kind.spec.path, **how)

    def envelope(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Send a client method's request by hand, and return the whole JSON of the response."""
        response = self.request(self.operation(method), arguments)
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        return found

    def post(self, path: str, body: Mapping[str, Any] | None = None, **how: Any) -> dict[str, Any]:
        """Post JSON by hand, and return the whole JSON of the response."""
        response = self.http("POST", path, **({"json": body} if body is not None else {}), **how)
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        return found

    def http(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send any request by hand."""
        return self._http.request(method, self.url + path, **how)

    def log_in(self, username: str | None = None, password: str | None = None) -> httpx.Response:
        """Log in by hand."""
        assert self._account is not None
        login = self.family.login
        assert login is not None
        names = [field.name for field in fields_of(login)]
        account = (username or self._account[0], password or self._account[1])
        return self.request(login, dict(zip(names, account, strict=True)))

    def session(self, username: str | None = None, password: str | None = None) -> dict[str, Any]:
        """Log in by hand, and return what later requests carry; nothing for a family without logins."""
        if not self.family.has_account:
            return {}
        return format_of(self.family).session_arguments(self.log_in(username, password))

    def no_session(self) -> dict[str, Any]:
        """Log out by hand, by forgetting: return what later requests carry, which is nothing."""
        self._http.cookies.clear()
        return {}

    def authorised(self, **arguments: Any) -> dict[str, Any]:
        """Log in by hand, and return these arguments beside what the login gave."""
        return {**self.session(), **arguments}
