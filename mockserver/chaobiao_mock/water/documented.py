"""The samples of the water API's document.

``documented.json`` holds its rows as they are on the wire, with the underscores that the document's conversion lost.
The document repeats rows to fill its pages; the file has each once. Rows that contradict each other (a balance beside
arrears, two totals for one meter) stay as they are, and time does not change them: only generated rows add up.
"""

from functools import cached_property
from typing import Any, Final, Generic, NamedTuple, TypeVar

from chaobiao._contract.fields import Record
from chaobiao.water import Cost, Flow, OperationLog, PastPayment, PastReading, Region, Schedule
from chaobiao_mock.documented import Samples

R = TypeVar("R", bound=Record)


class SampleDevice(NamedTuple):
    """The device of a documented row. The row does not show all of this, but filters need it; it is not documented."""

    user_name: str = ""
    user_code: str = ""
    device_code: str = ""
    address: str = ""
    collector_code: str = ""
    region: int | None = None


class Sample(NamedTuple, Generic[R]):
    """A documented row and its device."""

    row: R
    device: SampleDevice


class WaterSamples(Samples):
    """What the document shows: regions, and rows of each list."""

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        return self.read(Region, self.content["regions"])

    @cached_property
    def flows(self) -> tuple[Sample[Flow], ...]:
        return self._samples(Flow, "flows")

    @cached_property
    def costs(self) -> tuple[Sample[Cost], ...]:
        return self._samples(Cost, "costs")

    @cached_property
    def operation_logs(self) -> tuple[Sample[OperationLog], ...]:
        return self._samples(OperationLog, "operation_logs")

    @cached_property
    def schedules(self) -> tuple[Sample[Schedule], ...]:
        return self._samples(Schedule, "schedules")

    @cached_property
    def readings(self) -> tuple[Sample[PastReading], ...]:
        return self._samples(PastReading, "readings")

    @cached_property
    def payments(self) -> tuple[Sample[PastPayment], ...]:
        return self._samples(PastPayment, "payments")

    def _samples(self, record: type[R], section: str) -> tuple[Sample[R], ...]:
        content: list[dict[str, Any]] = self.content[section]
        rows = self.read(record, (sample["row"] for sample in content))
        devices = (SampleDevice(**sample["device"]) for sample in content)
        return tuple(Sample(row, device) for row, device in zip(rows, devices, strict=True))


SAMPLES: Final = WaterSamples("chaobiao_mock.water")
