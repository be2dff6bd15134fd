"""A fake server of a paged list."""

from typing import Any

import attrs
import httpx

from chaobiao._contract.family import Kind
from tests.harness.fake_server import arguments_of
from tests.harness.operations import family_of, numbered_rows, page_names
from tests.harness.wire_formats import Body, format_of


@attrs.frozen
class Paging:
    """How a server pages ``count`` rows.

    It gives ``total`` as their number (by default the right one), at most ``limit`` rows a page, and with
    ``ignores_page`` the first page whichever it is asked for.
    """

    count: int
    total: Any = "right"
    limit: int = 10**9
    ignores_page: bool = False

    def __str__(self) -> str:
        limit = "" if self.limit == 10**9 else f"-{self.limit}-a-page"
        return f"{self.count}of{self.total}{limit}{'-ignores-page' * self.ignores_page}"


class PagedServer:
    """Returns the numbered rows of a paged operation, and keeps what was asked for."""

    def __init__(self, kind: Kind, paging: Paging) -> None:
        self._kind, self._paging = kind, paging
        self._format = format_of(family_of(kind))
        #: The arguments of each request, and its page, counted from 1.
        self.asked: list[dict[str, Any]] = []
        self.pages: list[int] = []

    def __call__(self, request: httpx.Request) -> Body:
        paging, (page_name, size_name) = self._paging, page_names(self._kind)
        arguments = arguments_of(request)
        page = int(arguments[page_name]) - self._format.first_page + 1
        self.asked.append(arguments)
        self.pages.append(page)
        size = min(int(arguments[size_name]), paging.limit)
        first = 0 if paging.ignores_page else (page - 1) * size
        rows = numbered_rows(self._kind.spec.returns, first, max(min(size, paging.count - first), 0))
        return self._format.rows(rows, paging.count if paging.total == "right" else paging.total)
