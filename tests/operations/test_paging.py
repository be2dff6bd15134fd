"""Every paged list: all rows once, whatever the server's totals, in requests that differ in the page alone."""

from collections.abc import Callable

import pytest

from chaobiao._contract.family import Kind
from tests.harness.clients import ClientUnderTest, read_until_incomplete
from tests.harness.fake_server import FakeServer
from tests.harness.operations import (
    PAGED,
    family_of,
    finds_out_numbering,
    for_each,
    list_arguments,
    numbers_of,
    page_names,
)
from tests.harness.paged_server import PagedServer, Paging

Connect = Callable[..., ClientUnderTest]

#: How the server pages, and the pages of ten rows that are asked for.
CASES = [
    (Paging(25), [1, 2, 3]),
    (Paging(25, total=None), [1, 2, 3, 4]),  # without a total, an empty page ends the list
    (Paging(7, total=None, ignores_page=True), [1, 2]),  # the same page again
    (Paging(0), [1]),
]


@pytest.mark.parametrize(("paging", "pages"), CASES, ids=[str(paging) for paging, _ in CASES])
@for_each(PAGED)
async def test_every_row_once(kind: Kind, paging: Paging, pages: list[int], connect: Connect) -> None:
    """Each row comes once and in order, and no page is asked for in vain."""
    server = PagedServer(kind, paging)
    client = connect(FakeServer(server), family_of(kind).name)
    found = await client.rows(kind.spec.call, **{**list_arguments(kind), "page": 1, "page_size": 10})
    assert numbers_of(found) == list(range(paging.count))
    tries_next = finds_out_numbering(kind) and (paging.ignores_page or not paging.count)
    assert server.pages == pages + [pages[-1] + 1] * tries_next


@for_each(PAGED)
async def test_a_list_short_of_its_total_is_incomplete(kind: Kind, connect: Connect) -> None:
    """Every row that there is comes; then IncompleteList says how many are missing."""
    server = PagedServer(kind, Paging(25, total=100))
    client = connect(FakeServer(server), family_of(kind).name)
    listing = await client.call(kind.spec.call, **{**list_arguments(kind), "page": 1, "page_size": 10})
    seen, error = await read_until_incomplete(listing)
    assert numbers_of(seen) == list(range(25))
    assert error is not None
    assert (error.rows, error.total, error.page, server.pages) == (25, 100, 4, [1, 2, 3, 4, 4])


@for_each(PAGED)
async def test_pages_are_asked_for_alike(kind: Kind, connect: Connect) -> None:
    """Later requests differ from the first in the page alone: every filter and the page size are repeated."""
    server = PagedServer(kind, Paging(25))
    client = connect(FakeServer(server), family_of(kind).name)
    await client.rows(kind.spec.call, **{**list_arguments(kind), "page": 2, "page_size": 10})
    page_name, size_name = page_names(kind)
    assert server.pages[:2] == [2, 3]
    assert len({type(asked[page_name]) for asked in server.asked}) == 1
    first, *later = ({**asked, page_name: "-"} for asked in server.asked)
    assert later == [first] * len(later)
    assert str(first[size_name]) == "10"


@for_each(PAGED)
async def test_pages_have_numbers_and_totals(kind: Kind, connect: Connect) -> None:
    """Each page has its number, counted from 1, and the server's total; send() fetches one page and no more."""
    server = PagedServer(kind, Paging(25))
    client = connect(FakeServer(server), family_of(kind).name)
    arguments = {**list_arguments(kind), "page": 1, "page_size": 10}
    pages = await client.pages(kind.spec.call, **arguments)
    assert [(page.number, page.total, len(page)) for page in pages] == [(1, 25, 10), (2, 25, 10), (3, 25, 5)]
    server.pages.clear()
    page = await client.send(kind(**{**arguments, "page": 3}))
    assert (page.number, numbers_of(page), server.pages) == (3, [20, 21, 22, 23, 24], [3])
