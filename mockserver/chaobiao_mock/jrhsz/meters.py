"""Meters, their newest readings and their histories."""

from datetime import datetime
from decimal import Decimal
from typing import Final

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
from chaobiao_mock.decimals import hundredths
from chaobiao_mock.errors import Refused
from chaobiao_mock.generated import hash32
from chaobiao_mock.jrhsz.derived_readings import latest_report, latest_report_at, report_at, usage_at
from chaobiao_mock.jrhsz.history import history_page, is_selected, selected_meters
from chaobiao_mock.jrhsz.meter_spec import MeterSpec
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.schedule import Schedule, daily, nightly
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import rows_of
from chaobiao_mock.registry import Handlers

handlers = Handlers()

_TIME_OF_USE_KINDS: Final = frozenset({MeterKind(7), MeterKind(11), MeterKind(15)})
_CAMERA_KIND: Final = MeterKind(24)


def _gate(state: JrhszState, spec: MeterSpec) -> Gate:
    return Gate.CONNECTED if state.fleet.is_connected(spec) else Gate.DISCONNECTED


@handlers.serves(ListMeters)
def list_meters(state: JrhszState, op: ListMeters) -> Page[Meter]:
    now = state.clock.now()
    meters = rows_of(range(len(state.fleet))).map(lambda index: _meter(state, state.fleet.spec(index), now))
    return page_of(state.quirks, op, [meters])


def _meter(state: JrhszState, spec: MeterSpec, now: datetime) -> Meter:
    online = state.fleet.is_online(spec)
    return Meter(
        project_code=spec.project,
        device_id=spec.number,
        device_name=spec.number,
        table_no=spec.number,
        table_address=spec.address,
        kind=spec.kind,
        online_at=latest_report_at(state, spec, now) if online else spec.online_at,
        network=NetworkState.ONLINE if online else NetworkState.OFFLINE,
        gate=_gate(state, spec),
        user_code=spec.resident,
        user_name=spec.resident_name,
        house_number=spec.house_number,
    )


@handlers.serves(ListLatestReadings)
def latest_readings(state: JrhszState, op: ListLatestReadings) -> Page[LatestReading]:
    selected = selected_meters(state, op.table_no)
    if op.table_no is not None and not selected:
        raise Refused(1001, f"表 {op.table_no} 不存在")
    now = state.clock.now()
    readings = rows_of(selected).map(lambda index: _latest_reading(state, state.fleet.spec(index), now))
    return page_of(state.quirks, op, [readings])


def _latest_reading(state: JrhszState, spec: MeterSpec, now: datetime) -> LatestReading:
    report = latest_report(state, spec, now)
    return LatestReading(
        device_id=spec.number,
        table_no=spec.number,
        reading=report.reading,
        read_at=report.at,
        gate=_gate(state, spec),
    )


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

    documented = [row for row in state.documented.readings if is_selected(op, row.table_no, row.read_at)]
    return history_page(state, op, documented, daily(state.fleet), make, with_requested=True)


@handlers.serves(ListConsumption)
def list_consumption(state: JrhszState, op: ListConsumption) -> Page[Consumption]:
    if op.kind is ConsumptionKind.DAILY and state.quirks.daily == "no":
        raise Refused(1001, "type 仅支持 1")
    schedule = state.hourly if op.kind is ConsumptionKind.REALTIME else _by_day(state)

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

    documented = [row for row in state.documented.consumption if is_selected(op, row.table_no, row.read_at)]
    return history_page(state, op, documented, schedule, make, with_requested=op.kind is ConsumptionKind.REALTIME)


def _by_day(state: JrhszState) -> Schedule:
    """Return the schedule of every 24th hourly report, so that a day's usage is the sum of its hours."""
    every_hour = state.hourly
    return Schedule(every_hour.start, 24 * every_hour.step, every_hour.offset, every_hour.spread)


@handlers.serves(ListTimeOfUseReadings)
def list_time_of_use_readings(state: JrhszState, op: ListTimeOfUseReadings) -> Page[TimeOfUseReading]:
    documented = [row for row in state.documented.time_of_use_readings if is_selected(op, row.table_no, row.frozen_at)]

    def make(spec: MeterSpec, moment: datetime) -> TimeOfUseReading:
        return _time_of_use(state, spec, moment)

    def included(index: int) -> bool:
        return state.fleet.kind_of(index) in _TIME_OF_USE_KINDS

    return history_page(state, op, documented, nightly(state.fleet), make, included)


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

    def included(index: int) -> bool:
        return state.fleet.kind_of(index) is _CAMERA_KIND

    documented = [row for row in state.documented.camera_readings if is_selected(op, row.table_no, row.read_at)]
    return history_page(state, op, documented, nightly(state.fleet), make, included)
