"""Messages that alarms have given (6.9), and their numbers (6.10). Periods are half-open."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from chaobiao._contract.operation import Page
from chaobiao.energy import AlarmCount, AlarmMessage, CountAlarmMessages, CountBy, ListAlarmMessages
from chaobiao_mock.energy.alarm_log import Watch
from chaobiao_mock.energy.limits import plain
from chaobiao_mock.energy.resources import MAX_PAGE_SIZE
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.steps import parts
from chaobiao_mock.pagination import page_of_parts, rows_of
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The fields of an alarm by which messages are counted.
_FIELDS: Final = {CountBy.LEVEL: "level", CountBy.TYPE: "type", CountBy.NOTIFY_WAY: "notify_way"}


@handlers.serves(ListAlarmMessages)
def list_messages(state: EnergyState, op: ListAlarmMessages) -> Page[AlarmMessage]:
    log = state.messages
    keys: Sequence[int] = log.between(state.second(op.start), state.second(op.end))
    asked = {position for position, watch in enumerate(log.watches) if _is_asked_for(watch, op)}
    if len(asked) < len(log.watches):
        keys = [key for key in keys if log.message(key)[1] in asked]
    rows = rows_of(keys).map(lambda key: _message(state, key))
    return page_of_parts([rows], op.page, min(op.page_size, MAX_PAGE_SIZE))


@handlers.serves(CountAlarmMessages)
def count_messages(state: EnergyState, op: CountAlarmMessages) -> Page[AlarmCount]:
    """Only numbers above zero are listed."""
    steps = parts(op.time_type, op.start, op.end, op.return_format)
    begins = [state.second(begin) for _, begin, _ in steps]
    field = _FIELDS.get(op.count_by)
    log = state.messages
    values = [getattr(watch.alarm, field) if field else None for watch in log.watches]
    numbers: Counter[tuple[int, Any]] = Counter()
    for key in log.between(state.second(op.start), state.second(op.end)):
        second, position, _ = log.message(key)
        numbers[bisect_right(begins, second) - 1, values[position]] += 1
    return Page(
        [
            AlarmCount(time=steps[step][0], count=number, **({field: value} if field else {}))
            for (step, value), number in sorted(numbers.items())
        ]
    )


def _is_asked_for(watch: Watch, op: ListAlarmMessages) -> bool:
    """Names match as they do in lists: by a part."""
    texts = ((op.meter, watch.meter.name), (op.machine, watch.machine.name), (op.rule, watch.rule.name))
    codes = ((op.type, watch.alarm.type), (op.level, watch.alarm.level))
    return all(part is None or part in (text or "") for part, text in texts) and all(
        asked in (None, code) for asked, code in codes
    )


def _message(state: EnergyState, key: int) -> AlarmMessage:
    second, position, value = state.messages.message(key)
    watch = state.messages.watches[position]
    return AlarmMessage(
        id=key,
        alarm=watch.alarm.name,
        rule=watch.rule.name,
        meter=watch.meter.name,
        machine=watch.machine.name,
        type=watch.alarm.type,
        level=watch.alarm.level,
        content=_content(watch, value),
        time=state.moment(second),
    )


def _content(watch: Watch, value: int) -> str:
    rule = watch.rule
    number = Decimal(value).scaleb(-watch.places)
    what = "每小时能耗" if watch.is_hourly else rule.parameter
    upper, lower = rule.upper_limit or Decimal(0), rule.lower_limit or Decimal(0)
    limit = f"高于上限{plain(upper)}" if number > upper else f"低于下限{plain(lower)}"
    return f"{what}为{plain(number)}，{limit}"
