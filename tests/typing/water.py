"""What type checkers see of the water clients. Checked, never run."""

from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

from chaobiao import AsyncListing, AsyncWaterQuery, Listing, Page, WaterQuery
from chaobiao.water import (
    Cost,
    Flow,
    ListFlows,
    ListRegions,
    OperationLog,
    PastPayment,
    PastReading,
    Region,
    Schedule,
)


def lists(client: WaterQuery, start: datetime) -> None:
    """Every operation is a Listing of its record."""
    assert_type(client.regions.list(), Listing[Region])
    assert_type(client.flows.list(region_id=1212, watch_status="成功"), Listing[Flow])
    assert_type(client.costs.list(user_name="张"), Listing[Cost])
    assert_type(client.operation_logs.list(), Listing[OperationLog])
    assert_type(client.schedules.list(page=2, page_size=10), Listing[Schedule])
    assert_type(client.readings.list(start=start, end=None), Listing[PastReading])
    assert_type(client.payments.list(address="南山区"), Listing[PastPayment])
    assert_type(client.send(ListFlows()), Page[Flow])
    assert_type(client.send(ListFlows()).to_dicts(times="keep"), list[dict[str, Any]])
    assert_type(client.flows.list().to_dicts(headings="zh", decimals="number"), list[dict[str, Any]])
    assert_type(client.with_options(deadline=5), WaterQuery)


async def async_lists(client: AsyncWaterQuery, start: datetime) -> None:
    """Every operation of the async client is an AsyncListing."""
    assert_type(client.regions.list(), AsyncListing[Region])
    assert_type(client.flows.list(region_id=1212, watch_status="成功"), AsyncListing[Flow])
    assert_type(client.costs.list(user_name="张"), AsyncListing[Cost])
    assert_type(client.operation_logs.list(), AsyncListing[OperationLog])
    assert_type(client.schedules.list(page=2, page_size=10), AsyncListing[Schedule])
    assert_type(client.readings.list(start=start, end=None), AsyncListing[PastReading])
    assert_type(client.payments.list(address="南山区"), AsyncListing[PastPayment])
    assert_type(await client.send(ListRegions()), Page[Region])
    assert_type(await client.flows.list().to_dicts(headings="wire", extra=True), list[dict[str, Any]])
    assert_type(client.with_options(deadline=5), AsyncWaterQuery)
    async for region in client.regions.list():
        assert_type(region, Region)


def fields(region: Region, schedule: Schedule, payment: PastPayment, flow: Flow) -> None:
    """Trees are tuples of their own kind; what may be a time or text says so."""
    assert_type(region.children, tuple[Region, ...] | None)
    assert_type(region.id, int | None)
    assert_type(schedule.execution_time, datetime | str | None)
    assert_type(schedule.execution_count, int | None)
    assert_type(payment.amount_recharged, Decimal | None)
    assert_type(payment.user_name, str | None)
    assert_type(flow.created_at, datetime | None)
    assert_type(flow.to_dict(decimals="keep"), dict[str, Any])


def refused(client: WaterQuery) -> None:
    """Mistakes that a type checker finds; were one of them accepted, its ignore would be reported as unused."""
    client.flows.list(region_id="1212")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a number
    client.costs.list(username="张")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # user_name everywhere
    WaterQuery(username="u")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # there is no account
    client.flows.list().to_dicts(decimals="float")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # "number"
