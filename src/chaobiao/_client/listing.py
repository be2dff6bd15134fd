"""Lists as lazy iterables, page by page, in both colours.

When to stop is decided in one place. Totals can't be trusted blindly (the vendors' own samples show two rows beside a
total of 1, and one row beside a total of 52), so rows decide where the two contradict each other.
"""

import asyncio
import logging
import typing
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import datetime
from operator import attrgetter, eq
from typing import Any, Generic, TypeVar

from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import Page, PagedOperation, RowsOperation, is_record
from chaobiao._contract.plain import Decimals, Headings, Times, conversion

R = TypeVar("R")

_log = logging.getLogger("chaobiao")


class Cursor(Generic[R]):
    """Says which page to ask for next, and when there is none."""

    def __init__(self, operation: RowsOperation[R]) -> None:
        self.operation: RowsOperation[R] | None = operation
        self._first: Page[R] | None = None
        self._previous: Page[R] | None = None
        self._name = _name_of(operation)
        self._seen = 0

    def accept(self, page: Page[R]) -> bool:
        """Take in an answer; ``False`` if it repeats an earlier page and none of its rows is new."""
        asked = self.operation
        self.operation = None
        if not isinstance(asked, PagedOperation):
            return True
        if not page.rows:
            return True
        if self._repeats(page, self._previous) or self._repeats(page, self._first):
            _log.warning(
                "%s: page %d repeats an earlier page, so the list ends after %d rows (total %s)",
                asked.spec.call,
                page.number,
                self._seen,
                page.total,
                extra={"operation": asked.spec.call, "section": asked.spec.section},
            )
            return False
        self._first = self._first or page
        self._previous = page
        self._seen += len(page.rows)
        if self._more(page, asked):
            self.operation = asked.at(page.number + 1)
        return True

    def _repeats(self, page: Page[R], earlier: Page[R] | None) -> bool:
        if earlier is None or len(page.rows) != len(earlier.rows):
            return False
        names = [self._name(row) for row in page.rows]
        if not all(map(eq, names, map(self._name, earlier.rows))):
            return False
        # Where several rows have one name it is none, and only rows that are the same in all are repeated.
        unique = self._name is not _whole and len(set(names)) == len(names)
        return unique or all(map(eq, page.rows, earlier.rows))

    def _more(self, page: Page[R], asked: PagedOperation[R]) -> bool:
        if page.total is None or self._seen < page.total:
            return True  # until an empty page; a short one may be the server's own limit
        # More rows than the total: the total is wrong, and only a short page ends the list. The same where the total
        # is no larger than a page, for some servers count the page alone.
        full = asked.page_size is not None and len(page.rows) >= asked.page_size
        return full and (self._seen > page.total or page.total <= len(page.rows))


def _name_of(operation: RowsOperation[Any]) -> Callable[[Any], Any]:
    """What tells the rows of a list apart.

    The past stands still, so a row of it is known by all that it says. Of what there is now, readings, times and
    states move from one page to the next: there a row is known by its texts and whole numbers.
    """
    answer = operation.spec.returns
    period = any(datetime in _kinds_of(field) for field in fields_of(type(operation)))
    if not is_record(answer) or period or (isinstance(operation, PagedOperation) and operation.past):
        return _whole
    names = [field.python_name for field in fields_of(answer) if not {str, int}.isdisjoint(_kinds_of(field))]
    return attrgetter(*names) if names else _whole


def _whole(row: Any) -> Any:
    return row


def _kinds_of(field: WireField) -> tuple[Any, ...]:
    """The types that a field may have."""
    return typing.get_args(field.type) or (field.type,)


class Listing(Generic[R]):
    """Rows that are fetched as they are consumed. Each iteration starts anew at the operation's page.

    ``total`` is the server's count, known once the first page has come.
    """

    def __init__(self, send: Callable[[RowsOperation[R]], Page[R]], operation: RowsOperation[R]) -> None:
        self._send = send
        self.operation = operation
        self.total: int | None = None

    def __iter__(self) -> Iterator[R]:
        for page in self.pages():
            yield from page.rows

    def pages(self) -> Iterator[Page[R]]:
        """Iterate over whole pages."""
        cursor = Cursor(self.operation)
        while cursor.operation is not None:
            page = self._send(cursor.operation)
            self.total = page.total
            if cursor.accept(page):
                yield page

    def collect(self) -> list[R]:
        """Fetch everything into a list."""
        return list(self)

    def to_dicts(
        self,
        *,
        headings: Headings = "python",
        extra: bool = False,
        decimals: Decimals = "text",
        times: Times = "text",
    ) -> list[dict[str, Any]]:
        """Fetch everything into a list of plain values; :meth:`Record.to_dict` explains the choices.

        It is a list, like that of :meth:`collect`, because json, web frameworks and DataFrames want all rows at once.
        To hold one page at a time, iterate over :meth:`pages` and call :meth:`Page.to_dicts`.
        """
        chosen = conversion(headings, extra, decimals, times)  # a wrong choice costs no request
        return [row for page in self.pages() for row in chosen.rows(page.rows)]

    def __repr__(self) -> str:
        return f"<Listing of {self.operation!r}>"


class AsyncListing(Generic[R]):
    """Rows that are fetched as they are consumed, the next page while the current one is worked on.

    Each iteration starts anew at the operation's page. ``total`` is the server's count, known once the first page has
    come.
    """

    def __init__(self, send: Callable[[RowsOperation[R]], Awaitable[Page[R]]], operation: RowsOperation[R]) -> None:
        self._send = send
        self.operation = operation
        self.total: int | None = None

    async def __aiter__(self) -> AsyncIterator[R]:
        async with aclosing(self.pages()) as pages:  # or a reader who stops early leaves the next page under way
            async for page in pages:
                for row in page.rows:
                    yield row

    async def pages(self) -> AsyncGenerator[Page[R], None]:
        """Iterate over whole pages."""
        cursor = Cursor(self.operation)
        ahead: asyncio.Task[Page[R]] | None = None
        try:
            while cursor.operation is not None:
                page = await (ahead if ahead is not None else self._send(cursor.operation))
                ahead = None
                self.total = page.total
                fresh = cursor.accept(page)
                if cursor.operation is not None:
                    ahead = asyncio.ensure_future(self._send(cursor.operation))
                if fresh:
                    yield page
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def collect(self) -> list[R]:
        """Fetch everything into a list."""
        return [row async for row in self]

    async def to_dicts(
        self,
        *,
        headings: Headings = "python",
        extra: bool = False,
        decimals: Decimals = "text",
        times: Times = "text",
    ) -> list[dict[str, Any]]:
        """Fetch everything into a list of plain values; :meth:`Record.to_dict` explains the choices.

        It is a list, like that of :meth:`collect`, because json, web frameworks and DataFrames want all rows at once.
        To hold one page at a time, iterate over :meth:`pages` and call :meth:`Page.to_dicts`.
        """
        chosen = conversion(headings, extra, decimals, times)  # a wrong choice costs no request
        return [row async for page in self.pages() for row in chosen.rows(page.rows)]

    def __repr__(self) -> str:
        return f"<AsyncListing of {self.operation!r}>"
