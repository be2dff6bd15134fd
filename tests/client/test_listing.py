"""Lists: lazy, never endless, never a row twice, whatever totals the server gives."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaobiao
from chaobiao._client.listing import Listing
from chaobiao._contract.operation import Page
from chaobiao.jrhsz import FAMILY, ListMeters, Meter
from tests.harness.clients import ClientUnderTest, each, over_fake_server, read_until_incomplete
from tests.harness.fake_server import FakeServer
from tests.harness.operations import (
    ONE_PAGED,
    family_of,
    finds_out_numbering,
    for_each,
    numbered_rows,
    numbers_of,
    required_arguments,
)
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
    (Paging(7, total=None, ignores_page=True), 10, [1, 2]),  # the same page again
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
    tries_next = finds_out_numbering(kind) and (paging.ignores_page or not paging.count)
    assert server.pages == pages + [pages[-1] + 1] * tries_next


#: Lists short of their totals: how the server pages, the page where rows are missing, and the pages that are asked for.
SHORT: list[tuple[Paging, int, list[int]]] = [
    (Paging(1, total=52), 2, [1, 2, 2]),  # jrhsz, meter 4.3's sample as a list: one row, a total of 52
    (Paging(25, total=100), 4, [1, 2, 3, 4, 4]),
    (Paging(7, total=99, ignores_page=True), 2, [1, 2, 2]),
]


@pytest.mark.parametrize(("paging", "page", "pages"), SHORT, ids=[str(paging) for paging, _, _ in SHORT])
async def test_a_list_short_of_its_total_is_incomplete(
    paging: Paging, page: int, pages: list[int], connect: Connect
) -> None:
    """All rows that there are come, the last page is asked for once more, and then the error says what is missing."""
    server = PagedServer(KIND, paging)
    seen, error = await read_until_incomplete(await connect(FakeServer(server)).call("meters.list", page_size=10))
    assert numbers_of(seen) == list(range(paging.count))
    assert error is not None
    assert (error.rows, error.total, error.page, error.retryable) == (paging.count, paging.total, page, True)
    assert server.pages == pages


async def test_an_empty_page_that_is_there_the_second_time_costs_nothing(connect: Connect) -> None:
    """A transiently empty page 3 of 5 is asked for again, and all fifty rows come."""
    pages = [rows(first, 10, 50) for first in range(0, 50, 10)]
    server = FakeServer(*pages[:2], rows(0, 0, 50), *pages[2:])
    found = await connect(server).rows("meters.list", page_size=10)
    assert numbers_of(found) == list(range(50))
    assert [body["pageNo"] for body in server.arguments] == [1, 2, 3, 3, 4, 5]


async def test_a_page_that_repeats_in_another_order_is_known(connect: Connect) -> None:
    """Page 3 with the rows of page 1 or 2, in whatever order, is asked for again, and the list is incomplete."""
    for repeated in (0, 10):
        pages = [rows(first, 10, 99) for first in (0, 10)]
        server = FakeServer(*pages, FORMAT.rows(numbered_rows(KIND.spec.returns, repeated, 10)[::-1], 99))
        seen, error = await read_until_incomplete(await connect(server).call("meters.list", page_size=10))
        assert numbers_of(seen) == list(range(20))
        assert error is not None
        assert (error.rows, error.total, error.page) == (20, 99, 3)
        assert len(server.requests) == 4


async def test_rows_that_differ_in_their_readings_alone_are_all_read(connect: Connect) -> None:
    """With one row a page, four rows of one meter are four."""
    row = {"deviceId": "1", "tableNo": "1", "readTime": "2023-04-22 10:31:53"}
    pages = [FORMAT.rows([{**row, "reading": str(number)}], 4) for number in range(4)]
    found = await connect(FakeServer(*pages)).rows("meters.latest_readings", page_size=1)
    assert [int(reading.reading) for reading in found] == [0, 1, 2, 3]


async def test_identical_payments_are_never_lost_in_silence(connect: Connect) -> None:
    """Thirty payments that are equal in all can't be told from a repeated page: the error says that ten came."""
    payment = {"out_trade_no": "1", "total_fee": "10.00", "create_time": "2023-04-06 13:39:21"}
    server = FakeServer({"code": 200, "data": [payment] * 10, "totalCount": 30})
    period = {"begin": datetime(2023, 4, 1), "end": datetime(2023, 5, 1)}
    seen, error = await read_until_incomplete(await connect(server).call("recharges.list", "1", **period, page_size=10))
    assert len(seen) == 10
    assert error is not None
    assert (error.rows, error.total) == (10, 30)


async def test_totals_that_lie_elsewhere_can_be_switched_off(connect: Connect) -> None:
    """With trust_totals=False an empty or repeated page ends the list, whatever total stands beside it."""
    for ignores_page in (False, True):
        server = PagedServer(KIND, Paging(25, total=100, ignores_page=ignores_page))
        client = connect(FakeServer(server), dialect=chaobiao.JrhszDialect(trust_totals=False))
        assert len(await client.rows("meters.list", page_size=25)) == 25


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(0, 40),
    size=st.integers(1, 12),
    limit=st.integers(1, 12),
    total=st.sampled_from(["right", None, "page", 1, 3, 1000]),
    ignores_page=st.booleans(),
    empty=st.sets(st.integers(1, 6), max_size=2),
    shuffled=st.booleans(),
    first=st.integers(1, 3),
)
def test_whatever_the_server_no_row_is_lost_in_silence(
    count: int, size: int, limit: int, total: Any, ignores_page: bool, empty: set[int], shuffled: bool, first: int
) -> None:
    """Pages ignored, clamped, reordered or empty for a moment, totals wrong: all rows once, or an error, in the end."""
    asked: list[int] = []
    served = min(size, limit)

    def serve(operation: Any) -> Page[Any]:
        number = operation.page
        asked.append(number)
        begin = 0 if ignores_page else (number - 1) * served
        found = list(range(begin, max(min(begin + served, count), begin)))
        if number in empty and asked.count(number) == 1:
            found = []
        if shuffled:
            found = found[::-1] if len(asked) % 2 else found
        counted = {"right": count, "page": len(found)}.get(total, total)
        # What there is now moves from one page to the next; a row alone on its page is told apart by nothing else.
        moving = datetime(2023, 4, 1 + (len(asked) % 28 if size > 1 else 0))
        rows = [Meter(table_no=str(row), online_at=moving) for row in found]
        return Page(rows, counted, number)

    seen: list[int] = []
    error = None
    try:
        for page in Listing(serve, ListMeters(page=first, page_size=size)).pages():
            seen += [int(meter.table_no) for meter in page]
    except chaobiao.IncompleteList as raised:
        error = raised
    assert len(seen) == len(set(seen)), "a row came twice"
    assert len(asked) <= count + 8, "more requests than there are rows"
    expected = list(range(0 if ignores_page else (first - 1) * served, count))
    if total == "right" and served == size and (not ignores_page or count <= served) and first == 1:
        assert error is None
        assert sorted(seen) == expected
    if total == "right" and first == 1 and error is None:
        assert sorted(seen) == expected, "rows were lost in silence"


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
    period = {"begin": datetime(2023, 4, 1), "end": datetime(2023, 5, 1)}
    seen, error = await read_until_incomplete(await connect(server).call("meters.readings", **period))
    assert len(seen) == 2
    assert error is not None
