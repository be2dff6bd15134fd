"""The meters of the prepaid platform: the documented ones, and a made-up estate of any size beside them.

Made-up meters are not stored. Everything about one follows from its index and the seed, so a hundred thousand of them
cost nothing until they are asked for; only what was done to a meter (its gate switched, a reading taken) is kept.

Volumes are whole hundredths (of a kWh or m³) and money is whole cents, so sums come out exactly.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from chaobiao.jrhsz import Commodity, MeterKind
from chaobiao_mock.jrhsz import documented
from chaobiao_mock.made_up import GIVEN, SURNAMES, hash32

DAY: Final = 86_400
HOUR: Final = 3_600
#: How far the made-up meters' histories reach back before the world's beginning, in days.
HISTORY_DAYS: Final = 90
#: Residents of one made-up building; each has an electricity and a water meter.
RESIDENTS_PER_BUILDING: Final = 50
ROOMS_PER_FLOOR: Final = 5

_ELECTRICITY_KINDS: Final = (MeterKind(7), MeterKind(3), MeterKind(5), MeterKind(15))
_WATER_KINDS: Final = (MeterKind(24), MeterKind(2), MeterKind(4), MeterKind(12))
#: Made-up meters of the same place in every so many are of one kind.
KINDS_REPEAT_AFTER: Final = 2 * len(_ELECTRICITY_KINDS)
_FIRST_NUMBER: Final = 202_600_000_000
_FIRST_RESIDENT: Final = 2_026_000_000


@attrs.frozen
class MeterSpec:
    """What a meter is. ``rate`` is hundredths a day, ``price`` cents a unit, ``since`` when ``base`` was read."""

    index: int
    number: str
    project: str
    address: str
    kind: MeterKind
    resident: str | None
    resident_name: str | None
    house_number: str | None
    base: int
    since: datetime
    rate: int
    price: int
    connected: bool
    #: Whether it reports by itself, every hour and every day.
    reports: bool

    @property
    def is_water(self) -> bool:
        """Whether it measures water."""
        return self.kind.commodity is Commodity.WATER


@attrs.define
class MeterEvents:
    """What was done to one meter: when its gate was switched (and to what), and when a reading was asked for."""

    switches: list[tuple[datetime, bool]] = attrs.field(factory=list)
    reads: list[datetime] = attrs.field(factory=list)


class Fleet:
    """All meters, documented ones first, and how their readings move."""

    def __init__(self, size: int, seed: int, began: datetime) -> None:
        self._seed = seed
        midnight = began.replace(hour=0, minute=0, second=0, microsecond=0)
        self.began = began
        self.history_from = midnight - timedelta(days=HISTORY_DAYS)
        self._documented = [self._documented_spec(index, row) for index, row in enumerate(documented.METERS)]
        self._by_number = {spec.number: spec.index for spec in self._documented}
        self.made_up = size
        self._events: dict[int, MeterEvents] = {}

    def __len__(self) -> int:
        return len(self._documented) + self.made_up

    @property
    def first_made_up(self) -> int:
        """The index of the first made-up meter."""
        return len(self._documented)

    @property
    def residents(self) -> int:
        """How many made-up residents there are."""
        return (self.made_up + 1) // 2

    def index_of(self, number: str) -> int | None:
        """Find a meter by its number, or by its device, which is the same."""
        if (known := self._by_number.get(number)) is not None:
            return known
        if not (len(number) == 12 and number.isascii() and number.isdigit()):
            return None
        index = int(number) - _FIRST_NUMBER
        return self.first_made_up + index if 0 <= index < self.made_up else None

    def kind_of(self, index: int) -> MeterKind:
        """A meter's kind alone, for filters over the whole estate."""
        if index < self.first_made_up:
            return self._documented[index].kind
        resident, is_water = divmod(index - self.first_made_up, 2)
        kinds = _WATER_KINDS if is_water else _ELECTRICITY_KINDS
        return kinds[resident % len(kinds)]

    def spec(self, index: int) -> MeterSpec:
        """Return what a meter is."""
        if index < self.first_made_up:
            return self._documented[index]
        offset = index - self.first_made_up
        resident = offset // 2
        is_water = offset % 2 == 1
        noise = hash32(self._seed, offset, 1)
        return MeterSpec(
            index=index,
            number=str(_FIRST_NUMBER + offset),
            project="demo",
            address=self.address_of(resident),
            kind=self.kind_of(index),
            resident=self.resident_code(resident),
            resident_name=self.resident_name(resident),
            house_number=self.house_number(resident),
            base=10_000 + noise % 500_000,
            since=self.history_from,
            rate=(20 + noise % 60) if is_water else (400 + noise % 1_200),
            price=330 if is_water else 58,
            connected=True,
            reports=True,
        )

    def _documented_spec(
        self, index: int, row: tuple[str, str, str, MeterKind, str | None, str, str, bool]
    ) -> MeterSpec:
        number, project, address, kind, resident, reading, moment, connected = row
        holder = next((r for r, _, _ in documented.RESIDENTS if r.user_code == resident), None)
        since = datetime.fromisoformat(moment).replace(tzinfo=self.began.tzinfo)
        is_water = kind.commodity is Commodity.WATER
        return MeterSpec(
            index=index,
            number=number,
            project=project,
            address=address,
            kind=kind,
            resident=resident,
            resident_name=holder.user_name if holder else None,
            house_number=holder.house_number if holder else None,
            base=round(float(reading) * 100),
            # Time stood still for the documented meters until this world began: their samples stay true.
            since=since if since > self.began or not connected else self.began,
            rate=40 if is_water else 800,
            price=330 if is_water else 58,
            connected=connected,
            reports=False,
        )

    # --- residents ---------------------------------------------------------------------------------------------------

    @staticmethod
    def resident_code(resident: int) -> str:
        """The code of a made-up resident."""
        return str(_FIRST_RESIDENT + resident)

    def resident_index(self, code: str) -> int | None:
        """Find a made-up resident by code."""
        if not (code.isascii() and code.isdigit() and len(code) == 10):
            return None
        resident = int(code) - _FIRST_RESIDENT
        return resident if 0 <= resident < self.residents else None

    def resident_name(self, resident: int) -> str:
        """A made-up name."""
        noise = hash32(self._seed, resident, 2)
        return SURNAMES[noise % len(SURNAMES)] + GIVEN[(noise >> 8) % len(GIVEN)]

    @staticmethod
    def house_number(resident: int) -> str:
        """The room of a made-up resident, such as 302."""
        room = resident % RESIDENTS_PER_BUILDING
        return f"{room // ROOMS_PER_FLOOR + 1}{room % ROOMS_PER_FLOOR + 1:02d}"

    @staticmethod
    def building_of(resident: int) -> int:
        """The building of a made-up resident, counted from 1."""
        return resident // RESIDENTS_PER_BUILDING + 1

    def address_of(self, resident: int) -> str:
        """The address (building and floor) of a made-up resident."""
        floor = resident % RESIDENTS_PER_BUILDING // ROOMS_PER_FLOOR + 1
        return f"示范{self.building_of(resident)}号楼{floor}层"

    @property
    def buildings(self) -> int:
        """How many made-up buildings there are."""
        return -(-self.residents // RESIDENTS_PER_BUILDING)

    def meters_of(self, code: str) -> Sequence[int]:
        """The meters of a resident, by index; empty for an unknown one."""
        resident = self.resident_index(code)
        if resident is None:
            return [spec.index for spec in self._documented if spec.resident == code]
        first = self.first_made_up + 2 * resident
        return range(first, min(first + 2, len(self)))

    # --- what was done to meters -------------------------------------------------------------------------------------

    def events(self, index: int) -> MeterEvents:
        """What was done to a meter, to be added to."""
        return self._events.setdefault(index, MeterEvents())

    def reads_of(self, index: int) -> list[datetime]:
        """When readings were asked for."""
        return self._events[index].reads if index in self._events else []

    def read_meters(self) -> list[int]:
        """The meters of which readings were asked for."""
        return sorted(index for index, events in self._events.items() if events.reads)

    def connected(self, spec: MeterSpec) -> bool:
        """Whether the gate lets the commodity through now."""
        events = self._events.get(spec.index)
        return events.switches[-1][1] if events and events.switches else spec.connected

    def switched(self, index: int) -> bool:
        """Whether the gate was ever switched."""
        return index in self._events and bool(self._events[index].switches)

    def reports_since(self, spec: MeterSpec) -> datetime | None:
        """Since when a meter reports by itself; a documented one does once it is in use; ``None``: never."""
        if spec.reports:
            return self.history_from
        if spec.connected:
            return self.began
        return self._events[spec.index].switches[0][0] if self.switched(spec.index) else None

    # --- readings ----------------------------------------------------------------------------------------------------

    def reading(self, spec: MeterSpec, moment: datetime) -> int:
        """The reading at a moment, in hundredths: it grows while the meter is connected."""
        seconds = 0.0
        connected, since = spec.connected, spec.since
        events = self._events.get(spec.index)
        for at, state in events.switches if events else ():
            if at >= moment:
                break
            if connected:
                seconds += max((at - since).total_seconds(), 0.0)
            connected, since = state, at
        if connected:
            seconds += (moment - since).total_seconds()
        return spec.base + max(int(spec.rate * seconds / DAY), 0)

    @staticmethod
    def cost(spec: MeterSpec, reading: int) -> int:
        """What a reading has cost in all, in cents; the cost between two readings is the difference."""
        return reading * spec.price // 100
