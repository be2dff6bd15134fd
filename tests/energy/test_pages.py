"""Lists against servers that count, clamp and change as they like: no row lost, none twice, no endless loop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chaobiao import IncompleteList
from chaobiao.energy import EnergyDialect
from tests.energy.servers import Pages, PageServer, envelope
from tests.harness.clients import ClientUnderTest, over_fake_server, read_until_incomplete
from tests.harness.fake_server import FakeServer

Connect = Callable[..., ClientUnderTest]

Read = tuple[list[int], IncompleteList | None]


def read_twice(client_kind: str, server: PageServer, page: int, size: int) -> list[Read]:
    """Read the list of meters twice with one client; return the ids and the errors at the end."""

    async def read() -> list[Read]:
        client = over_fake_server(client_kind, server, "energy")
        found: list[Read] = []
        for _ in range(2):
            rows, error = await read_until_incomplete(await client.call("meters.list", page=page, page_size=size))
            found.append(([meter.id for meter in rows], error))
        await client.close_all()
        return found

    return asyncio.run(read())


def cannot_be_known(pages: Pages, size: int, rows: int) -> bool:
    """Whether all that the server says is true of a shorter list as well."""
    if pages.change == "delete" and pages.total not in ("right", "text"):
        return True
    if pages.ignores_page and rows > size:
        return pages.total == "page" or pages.total == size or pages.change != "none"
    if pages.change == "insert" and size == 1 and pages.base == 1:
        return True  # a whole page of new rows hides that the first page came twice
    # What came fits the total at the end of a page, of which one row may have been there before.
    ends = (0, size - 1) if pages.change == "insert" else (0,)
    return isinstance(pages.total, int) and 0 < pages.total < rows and pages.total % size in ends


servers = st.builds(
    Pages,
    count=st.integers(0, 35),
    base=st.sampled_from([0, 1]),
    below=st.sampled_from(["empty", "4002", "nearest"]),
    beyond=st.sampled_from(["empty", "4002", "nearest", "offset"]),
    ignores_page=st.booleans(),
    total=st.sampled_from(["right", "text", "word", "page", None, 0, 1, 7, 1000]),
    change=st.sampled_from(["none", "insert", "append", "delete"]),
)


@pytest.mark.parametrize("client_kind", ["sync", "async"])
@settings(max_examples=150, deadline=None)
@given(pages=servers, size=st.integers(1, 10))
@example(pages=Pages(count=25, base=1, below="nearest", total=7), size=10)
@example(pages=Pages(count=25, base=1, below="nearest", change="insert"), size=10)
@example(pages=Pages(count=35, change="delete"), size=10)
@example(pages=Pages(count=25, ignores_page=True, total=None), size=10)
def test_no_row_is_lost_in_silence_and_none_comes_twice(client_kind: str, pages: Pages, size: int) -> None:
    """Whatever the server does, a list ends, no row comes twice, and all that were there came, or an error says so."""
    server = PageServer(pages)
    (seen, error), (again, error_again) = read_twice(client_kind, server, 1, size)
    assert len(seen) == len(set(seen)), "a row came twice"
    assert len(server.asked) <= 2 * (pages.count // size + 8), "more requests than pages"
    there = set(range(2 if pages.change == "delete" else 1, pages.count + 1))
    known = not cannot_be_known(pages, size, len(server.ids))
    if known:
        assert error is not None or there <= set(seen), "rows were lost in silence"
        assert error_again is not None or set(server.ids) == set(again)
    sane = known and not pages.ignores_page and pages.total in ("right", "text") and pages.change != "delete"
    if sane:
        assert error is None
        assert error_again is None


@pytest.mark.parametrize("pages", [Pages(count=30), Pages(count=25), Pages(count=30, base=1), Pages(count=25, base=1)])
def test_a_list_that_begins_later_loses_no_row(pages: Pages) -> None:
    """From page 2 on, at least the rows from there to the end come, whichever number the server's first page has."""
    ((seen, error), _) = read_twice("sync", PageServer(pages), 2, 10)
    assert error is None
    assert set(range(11, pages.count + 1)) <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("below", ["empty", "4002"])
async def test_one_thing_is_found_whichever_number_the_first_page_has(below: str, connect: Connect) -> None:
    """A question by id is asked under the next number once, and the client keeps to what it has learned."""
    server = PageServer(Pages(count=1, base=1, below=below))
    client = connect(server, "energy")
    assert [meter.id for meter in await client.rows("meters.list", id=1)] == [1]
    assert [meter.id for meter in await client.rows("meters.list", id=1)] == [1]
    assert server.asked == [0, 1, 1]


async def test_each_endpoint_is_learned_by_itself(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """That meters are counted from 1 says nothing of machines; it is logged once, and copies of the client know it."""
    meters, machines = PageServer(Pages(count=25, base=1)), PageServer(Pages(count=25))
    client = connect(
        lambda request: (meters if "meters" in request.url.path.split("/") else machines)(request), "energy"
    )
    for _ in range(2):
        assert len(await client.with_options().rows("meters.list", page_size=10)) == 25
        assert len(await client.rows("machines.list", page_size=10)) == 25
    assert meters.asked == [0, 1, 2, 3, 1, 2, 3]
    assert machines.asked == [0, 1, 2, 0, 1, 2]
    assert [text for text in caplog.messages if "page" in text] == [
        "meters.list: the server numbers its pages from one more than assumed; the client now does so too"
    ]


async def test_a_wrong_conclusion_is_forgotten(connect: Connect) -> None:
    """A first page that was empty for a moment makes the list incomplete; the next one is read as documented."""
    replies = [envelope([], 2), envelope([{"id": 2}], 2), envelope([], 2), envelope([], 2)]
    server = FakeServer(*replies, envelope([{"id": 1}], 2), envelope([{"id": 2}], 2))
    client = connect(server, "energy")
    with pytest.raises(IncompleteList):
        await client.rows("meters.list", page_size=1)
    assert [meter.id for meter in await client.rows("meters.list", page_size=1)] == [1, 2]


async def test_4002_in_the_middle_of_a_list_is_no_end(connect: Connect) -> None:
    """4002 has no total, so the earlier pages' counts: the page is asked for again, then the list is incomplete."""
    first, gone = envelope([{"id": 1}, {"id": 2}], 3), envelope(code="4002", words="无数据")
    server = FakeServer(first, gone, envelope([{"id": 3}], 3))
    assert [meter.id for meter in await connect(server, "energy").rows("meters.list", page_size=2)] == [1, 2, 3]
    with pytest.raises(IncompleteList) as caught:
        await connect(FakeServer(first, gone), "energy").rows("meters.list", page_size=2)
    assert (caught.value.rows, caught.value.total, caught.value.page) == (2, 3, 2)


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (Pages(count=35, change="delete"), ("the total fell from 35 to 34", "总数由 35 变为 34")),
        (Pages(count=25, ignores_page=True, total=None), ("no total that can be believed", "没有可信的总数")),
        (Pages(count=25, total=1000), ("though 25 of 1000 rows have come", "总数 1000 中只返回了 25 行")),
    ],
)
async def test_the_error_says_why_rows_may_be_missing(server: Pages, said: tuple[str, str], connect: Connect) -> None:
    """Deleted meanwhile, a page that repeats, a total that is not reached: in both languages, and worth a retry."""
    with pytest.raises(IncompleteList) as caught:
        await connect(PageServer(server), "energy").rows("meters.list", page_size=10)
    assert said[0] in caught.value.message
    assert said[1] in caught.value.message_zh
    assert caught.value.retryable


@pytest.mark.parametrize(("first_page", "asked"), [(0, [0, 1, 2]), (1, [1, 2, 3])])
async def test_the_dialect_says_what_the_first_page_is_called(
    first_page: Any, asked: list[int], connect: Connect
) -> None:
    """Python's page 1 is 0 on the wire, or 1 by the switch; pages keep Python's numbers."""
    server = PageServer(Pages(count=25, base=first_page))
    client = connect(server, "energy", dialect=EnergyDialect(first_page=first_page))
    assert [page.number for page in await client.pages("meters.list", page_size=10)] == [1, 2, 3]
    assert server.asked == asked


async def test_totals_can_be_distrusted(connect: Connect) -> None:
    """With trust_totals=False a list ends with its rows, whatever total stands beside them."""
    client = connect(PageServer(Pages(count=25, total=1000)), "energy", dialect=EnergyDialect(trust_totals=False))
    assert len(await client.rows("meters.list", page_size=10)) == 25
