"""Lists: lazy, never endless, never a row twice, whatever totals the server gives."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any

import httpx
import pytest

import chaobiao
from chaobiao.jrhsz import FAMILY, ListMeters
from tests.harness.clients import ClientUnderTest, each, over_fake_server
from tests.harness.fake_server import FakeServer
from tests.harness.operations import ONE_PAGED, family_of, for_each, numbered_rows, numbers_of, required_arguments
from tests.harness.paged_server import PagedServer, Paging
from tests.harness.wire_formats import format_of

Connect = Callable[..., ClientUnderTest]


KIND = ListMeters
FORMAT = format_of(FAMILY)

#: How the server pages, the page size, and the pages that are asked for.
CASES: list[tuple[Paging, int, list[int]]] = [
    (Paging(0), 10, [1]),
    (Paging(5), 10, [1]),
    (Paging(10), 10, [1, 2]),  # a total of one full page may count that page alone
    (Paging(25, total=10), 10, [1, 2, 3]),
    (Paging(25), 10, [1, 2, 3]),
    (Paging(30), 10, [1, 2, 3]),
    (Paging(25, total=None), 10, [1, 2, 3, 4]),  # without a total, an empty page ends the list
    (Paging(30, total=None), 10, [1, 2, 3, 4]),
    (Paging(25, limit=4), 10, [1, 2, 3, 4, 5, 6, 7]),  # the server's own limit is smaller than what was asked for
    (Paging(2, total=1), 10, [1]),  # jrhsz, meter 4.4's sample: two rows, a total of 1
    (Paging(25, total=1), 10, [1, 2, 3]),  # rows decide where the total is too small
    (Paging(1, total=52), 10, [1, 2]),  # jrhsz, meter 4.3's sample: one row, a total of 52
    (Paging(25, total=100), 10, [1, 2, 3, 4]),
    (Paging(7, total=99, ignores_page=True), 10, [1, 2]),  # the same page again
    (Paging(7, total=None, ignores_page=True), 10, [1, 2]),
]


def rows(first: int, count: int, total: Any = None) -> Any:
    """Return a response with numbered rows of KIND."""
    return FORMAT.rows(numbered_rows(KIND.spec.returns, first, count), total)


@pytest.mark.parametrize(("paging", "size", "pages"), CASES, ids=[str(paging) for paging, _, _ in CASES])
@for_each([*ONE_PAGED, KIND])
async def test_every_row_once(kind: Any, paging: Paging, size: int, pages: list[int], connect: Connect) -> None:
    """All rows come in order and once each, with no more requests than it takes to know that."""
    server = PagedServer(kind, paging)
    client = connect(FakeServer(server), family_of(kind).name)
    found = await client.rows(kind.spec.call, **required_arguments(kind), page_size=size)
    assert numbers_of(found) == list(range(paging.count))
    assert server.pages == pages


async def test_a_page_that_repeats_an_earlier_one_ends_the_list(
    caplog: pytest.LogCaptureFixture, connect: Connect
) -> None:
    """Page 3 that is page 1 again, or page 2 again, ends the list with a warning, and none of its rows comes twice."""
    for repeated in (0, 10):
        server = FakeServer(
            *[rows(first, 10, 99) for first in (0, 10, repeated)],
            rows(90, 10, 99),
        )
        caplog.clear()
        found = await connect(server).rows("meters.list", page_size=10)
        assert numbers_of(found) == list(range(20))
        assert len(server.requests) == 3
        assert "repeats an earlier page" in caplog.text


async def test_lists_are_lazy_and_restart(connect: Connect) -> None:
    """Making a list sends nothing; each iteration starts at the first page; total is known after a page."""
    server = PagedServer(KIND, Paging(25))
    client = connect(FakeServer(server))
    listing = await client.call("meters.list", page_size=10)
    assert (server.pages, listing.total) == ([], None)
    assert len([meter async for meter in each(listing)]) == 25
    assert listing.total == 25
    assert len([meter async for meter in each(listing)]) == 25
    assert server.pages == [1, 2, 3, 1, 2, 3]
    assert "ListMeters" in repr(listing)


async def test_lists_begin_at_the_page_asked_for(connect: Connect) -> None:
    """page=2 begins there."""
    server = PagedServer(KIND, Paging(25))
    found = await connect(FakeServer(server)).rows("meters.list", page=2, page_size=10)
    assert numbers_of(found)[0] == 10
    assert server.pages[:2] == [2, 3]


async def test_pages_have_their_numbers_and_totals(connect: Connect) -> None:
    """pages() gives whole pages: sequences with a number and the server's total."""
    listing = await connect(FakeServer(PagedServer(KIND, Paging(25)))).call("meters.list", page_size=10)
    pages = [page async for page in each(listing.pages())]
    assert [(page.number, page.total, len(page)) for page in pages] == [(1, 25, 10), (2, 25, 10), (3, 25, 5)]
    assert numbers_of([pages[2][4], *pages[0][:2]]) == [24, 0, 1]
    assert pages[0][-1] in pages[0]


async def test_one_operation_is_one_call(connect: Connect) -> None:
    """send() returns the page asked for and sends no other request."""
    server = PagedServer(KIND, Paging(25))
    page = await connect(FakeServer(server)).send(ListMeters(page=2, page_size=10))
    assert numbers_of(page) == list(range(10, 20))
    assert server.pages == [2]


async def test_lists_keep_the_interval(connect: Connect) -> None:
    """Each page waits for its turn: two seconds of the virtual clock between calls."""
    client = connect(FakeServer(PagedServer(KIND, Paging(50))))
    await client.rows("meters.list", page_size=10)
    assert client.clock.monotonic() == pytest.approx(4 * 2.0)


async def test_an_error_on_a_later_page_comes_after_the_rows_before_it(connect: Connect) -> None:
    """When page 2 fails, all rows of page 1 have come."""
    server = FakeServer(rows(0, 10, 20), FORMAT.refusal("失败"))
    listing = await connect(server).call("meters.list", page_size=10)
    seen = []

    async def read() -> None:
        async for meter in each(listing):
            seen.append(meter)  # noqa: PERF401  # what came before the error is what is tested

    with pytest.raises(chaobiao.OperationFailed):
        await read()
    assert numbers_of(seen) == list(range(10))


async def spin() -> None:
    """Let every other task of the loop run as far as it can."""
    for _ in range(50):
        await asyncio.sleep(0)


def async_client(server: Any) -> ClientUnderTest:
    return over_fake_server("async", server)


@pytest.fixture
async def paged() -> AsyncIterator[tuple[ClientUnderTest, PagedServer]]:
    """An async client over 25 rows."""
    server = PagedServer(KIND, Paging(25))
    client = async_client(FakeServer(server))
    yield client, server
    await client.close_all()


async def test_the_next_page_is_asked_for_while_this_one_is_read(paged: tuple[ClientUnderTest, PagedServer]) -> None:
    """With the first row in hand and nothing more asked for, page 2 is under way; page 3 is not."""
    client, server = paged
    listing = client.client.meters.list(page_size=10)
    iterator = aiter(listing)
    await anext(iterator)
    await spin()
    assert server.pages == [1, 2]
    for _ in range(10):
        await anext(iterator)
    await spin()
    assert server.pages == [1, 2, 3]
    await iterator.aclose()


async def test_the_next_page_does_not_delay_this_one() -> None:
    """While page 2 hangs at the server, all of page 1 can be read."""
    release = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        page = json.loads(request.content)["pageNo"]
        if page == 2:
            await release.wait()
        return httpx.Response(200, json=rows(page * 10, 10, 20))

    client = async_client(FakeServer(hang))
    iterator = aiter(client.client.meters.list(page_size=10))
    first = [await anext(iterator) for _ in range(10)]
    assert numbers_of(first) == list(range(10, 20))
    release.set()
    assert len([meter async for meter in iterator]) == 10
    await client.close_all()


@pytest.mark.parametrize("whole_pages", [False, True])
async def test_leaving_early_leaves_no_task(whole_pages: bool) -> None:
    """Leaving a list early cancels the page that is under way."""
    never = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["pageNo"] > 1:
            await never.wait()
        return httpx.Response(200, json=rows(0, 10, 90))

    client = async_client(FakeServer(hang))
    before = asyncio.all_tasks()
    listing = client.client.meters.list(page_size=10)
    async with aclosing(listing.pages() if whole_pages else aiter(listing)) as iterator:
        async for _ in iterator:
            await spin()
            assert len(asyncio.all_tasks()) == len(before) + 1
            break
    assert asyncio.all_tasks() == before
    async for _ in listing:  # without aclosing, the event loop closes the iterator
        break
    await spin()
    assert asyncio.all_tasks() == before
    await client.close_all()


async def test_a_failed_next_page_is_raised_when_it_is_read() -> None:
    """An error in the page fetched ahead is raised when that page is read, and dropped if it never is."""
    server = FakeServer(rows(0, 10, 20), FORMAT.refusal("失败"))
    client = async_client(server)
    async with aclosing(aiter(client.client.meters.list(page_size=10))) as iterator:
        await anext(iterator)
        await spin()
    assert len(server.requests) == 2
    iterator = aiter(client.client.meters.list(page_size=10))
    with pytest.raises(chaobiao.OperationFailed):
        await anext(iterator)
    await client.close_all()


async def test_a_repeated_page_with_unknown_fields_ends_a_list(connect: Any) -> None:
    """Rows that hold undocumented objects are compared like others."""
    row = {"tableNo": "1", "readTime": "2023-04-22 10:31:53", "unknown": {"deep": [1]}}
    server = FakeServer({"code": 200, "msg": "", "data": [row, row], "totalCount": 9})
    found = await connect(server).rows("meters.readings", begin=datetime(2023, 4, 1), end=datetime(2023, 5, 1))
    assert len(found) == 2
