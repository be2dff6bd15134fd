"""Alarm messages come into being as the clock passes, stay as they are, and are counted as they are listed."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao.energy import (
    AlarmLevel,
    AlarmMessage,
    AlarmType,
    CountBy,
    GroupBy,
    NotifyWay,
    ReturnFormat,
    TimeType,
)
from chaobiao_mock.energy.steps import parts
from tests.energy.plant import BEGAN, DAY, HOUR, Plant
from tests.harness.mock_server import LiveMock
from tests.harness.samples import sample_named

FORM = ("name", "alarm_id", "meter_id", "lower_limit", "upper_limit", "parameter")
FIELDS = {CountBy.LEVEL: "level", CountBy.TYPE: "type", CountBy.NOTIFY_WAY: "notify_way"}


class AlarmedPlant(Plant):
    """A plant with an alarm of each type and a rule of each for one meter of electricity."""

    def __init__(self, mock: LiveMock) -> None:
        super().__init__(mock)
        self.watched = next(meter for meter in self.meters() if meter.kind == "0")
        self.id = self.watched.id or 0
        for rule in self.client.alarm_rules.list().collect():
            if rule.meter_id == self.id:
                self.client.alarm_rules.delete(rule.id or 0)
        self.alarms = {
            AlarmType.HOURLY_CONSUMPTION: self.alarm("每小时用电", AlarmType.HOURLY_CONSUMPTION, AlarmLevel.WARNING),
            AlarmType.PARAMETER: self.alarm("瞬时电压", AlarmType.PARAMETER, AlarmLevel.SEVERE),
        }
        self.limits = self.usual_limits()
        self.rule("用电", AlarmType.HOURLY_CONSUMPTION, self.limits)
        self.rule("电压", AlarmType.PARAMETER, (Decimal(219), Decimal(223)), "UA")

    def alarm(self, name: str, type: AlarmType, level: AlarmLevel) -> int:
        """Create an alarm and return its id; its way of notification follows from its type."""
        way = NotifyWay.SMS if type is AlarmType.PARAMETER else NotifyWay.EMAIL
        self.client.alarms.create(name=name, type=type, level=level, notify_way=way, notify_address="")
        return next(alarm.id or 0 for alarm in self.client.alarms.list() if alarm.name == name)

    def rule(self, name: str, type: AlarmType, limits: tuple[Any, Any], parameter: str | None = None) -> None:
        """Create a rule for the watched meter."""
        self.client.alarm_rules.create(
            name=name,
            alarm_id=self.alarms[type],
            meter_id=self.id,
            lower_limit=limits[0],
            upper_limit=limits[1],
            parameter=parameter,
        )

    def change_rule(self, known_as: str, **changes: Any) -> None:
        """Change some fields of a rule."""
        rule = next(rule for rule in self.client.alarm_rules.list() if rule.name == known_as)
        form = {name: getattr(rule, name) or None for name in FORM}
        self.client.alarm_rules.update(rule.id or 0, **{**form, **changes})

    def hours(self, start: datetime, end: datetime) -> dict[datetime, Decimal]:
        """Return the watched meter's consumption by the end of each whole hour."""
        rows = self.client.consumption.details(
            start=start, end=end, time_type=TimeType.DAY, group_by=GroupBy.METER, names=self.watched.name
        )
        return {row.time + HOUR: row.amount or Decimal(0) for row in rows if row.time is not None}

    def usual_limits(self) -> tuple[Decimal, Decimal]:
        """Return limits that about half of the hours before the start of the world keep."""
        start = BEGAN.replace(minute=0)
        amounts = sorted(self.hours(start - 7 * DAY, start).values())
        return amounts[len(amounts) // 3], amounts[len(amounts) * 4 // 5]

    def messages(self, **arguments: Any) -> list[AlarmMessage]:
        """Return messages: those of this plant's own rules since the start of the world, unless asked otherwise."""
        own = not arguments
        arguments = {"start": BEGAN, "end": self.mock.now + DAY, **arguments}
        rows = self.client.alarm_messages.list(**arguments)
        return [row for row in rows if not own or row.meter == self.watched.name]


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> AlarmedPlant:
    """A plant whose alarms have been watching for half a second."""
    return AlarmedPlant(live_mock("energy", meters=24, start=BEGAN))


def times(messages: list[AlarmMessage], rule: str) -> list[datetime | None]:
    """Return the times of one rule's messages."""
    return [message.time for message in messages if message.rule == rule]


def test_each_hour_outside_its_limits_gives_a_message(plant: AlarmedPlant) -> None:
    """An hourly alarm speaks at the end of every hour whose consumption, by 3.2, is outside the limits."""
    plant.mock.advance(3 * DAY)
    low, high = plant.limits
    hours = plant.hours(BEGAN.replace(minute=0), (BEGAN + 3 * DAY).replace(minute=0))
    expected = {time: amount for time, amount in hours.items() if not low <= amount <= high}
    messages = [message for message in plant.messages() if message.rule == "用电"]
    assert [message.time for message in messages] == [*expected]
    assert 10 < len(expected) < 60
    for message, amount in zip(messages, expected.values(), strict=True):
        side = f"高于上限{high.normalize():f}" if amount > high else f"低于下限{low.normalize():f}"
        assert message.content == f"每小时能耗为{amount.normalize():f}，{side}"
        assert (message.alarm, message.type, message.level) == (
            "每小时用电",
            AlarmType.HOURLY_CONSUMPTION,
            AlarmLevel.WARNING,
        )


def test_a_parameter_gives_a_message_when_it_leaves_its_limits(plant: AlarmedPlant) -> None:
    """A parameter's alarm speaks in the quarter of an hour in which 3.3 shows it outside, and not while it stays so."""
    plant.mock.advance(2 * DAY)
    rows = plant.client.measurements.list(
        plant.watched.name or "",
        time_type=TimeType.DAY,
        start=BEGAN.replace(minute=30),
        end=BEGAN + 2 * DAY,
        interval=15,
        names="UA",
    )
    outside = False
    expected: list[datetime | None] = []
    for row in rows:
        was_outside, outside = outside, not 219 <= (row.value or 0) <= 223
        if outside and not was_outside:
            expected.append(row.time)
    messages = plant.messages()
    assert times(messages, "电压") == expected
    assert 20 < len(expected) < 96
    assert {message.machine for message in messages} == {plant.watched.machine}


def test_messages_do_not_depend_on_when_they_are_asked_for(plant: AlarmedPlant) -> None:
    """A year at once gives the same messages, with the same ids, as a year with a request now and then."""
    mock = plant.mock
    mock.advance(365 * DAY)
    at_once = plant.messages(start=BEGAN - 100 * DAY)
    assert len(at_once) > 5_000
    mock.restart()
    plant = AlarmedPlant(mock)
    for number in range(1, 27):
        mock.advance(timedelta(seconds=number * number * 1_000))
        plant.client.alarms.list().collect()
    mock.advance(BEGAN + 365 * DAY - mock.now)
    assert plant.messages(start=BEGAN - 100 * DAY) == at_once


def test_ids_grow_with_time(plant: AlarmedPlant) -> None:
    """Messages are listed by time, from 60 days before the world's start on, and their ids grow; pages miss none."""
    plant.mock.advance(2 * DAY)
    everything = plant.messages(start=BEGAN - 400 * DAY)
    keys = [(message.time, message.id) for message in everything]
    assert keys == sorted(keys)
    assert len({message.id for message in everything}) == len(everything)
    assert everything[0].time is not None
    assert BEGAN - 60 * DAY < everything[0].time < BEGAN - 50 * DAY, "a new world has messages"
    assert plant.messages(start=BEGAN - 400 * DAY, page_size=7) == everything


def test_the_document_s_messages(plant: AlarmedPlant) -> None:
    """The messages that the samples show are there, with their ids, and are counted as the samples count them."""
    for call in ("alarm_messages.list", "alarm_messages.counts"):
        sample = sample_named("energy", call)
        plant.mock.log_in()
        assert plant.mock.envelope(call, **sample.content["request"]["query"])["Data"] == sample.response["Data"]


def test_filters(plant: AlarmedPlant) -> None:
    """Each filter lists exactly the messages that have its value, for names in part; an unknown name lists none."""
    other = next(meter for meter in plant.meters() if meter.machine != plant.watched.machine)
    plant.id = other.id or 0
    plant.rule("别处", AlarmType.HOURLY_CONSUMPTION, (0, 0))
    plant.mock.advance(3 * DAY)
    period = {"start": BEGAN - 20 * DAY, "end": BEGAN + 2 * DAY}
    everything = plant.messages(**period)
    assert all(period["start"] <= (message.time or BEGAN) < period["end"] for message in everything)
    for field in ("meter", "machine", "rule"):
        for name in {getattr(message, field) for message in everything}:
            for part in (name, name[1:]):
                expected = [message for message in everything if part in getattr(message, field)]
                assert plant.messages(**period, **{field: part}) == expected
                assert 0 < len(expected) < len(everything)
    for field in ("type", "level"):
        for value in {getattr(message, field) for message in everything}:
            expected = [message for message in everything if getattr(message, field) is value]
            assert plant.messages(**period, **{field: value}) == expected
            assert 0 < len(expected) < len(everything)
    assert plant.messages(**period, rule="无此规则") == []
    both = plant.messages(**period, rule="用电", level=AlarmLevel.WARNING)
    assert [message for message in everything if message.rule == "用电"] == both != []
    assert plant.messages(**period, rule="用电", level=AlarmLevel.SEVERE) == []


def test_messages_keep_what_was_true(plant: AlarmedPlant) -> None:
    """Renaming and deleting rules, alarms, meters and machines changes no message; later ones have the new names."""
    mock, client = plant.mock, plant.client
    mock.advance(DAY)
    before = plant.messages()
    machine = next(machine for machine in plant.machines() if machine.name == plant.watched.machine)
    plant.update(plant.watched, name="新表名")
    plant.change_rule("用电", name="新规则")
    client.machines.update(
        machine.id or 0, name="新机器", department="西车间", equipment_code="", equipment_unit_code=""
    )
    client.alarms.update(
        plant.alarms[AlarmType.PARAMETER],
        name="新报警",
        type=AlarmType.PARAMETER,
        level=AlarmLevel.GENERAL,
        notify_way=NotifyWay.WECHAT,
        notify_address="",
    )
    mock.advance(DAY)
    assert plant.messages() == before
    renamed = plant.messages(meter="新表名")
    assert renamed
    assert {message.machine for message in renamed} == {"新机器"}
    assert {(m.alarm, m.rule, m.level) for m in renamed} == {
        ("新报警", "电压", AlarmLevel.GENERAL),
        ("每小时用电", "新规则", AlarmLevel.WARNING),
    }
    for rule in client.alarm_rules.list().collect():
        if rule.meter_id == plant.id:
            client.alarm_rules.delete(rule.id or 0)
    mock.advance(DAY)
    assert plant.messages() == before
    assert plant.messages(meter="新表名") == renamed
    ways = client.alarm_messages.counts(
        start=BEGAN,
        end=mock.now,
        time_type=TimeType.YEAR,
        count_by=CountBy.NOTIFY_WAY,
        return_format=ReturnFormat.TOTAL,
    )
    counts = {row.notify_way: row.count for row in ways}
    assert counts[NotifyWay.WECHAT] == sum(message.alarm == "新报警" for message in renamed)


def test_a_change_counts_from_its_time_on(plant: AlarmedPlant) -> None:
    """New limits hold for what comes later only, though nobody asked for messages before the change."""
    plant.mock.advance(DAY)
    plant.change_rule("用电", lower_limit=-1, upper_limit=10**9)
    plant.change_rule("电压", lower_limit=-1, upper_limit=-1)
    changed = plant.mock.now
    plant.mock.advance(DAY)
    messages = plant.messages()
    hourly, voltage = times(messages, "用电"), times(messages, "电压")
    assert hourly
    assert all(time is not None and time <= changed for time in hourly)
    assert len(voltage) > 10
    assert sum(time is not None and time > changed for time in voltage) <= 1, "it stays outside"
    plant.change_rule("电压", name="改名")
    plant.mock.advance(DAY)
    assert times(plant.messages(), "改名") == []
    plant.change_rule("改名", parameter="UB")
    plant.mock.advance(DAY)
    assert len(times(plant.messages(), "改名")) == 1, "the rule watches another value"


async def test_counts_are_of_what_is_listed(plant: AlarmedPlant) -> None:
    """For any period and steps, 6.10 counts the messages of 6.9 by step, level and type, and by way beside them."""
    plant.mock.advance(5 * DAY)
    every = plant.messages(start=BEGAN - 100 * DAY)
    alarms = {alarm.name: alarm for alarm in plant.client.alarms.list()}

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        time_type=st.sampled_from(TimeType),
        back=st.integers(-7 * 86_400, 70 * 86_400) | st.integers(0, 6_700).map(lambda quarters: quarters * 900 + 1_200),
        days=st.integers(1, 40),
        count_by=st.sampled_from(CountBy),
        form=st.sampled_from(ReturnFormat),
    )
    def ask(time_type: TimeType, back: int, days: int, count_by: CountBy, form: ReturnFormat) -> None:
        start = BEGAN - timedelta(seconds=back)
        end = start + days * DAY
        rows = plant.client.alarm_messages.counts(
            start=start, end=end, time_type=time_type, count_by=count_by, return_format=form
        )
        steps = parts(time_type, start, end, form)
        field = FIELDS.get(count_by)
        expected: Counter[Any] = Counter()
        for message in every:
            for index, begin, until in steps:
                if begin <= (message.time or BEGAN) < until:
                    expected[index, getattr(alarms[message.alarm], field) if field else None] += 1
        found = {(row.time, getattr(row, field) if field else None): row.count for row in rows}
        assert found == expected
        others = [other for other in FIELDS.values() if other != field]
        assert all(getattr(row, other) is None for row in rows for other in others)

    ask()


def test_a_virtual_meter_is_watched(plant: AlarmedPlant) -> None:
    """An hourly rule of a virtual meter looks at what its formula adds up to."""
    other = next(meter for meter in plant.meters() if meter.kind == "0" and meter.id != plant.id)
    plant.id = plant.create("虚拟表", is_virtual=True, formula=f"{plant.watched.name} - {other.name}")
    plant.watched = plant.meter("虚拟表")
    plant.rule("差额", AlarmType.HOURLY_CONSUMPTION, (0, 10**6))
    plant.mock.advance(2 * DAY)
    hours = plant.hours(BEGAN.replace(minute=0), (BEGAN + 2 * DAY).replace(minute=0))
    found = times(plant.messages(), "差额")
    assert found == [time for time, amount in hours.items() if amount < 0]
    assert found
