"""The meters of the prepaid platform: the documented ones, and after them a generated fleet of any size.

Generated meters are not stored. Everything about a meter follows from its index and the seed, so a hundred thousand of
them cost nothing until they are requested; only commands to a meter (its gate switched, a reading taken) are kept.

Volumes are whole hundredths (of a kWh or m³) and money is whole cents, so sums are exact.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from chaobiao.jrhsz import Commodity, MeterKind
from chaobiao_mock.generated import GIVEN_NAMES, SURNAMES, CodeSeries, hash32
from chaobiao_mock.jrhsz.documented import JrhszSamples, RecordedMeter
from chaobiao_mock.jrhsz.load import Loads
from chaobiao_mock.jrhsz.meter_spec import MeterEvents, MeterSpec

DAY: Final = 86_400
HOUR: Final = 3_600
#: How many days before the start of the world the histories of generated meters begin.
HISTORY_DAYS: Final = 90
#: Residents of one generated building; each has an electricity and a water meter.
RESIDENTS_PER_BUILDING: Final = 50
ROOMS_PER_FLOOR: Final = 5
FLOORS: Final = RESIDENTS_PER_BUILDING // ROOMS_PER_FLOOR

_ELECTRICITY_KINDS: Final = (MeterKind(7), MeterKind(3), MeterKind(5), MeterKind(15))
_WATER_KINDS: Final = (MeterKind(24), MeterKind(2), MeterKind(4), MeterKind(12))
#: The kinds of generated meters repeat after so many meters.
KINDS_REPEAT_AFTER: Final = 2 * len(_ELECTRICITY_KINDS)
#: Ten-thousandths of a yuan for a m³, and for a kWh.
_WATER_PRICE: Final = 33_000
_ELECTRICITY_PRICE: Final = 5_800
#: How many generated meters are kept: each page of a history has many rows of few meters.
_KEPT_SPECS: Final = 16_384
_NUMBERS: Final = CodeSeries(202_600_000_000)
#: Meters of which no list shows anything, but which can be read and switched by their numbers.
RESERVED_METERS: Final = 9
#: Which of them is always offline.
_RESERVED_OFFLINE: Final = 2
_RESERVED_NUMBERS: Final = CodeSeries(999_900_000_001)
_RESIDENT_CODES: Final = CodeSeries(2_026_000_000)


class Fleet:
    """All meters, documented ones first, and how their readings grow."""

    def __init__(self, size: int, seed: int, began: datetime, samples: JrhszSamples) -> None:
        self._seed = seed
        self._samples = samples
        midnight = began.replace(hour=0, minute=0, second=0, microsecond=0)
        self.began = began
        self.history_from = midnight - timedelta(days=HISTORY_DAYS)
        self.generated_count = size
        self._events: dict[int, MeterEvents] = {}
        self._offline: dict[int, datetime] = {}
        self._loads = Loads(seed)
        self._specs: dict[int, MeterSpec] = {}

    @cached_property
    def _documented(self) -> list[MeterSpec]:
        return [self._documented_spec(index, meter) for index, meter in enumerate(self._samples.meters)]

    @cached_property
    def _documented_indexes(self) -> dict[str, int]:
        return {spec.number: spec.index for spec in self._documented}

    @cached_property
    def _meters_of_documented(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for spec in self._documented:
            if spec.resident is not None:
                found.setdefault(spec.resident, []).append(spec.index)
        return found

    def __len__(self) -> int:
        return len(self._documented) + self.generated_count

    @cached_property
    def first_generated(self) -> int:
        """The index of the first generated meter."""
        return len(self._documented)

    # --- meters ------------------------------------------------------------------------------------------------------

    def index_of(self, number: str) -> int | None:
        """Find a meter by its number, or by its device, which is the same."""
        if (documented := self._documented_indexes.get(number)) is not None:
            return documented
        offset = _NUMBERS.index(number, self.generated_count)
        if offset is not None:
            return self.first_generated + offset
        reserved = _RESERVED_NUMBERS.index(number, RESERVED_METERS)
        return None if reserved is None else len(self) + reserved

    def number_of(self, index: int) -> str:
        """Return only a meter's number, for searches in the whole fleet."""
        first = self.first_generated
        return self._documented[index].number if index < first else _NUMBERS.code(index - first)

    def is_generated_number(self, number: str) -> bool:
        """Tell whether a number is that of a generated meter."""
        return _NUMBERS.index(number, self.generated_count) is not None

    def kind_of(self, index: int) -> MeterKind:
        """Return only a meter's kind, for filters over the whole fleet."""
        if index < self.first_generated:
            return self._documented[index].kind
        resident, is_water = divmod(index - self.first_generated, 2)
        kinds = _WATER_KINDS if is_water else _ELECTRICITY_KINDS
        return kinds[resident % len(kinds)]

    def spec(self, index: int) -> MeterSpec:
        """Return what a meter is."""
        if index < self.first_generated:
            return self._documented[index]
        spec = self._specs.get(index)
        if spec is None:
            if len(self._specs) >= _KEPT_SPECS:
                self._specs.clear()
            spec = self._specs[index] = self._generated_spec(index)
        return spec

    def _generated_spec(self, index: int) -> MeterSpec:
        offset = index - self.first_generated
        resident = offset // 2
        is_water = offset % 2 == 1
        noise = hash32(self._seed, offset, 1)
        return MeterSpec(
            index=index,
            number=_NUMBERS.code(offset) if index < len(self) else _RESERVED_NUMBERS.code(index - len(self)),
            project="demo",
            address=self.address_of(resident),
            kind=self.kind_of(index),
            resident=self.resident_code(resident),
            resident_name=self.resident_name(resident),
            house_number=self.house_number(resident),
            base=10_000 + noise % 500_000,
            since=self.history_from,
            rate=(20 + noise % 60) if is_water else (400 + noise % 1_200),
            price=_WATER_PRICE if is_water else _ELECTRICITY_PRICE,
            connected=True,
            reports=True,
        )

    def _documented_spec(self, index: int, meter: RecordedMeter) -> MeterSpec:
        resident = self._samples.resident(meter.resident)
        is_water = meter.kind.commodity is Commodity.WATER
        rate = (40 if is_water else 800) if meter.daily_use is None else int(meter.daily_use * 100)
        base, since = self._reading_of(index, meter, rate)
        price = _WATER_PRICE if is_water else _ELECTRICITY_PRICE
        return MeterSpec(
            index=index,
            number=meter.number,
            project=meter.project,
            address=meter.address,
            kind=meter.kind,
            resident=meter.resident,
            resident_name=resident.user_name if resident else None,
            house_number=resident.house_number if resident else None,
            base=base,
            since=since,
            rate=rate,
            price=price if meter.price is None else int(meter.price * 10_000),
            connected=meter.connected,
            reports=meter.reports,
            online_at=meter.online_at,
        )

    def _reading_of(self, index: int, meter: RecordedMeter, rate: int) -> tuple[int, datetime]:
        """Return a reading of a documented meter, in hundredths, and the time from which it grows."""
        reading = int(meter.reading * 100)
        if meter.read_at is not None and (meter.reports or not meter.connected or meter.read_at > self.began):
            return reading, meter.read_at
        if meter.read_at is not None or not (meter.reports and meter.connected and rate):
            # The reading of a documented meter grows only from the start of the world, so that the sample stays true.
            return reading, self.began
        # Its history leads to the reading: it has counted since the history's begin, or since it was at zero.
        at_zero = self.began - timedelta(seconds=reading * DAY // rate)
        for since in (self.history_from, max(at_zero, self.history_from)):
            used = int(rate * (self._used(index, meter.kind, self.began) - self._used(index, meter.kind, since)) / DAY)
            if used <= reading:
                return reading - used, since
        return reading, self.began

    # --- residents and buildings -------------------------------------------------------------------------------------

    @property
    def resident_count(self) -> int:
        """How many generated residents there are."""
        return -(-self.generated_count // 2)

    @staticmethod
    def resident_code(resident: int) -> str:
        """Return the code of a generated resident."""
        return _RESIDENT_CODES.code(resident)

    def resident_index(self, code: str) -> int | None:
        """Find a generated resident by code."""
        return _RESIDENT_CODES.index(code, self.resident_count)

    def resident_name(self, resident: int) -> str:
        """Return the name of a generated resident."""
        noise = hash32(self._seed, resident, 2)
        return SURNAMES[noise % len(SURNAMES)] + GIVEN_NAMES[(noise >> 8) % len(GIVEN_NAMES)]

    @staticmethod
    def house_number(resident: int) -> str:
        """Return the room of a generated resident, such as 302."""
        room = resident % RESIDENTS_PER_BUILDING
        return f"{room // ROOMS_PER_FLOOR + 1}{room % ROOMS_PER_FLOOR + 1:02d}"

    def address_of(self, resident: int) -> str:
        """Return the address (building and floor) of a generated resident."""
        room = resident % RESIDENTS_PER_BUILDING
        return self.address(self.building_of(resident), room // ROOMS_PER_FLOOR + 1)

    @staticmethod
    def building_of(resident: int) -> int:
        """Return the number of a generated resident's building."""
        return resident // RESIDENTS_PER_BUILDING + 1

    @property
    def buildings(self) -> range:
        """The numbers of the generated buildings, counted from 1."""
        return range(1, -(-self.resident_count // RESIDENTS_PER_BUILDING) + 1)

    @staticmethod
    def building_name(building: int) -> str:
        """Return the name of a generated building."""
        return f"示范{building}号楼"

    @staticmethod
    def building_code(building: int) -> str:
        """Return the code of a generated building."""
        return f"demo-{building}"

    @staticmethod
    def address(building: int, floor: int) -> str:
        """Return the address of a floor, counted from 1, in a generated building."""
        return f"{Fleet.building_name(building)}{floor}层"

    def residents_of(self, building: int, floor: int | None = None) -> range:
        """Return the residents of a generated building, or of one of its floors."""
        first, count = (building - 1) * RESIDENTS_PER_BUILDING, RESIDENTS_PER_BUILDING
        if floor is not None:
            first, count = first + (floor - 1) * ROOMS_PER_FLOOR, ROOMS_PER_FLOOR
        return range(first, min(first + count, self.resident_count))

    def meters_of(self, code: str) -> Sequence[int]:
        """Return the meters of a resident, by index; none for an unknown resident."""
        resident = self.resident_index(code)
        if resident is None:
            return self._meters_of_documented.get(code, ())
        first = self.first_generated + 2 * resident
        return range(first, min(first + 2, len(self)))

    # --- commands to meters ------------------------------------------------------------------------------------------

    def events(self, index: int) -> MeterEvents:
        """Return the commands to a meter, so that one can be added."""
        return self._events.setdefault(index, MeterEvents())

    def read_commands(self, index: int) -> list[datetime]:
        """Return when readings of a meter were requested."""
        return self._events[index].read_commands if index in self._events else []

    def meters_with_read_commands(self) -> list[int]:
        """Return the meters of which readings were requested."""
        return sorted(index for index, events in self._events.items() if events.read_commands)

    def is_connected(self, spec: MeterSpec) -> bool:
        """Tell whether the gate lets the commodity through now."""
        events = self._events.get(spec.index)
        return events.switches[-1][1] if events and events.switches else spec.connected

    def is_online(self, spec: MeterSpec) -> bool:
        """Tell whether a meter can be reached: a documented one once it is in use."""
        in_use = spec.reports or spec.connected or self.was_switched(spec.index)
        return in_use and self.offline_since(spec.index) is None

    def offline_since(self, index: int) -> datetime | None:
        """Return since when a meter has been set offline, ``None`` for one that has not."""
        found = self._offline.get(index)
        if found is None and index - len(self) == _RESERVED_OFFLINE:
            return self.began
        return found

    def set_offline_meters(self) -> dict[int, datetime]:
        """Return the meters that have been set offline, with the times."""
        return dict(self._offline)

    def set_offline(self, index: int, now: datetime) -> None:
        """Set a meter offline."""
        self._offline.setdefault(index, now)

    def set_online(self, index: int) -> None:
        """Set a meter online again."""
        self._offline.pop(index, None)

    def is_tripped(self, index: int) -> bool:
        """Tell whether the gate is closed because the balance was used up."""
        return index in self._events and self._events[index].tripped

    def connected_since(self, index: int) -> datetime:
        """Return when the gate of a connected meter was switched last; never before the start of the world."""
        events = self._events.get(index)
        return events.switches[-1][0] if events and events.switches else self.began

    def was_switched(self, index: int) -> bool:
        """Tell whether the gate was ever switched."""
        return index in self._events and bool(self._events[index].switches)

    def reports_since(self, spec: MeterSpec) -> datetime | None:
        """Return since when a meter reports by itself, ``None`` for never; a documented one does once it is used."""
        if spec.reports:
            return max(self.history_from, spec.since) if spec.connected else self.history_from
        if spec.connected:
            return self.began
        return self._events[spec.index].switches[0][0] if self.was_switched(spec.index) else None

    # --- readings ----------------------------------------------------------------------------------------------------

    def reading(self, spec: MeterSpec, moment: datetime) -> int:
        """Return the reading at a moment, in hundredths: it grows while the meter is connected."""
        seconds, used, index, kind = 0.0, self._used, spec.index, spec.kind
        connected, since = spec.connected, spec.since
        events = self._events.get(spec.index)
        for at, state in events.switches if events else ():
            if at >= moment:
                break
            if connected:
                seconds += max(used(index, kind, at) - used(index, kind, since), 0.0)
            connected, since = state, at
        if connected:
            seconds += used(index, kind, moment) - used(index, kind, since)
        return spec.base + max(int(spec.rate * seconds / DAY), 0)

    def _used(self, index: int, kind: MeterKind, moment: datetime) -> float:
        """Return the seconds of average use of a meter until a moment: its load follows the hours of the week."""
        seconds = (moment - self.history_from).total_seconds()
        return self._loads.used(index, seconds, is_water=kind.commodity is Commodity.WATER)

    @staticmethod
    def cost(spec: MeterSpec, reading: int) -> int:
        """Return the cost of a reading from zero, in cents; the cost between two readings is the difference."""
        return reading * spec.price // 10_000

    # --- snapshots ---------------------------------------------------------------------------------------------------

    def saved(self) -> dict[int, MeterEvents]:
        """Return what happened to meters, by index, for a snapshot."""
        return dict(self._events)

    def restore(self, events: dict[int, MeterEvents]) -> None:
        """Return to a snapshot."""
        if any(not 0 <= index < len(self) for index in events):
            raise ValueError("events of a meter that does not exist")
        self._events = dict(events)
