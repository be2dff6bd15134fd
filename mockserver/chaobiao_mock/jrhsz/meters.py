"""Meters, their newest readings, and their histories."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.jrhsz import (
    CameraReading,
    Consumption,
    ConsumptionKind,
    Gate,
    ImageStatus,
    LatestReading,
    ListCameraReadings,
    ListConsumption,
    ListLatestReadings,
    ListMeters,
    ListReadings,
    ListTimeOfUseReadings,
    Meter,
    MeterKind,
    NetworkState,
    Reading,
    TimeOfUseReading,
)
from chaobiao_mock.jrhsz import documented
from chaobiao_mock.jrhsz.derived_readings import hundredths, latest_report, moments_between, report_at, usage_at
from chaobiao_mock.jrhsz.fleet import KINDS_REPEAT_AFTER, MeterSpec
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.schedule import ReportRange, Schedule, daily, hourly, nightly, reports_of, reports_of_fleet
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.made_up import hash32
from chaobiao_mock.pagination import Part, part_of
from chaobiao_mock.registry import Handlers

handlers = Handlers()

R = TypeVar("R")

_TIME_OF_USE_KINDS = frozenset({MeterKind(7), MeterKind(11), MeterKind(15)})
_CAMERA_KIND = MeterKind(24)


def _gate(state: JrhszState, spec: MeterSpec) -> Gate:
    return Gate.CONNECTED if state.fleet.connected(spec) else Gate.DISCONNECTED


def _chosen(state: JrhszState, table_no: Any) -> Sequence[int]:
    """The meters that a request asks for: all, one, or several joined by commas. Unknown numbers find nothing."""
    if table_no is None:
        return range(len(state.fleet))
    numbers = table_no.split(",") if isinstance(table_no, str) else list(table_no)
    found = (state.fleet.index_of(number) for number in numbers)
    return sorted({index for index in found if index is not None})


@handlers.serves(ListMeters)
def list_meters(state: JrhszState, op: ListMeters) -> Page[Meter]:
    return page_of(state.quirks, op, [_meters(state, range(len(state.fleet)), _meter)])


def _meters(state: JrhszState, chosen: Sequence[int], make: Callable[[JrhszState, MeterSpec], R]) -> Part[R]:
    """One row for each meter."""
    return Part(len(chosen), lambda low, high: (make(state, state.fleet.spec(index)) for index in chosen[low:high]))


def _meter(state: JrhszState, spec: MeterSpec) -> Meter:
    online = spec.reports or spec.connected or state.fleet.switched(spec.index)
    return Meter(
        project_code=spec.project,
        device_id=spec.number,
        device_name=spec.number,
        table_no=spec.number,
        table_address=spec.address,
        kind=spec.kind,
        online_at=latest_report(state, spec, state.clock.now()).at if online else documented.ONLINE_AT,
        network=NetworkState.ONLINE if online else NetworkState.OFFLINE,
        gate=_gate(state, spec),
        user_code=spec.resident,
        user_name=spec.resident_name,
        house_number=spec.house_number,
    )


@handlers.serves(ListLatestReadings)
def latest_readings(state: JrhszState, op: ListLatestReadings) -> Page[LatestReading]:
    chosen = _chosen(state, op.table_no)
    if op.table_no is not None and not chosen:
        raise Refused(1001, f"表 {op.table_no} 不存在")
    return page_of(state.quirks, op, [_meters(state, chosen, _latest_reading)])


def _latest_reading(state: JrhszState, spec: MeterSpec) -> LatestReading:
    report = latest_report(state, spec, state.clock.now())
    return LatestReading(
        device_id=spec.number,
        table_no=spec.number,
        reading=report.reading,
        read_at=report.at,
        gate=_gate(state, spec),
    )


def _history(
    state: JrhszState,
    op: Any,
    recorded: Sequence[R],
    schedule: Schedule,
    make: Callable[[MeterSpec, datetime], R],
    wanted: Callable[[int], bool] = lambda _: True,
    *,
    asked: bool = False,
) -> Page[R]:
    """A page of rows that were recorded one by one, followed by those that meters report by themselves.

    ``asked`` says that readings which were asked for are among them: with their meter's where meters were chosen, else
    after all others.
    """
    if asked and op.table_no is not None:
        parts = [_of_meter(state, op, schedule, index, make) for index in _chosen(state, op.table_no)]
        return page_of(state.quirks, op, [part_of(recorded), *parts])
    parts = [_reported(state, found, make) for found in _ranges(state, op, schedule, wanted)]
    if asked:
        reads = [(at, index) for index in state.fleet.read_meters() for at in state.fleet.reads_of(index)]
        rows = [make(state.fleet.spec(index), at) for at, index in sorted(reads) if op.begin <= at <= op.end]
        parts.append(part_of(rows))
    return page_of(state.quirks, op, [part_of(recorded), *parts])


def _of_meter(
    state: JrhszState, op: Any, schedule: Schedule, index: int, make: Callable[[MeterSpec, datetime], R]
) -> Part[R]:
    """The rows of one meter, in the order of time."""
    spec = state.fleet.spec(index)
    since = state.fleet.reports_since(spec)
    begin, end = op.begin, min(op.end, state.clock.now())
    if since is None:  # it reports nothing by itself
        return part_of([make(spec, at) for at in state.fleet.reads_of(index) if begin <= at <= end])
    moments = moments_between(state, spec, schedule, max(begin, since), end)
    return Part(moments.count, lambda low, high: (make(spec, moment) for moment in moments.rows(low, high)))


def _reported(state: JrhszState, reports: ReportRange, make: Callable[[MeterSpec, datetime], R]) -> Part[R]:
    """One row for each report."""

    def rows(low: int, high: int) -> Iterable[R]:
        return (make(state.fleet.spec(index), moment) for index, moment in reports.rows(low, high - low))

    return Part(reports.total, rows)


def _ranges(state: JrhszState, op: Any, schedule: Schedule, wanted: Callable[[int], bool]) -> list[ReportRange]:
    """The reports in a request's period: of the documented meters in use, then of the made-up ones."""
    fleet = state.fleet
    end = min(op.end, state.clock.now())
    chosen = _chosen(state, op.table_no) if op.table_no is not None else range(fleet.first_made_up)
    single = [
        (index, max(op.begin, since))
        for index in chosen
        if wanted(index) and (since := fleet.reports_since(fleet.spec(index))) is not None
    ]
    ranges = [reports_of(schedule, single, end)]
    if op.table_no is None:
        made_up = range(fleet.first_made_up, len(fleet))
        ranges.append(reports_of_fleet(schedule, made_up, wanted, KINDS_REPEAT_AFTER, op.begin, end))
    return ranges


def _wanted(table_no: Any, number: str | None) -> bool:
    numbers = table_no.split(",") if isinstance(table_no, str) else table_no
    return table_no is None or number in numbers


def _within(op: Any, number: str | None, moment: datetime | None) -> bool:
    return _wanted(op.table_no, number) and moment is not None and op.begin <= moment <= op.end


@handlers.serves(ListReadings)
def list_readings(state: JrhszState, op: ListReadings) -> Page[Reading]:
    def make(spec: MeterSpec, moment: datetime) -> Reading:
        report = report_at(state, spec, moment)
        return Reading(
            device_id=spec.number,
            table_no=spec.number,
            reading=report.reading,
            read_at=report.at,
            imei="",
            user_code=spec.resident,
            table_address=spec.address,
            device_name=spec.number,
        )

    recorded = [row for row in documented.READINGS if _within(op, row.table_no, row.read_at)]
    return _history(state, op, recorded, daily(state.fleet), make, asked=True)


@handlers.serves(ListConsumption)
def list_consumption(state: JrhszState, op: ListConsumption) -> Page[Consumption]:
    if op.kind is ConsumptionKind.DAILY and state.quirks.daily == "no":
        raise Refused(1001, "type 仅支持 1")
    schedule = hourly(state.fleet) if op.kind is ConsumptionKind.REALTIME else _by_day(state)

    def make(spec: MeterSpec, moment: datetime) -> Consumption:
        usage = usage_at(state, spec, schedule, moment)
        return Consumption(
            project_code=spec.project,
            device_id=spec.number,
            table_no=spec.number,
            reading=usage.reading,
            read_at=usage.at,
            usage=usage.used,
            amount=usage.cost,
            kind=spec.kind,
        )

    recorded = [row for row in documented.CONSUMPTION if _within(op, row.table_no, row.read_at)]
    return _history(state, op, recorded, schedule, make, asked=op.kind is ConsumptionKind.REALTIME)


def _by_day(state: JrhszState) -> Schedule:
    """Days as the hourly reports divide them: every 24th of them, so that a day is the sum of its hours."""
    every_hour = hourly(state.fleet)
    return Schedule(every_hour.start, 24 * every_hour.step, every_hour.offset, every_hour.spread)


@handlers.serves(ListTimeOfUseReadings)
def list_time_of_use_readings(state: JrhszState, op: ListTimeOfUseReadings) -> Page[TimeOfUseReading]:
    recorded = [row for row in documented.TIME_OF_USE if _within(op, row.table_no, row.frozen_at)]

    def make(spec: MeterSpec, moment: datetime) -> TimeOfUseReading:
        return _time_of_use(state, spec, moment)

    def wanted(index: int) -> bool:
        return state.fleet.kind_of(index) in _TIME_OF_USE_KINDS

    return _history(state, op, recorded, nightly(state.fleet), make, wanted)


def _time_of_use(state: JrhszState, spec: MeterSpec, moment: datetime) -> TimeOfUseReading:
    total = state.fleet.reading(spec, moment)
    sharp, peak, flat = total * 10 // 100, total * 30 // 100, total * 35 // 100
    noise = hash32(spec.index, moment.toordinal(), 5)
    volts = [hundredths(22_000 + (noise >> shift) % 1_500) for shift in (0, 3, 6)]
    amps = [hundredths(20 + (noise >> shift) % 400) for shift in (2, 5, 8)]
    active = [hundredths(int(volt * amp) // 10) for volt, amp in zip(volts, amps, strict=True)]
    reactive = [hundredths((noise >> shift) % 60) for shift in (1, 4, 7)]
    return TimeOfUseReading(
        project_code=spec.project,
        device_id=spec.number,
        table_no=spec.number,
        reported_at=moment,
        frozen_at=moment,
        total=hundredths(total),
        sharp=hundredths(sharp),
        peak=hundredths(peak),
        flat=hundredths(flat),
        valley=hundredths(total - sharp - peak - flat),
        voltage_a=volts[0],
        voltage_b=volts[1],
        voltage_c=volts[2],
        current_a=amps[0],
        current_b=amps[1],
        current_c=amps[2],
        active_power=sum(active, Decimal(0)),
        active_power_a=active[0],
        active_power_b=active[1],
        active_power_c=active[2],
        reactive_power=sum(reactive, Decimal(0)),
        reactive_power_a=reactive[0],
        reactive_power_b=reactive[1],
        reactive_power_c=reactive[2],
    )


@handlers.serves(ListCameraReadings)
def list_camera_readings(state: JrhszState, op: ListCameraReadings) -> Page[CameraReading]:
    def make(spec: MeterSpec, moment: datetime) -> CameraReading:
        failed = hash32(spec.index, moment.toordinal(), 6) % 37 == 0
        return CameraReading(
            project_code=spec.project,
            table_no=spec.number,
            read_at=moment,
            status=ImageStatus("解析失败") if failed else ImageStatus.PARSED,
            image_url=f"https://images.example/{spec.number}/{moment:%Y%m%d}.jpg",
            reading=None if failed else hundredths(state.fleet.reading(spec, moment)),
        )

    def wanted(index: int) -> bool:
        return index >= state.fleet.first_made_up and state.fleet.kind_of(index) is _CAMERA_KIND

    recorded = [row for row in documented.CAMERA if _within(op, row.table_no, row.read_at)]
    return _history(state, op, recorded, nightly(state.fleet), make, wanted)
