"""What meters report: readings at their moments, and the usage between two of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from chaobiao_mock.jrhsz.fleet import MeterSpec
from chaobiao_mock.jrhsz.schedule import Schedule, hourly
from chaobiao_mock.jrhsz.state import JrhszState


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
    """The newest reading: by the hour, or when one was asked for; a meter that does not report has its documented one."""
    moments = [moment for moment in state.fleet.reads_of(spec.index) if moment <= now]
    if spec.reports:
        regular = hourly(state.fleet).latest(spec.index, now)
        moments += [regular] if regular is not None else []
    elif spec.connected or state.fleet.switched(spec.index):
        moments.append(now)  # a documented meter that is in use: it is read at each request
    return report_at(state, spec, max(moments, default=spec.since))


def usage_between(
    state: JrhszState, spec: MeterSpec, schedule: Schedule, begin: datetime, end: datetime
) -> Iterator[Usage]:
    """What a meter used, moment by moment; adjoining rows meet, so sums come out."""
    low, count = schedule.span(
        spec.index, (begin - schedule.start).total_seconds(), (end - schedule.start).total_seconds()
    )
    for number in range(low, low + count):
        yield usage_at(state, spec, schedule, schedule.moment(spec.index, number))


def usage_at(state: JrhszState, spec: MeterSpec, schedule: Schedule, moment: datetime) -> Usage:
    """What a meter used up to one of its moments, since the moment before."""
    fleet = state.fleet
    before = moment - timedelta(seconds=schedule.step)
    reading, previous = fleet.reading(spec, moment), fleet.reading(spec, before)
    return Usage(
        at=moment.replace(microsecond=0),
        reading=hundredths(reading),
        previous_at=before.replace(microsecond=0),
        previous_reading=hundredths(previous),
        used=hundredths(reading - previous),
        cost=hundredths(fleet.cost(spec, reading) - fleet.cost(spec, previous)),
    )
