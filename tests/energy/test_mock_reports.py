"""Reports: their shifts follow the settings, and their files are named after the period."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import NotFound
from chaobiao.energy import GroupBy, TimeType
from tests.energy.plant import BEGAN, DAY, HOUR, Plant, total
from tests.harness.mock_server import LiveMock, at
from tests.harness.samples import sample_named

MONDAY = at("2026-05-04 00:00:00")
METER = "机器1电表"


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> Plant:
    """A small plant."""
    return Plant(live_mock("energy", meters=8, start=BEGAN))


def shifts(plant: Plant, start: datetime, end: datetime) -> dict[str, Decimal]:
    """Return the amounts of one meter by shift."""
    (row,) = plant.client.reports.details(
        time_type=TimeType.DAY, start=start, end=end, group_by=GroupBy.METER, names=METER
    )
    return {shift.name or "": total([shift.amount]) for shift in row.shifts or ()}


def set_day_start(plant: Plant, start: timedelta) -> None:
    """Let days begin at another time."""
    plant.client.settings.update(year_start=1, year_end=1, month_start=1, month_end=1, day_start=start, day_end=start)


@pytest.mark.parametrize("start", [7.5, 0, 23, -7.5])
def test_three_shifts_begin_with_the_day_of_the_settings(plant: Plant, start: float) -> None:
    """Each shift has eight hours of every day, the first from Day_Start on, which may be on the day before."""
    set_day_start(plant, start * HOUR)
    begin = MONDAY + start * HOUR
    expected = {
        name: total(
            plant.used(METER, begin + day * DAY + number * 8 * HOUR, begin + day * DAY + (number + 1) * 8 * HOUR)
            for day in range(3)
        )
        for number, name in enumerate(("早班", "中班", "夜班"))
    }
    assert min(expected.values()) > 0
    assert len(set(expected.values())) == 3
    assert shifts(plant, begin, begin + 3 * DAY) == expected


def test_a_period_within_a_shift_is_of_that_shift(plant: Plant) -> None:
    """A period begins and ends within shifts; the others count nothing, and the settings move the amounts."""
    begin = MONDAY + 17 * HOUR
    amount = plant.used(METER, begin, begin + 2 * HOUR)
    assert shifts(plant, begin, begin + 2 * HOUR) == {"早班": 0, "中班": amount, "夜班": 0}
    set_day_start(plant, 18 * HOUR)
    first = plant.used(METER, begin, begin + HOUR)
    assert 0 < first < amount
    assert shifts(plant, begin, begin + 2 * HOUR) == {"早班": amount - first, "中班": 0, "夜班": first}


@pytest.mark.parametrize(
    ("time_type", "name"),
    [
        (TimeType.YEAR, "Year_report2026.xlsx"),
        (TimeType.MONTH, "Month_report2026_5.xlsx"),
        (TimeType.DAY, "Day_report2026_5_4.xlsx"),
    ],
)
def test_files_are_named_after_the_period(plant: Plant, time_type: TimeType, name: str) -> None:
    """A file's name says what it is about, as in the document's examples; without rows there is no file."""
    question: dict[str, Any] = {"time_type": time_type, "start": MONDAY, "group_by": GroupBy.MACHINE}
    assert plant.client.reports.generate(**question, end=MONDAY + DAY).file_name == name
    with pytest.raises(NotFound):
        plant.client.reports.generate(**question, end=MONDAY)
    with pytest.raises(NotFound):
        plant.client.reports.generate(**question, end=MONDAY + DAY, names="没有的机器")


@pytest.mark.parametrize("began", [BEGAN, at("2019-04-02 08:00:00")])
def test_the_documented_report_is_returned(plant: Plant, began: datetime) -> None:
    """The mock returns the steps of 3.5's sample; its shifts, which the sample does not add up, are their sum."""
    plant.mock.restart(start=began)
    plant = Plant(plant.mock)
    sample = sample_named("energy", "reports.details")
    (expected,) = sample.response["Data"]
    (row,) = plant.client.reports.details(**sample.arguments)
    details = [{"Time": f"{detail.time:%F %T}", "Total_Amount": str(detail.amount)} for detail in row.details or ()]
    assert details == expected["Detail_Amounts"]
    assert (row.department, row.machine, row.meter, row.kind) == ("东车间", "机器1", "染色工业水表", "1")
    assert [shift.amount for shift in row.shifts or ()] == [0, 0, 100]
    assert plant.used("染色工业水表", began - DAY, began) > 0
