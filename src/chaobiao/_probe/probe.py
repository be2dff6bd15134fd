"""A probe: a few reads of a server, at the documented intervals, and what its responses show."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from itertools import chain
from typing import Any, Final
from urllib.parse import urlsplit

import attrs
import httpx

from chaobiao._call.dialect import Dialect
from chaobiao._contract.family import Family, Kind
from chaobiao._contract.operation import Effect, Operation
from chaobiao._contract.secret import Secret
from chaobiao._probe.exchange import Exchange, find_operation, read_arguments
from chaobiao._probe.findings import Finding, Observer, find
from chaobiao.clock import SHANGHAI, SYSTEM_CLOCK, Clock
from chaobiao.errors import ChaobiaoError

#: How much more than the documented interval a call by hand waits, in seconds.
_MARGIN: Final = 1.0


@attrs.frozen
class Account:
    """Where a probe goes, and with which credentials; what is ``None`` comes from the environment."""

    base_url: str | None = None
    username: str | None = None
    password: Secret | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen
class Result:
    """What a probe has seen, how many requests it sent, and the error that ended it early, if one did."""

    findings: Sequence[Finding]
    requests: int
    stopped_by: ChaobiaoError | None = None
    #: Calls that failed, with their errors.
    failed: Sequence[tuple[str, ChaobiaoError]] = ()


def observers_of(family: Family) -> tuple[Observer, ...]:
    """Return the observers of a family."""
    found: tuple[Observer, ...] = import_module(f"chaobiao._probe.{family.name}").OBSERVERS
    return found


def probe(family: Family, account: Account, clock: Clock | None = None) -> Result:
    """Send the calls of a family's plan and return what was seen. Sends no writing operation."""
    with httpx.Client(follow_redirects=False) as http:
        running = _Probe(family, account, clock or SYSTEM_CLOCK, http)
        stopped_by = running.run()
    findings = find(family, observers_of(family), running.exchanges)
    return Result(findings, len(running.exchanges), stopped_by, running.failed)


class _Probe:
    """A probe that is under way. Its calls go through a client, which keeps the intervals."""

    def __init__(self, family: Family, account: Account, clock: Clock, http: httpx.Client) -> None:
        self.exchanges: list[Exchange] = []
        self.failed: list[tuple[str, ChaobiaoError]] = []
        self._family, self._account, self._clock, self._http = family, account, clock, http
        http.event_hooks = {"response": [self._record]}
        self._clients: dict[Dialect, Any] = {}
        dialect: Any = family.dialect
        self.dialect: Dialect = dialect()
        self._base_url = self._client()._context.base_url
        self._prefix = urlsplit(self._base_url).path

    def run(self) -> ChaobiaoError | None:
        """Send the calls; return the error that makes further calls pointless."""
        plan: Callable[[Any], Any] = import_module(f"chaobiao._probe.{self._family.name}").plan
        steps = plan(self)
        first = next(steps)  # what a plan sends without a session comes before its first operation
        if self._family.has_account:
            try:
                self._client().login()
            except ChaobiaoError as error:
                return error
        for operation in chain([first], steps):
            self._send(operation)
        return None

    def _client(self) -> Any:
        client = self._clients.get(self.dialect)
        if client is None:
            account = self._account
            credentials: dict[str, Any] = {}
            if self._family.has_account:
                password = None if account.password is None else account.password.reveal()
                credentials = {"username": account.username, "password": password}
            client = self._clients[self.dialect] = getattr(import_module("chaobiao"), self._family.client)(
                **credentials,
                base_url=account.base_url,
                dialect=self.dialect,
                clock=self._clock,
                http_client=self._http,
                headers=dict(account.headers),
            )
        return client

    def _send(self, operation: Operation[Any]) -> None:
        _refuse_writes(operation)
        try:
            self._client().send(operation)
        except ChaobiaoError as error:
            self.failed.append((operation.spec.call, error))

    def _record(self, response: httpx.Response) -> None:
        request = response.request
        text = response.read().decode("utf-8", "replace")
        path = request.url.path.removeprefix(self._prefix)
        kind = find_operation(self._family, request.method, path)
        if kind is not None:
            query = request.url.query.decode()
            content_type = request.headers.get("content-type", "")
            self.exchanges.append(
                Exchange(
                    kind=kind,
                    verb=request.method,
                    arguments=read_arguments(request.method, query, content_type, request.read()),
                    in_query=bool(query),
                    content_type=content_type,
                    at=self._clock.monotonic(),
                    status=response.status_code,
                    headers=tuple(response.headers.multi_items()),
                    text=text,
                )
            )

    # --- what plans use ---

    def now(self) -> datetime:
        return self._clock.now().astimezone(SHANGHAI)

    def newest(self, operation: Kind, time: str) -> Mapping[str, Any] | None:
        rows = [row for each in self.exchanges if each.kind is operation for row in each.rows("data")]
        good = [row for row in rows if isinstance(row.get("tableNo"), str) and len(str(row.get(time))) == 19]
        return max(good, key=lambda row: str(row[time]), default=None)

    def session(self) -> str:
        logins = (each for each in reversed(self.exchanges) if each.kind is self._family.login)
        data = next((each.envelope.get("data") for each in logins), None)
        return data if isinstance(data, str) else ""

    def log_in(self) -> None:
        with suppress(ChaobiaoError):
            self._client().login()

    def send_by_hand(self, operation: Operation[Any], token: str = "") -> None:
        _refuse_writes(operation)
        interval = self._family.interval_of(type(operation))
        if interval is not None:
            self._clock.sleep(interval + _MARGIN)
        arguments = next((each.arguments for each in self.exchanges if each.kind is self._family.login), {})
        username = arguments.get("admin_user_name")
        request = self.dialect.request(operation, username, Secret(token) if token else None)
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        with suppress(httpx.HTTPError):  # what it would have shown is then not seen
            self._http.request(
                request.method, self._base_url + request.target, content=request.content, headers=headers
            )


def _refuse_writes(operation: Operation[Any]) -> None:
    """Raise an error for anything but a read: a plan that has one is a mistake."""
    if operation.spec.effect is not Effect.READ:
        raise AssertionError(f"{operation.spec.call} is no read")
