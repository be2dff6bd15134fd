"""The provincial platform: what was uploaded to it, and what it returns."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from chaobiao.energy import (
    BaseData,
    BaseItem,
    OperationResult,
    Organization,
    ProvinceOperation,
    ProvinceVersion,
    StatType,
)
from chaobiao_mock.energy.documented import EnergySamples
from chaobiao_mock.energy.tables import evolve

#: Data of a day, month or year are uploaded at this hour of the day after it.
_HOUR: Final = timedelta(hours=6)


@attrs.frozen
class SavedProvince:
    """The provincial platform in a snapshot."""

    base_data: BaseData
    version: ProvinceVersion
    organizations: list[tuple[int, Organization]]
    results: dict[ProvinceOperation, OperationResult]
    manual: list[tuple[int, int, str]]


class Province:
    """Base data, their version, organisations since the second from which each was valid, and results of operations."""

    def __init__(self, documented: EnergySamples) -> None:
        self.base_data = documented.rows(BaseData, "base_data")[0]
        self.version = documented.rows(ProvinceVersion, "versions")[0]
        self._updated_items = documented.rows(BaseItem, "updated_items")
        self._organizations: list[tuple[int, Organization]] = [(0, documented.rows(Organization, "organizations")[0])]
        self.results = {ProvinceOperation.UPLOAD_ORGANIZATION: documented.rows(OperationResult, "operation_results")[0]}
        #: Meters, times and types of the manual data.
        self.manual: set[tuple[int, int, str]] = set()

    def saved(self) -> SavedProvince:
        """Return what a snapshot keeps."""
        return SavedProvince(
            self.base_data, self.version, [*self._organizations], dict(self.results), sorted(self.manual)
        )

    def restore(self, saved: SavedProvince) -> None:
        """Return to a snapshot."""
        if not saved.organizations:
            raise ValueError("no organization")
        self.base_data, self.version = saved.base_data, saved.version
        self._organizations, self.results = [*saved.organizations], dict(saved.results)
        self.manual = set(saved.manual)

    @property
    def organization(self) -> Organization:
        """The organisation that is valid now."""
        return self._organizations[-1][1]

    def replace(self, organization: Organization, second: int) -> None:
        """Let another organisation be valid from a second on."""
        self._organizations.append((second, organization))

    def collects(self, meter: int) -> bool:
        """Tell whether the organisation names a meter."""
        return any(item.meter_id == meter for item in self.organization.items or ())

    def drop(self, meter: int, second: int) -> None:
        """Remove what is collected from a meter that was deleted."""
        if self.collects(meter):
            items = tuple(item for item in self.organization.items or () if item.meter_id != meter)
            self.replace(evolve(self.organization, items=items), second)

    def organization_at(self, second: int) -> Organization:
        """Return the organisation that was valid at a second."""
        return next((found for begin, found in reversed(self._organizations) if begin <= second), self.organization)

    def update(self, enterprise_code: str, region: str) -> None:
        """Update base data and their version: there are further kinds of energy then."""
        major, _, minor = (self.version.dictionary_version or "").rpartition(".")
        self.version = evolve(
            self.version,
            dictionary_version=f"{major}.{int(minor) + 1}",
            needs_update=False,
            enterprise_code=enterprise_code,
            region=region,
        )
        known = self.base_data.items or ()
        items = (*known, *(item for item in self._updated_items if item not in known))
        self.base_data = evolve(self.base_data, items=items)


def due_uploads(begin: datetime, end: datetime) -> Iterator[tuple[datetime, StatType, datetime, datetime]]:
    """Yield the uploads of a period: when, how often such data are collected, and the period of the data."""
    moment = begin.replace(minute=0, second=0, microsecond=0)
    while moment < end:
        if moment >= begin:
            yield moment, StatType.REALTIME, moment - timedelta(hours=1), moment
            midnight = moment - _HOUR
            if midnight.hour == 0:
                yield moment, StatType.DAY, midnight - timedelta(days=1), midnight
                if midnight.day == 1:
                    yield moment, StatType.MONTH, (midnight - timedelta(days=1)).replace(day=1), midnight
                if midnight.day == midnight.month == 1:
                    yield moment, StatType.YEAR, midnight.replace(year=midnight.year - 1), midnight
        moment += timedelta(hours=1)
