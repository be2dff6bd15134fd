"""CORS: web pages that call the families' endpoints. The mock's own endpoints stay closed to them."""

import re
from collections.abc import Collection
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from chaobiao_mock.errors import InvalidInput

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]+")


def checked_origin(text: str) -> str:
    """Return an origin, as browsers send it. Raises ``ValueError``."""
    if text != "*" and not _ORIGIN.fullmatch(text):
        raise InvalidInput(
            "must be an origin such as http://localhost:3000, without a path, or *",
            "须为来源，例如 http://localhost:3000（不含路径），或 *",
        )
    return text


class FamiliesOnly:
    """Lets pages of some origins call every path but the root and those below ``/__mock__``."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._closed = app
        self._open = CORSMiddleware(
            app,
            allow_origins=[origin.lower() for origin in origins],
            allow_methods=["*"],
            allow_headers=["*"],
            # Cookies hold the sessions of the energy API; browsers send none where every origin is allowed.
            allow_credentials="*" not in origins,
            allow_private_network=True,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "/")
        app = self._closed if path == "/" or path.startswith("/__mock__") else self._open
        await app(scope, receive, send)
