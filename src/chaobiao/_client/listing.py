"""Lists as lazy iterables, page by page, sync and async.

When a list ends is decided in one place. Silent loss is the worst that can happen to a collector: a list that comes to
its end with fewer rows than the server's total, or with a page that was there before, is asked for that page once more
and then raises :class:`IncompleteList`, after the rows that came. Totals can be wrong as well (the vendors' samples
show two rows beside a total of 1, and one object beside a total of 52), so rows decide where there are more of them.
"""

import logging
import typing
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, cast

import attrs

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
        self._numbering = numbering or Numbering()
        self.operation: RowsOperation[R] | None = cast("RowsOperation[R]", self._numbering.applied(operation))
        self._shifted = False
        self._name: Callable[[Any], Any] = _name_of(cast("Any", type(operation)))
        #: The first page, until a second one has come: a list of one page is never compared with anything.
        self._first: Page[R] | None = None
        #: Fingerprints of all pages: of their rows as they are, and of what names the rows.
        self._fingerprints: set[tuple[int, int]] = set()
        #: The keys of the newest two pages' rows: rows that are added meanwhile push some of them onto the next page.
        self._keys: deque[set[Any]] = deque(maxlen=2)
        self._begun: int | None = None
        self._seen = 0
        self._pages = 0
        self._asked_again = False
        #: The first and the newest total that can be believed, and what the newest one has fallen from.
        self._first_total: int | None = None
        self._total: int | None = None
        self._fallen_from: int | None = None

    def accept(self, page: Page[R]) -> Page[R] | None:
        """Take in a response; return the rows that are new, ``None`` for no page. Raises :class:`IncompleteList`."""
        asked = self.operation
        self.operation = None
        if not isinstance(asked, PagedOperation):
            return page
        if page.last:
            return self._single(page, asked)
        self._begin(page, asked)
        self._count(page)
        missing = self._total is not None and self._seen < min(self._total, cast("int", self._first_total))
        fresh = self._without_known(page, asked)
        repeats = bool(page.rows) and (not fresh.rows or self._repeats(page, alone=missing and asked.page_size == 1))
        if not page.rows or repeats:
            self._end(page, asked, repeats=repeats, missing=missing or self._fallen_from is not None)
            return None if repeats or self.operation is not None else page
        self._learn(page, asked)
        self._asked_again = False
        self._seen += len(fresh.rows)
        self._pages += 1
        if self._more(page, asked, changed=len(fresh.rows) < len(page.rows)):
            self.operation = asked.at(page.number + 1)
        return fresh

    def _single(self, page: Page[R], asked: PagedOperation[R]) -> Page[R] | None:
        """Take in the response to a question about one thing; none may have another number for the first page."""
        if page.rows:
            self._learn(page, asked)
        elif (shifted := asked.shifted()) is not None:
            self.operation, self._shifted = shifted, True
            return None
        return page

    def _learn(self, page: Page[R], asked: PagedOperation[R]) -> None:
        """Remember that the next number was right, where a total would show it if it was not.

        The empty page may have been a failure, and the repeated one due to rows that were added meanwhile.
        """
        total = page.total if page.sure and self._first_total in (None, page.total) else None
        if self._shifted and total is not None and (self._pages == 0 or total > self._seen):
            self._numbering.learn(asked)
        self._shifted = False

    def _end(self, page: Page[R], asked: PagedOperation[R], *, repeats: bool, missing: bool) -> None:
        """Decide what follows a page without new rows: another number, the page again, the end or an error."""
        # The server may number its pages from one more: its first page is empty, or comes twice.
        may_shift = not self._asked_again and (self._pages == 1 if repeats else self._pages == 0 and page.number == 1)
        shifted = asked.shifted() if may_shift else None
        if shifted is not None:
            self._asked_again = self._shifted = True
            self.operation = shifted
        elif missing and not self._asked_again:
            self._asked_again = True
            self.operation = asked
        elif missing or (repeats and self._may_be_stuck(page, asked)):
            raise self._incomplete(page, asked, repeats=repeats)
        elif repeats:
            self._warn(page, asked)

    def _may_be_stuck(self, page: Page[R], asked: PagedOperation[R]) -> bool:
        """Tell whether the server may ignore page numbers and have more rows than the full page that it repeats.

        Where the document says how pages are numbered, a page that repeats is taken for the last one.
        """
        if type(asked).shifted is PagedOperation.shifted:
            return False
        full = asked.page_size is not None and len(page.rows) >= asked.page_size
        return full and self._pages == 1 and page.sure and (page.total is None or page.total < self._seen)

    def _count(self, page: Page[R]) -> None:
        """Note a page's total. A page that is empty, or counted alone, says nothing of rows that were deleted."""
        if page.total is None or not page.sure:
            return
        if self._first_total is None:
            self._first_total = page.total
        if page.rows and self._total is not None and page.total < self._total and self._total > self._seen:
            self._fallen_from = self._fallen_from or self._total
        if page.rows or self._total is None:
            self._total = page.total

    def _without_known(self, page: Page[R], asked: PagedOperation[R]) -> Page[R]:
        """Return the page without the rows of the page before it, where rows have a key."""
        if asked.key is None or not page.rows:
            return page
        keys = [getattr(row, asked.key) for row in page.rows]
        known = set().union(*self._keys)
        found = set(keys) - {None}
        if len(found) < len(keys):  # it is none
            return page
        self._keys.append(found)
        if known.isdisjoint(found):
            return page
        return attrs.evolve(page, rows=[row for key, row in zip(keys, page.rows, strict=True) if key not in known])

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

    def _more(self, page: Page[R], asked: PagedOperation[R], *, changed: bool) -> bool:
        if self._pages >= MOST_PAGES:
            raise self._incomplete(page, asked, repeats=False)
        total = self._total
        if total is None or self._seen < total or self._fallen_from is not None:
            return True  # until an empty page; a short one may be the server's own limit
        # More rows than the total: the total is wrong, and only a short page ends the list. The same where the total
        # is no larger than a page, for some servers count the page alone; where rows were added meanwhile; and where it
        # is open which page was the first of those that were asked for.
        full = asked.page_size is not None and len(page.rows) >= asked.page_size
        began_later = cast("int", self._begun) > 1 and asked.shifted() is not None
        return full and (self._seen > total or total <= len(page.rows) or changed or began_later)

    def _incomplete(self, page: Page[R], asked: PagedOperation[R], *, repeats: bool) -> IncompleteList:
        self._numbering.forget(asked)
        what, what_zh = ("repeats an earlier page", "与先前的页重复") if repeats else ("is empty", "为空")
        total = page.total if page.total is not None else self._total
        end, end_zh = f"page {page.number} {what}", f"第 {page.number} 页{what_zh}"
        if self._fallen_from is not None:
            why = f"the total fell from {self._fallen_from} to {self._total}, so rows may have been skipped"
            why_zh = f"总数由 {self._fallen_from} 变为 {self._total}，可能有行被跳过"
            end, end_zh = f"rows were deleted while the list was read: {why}", f"读取期间有数据被删除：{why_zh}"
        elif total is None or total < self._seen:
            end += f" after {self._seen} rows, and no total that can be believed says that there are no more"
            end_zh += f"，已返回 {self._seen} 行，且没有可信的总数表明数据已读完"
        else:
            end += f" though {self._seen} of {total} rows have come"
            end_zh += f"，但总数 {total} 中只返回了 {self._seen} 行"
        spec = asked.spec
        return IncompleteList(
            end,
            end_zh,
            rows=self._seen,
            total=total,
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
            self.total = self.total if page.total is None else page.total
            fresh = cursor.accept(page)
            if fresh is not None:
                yield fresh

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
                self.total = self.total if page.total is None else page.total
                fresh = cursor.accept(page)
                if cursor.operation is not None:
                    ahead = asyncio.ensure_future(self._send(cursor.operation))
                if fresh is not None:
                    yield fresh
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
