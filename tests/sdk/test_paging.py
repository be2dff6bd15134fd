"""Lists: lazy, never endless, never a row twice, whatever the server says of its totals."""

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
from chaobiao.jrhsz import ListMeters, Meter
from tests.sdk.driver import Driver, FakeServer, each

Connect = Callable[..., Driver]


def rows(first: int, count: int) -> list[dict[str, str]]:
    return [{"tableNo": str(number)} for number in range(first, first + count)]


class Fleet:
    """A server with ``count`` meters, which counts them as ``total`` and gives at most ``limit`` a page."""

    def __init__(self, count: int, total: Any = "right", limit: int = 1000, deaf: bool = False) -> None:
        self.count, self.limit, self.deaf = count, limit, deaf
        self.total = count if total == "right" else total
        self.pages: list[int] = []

    def __call__(self, request: httpx.Request) -> dict[str, Any]:
        body = json.loads(request.content)
        self.pages.append(body["pageNo"])
        size = min(body["pageSize"], self.limit)
        first = 0 if self.deaf else (body["pageNo"] - 1) * size
        found = rows(first, max(min(size, self.count - first), 0))
        return {"code": 200, "data": found, "totalCount": self.total}


def numbers(meters: list[Meter]) -> list[int]:
    return [int(meter.table_no or "") for meter in meters]


@pytest.mark.parametrize(
    ("fleet", "size", "pages"),
    [
        (Fleet(0), 10, [1]),
        (Fleet(5), 10, [1]),
        (Fleet(10), 10, [1, 2]),  # a total of one full page may count that page alone
        (Fleet(25, total=10), 10, [1, 2, 3]),
        (Fleet(25), 10, [1, 2, 3]),
        (Fleet(30), 10, [1, 2, 3]),
        (Fleet(25, total=None), 10, [1, 2, 3, 4]),  # without a total, an empty page ends the list
        (Fleet(30, total=None), 10, [1, 2, 3, 4]),
        (Fleet(25, limit=4), 10, [1, 2, 3, 4, 5, 6, 7]),  # the server's own limit is smaller than what was asked for
        (Fleet(2, total=1), 10, [1]),  # meter 4.4's sample: two rows, a total of 1
        (Fleet(25, total=1), 10, [1, 2, 3]),  # rows decide where the total is too small
        (Fleet(7, total=None, deaf=True), 10, [1, 2]),  # the server ignores pageNo: the same page again
    ],
    ids=lambda value: f"{value.count}of{value.total}" if isinstance(value, Fleet) else None,
)
async def test_every_row_once(fleet: Fleet, size: int, pages: list[int], colour: str, connect: Connect) -> None:
    """All rows come in order and once each, with no request more than it takes to know that."""
    fleet.pages = []
    found = await connect(FakeServer(fleet)).collect("meters.list", page_size=size)
    assert numbers(found) == list(range(fleet.count))
    assert fleet.pages == pages


@pytest.mark.parametrize(
    ("fleet", "rows", "page", "pages"),
    [
        (Fleet(1, total=52), 1, 2, [1, 2, 2]),  # meter 4.3's sample as a list: one row, a total of 52
        (Fleet(25, total=100), 25, 4, [1, 2, 3, 4, 4]),
        (Fleet(7, total=99, deaf=True), 7, 2, [1, 2, 2]),  # the server ignores pageNo
    ],
    ids=lambda value: f"{value.count}of{value.total}" if isinstance(value, Fleet) else None,
)
async def test_a_list_short_of_its_total_is_incomplete(
    fleet: Fleet, rows: int, page: int, pages: list[int], connect: Connect
) -> None:
    """All rows that there are come, the last page is asked for once more, and then the error says what is missing."""
    fleet.pages = []
    seen, error = await read(await connect(FakeServer(fleet)).call("meters.list", page_size=10))
    assert numbers(seen) == list(range(rows))
    assert error is not None
    assert (error.rows, error.total, error.page, error.retryable) == (rows, fleet.total, page, True)
    assert fleet.pages == pages


async def read(listing: Any) -> tuple[list[Any], chaobiao.IncompleteList | None]:
    """Read a list row by row; return the rows that came, and the error with which it ended."""
    seen: list[Any] = []
    try:
        async for row in each(listing):
            seen.append(row)  # noqa: PERF401  # what came before the error is what is tested
    except chaobiao.IncompleteList as error:
        return seen, error
    return seen, None


async def test_an_empty_page_that_is_there_the_second_time_costs_nothing(connect: Connect) -> None:
    """A transiently empty page 3 of 5 is asked for again, and all fifty rows come."""
    pages = [{"code": 200, "data": rows(first, 10), "totalCount": 50} for first in range(0, 50, 10)]
    server = FakeServer(*pages[:2], {"code": 200, "data": [], "totalCount": 50}, *pages[2:])
    found = await connect(server).collect("meters.list", page_size=10)
    assert numbers(found) == list(range(50))
    assert [body["pageNo"] for body in server.bodies] == [1, 2, 3, 3, 4, 5]


async def test_a_page_that_repeats_in_another_order_is_known(connect: Connect) -> None:
    """Page 3 with the rows of page 1 or 2, in whatever order, is asked for again, and the list is incomplete."""
    for repeated in (0, 10):
        pages = [{"code": 200, "data": rows(first, 10), "totalCount": 99} for first in (0, 10)]
        server = FakeServer(*pages, {"code": 200, "data": rows(repeated, 10)[::-1], "totalCount": 99})
        seen, error = await read(await connect(server).call("meters.list", page_size=10))
        assert numbers(seen) == list(range(20))
        assert error is not None
        assert (error.rows, error.total, error.page) == (20, 99, 3)
        assert len(server.requests) == 4


async def test_rows_that_differ_in_their_readings_alone_are_all_read(connect: Connect) -> None:
    """With one row a page, four rows of one meter are four."""
    row = {"deviceId": "1", "tableNo": "1", "readTime": "2023-04-22 10:31:53"}
    pages = [{"code": 200, "data": [{**row, "reading": str(number)}], "totalCount": 4} for number in range(4)]
    found = await connect(FakeServer(*pages)).collect("meters.latest_readings", page_size=1)
    assert [int(reading.reading) for reading in found] == [0, 1, 2, 3]


async def test_identical_payments_are_never_lost_in_silence(connect: Connect) -> None:
    """Thirty payments that are equal in all can't be told from a repeated page: the error says that ten came."""
    payment = {"out_trade_no": "1", "total_fee": "10.00", "create_time": "2023-04-06 13:39:21"}
    server = FakeServer({"code": 200, "data": [payment] * 10, "totalCount": 30})
    period = {"begin": datetime(2023, 4, 1), "end": datetime(2023, 5, 1)}
    seen, error = await read(await connect(server).call("recharges.list", "1", **period, page_size=10))
    assert len(seen) == 10
    assert error is not None
    assert (error.rows, error.total) == (10, 30)


async def test_totals_that_lie_elsewhere_can_be_switched_off(connect: Connect) -> None:
    """With trust_totals=False an empty or repeated page ends the list, whatever total stands beside it."""
    for server in (Fleet(25, total=100), Fleet(25, total=100, deaf=True)):
        driver = connect(FakeServer(server), dialect=chaobiao.JrhszDialect(trust_totals=False))
        assert len(await driver.collect("meters.list", page_size=25)) == 25


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(0, 40),
    size=st.integers(1, 12),
    limit=st.integers(1, 12),
    total=st.sampled_from(["right", None, "page", 1, 3, 1000]),
    deaf=st.booleans(),
    empty=st.sets(st.integers(1, 6), max_size=2),
    shuffled=st.booleans(),
    first=st.integers(1, 3),
)
def test_whatever_the_server_no_row_is_lost_in_silence(
    count: int, size: int, limit: int, total: Any, deaf: bool, empty: set[int], shuffled: bool, first: int
) -> None:
    """Pages ignored, clamped, reordered or empty for a moment, totals wrong: all rows once, or an error, in the end."""
    asked: list[int] = []
    served = min(size, limit)

    def serve(operation: Any) -> Page[Any]:
        number = operation.page
        asked.append(number)
        begin = 0 if deaf else (number - 1) * served
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
    expected = list(range(0 if deaf else (first - 1) * served, count))
    if total == "right" and served == size and (not deaf or count <= served) and first == 1:
        assert error is None
        assert sorted(seen) == expected
    if total == "right" and first == 1 and error is None:
        assert sorted(seen) == expected, "rows were lost in silence"


async def test_lists_are_lazy_and_start_anew(connect: Connect) -> None:
    """Making a list asks nothing; each iteration asks from the first page on; total is known once a page has come."""
    fleet = Fleet(25)
    driver = connect(FakeServer(fleet))
    listing = await driver.call("meters.list", page_size=10)
    assert (fleet.pages, listing.total) == ([], None)
    assert len([meter async for meter in each(listing)]) == 25
    assert listing.total == 25
    assert len([meter async for meter in each(listing)]) == 25
    assert fleet.pages == [1, 2, 3, 1, 2, 3]
    assert "ListMeters" in repr(listing)


async def test_lists_begin_at_the_page_asked_for(connect: Connect) -> None:
    """page=2 begins there."""
    fleet = Fleet(25)
    found = await connect(FakeServer(fleet)).collect("meters.list", page=2, page_size=10)
    assert numbers(found)[0] == 10
    assert fleet.pages[:2] == [2, 3]


async def test_pages_have_their_numbers_and_totals(connect: Connect) -> None:
    """pages() gives whole pages: sequences with a number and the server's total."""
    listing = await connect(FakeServer(Fleet(25))).call("meters.list", page_size=10)
    pages = [page async for page in each(listing.pages())]
    assert [(page.number, page.total, len(page)) for page in pages] == [(1, 25, 10), (2, 25, 10), (3, 25, 5)]
    assert pages[2][4].table_no == "24"
    assert [meter.table_no for meter in pages[0][:2]] == ["0", "1"]
    assert pages[0][-1] in pages[0]


async def test_one_operation_is_one_call(connect: Connect) -> None:
    """send() answers the page asked for and no other."""
    fleet = Fleet(25)
    page = await connect(FakeServer(fleet)).send(chaobiao.jrhsz.ListMeters(page=2, page_size=10))
    assert numbers(list(page)) == list(range(10, 20))
    assert fleet.pages == [2]


async def test_lists_keep_the_interval(connect: Connect) -> None:
    """Page after page waits its turn: two seconds of the clock between calls, and none of ours."""
    driver = connect(FakeServer(Fleet(50)))
    await driver.collect("meters.list", page_size=10)
    assert driver.clock.monotonic() == pytest.approx(4 * 2.0)


async def test_an_error_on_a_later_page_comes_after_the_rows_before_it(connect: Connect) -> None:
    """Whoever reads row by row has had page 1 when page 2 fails."""
    server = FakeServer({"code": 200, "data": rows(0, 10), "totalCount": 20}, {"code": 1001, "msg": "失败"})
    listing = await connect(server).call("meters.list", page_size=10)
    seen = []

    async def read() -> None:
        async for meter in each(listing):
            seen.append(meter)  # noqa: PERF401  # what came before the error is what is tested

    with pytest.raises(chaobiao.OperationFailed):
        await read()
    assert numbers(seen) == list(range(10))


async def spin() -> None:
    """Let every other task of the loop go as far as it can."""
    for _ in range(50):
        await asyncio.sleep(0)


def async_driver(server: Any, **options: Any) -> Driver:
    return Driver("async", "jrhsz", server, **options)


@pytest.fixture
async def fleet() -> AsyncIterator[tuple[Driver, Fleet]]:
    """An async client over 25 meters."""
    found = Fleet(25)
    driver = async_driver(FakeServer(found))
    yield driver, found
    await driver.close_all()


async def test_the_next_page_is_asked_for_while_this_one_is_read(fleet: tuple[Driver, Fleet]) -> None:
    """With the first row in hand and nothing more asked for, page 2 is under way; page 3 is not."""
    driver, found = fleet
    listing = driver.client.meters.list(page_size=10)
    iterator = aiter(listing)
    await anext(iterator)
    await spin()
    assert found.pages == [1, 2]
    for _ in range(10):
        await anext(iterator)
    await spin()
    assert found.pages == [1, 2, 3]
    await iterator.aclose()


async def test_the_next_page_does_not_hold_up_this_one() -> None:
    """While page 2 hangs at the server, all of page 1 can be read."""
    release = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        page = json.loads(request.content)["pageNo"]
        if page == 2:
            await release.wait()
        return httpx.Response(200, json={"code": 200, "data": rows(page * 10, 10), "totalCount": 20})

    driver = async_driver(FakeServer(hang))
    iterator = aiter(driver.client.meters.list(page_size=10))
    first = [await anext(iterator) for _ in range(10)]
    assert numbers(first) == list(range(10, 20))
    release.set()
    assert len([meter async for meter in iterator]) == 10
    await driver.close_all()


@pytest.mark.parametrize("whole_pages", [False, True])
async def test_breaking_out_leaves_nothing_behind(whole_pages: bool) -> None:
    """Whoever stops early leaves no task: the page that was under way is cancelled."""
    never = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["pageNo"] > 1:
            await never.wait()
        return httpx.Response(200, json={"code": 200, "data": rows(0, 10), "totalCount": 90})

    driver = async_driver(FakeServer(hang))
    before = asyncio.all_tasks()
    listing = driver.client.meters.list(page_size=10)
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
    await driver.close_all()


async def test_a_failed_page_ahead_is_not_lost_nor_warned_of() -> None:
    """An error in the page asked for ahead is raised when it is read, and forgotten if it never is."""
    server = FakeServer({"code": 200, "data": rows(0, 10), "totalCount": 20}, {"code": 1001, "msg": "失败"})
    other = async_driver(server)
    async with aclosing(aiter(other.client.meters.list(page_size=10))) as iterator:
        await anext(iterator)
        await spin()
    assert len(server.requests) == 2
    iterator = aiter(other.client.meters.list(page_size=10))
    with pytest.raises(chaobiao.OperationFailed):
        await anext(iterator)
    await other.close_all()


async def test_a_repeated_page_with_unknown_fields_ends_a_list(connect: Any) -> None:
    """Rows that hold documents nobody described are compared like others."""
    row = {"tableNo": "1", "readTime": "2023-04-22 10:31:53", "unknown": {"deep": [1]}}
    server = FakeServer({"code": 200, "msg": "", "data": [row, row], "totalCount": 9})
    period = {"begin": datetime(2023, 4, 1), "end": datetime(2023, 5, 1)}
    seen, error = await read(await connect(server).call("meters.readings", **period))
    assert len(seen) == 2
    assert error is not None
