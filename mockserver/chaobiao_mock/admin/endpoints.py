"""How the mock's own endpoints are declared: each with its body, and its meaning in both languages."""

from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from starlette.requests import Request

from chaobiao_mock.world import World
from chaobiao_mock.worlds import Worlds

#: Where the mock's own endpoints are.
BASE = "/__mock__"


@attrs.frozen
class Context:
    """What an endpoint works on: the world that its URL chooses, and all worlds."""

    worlds: Worlds
    name: str
    world: World
    request: Request

    @property
    def base_url(self) -> str:
        """The base URL of the world."""
        base: str = self.request.scope.get("chaobiao.base", "")
        return str(self.request.base_url).rstrip("/") + base


Handler = Callable[[Context, Any], Any | Awaitable[Any]]


@attrs.frozen
class Endpoint:
    """One endpoint. ``body`` is what its JSON body is read into, ``query`` what its query is read into."""

    method: str
    path: str
    english: str
    chinese: str
    handler: Handler
    body: type[Any] | None = None
    query: type[Any] | None = None
    media_type: str = "application/json"


class Endpoints(list[Endpoint]):
    """The endpoints of a module."""

    def serves(
        self,
        method: str,
        path: str,
        english: str,
        chinese: str,
        *,
        body: type[Any] | None = None,
        query: type[Any] | None = None,
        media_type: str = "application/json",
    ) -> Callable[[Handler], Handler]:
        """Declare a function as an endpoint; it takes the context, and the body, the query or ``None``."""

        def bind(handler: Handler) -> Handler:
            self.append(Endpoint(method, BASE + path, english, chinese, handler, body, query, media_type))
            return handler

        return bind
