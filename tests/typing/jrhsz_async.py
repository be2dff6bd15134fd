"""What type checkers see of the async prepaid client. Checked, never run."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import assert_type

from chaobiao import Acknowledgement, AsyncJrhsz, AsyncListing, CallEvent, JrhszDialect, Page, VirtualClock
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz import (
    Address,
    Building,
    CameraReading,
    Consumption,
    ConsumptionKind,
    GetResident,
    Instruction,
    InstructMeter,
    LatestReading,
    ListMeters,
    Login,
    Meter,
    Payment,
    Reading,
    Recharge,
    Resident,
    ResidentConsumption,
    ResidentMeter,
    TimeOfUseReading,
)


def lists(client: AsyncJrhsz, begin: datetime, end: datetime) -> None:
    """Every list is an AsyncListing of its record, made without awaiting."""
    assert_type(client.buildings.list(), AsyncListing[Building])
    assert_type(client.residents.list(build_code="b"), AsyncListing[Resident])
    assert_type(client.residents.consumption("1", begin=begin, end=end), AsyncListing[ResidentConsumption])
    assert_type(client.recharges.list("1", begin=begin, end=end, page=1, page_size=10), AsyncListing[Payment])
    assert_type(client.addresses.list(), AsyncListing[Address])
    assert_type(client.addresses.rooms("一栋一层"), AsyncListing[Resident])
    assert_type(client.meters.list(), AsyncListing[Meter])
    assert_type(client.meters.latest_readings(table_no="1"), AsyncListing[LatestReading])
    assert_type(client.meters.readings(begin=begin, end=end, table_no=["1", "2"]), AsyncListing[Reading])
    assert_type(
        client.meters.consumption(begin=begin, end=end, kind=ConsumptionKind.REALTIME), AsyncListing[Consumption]
    )
    assert_type(client.meters.time_of_use_readings(begin=begin, end=end), AsyncListing[TimeOfUseReading])
    assert_type(client.meters.camera_readings(begin=begin, end=end), AsyncListing[CameraReading])


async def single_results(client: AsyncJrhsz) -> None:
    """Methods that return no list: a page, an acknowledgement, None."""
    assert_type(await client.residents.get("1"), Page[ResidentMeter])
    assert_type(await client.recharges.create("1", amount="1.00", order_number="o"), Acknowledgement)
    assert_type((await client.recharges.create("1", amount=Decimal(1), order_number="o")).repeated, bool)
    assert_type(await client.meters.instruct("1", Instruction.DISCONNECT), Acknowledgement)
    assert_type((await client.meters.instruct("1", Instruction.READ)).message, str | None)
    assert_type(await client.login(), None)


async def operations(client: AsyncJrhsz) -> None:
    """send() returns what the operation declares, and iterate() its rows."""
    assert_type(await client.send(ListMeters(page=3)), Page[Meter])
    assert_type(await client.send(GetResident("1")), Page[ResidentMeter])
    assert_type(await client.send(Recharge("1", amount=1, order_number="o")), Acknowledgement)
    assert_type(await client.send(InstructMeter("1", Instruction.RECONNECT)), Acknowledgement)
    assert_type(await client.send(Login("user", Secret("password"))), Secret)
    assert_type(client.iterate(ListMeters()), AsyncListing[Meter])


async def reading_lists(listing: AsyncListing[Meter]) -> None:
    """Rows, pages and totals keep their types."""
    async for meter in listing:
        assert_type(meter, Meter)
    assert_type(await listing.collect(), list[Meter])
    assert_type(listing.pages(), AsyncGenerator[Page[Meter], None])
    assert_type(listing.total, int | None)
    async for page in listing.pages():
        assert_type(page[0], Meter)
        assert_type(page.total, int | None)
        assert_type(page.number, int)


async def options(client: AsyncJrhsz) -> None:
    """Copies are of the client's own type."""

    class Mine(AsyncJrhsz):
        """A client class of the caller's own."""

    def watch(event: CallEvent) -> None:
        assert_type(event.code, int | None)

    assert_type(client.with_options(timeout=3, on_request=watch, on_retry=None), AsyncJrhsz)
    assert_type(Mine("u", "p").with_options(strict=True), Mine)
    assert_type(client.oddities, Mapping[tuple[str, str, str], int])
    async with Mine(
        base_url="https://x.example", dialect=JrhszDialect(body="form"), clock=VirtualClock(), max_rate=5
    ) as mine:
        assert_type(mine, Mine)


async def refused(client: AsyncJrhsz, begin: datetime, end: datetime) -> None:
    """Mistakes that a type checker finds; were one of them accepted, its ignore would be reported as unused."""
    await client.recharges.create("1", amount=1.5, order_number="o")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a float is no amount
    await client.recharges.create("1", "1.00", "o")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # money goes by name
    client.meters.readings(begin=begin)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # a period has an end
    await client.meters.instruct("1", 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not an Instruction
    client.meters.list(5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # page goes by name
    client.meters.lists()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # no such method
    await client.send("meters.list")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not an operation
    client.with_options(password="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the account of a client never changes
    for _ in client.meters.list():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]  # async for
        pass
