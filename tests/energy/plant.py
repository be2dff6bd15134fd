"""What several tests of the energy API's statistics know of the plant."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from chaobiao import SHANGHAI, EnergyManager
from chaobiao.energy import EnergyKind, GroupBy, Machine, Meter, TimeType
from tests.harness.mock_server import LiveMock

#: When the worlds of these tests begin: within a quarter of an hour, a shift and a month.
BEGAN: Final = datetime(2026, 6, 10, 10, 20, tzinfo=SHANGHAI)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Plant:
    """A sync client, and what its user does to the plant: everything goes through the API."""

    def __init__(self, mock: LiveMock) -> None:
        self.mock = mock
        self.client: EnergyManager = mock.client(client_kind="sync").client

    def meter(self, name: str) -> Meter:
        """Return the meter with a name."""
        return next(meter for meter in self.client.meters.list() if meter.name == name)

    def meters(self) -> list[Meter]:
        """Return the meters whose amounts are added up: no virtual ones, no total ones."""
        return [meter for meter in self.client.meters.list() if meter.is_counted and not is_extra(meter)]

    def machines(self) -> list[Machine]:
        """Return the machines."""
        return list(self.client.machines.list())

    def create(self, name: str, kind: str = "0", **form: Any) -> int:
        """Create a counted meter of the first machine, and return its id."""
        machine_id = form.pop("machine_id", self.machines()[0].id)
        created = self.client.meters.create(name=name, kind=kind, machine_id=machine_id, **{"is_counted": True, **form})
        assert created.id is not None
        return created.id

    def update(self, meter: Meter, **changes: Any) -> None:
        """Change some fields of a meter."""
        assert meter.id is not None
        form = {"name": meter.name, "kind": meter.kind, "machine_id": meter.machine_id, **changes}
        self.client.meters.update(meter.id, **form)

    def totals(
        self, start: datetime, end: datetime, group_by: GroupBy, **arguments: Any
    ) -> dict[tuple[str, ...], Decimal]:
        """Return amounts by owner, meter and kind of energy."""
        rows = self.client.consumption.totals(
            **{"time_type": TimeType.DAY, "start": start, "end": end, "group_by": group_by, **arguments}
        )
        return {key_of(row): total([row.amount]) for row in rows}

    def used(self, meter: str, start: datetime, end: datetime) -> Decimal:
        """Return the amount of one meter; zero where it is in no statistic."""
        return total(self.totals(start, end, GroupBy.METER, names=meter).values())

    def used_by_kind(self, kind: str, start: datetime, end: datetime) -> Decimal:
        """Return the amount of one kind of energy."""
        return total(self.totals(start, end, GroupBy.ENERGY_KIND, kinds=EnergyKind(kind)).values())


def is_extra(meter: Meter) -> bool:
    """Tell whether a meter counts what others count too."""
    return bool(meter.is_virtual or meter.is_total)


def key_of(row: Any) -> tuple[str, ...]:
    """Return what the amounts of a row are added up by."""
    return row.owner or "", row.meter or "", str(row.kind)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the exact sum of amounts, all of which are given."""
    found = Decimal(0)
    for amount in amounts:
        assert amount is not None
        found += amount
    return found
