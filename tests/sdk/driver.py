"""One test body for both colours: a scripted server, and a client that is always awaited."""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Iterator
from operator import attrgetter
from typing import Any

import httpx

import chaobiao

USERNAME = "khcs"
PASSWORD = "123456"
TOKEN = "eyJhZG1pbl91c2VyX25hbWUiOiJraGNzIiwiYXBpX3Bhc3N3b3JkIjoiMTIzNDU2IiwidGltZSI6MTY4MDc3MzI4N30="
BASE_URLS = {"jrhsz": "https://prepaid.example", "water": "https://water.example"}

#: What a server does with a request: answer JSON, text, bytes or a whole response, or fail with an exception.
Reply = dict[str, Any] | str | bytes | httpx.Response | Exception | Callable[[httpx.Request], Any]

LOGGED_IN: Reply = {"code": 200, "data": TOKEN, "msg": "登录成功"}


class FakeServer:
    """Answers each request with the next reply, the last one for ever; logins apart, with ``login`` (None: alike)."""

    def __init__(self, *replies: Reply, login: Reply | None = LOGGED_IN) -> None:
        self._replies = list(replies)
        self._login = login
        #: Every request but logins, and the logins.
        self.requests: list[httpx.Request] = []
        self.logins: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> Any:
        if request.url.path.endswith("/user/login") and self._login is not None:
            self.logins.append(request)
            return respond(self._login, request)
        self.requests.append(request)
        return respond(self._replies.pop(0) if len(self._replies) > 1 else self._replies[0], request)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies of all requests but logins."""
        return [json.loads(request.content) for request in self.requests]


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


class Driver:
    """A client of either colour over a fake server."""

    def __init__(self, colour: str, family: str, server: Callable[[httpx.Request], Any], **options: Any) -> None:
        self.is_async = colour == "async"
        transport = httpx.MockTransport(server)
        if "http_client" not in options:
            options["http_client"] = (httpx.AsyncClient if self.is_async else httpx.Client)(transport=transport)
        self.http_client = options["http_client"]
        options.setdefault("clock", chaobiao.VirtualClock())
        options.setdefault("base_url", BASE_URLS[family])
        if family == "jrhsz":
            options = {"username": USERNAME, "password": PASSWORD, **options}
        self.clock = options["clock"]
        self.client: Any = client_type(colour, family)(**options)

    async def call(self, method: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a client method by its dotted name; lists come back unread."""
        return await settle(attrgetter(method)(self.client)(*args, **kwargs))

    async def collect(self, method: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a client method that answers a list, and read all of it."""
        return await settle((await self.call(method, *args, **kwargs)).collect())  # type: ignore[no-any-return]

    async def send(self, operation: Any) -> Any:
        """Send one operation."""
        return await settle(self.client.send(operation))

    def copy(self, **changes: Any) -> "Driver":
        """A driver of the client's with_options() copy."""
        other = object.__new__(Driver)
        other.__dict__.update(self.__dict__, client=self.client.with_options(**changes))
        return other

    async def close(self) -> None:
        """Close the client; the HTTP client stays open, for it is the caller's."""
        await settle(self.client.aclose() if self.is_async else self.client.close())

    async def close_all(self) -> None:
        """Close the client and the HTTP client."""
        await self.close()
        await settle(self.http_client.aclose() if self.is_async else self.http_client.close())


def client_type(colour: str, family: str) -> Any:
    """The client class of a family in a colour."""
    return getattr(chaobiao, ("Async" if colour == "async" else "") + {"jrhsz": "Jrhsz", "water": "WaterQuery"}[family])


async def settle(value: Any) -> Any:
    """Await what must be awaited."""
    return await value if inspect.isawaitable(value) else value


async def each(iterable: Any) -> AsyncIterator[Any]:
    """Iterate over what either colour answers, a list or its pages."""
    if isinstance(iterable, Iterator) or not hasattr(iterable, "__aiter__"):
        for item in iterable:
            yield item
    else:
        async for item in iterable:
            yield item
