"""A server of the energy API that returns what a test says, and the client that asks it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import attrs
import httpx

from chaobiao import EnergyManager, VirtualClock

#: What stands for a response in which nothing is wrong and nothing is returned.
OK = {"Err_No": "0", "Err_Msg": "ok"}


def data(found: Any, **more: Any) -> dict[str, Any]:
    """Return an envelope with data."""
    return {**OK, "Data": found, **more}


@attrs.define
class EnergyServer:
    """Returns its responses one after another, the last one again and again; logins set a cookie."""

    responses: list[Any]
    cookies: tuple[str, ...] = ("sessionid=c2Vzc2lvbi0x; Path=/",)
    login: Any = attrs.field(factory=lambda: dict(OK))
    requests: list[httpx.Request] = attrs.field(factory=list)
    logins: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/api/auth":
            self.logins += 1
            return httpx.Response(200, json=self.login, headers=[("Set-Cookie", cookie) for cookie in self.cookies])
        self.requests.append(request)
        found = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    @property
    def sent(self) -> dict[str, Any]:
        """The arguments of the newest request, from its query or its body."""
        request = self.requests[-1]
        if request.content:
            found: dict[str, Any] = json.loads(request.content)
            return found
        return dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))


@contextmanager
def energy_client(*responses: Any, **options: Any) -> Iterator[tuple[EnergyManager, EnergyServer]]:
    """A client of a server that returns these responses; ``server=`` brings one of the test's own."""
    server = options.pop("server", None) or EnergyServer(list(responses) or [OK])
    options = {"base_url": "http://127.0.0.1", "clock": VirtualClock(), **options}
    with (
        httpx.Client(transport=httpx.MockTransport(server)) as http,
        EnergyManager("zhangwei", "Energy2019", http_client=http, **options) as client,
    ):
        yield client, server
