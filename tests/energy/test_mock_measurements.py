"""Values of measuring points: of moments for days, averages for months and years."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from chaobiao.energy import TimeType
from tests.energy.plant import BEGAN, DAY, HOUR, Plant, total
from tests.harness.mock_server import LiveMock, at

MONDAY = at("2026-05-04 00:00:00")
METER = "机器1电表"
WATER_METER = "染色工业水表"


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> Plant:
    """A small plant."""
    return Plant(live_mock("energy", meters=8, start=BEGAN))


def values(plant: Plant, start: datetime, end: datetime, **arguments: Any) -> dict[str, dict[datetime, Decimal]]:
    """Return the values of a meter's measuring points by name and time."""
    found: dict[str, dict[datetime, Decimal]] = defaultdict(dict)
    question = {"meter": METER, "time_type": TimeType.DAY, "start": start, "end": end, **arguments}
    for row in plant.client.measurements.list(**question):
        assert row.time is not None
        assert row.value is not None
        found[row.name or ""][row.time] = row.value
    return found


def test_a_day_has_the_values_of_moments(plant: Plant) -> None:
    """Each point of the meter has a value at the beginning of each step; the flow is that of the consumption."""
    found = values(plant, MONDAY, MONDAY + DAY)
    assert set(found) == set(plant.meter(METER).parameters or ())
    assert len(found) > 5
    hours = [MONDAY + number * HOUR for number in range(24)]
    assert all([*points] == hours for points in found.values())
    assert all(205 < volts < 230 for name in ("UA", "UB", "UC") for volts in found[name].values())
    flows = values(plant, MONDAY, MONDAY + DAY, meter=WATER_METER, interval=50, names="FLOW")["FLOW"]
    assert len(set(flows.values())) > 3
    for moment, flow in flows.items():
        assert flow == plant.used(WATER_METER, moment, moment + HOUR / 12) * 12


def test_names_select_points(plant: Plant) -> None:
    """Only the named points are returned; unknown names, unknown meters and virtual ones have none."""
    span = MONDAY, MONDAY + HOUR
    assert set(values(plant, *span, names=["UB", "UA", "没有"])) == {"UA", "UB"}
    assert not values(plant, *span, meter="没有的表")
    plant.create("虚拟表", is_virtual=True, formula=METER)
    assert not values(plant, *span, meter="虚拟表")


@pytest.mark.parametrize("time_type", [TimeType.MONTH, TimeType.YEAR])
def test_months_and_years_have_averages(plant: Plant, time_type: TimeType) -> None:
    """An average is that of the values of all quarters of an hour in the step."""
    start = at("2026-04-30 00:00:00") if time_type is TimeType.MONTH else at("2026-04-01 00:00:00")
    end = at("2026-05-01 00:00:00")
    quarters = values(plant, start, end, interval=15)
    averages = values(plant, start, end, time_type=time_type)
    assert set(averages) == set(quarters)
    for name, points in averages.items():
        assert [*points] == [start]
        exact = total(quarters[name].values()) / len(quarters[name])
        assert points[start] == exact.quantize(Decimal("0.001"), ROUND_FLOOR)


def test_there_are_no_values_of_the_future_or_before_a_meter_was_created(plant: Plant) -> None:
    """Steps without any value are left out, and averages are those of the values that there are."""
    today = BEGAN.replace(hour=0, minute=0)
    assert [*values(plant, today, today + DAY)["UA"]] == [today + number * HOUR for number in range(11)]
    assert not values(plant, BEGAN + HOUR, BEGAN + DAY)
    averages = values(plant, today, today + 3 * DAY, time_type=TimeType.MONTH)["IA"]
    quarters = values(plant, today, BEGAN, interval=15)["IA"]
    assert [*averages] == [today]
    exact = total(quarters.values()) / len(quarters)
    assert averages[today] == exact.quantize(Decimal("0.001"), ROUND_FLOOR)
    plant.create("新表")
    plant.mock.advance(2 * HOUR)
    assert min(values(plant, today, today + DAY, meter="新表")["UA"]) > BEGAN
    quarters = values(plant, BEGAN, BEGAN + 2 * HOUR + HOUR / 4, meter="新表", interval=15)["IA"]
    (average,) = values(plant, today, today + DAY, meter="新表", time_type=TimeType.MONTH)["IA"].values()
    assert average == (total(quarters.values()) / len(quarters)).quantize(Decimal("0.001"), ROUND_FLOOR)


def test_many_years_at_once(plant: Plant) -> None:
    """A period of many years has averages too, of fewer values."""
    plant.mock.advance(30 * 366 * DAY)
    averages = values(plant, MONDAY, BEGAN + 30 * 365 * DAY, time_type=TimeType.YEAR, names=["UA", "IA"])
    assert len(averages["UA"]) == len(averages["IA"]) == 361
    assert all(205 < volts < 230 for volts in averages["UA"].values())
