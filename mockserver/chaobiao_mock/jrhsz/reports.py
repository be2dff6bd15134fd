"""What meters report: readings at their moments, and the usage between two of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import attrs

from chaobiao_mock.jrhsz.estate import MeterPlan
from chaobiao_mock.jrhsz.series import Series, hourly
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


def report_at(state: JrhszState, plan: MeterPlan, moment: datetime) -> Report:
    """The reading of a meter at a moment."""
    return Report(moment.replace(microsecond=0), hundredths(state.estate.reading(plan, moment)))


def latest_report(state: JrhszState, plan: MeterPlan, now: datetime) -> Report:
    """The newest reading: by the hour, or when one was asked for; a silent meter keeps its documented one."""
    moments = [moment for moment in state.estate.reads_of(plan.index) if moment <= now]
    if plan.reports:
        regular = hourly(state.estate).latest(plan.index, now)
        moments += [regular] if regular is not None else []
    elif plan.connected or state.estate.switched(plan.index):
        moments.append(now)  # a documented meter that lives: it is read whenever somebody looks
    return report_at(state, plan, max(moments, default=plan.since))


def usage_between(
    state: JrhszState, plan: MeterPlan, series: Series, begin: datetime, end: datetime
) -> Iterator[Usage]:
    """What a meter used, moment by moment; adjoining rows meet, so sums come out."""
    low, count = series.span(plan.index, (begin - series.start).total_seconds(), (end - series.start).total_seconds())
    for number in range(low, low + count):
        yield usage_at(state, plan, series, series.moment(plan.index, number))


def usage_at(state: JrhszState, plan: MeterPlan, series: Series, moment: datetime) -> Usage:
    """What a meter used up to one of its moments, since the moment before."""
    estate = state.estate
    before = moment - timedelta(seconds=series.step)
    reading, previous = estate.reading(plan, moment), estate.reading(plan, before)
    return Usage(
        at=moment.replace(microsecond=0),
        reading=hundredths(reading),
        previous_at=before.replace(microsecond=0),
        previous_reading=hundredths(previous),
        used=hundredths(reading - previous),
        cost=hundredths(estate.cost(plan, reading) - estate.cost(plan, previous)),
    )
