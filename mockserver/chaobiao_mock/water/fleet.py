"""The generated users and devices of the water API, of any number.

Nothing is stored: everything about a device or a user follows from its index and the seed, so a hundred thousand of
them cost nothing until they are requested. Of every five devices two belong to one user and three to one each.

Volumes are whole tenths of a m³ and money is whole cents, so sums are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from chaobiao_mock.generated import GIVEN_NAMES, SURNAMES, CodeSeries, hash32
from chaobiao_mock.pagination import Span
from chaobiao_mock.periods import month_number, month_start
from chaobiao_mock.water.regions import RegionTree

DAY: Final = 86_400
#: How many results of filters are kept.
_KEPT_RESULTS: Final = 8
#: The rates of so many devices are kept: one row of a page asks for the same one many times.
_KEPT_RATES: Final = 4_096
#: How many whole months before the start of the world the histories begin; all devices were installed then.
HISTORY_MONTHS: Final = 12

_DEVICE_CODES: Final = CodeSeries(230_000_000_000)
_USER_CODES: Final = CodeSeries(2_300_000_000)
_PHONE_NUMBERS: Final = CodeSeries(13_800_000_000)
_COLLECTOR_CODES: Final = CodeSeries(8_700_000_000)
#: One device in so many has been offline since three days before the start of the world.
_OFFLINE_ONE_IN: Final = 23
_OFFLINE_DAYS: Final = 3
_SECOND: Final = timedelta(seconds=1)
_MORNING: Final = 6 * 3_600
_ROOMS: Final = tuple(f"号楼{unit}单元{floor}{room:02d}" for unit in (1, 2) for floor in range(1, 6) for room in (1, 2))
_USERS_PER_BUILDING: Final = len(_ROOMS)
_NAMES: Final = tuple(surname + given for surname in SURNAMES for given in GIVEN_NAMES)


@attrs.frozen(kw_only=True)
class DeviceFilter:
    """A filter for users and their devices. A text matches as a part; a region matches with all regions below it."""

    device_code: str | None = None
    user_code: str | None = None
    user_name: str | None = None
    address: str | None = None
    collector_code: str | None = None
    region: int | None = None


class Fleet:
    """All generated users and devices, and how the devices' registers grow."""

    def __init__(self, devices: int, seed: int, began: datetime, region_tree: RegionTree) -> None:
        self.device_count = devices
        self._seed = seed
        self._region_tree = region_tree
        self._first_month = month_number(began) - HISTORY_MONTHS
        #: When all devices were installed, with their registers at zero: the first moment of a month.
        self.start = month_start(self._first_month, began.tzinfo)
        self._rates: dict[int, int] = {}
        self._found: dict[tuple[str, DeviceFilter], Sequence[int]] = {}
        self._offline_from = (began - self.start).days - _OFFLINE_DAYS

    # --- users and devices --------------------------------------------------------------------------------------------

    @property
    def user_count(self) -> int:
        """How many users there are."""
        blocks, rest = divmod(self.device_count, 5)
        return 4 * blocks + (max(rest - 1, 1) if rest else 0)

    def devices_of(self, user: int) -> Sequence[int]:
        """Return the devices of a user: two for one user in four, else one."""
        block, position = divmod(user, 4)
        first = 5 * block + (position + 1 if position else 0)
        return range(first, min(first + (1 if position else 2), self.device_count))

    @staticmethod
    def user_of(device: int) -> int:
        """Return the user of a device."""
        block, position = divmod(device, 5)
        return 4 * block + max(position - 1, 0)

    @staticmethod
    def device_code(device: int) -> str:
        """Return the code of a device: twelve digits."""
        return _DEVICE_CODES.code(device)

    @staticmethod
    def user_code(user: int) -> str:
        """Return the code of a user: ten digits."""
        return _USER_CODES.code(user)

    @staticmethod
    def phone_number(user: int) -> str:
        """Return the phone number of a user: eleven digits, as mobile numbers have."""
        return _PHONE_NUMBERS.code(user)

    def user_name(self, user: int) -> str:
        """Return the name of a user; several users may have the same one."""
        return _NAMES[(hash32(self._seed, user, 2) >> 3) % len(_NAMES)]

    def region_position(self, user: int) -> int:
        """Return the region of a user, as a position in the list of lowest regions."""
        return user // _USERS_PER_BUILDING % len(self._region_tree.lowest)

    def house_number(self, user: int) -> str:
        """Return building, unit and room, such as 1号楼1单元101."""
        building, room = divmod(user, _USERS_PER_BUILDING)
        return f"{building // len(self._region_tree.lowest) + 1}{_ROOMS[room]}"

    def address(self, user: int) -> str:
        """Return the regions from the top down, and the house number."""
        return self._region_tree.lowest[self.region_position(user)].address + self.house_number(user)

    @property
    def building_count(self) -> int:
        """How many buildings there are; each has a collector (采集器) for its devices."""
        return -(-self.user_count // _USERS_PER_BUILDING)

    @staticmethod
    def is_business(user: int) -> bool:
        """Tell whether a user is a business; its price is higher."""
        return user % 9 == 8

    @staticmethod
    def price(user: int) -> int:
        """Return cents for a tenth of a m³: 3.30 yuan a m³, for businesses 4.80."""
        return 48 if Fleet.is_business(user) else 33

    # --- filters -----------------------------------------------------------------------------------------------------

    def find_users(self, device_filter: DeviceFilter) -> Sequence[int]:
        """Return the users that a filter selects, in order."""
        return self._find("users", device_filter, self._scan_users)

    def find_devices(self, device_filter: DeviceFilter) -> Sequence[int]:
        """Return the devices that a filter selects, in order."""
        return self._find("devices", device_filter, self._scan_devices)

    def _find(
        self, kind: str, device_filter: DeviceFilter, scan: Callable[[DeviceFilter], Sequence[int]]
    ) -> Sequence[int]:
        """Keep the newest results: each page of a list needs the same one."""
        found = self._found.pop((kind, device_filter), None)
        self._found[kind, device_filter] = scan(device_filter) if found is None else found
        if len(self._found) > _KEPT_RESULTS:
            del self._found[next(iter(self._found))]
        return self._found[kind, device_filter]

    def _scan_users(self, device_filter: DeviceFilter) -> Sequence[int]:
        found: Sequence[int] = range(self.user_count)
        if (code := device_filter.user_code) is not None:
            found = _USER_CODES.containing(code, found)
        if (region := device_filter.region) is not None:
            positions = self._region_tree.positions_within(region)
            found = [user for user in found if self.region_position(user) in positions]
        if (name := device_filter.user_name) is not None:
            named = {known for known in _NAMES if name in known}
            found = [user for user in found if self.user_name(user) in named] if named else []
        if (address := device_filter.address) is not None:
            found = [user for user in found if address in self.address(user)]
        if (collector := device_filter.collector_code) is not None:
            buildings = set(_COLLECTOR_CODES.containing(collector, range(self.building_count)))
            found = [user for user in found if user // _USERS_PER_BUILDING in buildings]
        return found

    def _scan_devices(self, device_filter: DeviceFilter) -> Sequence[int]:
        if attrs.evolve(device_filter, device_code=None) == DeviceFilter():
            found: Sequence[int] = range(self.device_count)
        else:
            found = [device for user in self.find_users(device_filter) for device in self.devices_of(user)]
        if (code := device_filter.device_code) is not None:
            found = _DEVICE_CODES.containing(code, found)
        return found

    # --- collections: one a day, each device at its own second of the morning ----------------------------------------

    @staticmethod
    def _offset(device: int) -> int:
        return _MORNING + device * 7 % 3_600

    def is_offline(self, device: int) -> bool:
        """Tell whether a device has stopped reporting."""
        return device % _OFFLINE_ONE_IN == _OFFLINE_ONE_IN - 1

    def collected_at(self, device: int, number: int) -> datetime:
        """Return the time of a collection, numbered from 0."""
        return self.start + timedelta(days=number, seconds=self._offset(device))

    def due(self, device: int, seconds: int) -> int:
        """Return the next collection that is due ``seconds`` after the start, even of a device that is offline."""
        return max((seconds - self._offset(device)) // DAY + 1, 0)

    def collection_count(self, device: int, seconds: int) -> int:
        """Return the number of collections until ``seconds`` after the start, that moment included."""
        # Written without calls: this runs for every device that a filter selects.
        count = (seconds - _MORNING - device * 7 % 3_600) // DAY + 1
        if device % _OFFLINE_ONE_IN == _OFFLINE_ONE_IN - 1 and count > self._offline_from:
            count = self._offline_from + 1
        return count if count > 0 else 0

    def collection_spans(self, devices: Iterable[int], before: int, last: int) -> Iterator[Span]:
        """Return the collections of devices after ``before`` and until ``last``, in seconds after the start."""
        # Written without calls, as above.
        offline_count = max(self._offline_from + 1, 0)
        before, last = before - _MORNING, last - _MORNING
        for device in devices:
            offset = device * 7 % 3_600
            first, end = (before - offset) // DAY + 1, (last - offset) // DAY + 1
            if device % _OFFLINE_ONE_IN == _OFFLINE_ONE_IN - 1:
                first, end = min(first, offline_count), min(end, offline_count)
            if first < 0:
                first = 0
            if end > first:
                yield device, first, end - first

    def rate(self, device: int) -> int:
        """Return the daily use of a device, in tenths of a m³."""
        rate = self._rates.get(device)
        if rate is None:
            if len(self._rates) >= _KEPT_RATES:
                self._rates.clear()
            rate = self._rates[device] = 2 + (hash32(self._seed, device, 1) >> 3) % 7
        return rate

    def register(self, device: int, number: int) -> int:
        """Return the register at a collection, in tenths of a m³; before the first one it is zero."""
        if number < 0:
            return 0
        rate = self.rate(device)
        return rate * number + (hash32(self._seed, device, 1_000 + number) >> 3) % rate

    def month_begin(self, number: int) -> int:
        """Return the first collection of the month of a collection."""
        return number - (self.start + timedelta(days=number)).day + 1

    # --- months, for payments ----------------------------------------------------------------------------------------

    def month_of(self, moment: datetime) -> int:
        """Return the month of a moment, counted from the start."""
        return month_number(moment) - self._first_month

    def month_start(self, month: int) -> datetime:
        """Return the first moment of a month, counted from the start."""
        return month_start(self._first_month + month, self.start.tzinfo)

    def seconds_into(self, month: int, moment: datetime) -> int:
        """Return whole seconds from the start of a month to a moment."""
        return (moment - self.month_start(month)) // _SECOND

    def seconds_since_start(self, moment: datetime) -> int:
        """Return whole seconds from the start to a moment: all events are at whole seconds."""
        return (moment - self.start) // _SECOND
