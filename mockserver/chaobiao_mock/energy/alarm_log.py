"""The messages that alarms have given: they come into being as the clock passes, and then stay as they are.

A message says what was true at its time: later changes of rules, alarms, meters and machines, and their deletion, leave
it unchanged. So everything up to now is settled before a request is carried out.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import attrs

from chaobiao.energy import Alarm, AlarmMessage, AlarmRule, AlarmType, Machine, Meter
from chaobiao_mock.energy.limits import AMOUNT_PLACES, VALUE_PLACES, bounds_of
from chaobiao_mock.energy.registers import Registers, StepAmounts
from chaobiao_mock.energy.series import QUARTER

if TYPE_CHECKING:
    from chaobiao_mock.energy.state import Tables

_HOUR: Final = 3_600
#: The id of the first message; the document's own come first.
_FIRST_ID: Final = 501
#: The value in what a message says.
_NUMBER: Final = re.compile(r"为(-?[0-9.]+)，")
#: After a longer time without requests, only the messages of the last year come into being.
_LONGEST: Final = 366 * 96


@attrs.frozen
class Watch:
    """A rule with what its messages say, from one change to the next."""

    rule: AlarmRule
    alarm: Alarm
    meter: Meter
    machine: Machine

    @property
    def is_hourly(self) -> bool:
        """Whether consumption is watched, and not a measuring point."""
        return self.alarm.type is AlarmType.HOURLY_CONSUMPTION

    @property
    def places(self) -> int:
        """The decimal places of the values."""
        return AMOUNT_PLACES if self.is_hourly else VALUE_PLACES

    def same_value(self, other: "Watch") -> bool:
        """Tell whether both watch the same value."""
        return (self.meter.id, self.rule.parameter) == (other.meter.id, other.rule.parameter)


#: A message: its second, the position of its watch, and the value.
Entry = tuple[int, int, int]


@attrs.frozen
class SavedLog:
    """The messages in a snapshot."""

    settled: int
    watches: list[Watch]
    #: The position of each rule's watch, and whether the value was outside the limits.
    current: dict[int, tuple[int, bool]]
    entries: list[Entry]


class AlarmLog:
    """All messages, the oldest first. Their ids are consecutive."""

    def __init__(self, tables: "Tables", registers: Registers, begin: int) -> None:
        self._tables = tables
        self._registers = registers
        #: The last quarter of an hour whose begin is settled.
        self._settled = begin // QUARTER
        #: What messages speak of.
        self.watches: list[Watch] = []
        #: The position of each rule's watch, and whether the value was outside the limits.
        self._current: dict[int, tuple[int, bool]] = {}
        self._entries: list[Entry] = []

    def saved(self) -> SavedLog:
        """Return what a snapshot keeps."""
        return SavedLog(self._settled, [*self.watches], dict(self._current), [*self._entries])

    def restore(self, saved: SavedLog) -> None:
        """Return to a snapshot."""
        positions = [position for _, position, _ in saved.entries] + [
            position for position, _ in saved.current.values()
        ]
        if any(not 0 <= position < len(saved.watches) for position in positions):
            raise ValueError("a message of no rule")
        self._settled, self.watches = saved.settled, [*saved.watches]
        self._current, self._entries = dict(saved.current), [*saved.entries]

    def record(self, second: int, message: AlarmMessage) -> None:
        """Enter a message that the document shows, of a rule that there is. Rules speak of what is later."""
        rule = self._tables.alarm_rules.named(message.rule)
        watch = None if rule is None else self._watch(rule)
        number = _NUMBER.search(message.content or "")
        if watch is not None and number is not None:
            self._entries.append((second, len(self.watches), int(Decimal(number[1]).scaleb(watch.places))))
            self.watches.append(watch)
            self._settled = max(self._settled, second // QUARTER)

    def between(self, begin: int, end: int) -> range:
        """Return the ids of the messages from one second to another, the end excluded."""
        low, high = (bisect_left(self._entries, (second,)) for second in (begin, end))
        return range(low + _FIRST_ID, high + _FIRST_ID)

    def message(self, key: int) -> Entry:
        """Return a message by its id."""
        return self._entries[key - _FIRST_ID]

    def settle(self, now: int) -> None:
        """Let the messages come into being that alarms have given up to now."""
        quarter = now // QUARTER
        if quarter <= self._settled:
            return
        begin = max(self._settled, quarter - _LONGEST)
        current: dict[int, tuple[int, bool]] = {}
        entries: list[Entry] = []
        amounts = StepAmounts(self._registers, range(begin // 4 * _HOUR, quarter // 4 * _HOUR + 1, _HOUR))
        for rule in self._tables.alarm_rules:
            watch = self._watch(rule)
            if watch is None or rule.id is None:
                continue
            position, outside = self._position(rule.id, watch)
            if watch.is_hourly:
                found = _outside(watch, amounts)
            else:
                found, outside = self._crossings(watch, begin, quarter, outside)
            entries += [(second, position, value) for second, value in found]
            current[rule.id] = position, outside
        self._entries += sorted(entries)
        self._current = current
        self._settled = quarter

    def _watch(self, rule: AlarmRule) -> Watch | None:
        alarm, meter = self._tables.alarms.find(rule.alarm_id), self._tables.meters.find(rule.meter_id)
        machine = None if meter is None else self._tables.machines.find(meter.machine_id)
        return None if alarm is None or meter is None else Watch(rule, alarm, meter, machine or Machine(name=""))

    def _position(self, rule: int, watch: Watch) -> tuple[int, bool]:
        """Return where a rule's watch is, and whether its value was outside the limits when it was last looked at."""
        position, outside = self._current.get(rule, (None, False))
        if position is not None:
            before = self.watches[position]
            if before == watch:
                return position, outside
            outside = outside and before.same_value(watch)
        self.watches.append(watch)
        return len(self.watches) - 1, outside

    def _crossings(self, watch: Watch, begin: int, end: int, outside: bool) -> tuple[Sequence[tuple[int, int]], bool]:
        """Return when a value went outside the limits, with that value, and whether it is outside at the end."""
        low, high = bounds_of(watch.rule, watch.places)
        values = self._registers.quarters(watch.meter, watch.rule.parameter or "", begin + 1, end - begin)
        states = [not low <= value <= high for value in values]
        found = [
            (quarter * QUARTER, value)
            for quarter, (value, is_outside, was_outside) in enumerate(
                zip(values, states, [outside, *states], strict=False), begin + 1
            )
            if is_outside and not was_outside
        ]
        return found, bool(states) and states[-1]


def _outside(watch: Watch, amounts: StepAmounts) -> Sequence[tuple[int, int]]:
    """Return the ends of the hours whose consumption is outside the limits, with that consumption."""
    low, high = bounds_of(watch.rule, watch.places)
    hours = zip(amounts.seconds[1:], amounts.of([watch.meter]), strict=True)
    return [(end, amount) for end, amount in hours if not low <= amount <= high]
