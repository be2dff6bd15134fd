"""One test body for sync and async clients: a client whose every method is awaited."""

import inspect
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from operator import attrgetter
from typing import Any

import httpx

import chaobiao
from chaobiao._contract.operation import Page, RowsOperation
from chaobiao._families import families, family
from tests.harness.samples import sample_named

CLIENT_KINDS = ("sync", "async")
#: What a client of either kind may send its requests with.
TRANSPORTS = ("httpx", "pyreqwest")


def account_of(family_name: str) -> tuple[str, str] | None:
    """Return user name and password of the account that a family's documents show; ``None`` without logins."""
    login = family(family_name).login
    if login is None:
        return None
    username, password = sample_named(family_name, login.spec.call).arguments.values()
    return username, password


def base_url_of(family_name: str) -> str:
    """Return the URL of a family's fake server."""
    return f"https://{family_name}.example"


def client_type(client_kind: str, family_name: str) -> Any:
    """Return a family's client class, sync or async."""
    return getattr(chaobiao, ("Async" if client_kind == "async" else "") + family(family_name).client)


class ClientUnderTest:
    """A sync or async client of a family, behind one interface that is always awaited."""

    def __init__(self, client_kind: str, family_name: str, **options: Any) -> None:
        self.is_async = client_kind == "async"
        options.setdefault("clock", chaobiao.VirtualClock())
        options.setdefault("base_url", base_url_of(family_name))
        account = account_of(family_name)
        if account is not None:
            options = {"username": account[0], "password": account[1], **options}
        self.clock = options["clock"]
        #: The caller's HTTP client, where there is one.
        self.http_client = options.get("http_client")
        #: The client itself.
        self.client: Any = client_type(client_kind, family_name)(**options)

    async def call(self, method: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a client method by its dotted name; lists come back unread."""
        return await resolve(attrgetter(method)(self.client)(*args, **kwargs))

    async def rows(self, method: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a client method and return all the rows of its list, or the one thing that it returns, as a list."""
        found = await self.call(method, *args, **kwargs)
        if hasattr(found, "collect"):
            return list(await resolve(found.collect()))
        return list(found) if isinstance(found, Page) else [found]

    async def pages(self, method: str, /, *args: Any, **kwargs: Any) -> list[Page[Any]]:
        """Call a client method that returns a list, and return its pages."""
        return [page async for page in each((await self.call(method, *args, **kwargs)).pages())]

    async def send(self, operation: Any) -> Any:
        """Send one operation."""
        return await resolve(self.client.send(operation))

    async def records(self, operation: Any) -> list[Any]:
        """Return what an operation returns as a list: every row of all its pages, or the one object."""
        if isinstance(operation, RowsOperation):
            return list(await resolve(self.client.iterate(operation).collect()))
        return [await self.send(operation)]

    async def login(self) -> None:
        """Log in now."""
        await resolve(self.client.login())

    def with_options(self, **changes: Any) -> "ClientUnderTest":
        """Return a copy that the client's with_options() has made."""
        other = object.__new__(ClientUnderTest)
        other.__dict__.update(self.__dict__, client=self.client.with_options(**changes))
        return other

    async def close(self) -> None:
        """Close the client; the caller's HTTP client stays open."""
        await resolve(self.client.aclose() if self.is_async else self.client.close())

    async def close_all(self) -> None:
        """Close the client and the caller's HTTP client."""
        await self.close()
        await self.close_http()

    async def close_http(self) -> None:
        """Close the caller's HTTP client."""
        if self.http_client is not None:
            await resolve(self.http_client.aclose() if self.is_async else self.http_client.close())


def over_fake_server(
    client_kind: str, server: Callable[[httpx.Request], Any], family_name: str | None = None, **options: Any
) -> ClientUnderTest:
    """Make a client whose requests a function responds to; of the first family unless another is named."""
    if "http_client" not in options:
        kind = httpx.AsyncClient if client_kind == "async" else httpx.Client
        options["http_client"] = kind(transport=httpx.MockTransport(server))
    return ClientUnderTest(client_kind, family_name or families()[0].name, **options)


async def resolve(value: Any) -> Any:
    """Await what must be awaited."""
    return await value if inspect.isawaitable(value) else value


async def read_until_incomplete(listing: Any) -> tuple[list[Any], chaobiao.IncompleteList | None]:
    """Read a list row by row; return the rows that came, and the IncompleteList with which it ended, if it did."""
    seen: list[Any] = []
    try:
        async for row in each(listing):
            seen.append(row)  # noqa: PERF401  # what came before the error counts
    except chaobiao.IncompleteList as error:
        return seen, error
    return seen, None


async def each(iterable: Any) -> AsyncGenerator[Any, None]:
    """Iterate over a list or its pages, of a sync or an async client."""
    if isinstance(iterable, Iterator) or not hasattr(iterable, "__aiter__"):
        for item in iterable:
            yield item
    else:
        async with aclosing(aiter(iterable)) as items:
            async for item in items:
                yield item
