"""The parts of a period that statistics of alarms, states and outputs return."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from chaobiao.energy import ReturnFormat, TimeType
from chaobiao_mock.energy.steps import parts
from chaobiao_mock.errors import Refused
from tests.harness.mock_server import at

START = at("2026-02-01 00:00:00")


@pytest.mark.parametrize(
    ("time_type", "end", "count", "indexes"),
    [
        (TimeType.DAY, "2026-02-02 00:00:00", 24, ["2026-02-01 00:00:00+08:00", "2026-02-01 01:00:00+08:00"]),
        (TimeType.MONTH, "2026-03-01 00:00:00", 28, ["2026-02-01", "2026-02-02"]),
        (TimeType.YEAR, "2027-02-01 00:00:00", 12, ["2026-02", "2026-03"]),
    ],
)
def test_details_are_hours_days_or_months(time_type: TimeType, end: str, count: int, indexes: list[str]) -> None:
    """A day is divided into hours, a month into days and a year into months, without gaps."""
    found = parts(time_type, START, at(end), ReturnFormat.DETAILS)
    assert len(found) == count
    assert [str(index) for index, _, _ in found[:2]] == indexes
    assert (found[0][1], found[-1][2]) == (START, at(end))
    assert all(before[2] == after[1] for before, after in pairwise(found))
    assert parts(time_type, START, at(end), ReturnFormat.TOTAL) == [(START, START, at(end))]


def test_only_whole_days_and_months_are_called_by_their_name() -> None:
    """A part that begins within a day or month has that moment as its index; the last part ends with the period."""
    start, end = START + timedelta(hours=7), START + timedelta(days=31, hours=8)
    days = parts(TimeType.MONTH, start, end, ReturnFormat.DETAILS)
    assert days[0] == (start, start, start + timedelta(days=1))
    assert days[-1] == (start + timedelta(days=31), start + timedelta(days=31), end)
    months = parts(TimeType.YEAR, START + timedelta(days=14), end, ReturnFormat.DETAILS)
    assert [index for index, _, _ in months] == [at("2026-02-15 00:00:00")]
    assert parts(TimeType.MONTH, START, START, ReturnFormat.DETAILS) == []
    assert parts(TimeType.MONTH, START, end, ReturnFormat.DETAILS)[0][0] == date(2026, 2, 1)


@pytest.mark.parametrize(("time_type", "start"), [(TimeType.DAY, "2010-01-01"), (TimeType.MONTH, "1700-01-01")])
def test_too_many_parts_are_refused_before_they_are_made(time_type: TimeType, start: str) -> None:
    """A period with more parts than a response may have rows is a wrong argument."""
    with pytest.raises(Refused) as refusal:
        parts(time_type, at(f"{start} 00:00:00"), START, ReturnFormat.DETAILS)
    assert refusal.value.code == 4103
