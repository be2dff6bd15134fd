"""The states of machines (7.5, 7.6), as the rules tell them from the values of each quarter of an hour.

The first rule that matches, by id, tells the state. Where none matches, before a meter counts and after now the state
is 未知 (unknown), so that durations add up to the period. A machine without rules has no states: 4002.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.energy import GetOeeStatistics, ListOeeRecords, OeeDuration, OeeRecord, OeeRule
from chaobiao_mock.energy.limits import VALUE_PLACES, bounds_of
from chaobiao_mock.energy.series import QUARTER
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.steps import parts
from chaobiao_mock.registry import Handlers

handlers = Handlers()

UNKNOWN: Final = "未知"

#: A state that a machine was in: begin, end, and its name.
Span = tuple[int, int, str]


@handlers.serves(ListOeeRecords)
def list_records(state: EnergyState, op: ListOeeRecords) -> Page[OeeRecord]:
    spans = _spans(state, op.machine_id, state.second(op.start), state.second(op.end))
    return Page([OeeRecord(time=state.moment(begin), status=status) for begin, _, status in spans])


@handlers.serves(GetOeeStatistics)
def list_durations(state: EnergyState, op: GetOeeStatistics) -> Page[OeeDuration]:
    steps = parts(op.time_type, op.start, op.end, op.return_format)
    ends = [state.second(end) for _, _, end in steps]
    durations: Counter[tuple[int, str]] = Counter()
    step = 0
    for begin, end, status in _spans(state, op.machine_id, state.second(op.start), state.second(op.end)):
        while begin < end:
            if ends[step] <= begin:
                step += 1
                continue
            until = min(end, ends[step])
            durations[step, status] += until - begin
            begin = until
    return Page(
        [
            OeeDuration(time=steps[step][0], seconds=seconds, status=status)
            for (step, status), seconds in durations.items()
        ]
    )


def _spans(state: EnergyState, machine: int, begin: int, end: int) -> list[Span]:
    """Return the states of a machine, one after another, from one second to another."""
    rules = [rule for rule in state.tables.oee_rules if rule.machine_id == machine]
    rules.sort(key=lambda rule: rule.id or 0)
    now = state.now()
    if not rules or begin >= end:
        return []
    first = max(begin, 0) // QUARTER
    states = _states(state, rules, first, -(-min(end, now) // QUARTER))
    changes = [(begin, UNKNOWN)]
    changes += [(max(begin, quarter * QUARTER), status) for quarter, status in enumerate(states, first)]
    changes += [(max(begin, min(now, end)), UNKNOWN), (end, UNKNOWN)]
    spans = [(since, until, status) for (since, status), (until, _) in pairwise(changes) if since < until]
    groups = ([*group] for _, group in groupby(spans, itemgetter(2)))
    return [(group[0][0], group[-1][1], group[0][2]) for group in groups]


def _states(state: EnergyState, rules: Sequence[OeeRule], first: int, last: int) -> list[str]:
    """Return the state in each quarter of an hour from one up to another."""
    found: list[str | None] = [None] * (last - first)
    for rule in rules:
        meter = state.tables.meters.find(rule.meter_id)
        if meter is None:
            continue
        counting = max(first, -(-state.registers.series(meter).begin // QUARTER))
        values = state.registers.quarters(meter, rule.parameter or "", counting, last - counting)
        low, high = bounds_of(rule, VALUE_PLACES)
        for place, value in enumerate(values, counting - first):
            if found[place] is None and low <= value <= high:
                found[place] = rule.status
    return [status or UNKNOWN for status in found]
