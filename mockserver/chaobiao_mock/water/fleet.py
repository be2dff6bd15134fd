"""The made-up users and devices of the water API, of any number.

Nothing is stored: everything about a device or a user follows from its index and the seed, so a hundred thousand of
them cost nothing until they are asked for. Of every five devices two belong to one user and three to one each.

Volumes are whole tenths of a m³ and money is whole cents, so sums come out exactly.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from chaobiao_mock.made_up import GIVEN, SURNAMES, hash32
from chaobiao_mock.water.regions import RegionTree

DAY: Final = 86_400
#: How many results of filters are remembered.
_REMEMBERED: Final = 8
#: How many whole months the histories reach back before the world's beginning; all devices were new then.
HISTORY_MONTHS: Final = 12

_FIRST_DEVICE: Final = 230_000_000_000
_FIRST_USER: Final = 2_300_000_000
_FIRST_PHONE: Final = 13_800_000_000
_FIRST_COLLECTOR: Final = 8_700_000_000
#: One device in so many last reported three days before the world's beginning.
_SILENT_ONE_IN: Final = 23
_SILENT_DAYS: Final = 3
_SECOND: Final = timedelta(seconds=1)
_MORNING: Final = 6 * 3_600
_ROOMS: Final = tuple(f"号楼{unit}单元{floor}{room:02d}" for unit in (1, 2) for floor in range(1, 6) for room in (1, 2))
_USERS_PER_BUILDING: Final = len(_ROOMS)
_NAMES: Final = tuple(surname + given for surname in SURNAMES for given in GIVEN)


@attrs.frozen(kw_only=True)
class DeviceFilter:
    """Filters over users and their devices. Texts match parts; a region matches itself and all below it."""

    device_code: str | None = None
    user_code: str | None = None
    user_name: str | None = None
    address: str | None = None
    collector_code: str | None = None
    region: int | None = None


class Fleet:
    """All made-up users and devices, and how the devices' registers move."""

    def __init__(self, devices: int, seed: int, began: datetime, region_tree: RegionTree) -> None:
        self.devices = devices
        self._seed = seed
        self._region_tree = region_tree
        self._first_month = began.year * 12 + began.month - 1 - HISTORY_MONTHS
        #: When all devices were installed, their registers at nothing: the first moment of a month.
        self.start = began.replace(
            year=self._first_month // 12,
            month=self._first_month % 12 + 1,
            day=1,
            hour=0,
            minute=0,
            second=0,
            microsecond=0,
        )
        self._found: dict[tuple[str, DeviceFilter], Sequence[int]] = {}
        self._silent_from = (began - self.start).days - _SILENT_DAYS

    # --- who ---------------------------------------------------------------------------------------------------------

    @property
    def users(self) -> int:
        """How many users there are."""
        blocks, rest = divmod(self.devices, 5)
        return 4 * blocks + (max(rest - 1, 1) if rest else 0)

    def devices_of(self, user: int) -> Sequence[int]:
        """The devices of a user: two for one user in four, else one."""
        block, place = divmod(user, 4)
        first = 5 * block + (place + 1 if place else 0)
        return range(first, min(first + (1 if place else 2), self.devices))

    @staticmethod
    def user_of(device: int) -> int:
        """The user that a device belongs to."""
        block, place = divmod(device, 5)
        return 4 * block + max(place - 1, 0)

    @staticmethod
    def device_code(device: int) -> str:
        """Twelve digits."""
        return str(_FIRST_DEVICE + device)

    @staticmethod
    def user_code(user: int) -> str:
        """Ten digits."""
        return str(_FIRST_USER + user)

    @staticmethod
    def phone_number(user: int) -> str:
        """Eleven digits, as mobile numbers have."""
        return str(_FIRST_PHONE + user)

    def user_name(self, user: int) -> str:
        """A made-up name; many share one, as people do."""
        return _NAMES[(hash32(self._seed, user, 2) >> 3) % len(_NAMES)]

    def place_of(self, user: int) -> int:
        """The region where a user lives, as a position among the regions without children."""
        return user // _USERS_PER_BUILDING % len(self._region_tree.leaves)

    def house_number(self, user: int) -> str:
        """Building, unit and room, such as 1号楼1单元101."""
        building, room = divmod(user, _USERS_PER_BUILDING)
        return f"{building // len(self._region_tree.leaves) + 1}{_ROOMS[room]}"

    def address(self, user: int) -> str:
        """The regions from the top down, and the house number."""
        return self._region_tree.leaves[self.place_of(user)].address + self.house_number(user)

    @property
    def buildings(self) -> int:
        """How many buildings there are; a collector (采集器) in each reads its devices."""
        return -(-self.users // _USERS_PER_BUILDING)

    @staticmethod
    def is_business(user: int) -> bool:
        """Whether a user is a business and pays a business's price."""
        return user % 9 == 8

    @staticmethod
    def price(user: int) -> int:
        """Cents for a tenth of a m³: 3.30 yuan a m³, for businesses 4.80."""
        return 48 if Fleet.is_business(user) else 33

    # --- filters -----------------------------------------------------------------------------------------------------

    def find_users(self, chosen: DeviceFilter) -> Sequence[int]:
        """The users that the filters leave, in order."""
        return self._find("users", chosen, self._scan_users)

    def find_devices(self, chosen: DeviceFilter) -> Sequence[int]:
        """The devices that the filters leave, in order."""
        return self._find("devices", chosen, self._scan_devices)

    def _find(self, kind: str, chosen: DeviceFilter, scan: Callable[[DeviceFilter], Sequence[int]]) -> Sequence[int]:
        """Remember the newest results: reading a list page by page needs the same one for each page."""
        found = self._found.pop((kind, chosen), None)
        self._found[kind, chosen] = scan(chosen) if found is None else found
        if len(self._found) > _REMEMBERED:
            del self._found[next(iter(self._found))]
        return self._found[kind, chosen]

    def _scan_users(self, chosen: DeviceFilter) -> Sequence[int]:
        found: Sequence[int] = range(self.users)
        if (code := chosen.user_code) is not None:
            found = [user for user in found if code in str(_FIRST_USER + user)]
        if (region := chosen.region) is not None:
            places = self._region_tree.within(region)
            found = [user for user in found if self.place_of(user) in places]
        if (name := chosen.user_name) is not None:
            named = {known for known in _NAMES if name in known}
            found = [user for user in found if self.user_name(user) in named] if named else []
        if (address := chosen.address) is not None:
            found = [user for user in found if address in self.address(user)]
        if (collector := chosen.collector_code) is not None:
            read = {number for number in range(self.buildings) if collector in str(_FIRST_COLLECTOR + number)}
            found = [user for user in found if user // _USERS_PER_BUILDING in read]
        return found

    def _scan_devices(self, chosen: DeviceFilter) -> Sequence[int]:
        if attrs.evolve(chosen, device_code=None) == DeviceFilter():
            found: Sequence[int] = range(self.devices)
        else:
            found = [device for user in self.find_users(chosen) for device in self.devices_of(user)]
        if (code := chosen.device_code) is not None:
            found = [device for device in found if code in str(_FIRST_DEVICE + device)]
        return found

    # --- collections: once a day, each device at its own second of the morning ---------------------------------------

    @staticmethod
    def _offset(device: int) -> int:
        return _MORNING + device * 7 % 3_600

    def is_silent(self, device: int) -> bool:
        """Whether the device has stopped answering."""
        return device % _SILENT_ONE_IN == _SILENT_ONE_IN - 1

    def collected_at(self, device: int, number: int) -> datetime:
        """The moment of a collection, numbered from 0."""
        return self.start + timedelta(days=number, seconds=self._offset(device))

    def due(self, device: int, seconds: int) -> int:
        """The first collection due later than ``seconds`` after the start, whether or not the device will report."""
        return max((seconds - self._offset(device)) // DAY + 1, 0)

    def collections(self, device: int, seconds: int) -> int:
        """How many collections there were until ``seconds`` after the start, that moment included."""
        count = (seconds - _MORNING - device * 7 % 3_600) // DAY + 1
        if device % _SILENT_ONE_IN == _SILENT_ONE_IN - 1 and count > self._silent_from:
            count = self._silent_from + 1
        return count if count > 0 else 0

    def rate(self, device: int) -> int:
        """Tenths of a m³ a day."""
        return 2 + (hash32(self._seed, device, 1) >> 3) % 7

    def register(self, device: int, number: int) -> int:
        """The register at a collection, in tenths; before the first one, nothing."""
        if number < 0:
            return 0
        rate = self.rate(device)
        return rate * number + (hash32(self._seed, device, 1_000 + number) >> 3) % rate

    def month_begin(self, number: int) -> int:
        """The first collection of the month in which a collection lies."""
        return number - (self.start + timedelta(days=number)).day + 1

    # --- months, for payments ----------------------------------------------------------------------------------------

    def month_of(self, moment: datetime) -> int:
        """The month in which a moment lies, counted from the start."""
        return moment.year * 12 + moment.month - 1 - self._first_month

    def month_start(self, month: int) -> datetime:
        """The first moment of a month."""
        number = self._first_month + month
        return self.start.replace(year=number // 12, month=number % 12 + 1)

    def seconds_into(self, month: int, moment: datetime) -> int:
        """Whole seconds from the start of a month to a moment."""
        return (moment - self.month_start(month)) // _SECOND

    def seconds(self, moment: datetime) -> int:
        """Whole seconds from the start to a moment; all that happens happens at whole seconds."""
        return (moment - self.start) // _SECOND
