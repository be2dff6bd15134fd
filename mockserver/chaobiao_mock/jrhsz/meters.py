"""Meters, their newest readings, and their histories."""

from collections.abc import Callable, Sequence
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
from chaobiao_mock.jrhsz.estate import KINDS_REPEAT_AFTER, MeterPlan, mix
from chaobiao_mock.jrhsz.pages import place
from chaobiao_mock.jrhsz.reports import hundredths, latest_report, report_at, usage_at
from chaobiao_mock.jrhsz.series import Series, Window, daily, hourly, nightly, of_crowd, of_meters
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.serves import serves

R = TypeVar("R")

_TIME_OF_USE_KINDS = frozenset({MeterKind(7), MeterKind(11), MeterKind(15)})
_CAMERA_KIND = MeterKind(24)


def _gate(state: JrhszState, plan: MeterPlan) -> Gate:
    return Gate.CONNECTED if state.estate.connected(plan) else Gate.DISCONNECTED


def _chosen(state: JrhszState, table_no: Any) -> Sequence[int]:
    """The meters that a request asks for: all, one, or several joined by commas. Unknown numbers find nothing."""
    if table_no is None:
        return range(len(state.estate))
    numbers = table_no.split(",") if isinstance(table_no, str) else list(table_no)
    found = (state.estate.index_of(number) for number in numbers)
    return sorted({index for index in found if index is not None})


@serves(ListMeters)
def list_meters(state: JrhszState, op: ListMeters) -> Page[Meter]:
    total = len(state.estate)
    skip = place(state.play, op.page, op.page_size, total)
    rows = [_meter(state, state.estate.plan(index)) for index in range(skip, min(skip + op.page_size, total))]
    return Page(rows, total, op.page)


def _meter(state: JrhszState, plan: MeterPlan) -> Meter:
    online = plan.reports or plan.connected or state.estate.switched(plan.index)
    return Meter(
        project_code=plan.project,
        device_id=plan.number,
        device_name=plan.number,
        table_no=plan.number,
        table_address=plan.address,
        kind=plan.kind,
        online_at=latest_report(state, plan, state.clock.now()).at if online else documented.ONLINE_AT,
        network=NetworkState.ONLINE if online else NetworkState.OFFLINE,
        gate=_gate(state, plan),
        user_code=plan.resident,
        user_name=plan.resident_name,
        house_number=plan.house_number,
    )


@serves(ListLatestReadings)
def latest_readings(state: JrhszState, op: ListLatestReadings) -> Page[LatestReading]:
    chosen = _chosen(state, op.table_no)
    if op.table_no is not None and not chosen:
        raise Refused(1001, f"表 {op.table_no} 不存在")
    now = state.clock.now()
    skip = place(state.play, op.page, op.page_size, len(chosen))
    rows: list[LatestReading] = []
    for index in chosen[skip : skip + op.page_size]:
        plan = state.estate.plan(index)
        report = latest_report(state, plan, now)
        rows.append(
            LatestReading(
                device_id=plan.number,
                table_no=plan.number,
                reading=report.reading,
                read_at=report.at,
                gate=_gate(state, plan),
            )
        )
    return Page(rows, len(chosen), op.page)


def _history(
    state: JrhszState,
    op: Any,
    recorded: Sequence[R],
    series: Series,
    make: Callable[[MeterPlan, datetime], R],
    wanted: Callable[[int], bool] = lambda _: True,
) -> Page[R]:
    """A page of rows that were recorded one by one, followed by those that meters report by themselves."""
    windows = _windows(state, op, series, wanted)
    total = len(recorded) + sum(window.total for window in windows)
    skip = place(state.play, op.page, op.page_size, total)
    rows = list(recorded[skip : skip + op.page_size])
    skip = max(skip - len(recorded), 0)
    for window in windows:
        moments = window.rows(skip, op.page_size - len(rows))
        rows += [make(state.estate.plan(index), moment) for index, moment in moments]
        skip = max(skip - window.total, 0)
    return Page(rows, total, op.page)


def _windows(state: JrhszState, op: Any, series: Series, wanted: Callable[[int], bool]) -> list[Window]:
    """The reports in a request's period: of the documented meters that live, then of the made-up ones."""
    estate = state.estate
    end = min(op.end, state.clock.now())
    chosen = _chosen(state, op.table_no) if op.table_no is not None else range(estate.first_made_up)
    single = [
        (index, max(op.begin, since))
        for index in chosen
        if wanted(index) and (since := estate.reports_since(estate.plan(index))) is not None
    ]
    windows = [of_meters(series, single, end)]
    if op.table_no is None:
        made_up = range(estate.first_made_up, len(estate))
        windows.append(of_crowd(series, made_up, wanted, KINDS_REPEAT_AFTER, op.begin, end))
    return windows


def _wanted(table_no: Any, number: str | None) -> bool:
    numbers = table_no.split(",") if isinstance(table_no, str) else table_no
    return table_no is None or number in numbers


def _within(op: Any, number: str | None, moment: datetime | None) -> bool:
    return _wanted(op.table_no, number) and moment is not None and op.begin <= moment <= op.end


@serves(ListReadings)
def list_readings(state: JrhszState, op: ListReadings) -> Page[Reading]:
    def make(plan: MeterPlan, moment: datetime) -> Reading:
        report = report_at(state, plan, moment)
        return Reading(
            device_id=plan.number,
            table_no=plan.number,
            reading=report.reading,
            read_at=report.at,
            imei="",
            user_code=plan.resident,
            table_address=plan.address,
            device_name=plan.number,
        )

    recorded = [row for row in documented.READINGS if _within(op, row.table_no, row.read_at)]
    for index in state.estate.read_meters():  # readings that were asked for
        plan = state.estate.plan(index)
        recorded += [make(plan, at) for at in state.estate.reads_of(index) if _within(op, plan.number, at)]
    return _history(state, op, recorded, daily(state.estate), make)


@serves(ListConsumption)
def list_consumption(state: JrhszState, op: ListConsumption) -> Page[Consumption]:
    if op.kind is ConsumptionKind.DAILY and state.play.daily == "no":
        raise Refused(1001, "type 仅支持 1")
    series = hourly(state.estate) if op.kind is ConsumptionKind.REALTIME else _by_day(state)

    def make(plan: MeterPlan, moment: datetime) -> Consumption:
        usage = usage_at(state, plan, series, moment)
        return Consumption(
            project_code=plan.project,
            device_id=plan.number,
            table_no=plan.number,
            reading=usage.reading,
            read_at=usage.at,
            usage=usage.used,
            amount=usage.cost,
            kind=plan.kind,
        )

    recorded = [row for row in documented.CONSUMPTION if _within(op, row.table_no, row.read_at)]
    return _history(state, op, recorded, series, make)


def _by_day(state: JrhszState) -> Series:
    """Days as the hourly reports divide them: every 24th of them, so that a day is the sum of its hours."""
    every_hour = hourly(state.estate)
    return Series(every_hour.start, 24 * every_hour.step, every_hour.offset, every_hour.spread)


@serves(ListTimeOfUseReadings)
def list_time_of_use_readings(state: JrhszState, op: ListTimeOfUseReadings) -> Page[TimeOfUseReading]:
    recorded = [row for row in documented.TIME_OF_USE if _within(op, row.table_no, row.frozen_at)]

    def make(plan: MeterPlan, moment: datetime) -> TimeOfUseReading:
        return _time_of_use(state, plan, moment)

    def wanted(index: int) -> bool:
        return state.estate.kind_of(index) in _TIME_OF_USE_KINDS

    return _history(state, op, recorded, nightly(state.estate), make, wanted)


def _time_of_use(state: JrhszState, plan: MeterPlan, moment: datetime) -> TimeOfUseReading:
    total = state.estate.reading(plan, moment)
    sharp, peak, flat = total * 10 // 100, total * 30 // 100, total * 35 // 100
    noise = mix(plan.index, moment.toordinal(), 5)
    volts = [hundredths(22_000 + (noise >> shift) % 1_500) for shift in (0, 3, 6)]
    amps = [hundredths(20 + (noise >> shift) % 400) for shift in (2, 5, 8)]
    active = [hundredths(int(volt * amp) // 10) for volt, amp in zip(volts, amps, strict=True)]
    reactive = [hundredths((noise >> shift) % 60) for shift in (1, 4, 7)]
    return TimeOfUseReading(
        project_code=plan.project,
        device_id=plan.number,
        table_no=plan.number,
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


@serves(ListCameraReadings)
def list_camera_readings(state: JrhszState, op: ListCameraReadings) -> Page[CameraReading]:
    def make(plan: MeterPlan, moment: datetime) -> CameraReading:
        failed = mix(plan.index, moment.toordinal(), 6) % 37 == 0
        return CameraReading(
            project_code=plan.project,
            table_no=plan.number,
            read_at=moment,
            status=ImageStatus("解析失败") if failed else ImageStatus.PARSED,
            image_url=f"https://images.example/{plan.number}/{moment:%Y%m%d}.jpg",
            reading=None if failed else hundredths(state.estate.reading(plan, moment)),
        )

    def wanted(index: int) -> bool:
        return index >= state.estate.first_made_up and state.estate.kind_of(index) is _CAMERA_KIND

    recorded = [row for row in documented.CAMERA if _within(op, row.table_no, row.read_at)]
    return _history(state, op, recorded, nightly(state.estate), make, wanted)
