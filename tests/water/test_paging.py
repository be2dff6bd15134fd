"""Lists come in pages counted from 1, and every row comes once."""

from collections.abc import Callable
from operator import attrgetter

import pytest

from chaobiao import InvalidArgument
from tests.water.waterworks import PAGED, Waterworks

#: Filters that leave a few dozen rows, so that small pages make several.
NARROW = {
    "flows.list": {},
    "costs.list": {},
    "operation_logs.list": {"operation_type": "开户"},
    "schedules.list": {},
    "readings.list": {"device_code": "230000000003"},
    "payments.list": {"user_name": "黄"},
}


@pytest.mark.parametrize("method", PAGED)
async def test_pages_hold_all_rows_once(works: Waterworks, method: str) -> None:
    """Small pages, one after the other, are the one large page cut up; each says the same total."""
    whole = (await works.pages(method, page_size=1000, **NARROW[method]))[0]
    pages = await works.pages(method, page_size=7, **NARROW[method])
    assert len(pages) > 4
    assert [row for page in pages for row in page] == list(whole)
    assert {page.total for page in pages} == {len(whole)}
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)


@pytest.mark.parametrize("method", PAGED)
async def test_a_list_may_begin_at_any_page(works: Waterworks, method: str) -> None:
    """Iteration goes on from the page asked for; after the last there is nothing, and the total is still told."""
    rows = await works.all(method, page_size=7, **NARROW[method])
    assert await works.all(method, page=3, page_size=7, **NARROW[method]) == rows[14:]
    beyond = await works.pages(method, page=1000, page_size=7, **NARROW[method])
    assert [(len(page), page.total) for page in beyond] == [(0, len(rows))]


async def test_the_server_may_answer_smaller_pages_than_asked_for(found: Callable[..., Waterworks]) -> None:
    """The mock keeps pages within a bound, as servers do, and cuts all pages alike: nothing is lost."""
    pages = await found(meters=4).pages("readings.list", page_size=50_000)
    assert len(pages) == 2
    assert len(pages[0]) == 1000
    keys = [(row.device_code, row.collected_at) for page in pages for row in page]
    assert len(keys) == len(set(keys)) == pages[0].total


async def test_the_total_is_known_once_the_first_page_has_come(works: Waterworks) -> None:
    """A list tells its length before all of it has been fetched."""
    listing = works.client.flows.list(page_size=10)
    assert listing.total is None
    if hasattr(listing, "__aiter__"):
        async for _ in listing:
            break
    else:
        for _ in listing:
            break
    assert listing.total == 64


@pytest.mark.parametrize("method", PAGED)
@pytest.mark.parametrize("argument", ["page", "page_size"])
async def test_pages_that_cannot_be_are_refused_before_sending(works: Waterworks, method: str, argument: str) -> None:
    """Page 0 and pages of no rows never reach the server."""
    with pytest.raises(InvalidArgument, match=f"{argument} must be a whole number from 1 up"):
        attrgetter(method)(works.client)(**{argument: 0})
    assert len(works.world.journal) == 0


async def test_logs_that_differ_in_their_time_only_are_all_read(found: Callable[..., Waterworks]) -> None:
    """Two pages of the same operator doing the same to the same device are two pages: the moment tells them apart."""
    works = found(meters=4)
    whole = await works.all("operation_logs.list", page_size=1000)
    assert await works.all("operation_logs.list", page_size=1, operation_type="充值") == [
        log for log in whole if log.log_type and "充值" in log.log_type
    ]
