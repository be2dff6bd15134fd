"""Lists come in pages counted from 1, and every row comes once."""

from contextlib import aclosing

import pytest

from tests.harness.clients import each
from tests.harness.mock_server import LiveMock

#: Lists of the made-up fleet, with filters that leave a few dozen rows, so that small pages make several.
NARROW = {
    "flows.list": {},
    "costs.list": {},
    "operation_logs.list": {"operation_type": "开户"},
    "schedules.list": {},
    "readings.list": {"device_code": "230000000003"},
    "payments.list": {"user_name": "黄"},
}


@pytest.mark.parametrize("method", NARROW)
async def test_pages_hold_all_rows_once(mock: LiveMock, method: str) -> None:
    """Small pages, one after the other, are the one large page cut up; each says the same total."""
    whole = (await mock.pages(method, page_size=1000, **NARROW[method]))[0]
    pages = await mock.pages(method, page_size=7, **NARROW[method])
    assert len(pages) > 4
    assert [row for page in pages for row in page] == list(whole)
    assert {page.total for page in pages} == {len(whole)}
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)


@pytest.mark.parametrize("method", NARROW)
async def test_a_list_may_begin_at_any_page(mock: LiveMock, method: str) -> None:
    """Iteration goes on from the page asked for; after the last there is nothing, and the total still comes."""
    rows = await mock.rows(method, page_size=7, **NARROW[method])
    assert await mock.rows(method, page=3, page_size=7, **NARROW[method]) == rows[14:]
    beyond = await mock.pages(method, page=1000, page_size=7, **NARROW[method])
    assert [(len(page), page.total) for page in beyond] == [(0, len(rows))]


async def test_the_server_may_return_smaller_pages_than_asked_for(mock: LiveMock) -> None:
    """The mock limits the size of pages, as servers do, and cuts all pages alike: no row is lost."""
    mock.restart(meters=4)
    pages = await mock.pages("readings.list", page_size=50_000)
    assert len(pages) == 2
    assert len(pages[0]) == 1000
    keys = [(row.device_code, row.collected_at) for page in pages for row in page]
    assert len(keys) == len(set(keys)) == pages[0].total


async def test_the_total_is_known_once_the_first_page_has_come(mock: LiveMock) -> None:
    """A list knows its length before all of it has been fetched."""
    listing = await mock.client().call("flows.list", page_size=10)
    assert listing.total is None
    async with aclosing(each(listing)) as rows:
        await anext(rows)
    assert listing.total == 64


async def test_logs_that_differ_in_their_time_only_are_all_read(mock: LiveMock) -> None:
    """Pages whose rows differ in their time alone are different pages."""
    mock.restart(meters=4)
    whole = await mock.rows("operation_logs.list", page_size=1000)
    assert await mock.rows("operation_logs.list", page_size=1, operation_type="充值") == [
        log for log in whole if log.log_type and "充值" in log.log_type
    ]
