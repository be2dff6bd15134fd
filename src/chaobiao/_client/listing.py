"""Lists as lazy iterables, page by page, sync and async.

When a list ends is decided in one place. Silent loss is the worst that can happen to a collector: a list that comes to
its end with fewer rows than the server's total, or with a page that was there before, is asked for that page once more
and then raises :class:`IncompleteList`, after the rows that came. Totals can be wrong as well (the vendors' samples
show two rows beside a total of 1, and one object beside a total of 52), so rows decide where there are more of them.
"""

import logging
import typing
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, cast

from chaobiao._call.dialect import Numbering
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import Page, PagedOperation, RowsOperation, is_record
from chaobiao._contract.plain import Decimals, Headings, Times, conversion
from chaobiao.errors import IncompleteList

R = TypeVar("R")

_log = logging.getLogger("chaobiao")

#: A list without a total that can be believed ends after so many pages at the latest.
MOST_PAGES: Final = 100_000


class Cursor(Generic[R]):
    """Says which page to ask for next, and when there is none."""

    def __init__(self, operation: RowsOperation[R], numbering: Numbering | None = None) -> None:
        self.operation: RowsOperation[R] | None = operation
        self._numbering = numbering
        self._shifted = False
        self._name: Callable[[Any], Any] = _name_of(cast("Any", type(operation)))
        #: The first page, until a second one has come: a list of one page is never compared with anything.
        self._first: Page[R] | None = None
        #: Fingerprints of all pages: of their rows as they are, and of what names the rows.
        self._fingerprints: set[tuple[int, int]] = set()
        self._begun: int | None = None
        self._seen = 0
        self._pages = 0
        self._asked_again = False

    def accept(self, page: Page[R]) -> bool:
        """Take in a response; ``False`` if it holds no new rows. Raises :class:`IncompleteList`."""
        asked = self.operation
        self.operation = None
        if not isinstance(asked, PagedOperation) or page.last:
            return True
        self._begin(page, asked)
        total = page.total if page.sure else None
        missing = total is not None and self._seen < total
        repeats = self._repeats(page, alone=missing and asked.page_size == 1)
        if not page.rows or repeats:
            shifted = asked.shifted() if self._pages < 2 and not self._asked_again else None
            if shifted is not None and (missing or page.total is None):
                self._asked_again = self._shifted = True  # the server may number its pages from one more
                self.operation = shifted
            elif missing and not self._asked_again:
                self._asked_again = True
                self.operation = asked
            elif missing:
                raise self._incomplete(page, asked, repeats)
            elif repeats:
                self._warn(page, asked)
            return not repeats and self.operation is None
        self._asked_again = False
        if self._shifted and self._numbering is not None:
            self._numbering.learn()
        self._seen += len(page.rows)
        self._pages += 1
        if self._more(page, total, asked):
            self.operation = asked.at(page.number + 1)
        return True

    def _begin(self, page: Page[R], asked: PagedOperation[R]) -> None:
        """Count the rows of the pages before the first one that was asked for."""
        if self._begun is None:
            self._begun = page.number
            before, size = page.number - 1, asked.page_size or len(page.rows)
            # A short page that does not complete the total is the server's own limit, and held for the earlier ones.
            limited = 0 < len(page.rows) < size and before * size + len(page.rows) != page.total
            self._seen = before * (len(page.rows) if limited else size)

    def _repeats(self, page: Page[R], *, alone: bool) -> bool:
        """Tell whether the page has the rows of an earlier one, in any order."""
        if not page.rows:
            return False
        if self._first is None and not self._fingerprints:
            self._first = page
            return False
        if self._first is not None:
            self._fingerprints.update(self._fingerprints_of(self._first))
            self._first = None
        found = self._fingerprints_of(page)
        known = self._fingerprints & found
        if alone:  # one row a page may have the name of another one; only an equal row is a repetition
            known = {fingerprint for fingerprint in known if fingerprint[0] == 0}
        self._fingerprints |= found
        return bool(known)

    def _fingerprints_of(self, page: Page[R]) -> set[tuple[int, int]]:
        found = {(0, sum(map(_hash, page.rows)))}
        if self._name is not _whole:
            names = [_hash(self._name(row)) for row in page.rows]
            if len(set(names)) == len(names):  # where several rows have one name it is none
                found.add((1, sum(names)))
        return found

    def _more(self, page: Page[R], total: int | None, asked: PagedOperation[R]) -> bool:
        if self._pages >= MOST_PAGES:
            raise self._incomplete(page, asked, repeats=False)
        if total is None or self._seen < total:
            return True  # until an empty page; a short one may be the server's own limit
        # More rows than the total: the total is wrong, and only a short page ends the list. The same where the total
        # is no larger than a page, for some servers count the page alone.
        full = asked.page_size is not None and len(page.rows) >= asked.page_size
        return full and (self._seen > total or total <= len(page.rows))

    def _incomplete(self, page: Page[R], asked: PagedOperation[R], repeats: bool) -> IncompleteList:
        what, what_zh = ("repeats an earlier page", "与先前的页重复") if repeats else ("is empty", "为空")
        spec = asked.spec
        return IncompleteList(
            f"page {page.number} {what} though {self._seen} of {page.total} rows have come",
            f"第 {page.number} 页{what_zh}，但总数 {page.total} 中只返回了 {self._seen} 行",
            rows=self._seen,
            total=page.total,
            page=page.number,
            operation=spec.call,
            section=spec.section,
        )

    def _warn(self, page: Page[R], asked: PagedOperation[R]) -> None:
        _log.warning(
            "%s: page %d repeats an earlier page, so the list ends after %d rows (total %s)",
            asked.spec.call,
            page.number,
            self._seen,
            page.total,
            extra={"operation": asked.spec.call, "section": asked.spec.section},
        )


def _hash(value: Any) -> int:
    try:
        return hash(value)
    except TypeError:  # a row that holds a document which no table describes
        return hash(repr(value))


@cache
def _name_of(operation: type[RowsOperation[Any]]) -> Callable[[Any], Any]:
    """What tells the rows of a list apart.

    The past stands still, so a row of it is known by all that it says. Of what there is now, readings, times and
    states move from one page to the next: there a row is known by its texts and whole numbers.
    """
    record = operation.spec.returns
    period = any(datetime in _kinds_of(field) for field in fields_of(operation))
    if not is_record(record) or period or (issubclass(operation, PagedOperation) and operation.past):
        return _whole
    names = [field.python_name for field in fields_of(record) if not {str, int}.isdisjoint(_kinds_of(field))]
    return attrgetter(*names) if names else _whole


def _whole(row: Any) -> Any:
    return row


def _kinds_of(field: WireField) -> tuple[Any, ...]:
    """The types that a field may have."""
    return typing.get_args(field.type) or (field.type,)


class Listing(Generic[R]):
    """Rows that are fetched as they are consumed. Each iteration starts again at the operation's page.

    ``total`` is the server's count, known once the first page has come.
    """

    def __init__(
        self,
        send: Callable[[RowsOperation[R]], Page[R]],
        operation: RowsOperation[R],
        numbering: Numbering | None = None,
    ) -> None:
        self._send = send
        self._numbering = numbering
        self.operation = operation
        self.total: int | None = None

    def __iter__(self) -> Iterator[R]:
        for page in self.pages():
            yield from page.rows

    def pages(self) -> Iterator[Page[R]]:
        """Iterate over whole pages."""
        cursor = Cursor(self.operation, self._numbering)
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

    Each iteration starts again at the operation's page. ``total`` is the server's count, known once the first page has
    come.
    """

    def __init__(
        self,
        send: Callable[[RowsOperation[R]], Awaitable[Page[R]]],
        operation: RowsOperation[R],
        numbering: Numbering | None = None,
    ) -> None:
        self._send = send
        self._numbering = numbering
        self.operation = operation
        self.total: int | None = None

    async def __aiter__(self) -> AsyncIterator[R]:
        async with aclosing(self.pages()) as pages:  # or a reader who stops early leaves the next page under way
            async for page in pages:
                for row in page.rows:
                    yield row

    async def pages(self) -> AsyncGenerator[Page[R], None]:
        """Iterate over whole pages."""
        import asyncio  # sync programs don't pay for it

        cursor = Cursor(self.operation, self._numbering)
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
