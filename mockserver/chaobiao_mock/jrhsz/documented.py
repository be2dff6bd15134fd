"""The samples of the prepaid platform's documents.

``documented.json`` holds their rows as they are on the wire, repaired where the documents are damaged. The meters are
put together from several samples. Addresses name the building where the document promises its code.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from chaobiao.clock import SHANGHAI
from chaobiao.jrhsz import (
    Address,
    Building,
    CameraReading,
    Consumption,
    MeterKind,
    Payment,
    Reading,
    Resident,
    ResidentConsumption,
    TimeOfUseReading,
)
from chaobiao_mock.documented import Samples
from chaobiao_mock.jrhsz.accounts import DEMO_ACCOUNTS, Account


class DocumentedResident(NamedTuple):
    """A resident, with the building and the address where requests find it."""

    row: Resident
    build_code: str
    address: str


class RecordedMeter(NamedTuple):
    """A meter of the documents or of the user, with the reading that is known of it."""

    number: str
    project: str
    address: str
    kind: MeterKind
    #: The code of the resident who pays for it.
    resident: str | None
    reading: Decimal
    #: When it had that reading; ``None`` stands for the start of the world.
    read_at: datetime | None
    connected: bool
    #: When it was last online, while it is offline.
    online_at: datetime | None = None
    #: What it uses in a day while it is connected, and the price of a unit; ``None`` for usual ones.
    daily_use: Decimal | None = None
    price: Decimal | None = None
    #: Whether it reports by itself, every hour and every day.
    reports: bool = False


class JrhszSamples(Samples):
    """Buildings, residents, meters and recorded rows: those that the documents show, or the user's own."""

    #: The accounts.
    accounts: tuple[Account, ...] = DEMO_ACCOUNTS

    @cached_property
    def buildings(self) -> tuple[Building, ...]:
        return self.read(Building, self.content["buildings"])

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        return self.read(Address, self.content["addresses"])

    @cached_property
    def residents(self) -> tuple[DocumentedResident, ...]:
        rows = self.read(Resident, (resident["row"] for resident in self.content["residents"]))
        return tuple(
            DocumentedResident(row, resident["build_code"], resident["address"])
            for row, resident in zip(rows, self.content["residents"], strict=True)
        )

    @cached_property
    def _residents(self) -> Mapping[str | None, Resident]:
        return {resident.row.user_code: resident.row for resident in self.residents}

    def resident(self, code: str | None) -> Resident | None:
        """Return the resident with a code."""
        return self._residents.get(code)

    @cached_property
    def meters(self) -> tuple[RecordedMeter, ...]:
        return tuple(
            RecordedMeter(
                number=meter["number"],
                project=meter["project"],
                address=meter["address"],
                kind=MeterKind(meter["kind"]),
                resident=meter["resident"],
                reading=Decimal(meter["reading"]),
                read_at=_moment(meter["read_at"]),
                connected=meter["connected"],
                online_at=_moment(meter.get("online_at") or self.content.get("online_at")),
                daily_use=_decimal(meter.get("daily_use")),
                price=_decimal(meter.get("price")),
                reports=meter.get("reports", False),
            )
            for meter in self.content["meters"]
        )

    @cached_property
    def balances(self) -> Mapping[str, Decimal]:
        """The documented balances, by resident."""
        return {resident: Decimal(balance) for resident, balance in self.content["balances"].items()}

    @cached_property
    def payments(self) -> Mapping[str, tuple[Payment, ...]]:
        """The documented payments, by resident."""
        return {resident: self.read(Payment, rows) for resident, rows in self.content["payments"].items()}

    @cached_property
    def resident_consumption(self) -> Mapping[str, tuple[ResidentConsumption, ...]]:
        """The documented consumption, by resident."""
        rows: Mapping[str, list[dict[str, Any]]] = self.content["resident_consumption"]
        return {resident: self.read(ResidentConsumption, found) for resident, found in rows.items()}

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        return self.read(Reading, self.content["readings"])

    @cached_property
    def consumption(self) -> tuple[Consumption, ...]:
        return self.read(Consumption, self.content["consumption"])

    @cached_property
    def time_of_use_readings(self) -> tuple[TimeOfUseReading, ...]:
        return self.read(TimeOfUseReading, self.content["time_of_use_readings"])

    @cached_property
    def camera_readings(self) -> tuple[CameraReading, ...]:
        return self.read(CameraReading, self.content["camera_readings"])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


SAMPLES: Final = JrhszSamples("chaobiao_mock.jrhsz")
