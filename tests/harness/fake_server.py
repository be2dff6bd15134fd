"""A scripted server behind httpx.MockTransport."""

import inspect
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from chaobiao._families import families
from tests.harness.wire_formats import format_of

#: What a server does with a request: return JSON, text, bytes or a whole response, or fail with an exception.
Reply = dict[str, Any] | str | bytes | httpx.Response | Exception | Callable[[httpx.Request], Any]

#: The reply to a login that stands for its family's documented success.
LOGGED_IN: Final[Any] = object()
#: The families' logins by verb and path, with their documented successes.
_LOGINS: Final = {
    (family.login.spec.method, family.login.spec.path): format_of(family).login
    for family in families()
    if family.login is not None
}


class FakeServer:
    """Gives each request the next reply, and the last one to all that follow.

    Logins get ``login`` instead: the documented success, another reply, or (``None``) the same as other requests.
    """

    def __init__(self, *replies: Reply, login: Reply | None = LOGGED_IN) -> None:
        self._replies = list(replies)
        self._login = login
        #: Every request but logins, and the logins.
        self.requests: list[httpx.Request] = []
        self.logins: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> Any:
        if self._login is not None and (documented := _login_reply(request)) is not None:
            self.logins.append(request)
            return respond(documented if self._login is LOGGED_IN else self._login, request)
        self.requests.append(request)
        return respond(self._replies.pop(0) if len(self._replies) > 1 else self._replies[0], request)

    @property
    def arguments(self) -> list[dict[str, Any]]:
        """What each request but logins carried."""
        return [arguments_of(request) for request in self.requests]


def _login_reply(request: httpx.Request) -> Any:
    """Return the documented success of a login, if the request is one."""
    for (method, path), reply in _LOGINS.items():
        if request.method == method and request.url.path.endswith(path):
            return reply
    return None


def arguments_of(request: httpx.Request) -> dict[str, Any]:
    """Return what a request carries: its query, and the JSON object or the form in its body."""
    found: dict[str, Any] = dict(request.url.params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        found |= json.loads(request.content)
    elif kind.startswith("application/x-www-form-urlencoded"):
        found |= dict(parse_qsl(request.content.decode()))
    return found


def respond(reply: Any, request: httpx.Request) -> Any:
    """Turn a reply into a response, or raise it."""
    if isinstance(reply, Exception):
        raise reply
    if isinstance(reply, dict | list):
        return httpx.Response(200, content=json.dumps(reply, ensure_ascii=False).encode())
    if isinstance(reply, str | bytes):
        return httpx.Response(200, content=reply)
    if callable(reply):
        found = reply(request)
        return found if inspect.isawaitable(found) else respond(found, request)
    # A response can be read once only: each request gets its own.
    return httpx.Response(reply.status_code, content=reply.content, headers=reply.headers)
