"""What type checkers see of the sync prepaid client. Checked, never run."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import assert_type

from chaobiao import (
    Acknowledgement,
    CallEvent,
    Jrhsz,
    JrhszDialect,
    Listing,
    OutcomeUnknown,
    Page,
    TooFast,
    VirtualClock,
)
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz import (
    Address,
    Building,
    CameraReading,
    Consumption,
    ConsumptionKind,
    Gate,
    GetResident,
    ImageStatus,
    Instruction,
    InstructMeter,
    LatestReading,
    ListMeters,
    Login,
    Meter,
    MeterKind,
    NetworkState,
    Payment,
    Reading,
    Recharge,
    Resident,
    ResidentConsumption,
    ResidentMeter,
    TimeOfUseReading,
)


def lists(client: Jrhsz, begin: datetime, end: datetime) -> None:
    """Every list is a Listing of its record."""
    assert_type(client.buildings.list(), Listing[Building])
    assert_type(client.residents.list(build_code="b"), Listing[Resident])
    assert_type(client.residents.consumption("1", begin=begin, end=end), Listing[ResidentConsumption])
    assert_type(client.recharges.list("1", begin=begin, end=end, page=1, page_size=10), Listing[Payment])
    assert_type(client.addresses.list(), Listing[Address])
    assert_type(client.addresses.rooms("一栋一层"), Listing[Resident])
    assert_type(client.meters.list(), Listing[Meter])
    assert_type(client.meters.latest_readings(table_no="1"), Listing[LatestReading])
    assert_type(client.meters.readings(begin=begin, end=end, table_no=["1", "2"]), Listing[Reading])
    assert_type(client.meters.consumption(begin=begin, end=end, kind=ConsumptionKind.REALTIME), Listing[Consumption])
    assert_type(client.meters.time_of_use_readings(begin=begin, end=end), Listing[TimeOfUseReading])
    assert_type(client.meters.camera_readings(begin=begin, end=end), Listing[CameraReading])


def single_results(client: Jrhsz) -> None:
    """Methods that return no list: a page, an acknowledgement, None."""
    assert_type(client.residents.get("1"), Page[ResidentMeter])
    assert_type(client.recharges.create("1", amount="1.00", order_number="o"), Acknowledgement)
    assert_type(client.recharges.create("1", amount=Decimal(1), order_number="o").repeated, bool)
    assert_type(client.meters.instruct("1", Instruction.DISCONNECT), Acknowledgement)
    assert_type(client.meters.instruct("1", Instruction.READ).message, str | None)
    assert_type(client.login(), None)


def operations(client: Jrhsz) -> None:
    """send() returns what the operation declares, and iterate() its rows."""
    assert_type(client.send(ListMeters(page=3)), Page[Meter])
    assert_type(client.send(GetResident("1")), Page[ResidentMeter])
    assert_type(client.send(Recharge("1", amount=1, order_number="o")), Acknowledgement)
    assert_type(client.send(InstructMeter("1", Instruction.RECONNECT)), Acknowledgement)
    assert_type(client.send(Login("user", Secret("password"))), Secret)
    assert_type(client.iterate(ListMeters()), Listing[Meter])


def reading_lists(listing: Listing[Meter]) -> None:
    """Rows, pages and totals keep their types."""
    for meter in listing:
        assert_type(meter, Meter)
    assert_type(listing.collect(), list[Meter])
    assert_type(listing.pages(), Iterator[Page[Meter]])
    assert_type(listing.total, int | None)
    for page in listing.pages():
        assert_type(page[0], Meter)
        assert_type(page.total, int | None)
        assert_type(page.number, int)


def fields(meter: Meter, latest: LatestReading, tou: TimeOfUseReading, camera: CameraReading) -> None:
    """Every field of a record may be None, and is else what it says."""
    assert_type(meter.table_no, str | None)
    assert_type(meter.kind, MeterKind | None)
    assert_type(meter.gate, Gate | None)
    assert_type(meter.network, NetworkState | None)
    assert_type(meter.online_at, datetime | None)
    assert_type(latest.reading, Decimal | None)
    assert_type(tou.sharp, Decimal | None)
    assert_type(camera.status, ImageStatus | None)


def options(client: Jrhsz) -> None:
    """Copies are of the client's own type."""

    class Mine(Jrhsz):
        """A client class of the caller's own."""

    def watch(event: CallEvent) -> None:
        assert_type(event.code, int | None)

    assert_type(client.with_options(timeout=3, on_request=watch, on_retry=None), Jrhsz)
    assert_type(Mine("u", "p").with_options(strict=True), Mine)
    assert_type(client.oddities, Mapping[tuple[str, str, str], int])
    with Mine(base_url="https://x.example", dialect=JrhszDialect(body="form"), clock=VirtualClock()) as mine:
        assert_type(mine, Mine)


def errors(outcome: OutcomeUnknown, fast: TooFast) -> None:
    """Errors have typed facts."""
    assert_type(outcome.reference, str | None)
    assert_type(outcome.code, int | None)
    assert_type(outcome.vendor_message, str | None)
    assert_type(fast.wait, float | None)
    assert_type(fast.hint_zh, str)


def refused(client: Jrhsz, begin: datetime, end: datetime) -> None:
    """Mistakes that a type checker finds; were one of them accepted, its ignore would be reported as unused."""
    client.recharges.create("1", amount=1.5, order_number="o")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # a float is no amount
    client.recharges.create("1", "1.00", "o")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # money goes by name
    client.meters.readings(begin=begin)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # a period has an end
    client.meters.instruct("1", 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not an Instruction
    client.meters.list(5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # page goes by name
    client.meters.lists()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # no such method
    client.send("meters.list")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not an operation
    client.with_options(password="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the account of a client never changes
