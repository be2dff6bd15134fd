"""The readings that meters report, and the usage between two of them."""

from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from chaobiao_mock.decimals import hundredths
from chaobiao_mock.jrhsz.fleet import HOUR
from chaobiao_mock.jrhsz.meter_spec import MeterSpec
from chaobiao_mock.jrhsz.schedule import Schedule
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import LazyRows, rows_of, rows_of_spans
from chaobiao_mock.periods import in_period


@attrs.frozen
class Report:
    """A reading and its time."""

    at: datetime
    reading: Decimal


@attrs.frozen
class Usage:
    """A reading, the reading before it, and the usage and the cost between the two."""

    at: datetime
    reading: Decimal
    previous_at: datetime
    previous_reading: Decimal
    used: Decimal
    cost: Decimal


def report_at(state: JrhszState, spec: MeterSpec, moment: datetime) -> Report:
    """Return the reading of a meter at a moment."""
    at = moment.replace(microsecond=0)  # rows carry whole seconds, so the reading is that of a whole second
    return Report(at, hundredths(state.fleet.reading(spec, at)))


def latest_report(state: JrhszState, spec: MeterSpec, now: datetime) -> Report:
    """Return the newest reading, reported by the hour or requested; a meter without either has its documented one."""
    return report_at(state, spec, _newest(state, spec, now))


def latest_report_at(state: JrhszState, spec: MeterSpec, now: datetime) -> datetime:
    """Return the time of the newest reading."""
    return _newest(state, spec, now).replace(microsecond=0)


def _newest(state: JrhszState, spec: MeterSpec, now: datetime) -> datetime:
    now = min(now, state.fleet.offline_since(spec.index) or now)
    if spec.reports:
        regular = state.hourly.latest(spec.index, now)
    elif state.fleet.is_online(spec):
        regular = now  # a documented meter that is in use: its register is read at each request
    else:
        regular = None
    requested = state.fleet.read_commands(spec.index)
    if not requested:
        return spec.since if regular is None else regular
    return max([*requested, *([] if regular is None else [regular])])


def report_times(
    state: JrhszState, spec: MeterSpec, schedule: Schedule, begin: datetime, end: datetime
) -> LazyRows[datetime]:
    """Return the times of a meter's reports from ``begin`` to ``end``, sorted; requested readings are among them."""
    span = (spec.index, *schedule.span_between(spec.index, begin, end))
    times = rows_of_spans([span]).map(lambda row: schedule.moment(*row))
    requested = [moment for moment in state.fleet.read_commands(spec.index) if in_period(moment, begin, end)]
    if not requested:
        return times
    return rows_of(sorted({*times.slice(0, times.count), *requested}))


def usage_at(state: JrhszState, spec: MeterSpec, schedule: Schedule, moment: datetime) -> Usage:
    """Return what a meter used between the report before a moment and that moment."""
    fleet = state.fleet
    before = moment - timedelta(seconds=schedule.step)
    if schedule.step <= HOUR and (requested := fleet.read_commands(spec.index)):
        # What was used up to a requested reading is in that reading's row.
        regular = schedule.latest(spec.index, moment - timedelta(seconds=1)) or before
        before = max([regular, *(time for time in requested if time < moment)])
    reading, previous = fleet.reading(spec, moment), fleet.reading(spec, before)
    return Usage(
        at=moment.replace(microsecond=0),
        reading=hundredths(reading),
        previous_at=before.replace(microsecond=0),
        previous_reading=hundredths(previous),
        used=hundredths(reading - previous),
        cost=hundredths(fleet.cost(spec, reading) - fleet.cost(spec, previous)),
    )
