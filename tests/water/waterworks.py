"""A world of the water API on the live server, and a client of either colour to ask it."""

import inspect
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

import httpx

import chaobiao
from chaobiao import SHANGHAI, VirtualClock
from chaobiao._contract.operation import Page
from chaobiao_mock import MockServer

#: When the worlds of these tests begin: a day on which something was collected already, and not the first of a month.
BEGAN = datetime(2023, 6, 26, 12, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)

#: The lists that come in pages, by client method.
PAGED = ("flows.list", "costs.list", "operation_logs.list", "schedules.list", "readings.list", "payments.list")
PATHS = {
    "regions.list": "/region",
    "flows.list": "/flow",
    "costs.list": "/cost",
    "operation_logs.list": "/opt",
    "schedules.list": "/schedule",
    "readings.list": "/trans",
    "payments.list": "/hispay",
}


def client_of(colour: str) -> Any:
    """The client class of a colour."""
    return {"sync": chaobiao.WaterQuery, "async": chaobiao.AsyncWaterQuery}[colour]


async def settle(value: Any) -> Any:
    """Await what must be awaited."""
    return await value if inspect.isawaitable(value) else value


async def close(client: Any) -> None:
    """Close a client of either colour."""
    await settle(client.aclose() if hasattr(client, "aclose") else client.close())


async def pages_of(listing: Any) -> list[Page[Any]]:
    """All pages of either colour's list."""
    if hasattr(listing, "__aiter__"):
        return [page async for page in listing.pages()]
    return list(listing.pages())


class Waterworks:
    """What a test has: the world, a client, and raw HTTP."""

    def __init__(self, server: MockServer, raw: httpx.Client, colour: str) -> None:
        self.world = server.world
        self.url = server.url
        self._raw = raw
        self.client: Any = client_of(colour)(base_url=server.url, clock=VirtualClock())

    async def all(self, method: str, **arguments: Any) -> list[Any]:
        """Every row of a list."""
        listing = attrgetter(method)(self.client)(**arguments)
        return await settle(listing.collect())  # type: ignore[no-any-return]  # the client is of either colour

    async def made_up(self, method: str, **arguments: Any) -> list[Any]:
        """Every made-up row of a list: the documented rows stand first, and time stands still for them."""
        rows = await self.all(method, **arguments)
        return [row for row in rows if len(code_of(row)) in (10, 12) and code_of(row).startswith("230")]

    async def pages(self, method: str, **arguments: Any) -> list[Page[Any]]:
        """Every page of a list."""
        return await pages_of(attrgetter(method)(self.client)(**arguments))

    async def send(self, operation: Any) -> Any:
        """Send one operation."""
        return await settle(self.client.send(operation))

    def raw(self, method: str, **query: Any) -> Mapping[str, Any]:
        """What the server answers on the wire to a call of a documented path."""
        answer: dict[str, Any] = self.get(PATHS[method], **query).json()
        return answer

    def get(self, path: str, **query: Any) -> httpx.Response:
        """A raw GET."""
        return self._raw.get(self.url + path, params=query)

    def request(self, verb: str, path: str) -> httpx.Response:
        """A raw request."""
        return self._raw.request(verb, self.url + path)

    def advance(self, span: timedelta) -> None:
        """Let time pass in the world."""
        self.world.clock.advance(span.total_seconds())


def code_of(row: Any) -> str:
    """What a row is about: its device, its meter or its user."""
    for name in ("device_code", "water_meter_number", "user_code"):
        if code := getattr(row, name, None):
            return str(code)
    raise AssertionError(row)


def price_of(payments: list[Any]) -> Decimal:
    """The price of a m³ for whoever made the payments."""
    return {"居民": Decimal("3.30"), "商业": Decimal("4.80")}[payments[0].user_type]
