"""What meters report: readings at their moments, and the usage between two of them."""

from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from chaobiao_mock.jrhsz.fleet import HOUR, MeterSpec
from chaobiao_mock.jrhsz.schedule import Schedule, hourly
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import Part, part_of


@attrs.frozen
class Report:
    """A reading and its moment."""

    at: datetime
    reading: Decimal


@attrs.frozen
class Usage:
    """A reading, the one before it, and what lies between."""

    at: datetime
    reading: Decimal
    previous_at: datetime
    previous_reading: Decimal
    used: Decimal
    cost: Decimal


def hundredths(value: int) -> Decimal:
    """A whole number of hundredths as a decimal with two places."""
    return Decimal(value).scaleb(-2)


def report_at(state: JrhszState, spec: MeterSpec, moment: datetime) -> Report:
    """The reading of a meter at a moment."""
    return Report(moment.replace(microsecond=0), hundredths(state.fleet.reading(spec, moment)))


def latest_report(state: JrhszState, spec: MeterSpec, now: datetime) -> Report:
    """The newest reading: by the hour, or when one was asked for; a meter that never reports has its documented one."""
    moments = [moment for moment in state.fleet.reads_of(spec.index) if moment <= now]
    if spec.reports:
        regular = hourly(state.fleet).latest(spec.index, now)
        moments += [regular] if regular is not None else []
    elif spec.connected or state.fleet.switched(spec.index):
        moments.append(now)  # a documented meter that is in use: it is read at each request
    return report_at(state, spec, max(moments, default=spec.since))


def moments_between(
    state: JrhszState, spec: MeterSpec, schedule: Schedule, begin: datetime, end: datetime
) -> Part[datetime]:
    """The moments of a meter's reports from ``begin`` to ``end``, with readings that were asked for in their place."""
    low, count = schedule.span(
        spec.index, (begin - schedule.start).total_seconds(), (end - schedule.start).total_seconds()
    )
    reads = [read for read in state.fleet.reads_of(spec.index) if begin <= read <= end]
    if not reads:
        return Part(count, lambda a, b: (schedule.moment(spec.index, low + number) for number in range(a, b)))
    return part_of(sorted({*(schedule.moment(spec.index, low + number) for number in range(count)), *reads}))


def usage_at(state: JrhszState, spec: MeterSpec, schedule: Schedule, moment: datetime) -> Usage:
    """What a meter used up to one of its moments, since the moment before."""
    fleet = state.fleet
    before = moment - timedelta(seconds=schedule.step)
    if schedule.step <= HOUR and (reads := fleet.reads_of(spec.index)):
        # What was used until a reading that was asked for is in that reading's row.
        regular = schedule.latest(spec.index, moment - timedelta(seconds=1)) or before
        before = max(regular, *(read for read in reads if read < moment), regular)
    reading, previous = fleet.reading(spec, moment), fleet.reading(spec, before)
    return Usage(
        at=moment.replace(microsecond=0),
        reading=hundredths(reading),
        previous_at=before.replace(microsecond=0),
        previous_reading=hundredths(previous),
        used=hundredths(reading - previous),
        cost=hundredths(fleet.cost(spec, reading) - fleet.cost(spec, previous)),
    )
