"""Tables of the mock: what a write does, later reads show; what breaks a rule is refused with its code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chaobiao import AlreadyExists, EnergyManager, NotFound, ParameterRefused, StillInUse
from tests.energy.names import (
    BATCH,
    BEGAN,
    FREE_BATCH,
    HOURLY_ALARM,
    MACHINE,
    MANUAL_METER,
    METER,
    OTHER_MACHINE,
    PARAMETER_ALARM,
    PRODUCT,
    VIRTUAL_METER,
    WATER_METER,
)
from tests.harness.mock_server import LiveMock

START, END = datetime(2026, 6, 1, 8), datetime(2026, 6, 1, 16)
#: For each table what creates a row, by a name of its own where the table has one.
FORMS: dict[str, Callable[[str], dict[str, Any]]] = {
    "machines": lambda name: {"name": name, "department": "西车间", "equipment_code": "", "equipment_unit_code": ""},
    "meters": lambda name: {"name": name, "kind": "0", "machine_id": MACHINE},
    "alarms": lambda name: {"name": name, "type": 1, "level": 2, "notify_way": 1, "notify_address": ""},
    "alarm_rules": lambda name: {
        "name": name,
        "alarm_id": PARAMETER_ALARM,
        "meter_id": METER,
        "parameter": "UA",
        "lower_limit": "1.5",
        "upper_limit": 250,
    },
    "oee_rules": lambda name: {
        "name": name,
        "status": "运行",
        "meter_id": METER,
        "parameter": "IA",
        "lower_limit": 1,
        "upper_limit": "2.5",
        "machine_id": MACHINE,
    },
    "products": lambda name: {"name": name},
    "batches": lambda name: {"name": name, "start": START, "end": END},
    "outputs": lambda name: {
        "product_id": PRODUCT,
        "amount": len(name),
        "machine_id": MACHINE,
        "batch_id": BATCH,
        "start": START,
        "end": END,
    },
}
for_each_table = pytest.mark.parametrize("table", FORMS)


def listed(energy: EnergyManager, table: str, **filters: Any) -> dict[int, Any]:
    """Return the rows of a table by their ids."""
    return {row.id: row for row in getattr(energy, table).list(**filters)}


def create(energy: EnergyManager, table: str, name: str, **changes: Any) -> Any:
    """Create a row, and return it as the list shows it."""
    before = listed(energy, table)
    getattr(energy, table).create(**{**FORMS[table](name), **changes})
    (key,) = listed(energy, table).keys() - before.keys()
    return listed(energy, table)[key]


def update(energy: EnergyManager, table: str, key: int, name: str, **changes: Any) -> Any:
    """Change a row, and return it as the list shows it."""
    getattr(energy, table).update(key, **{**FORMS[table](name), **changes})
    return listed(energy, table)[key]


@for_each_table
def test_rows_are_created_changed_and_deleted(energy: EnergyManager, table: str) -> None:
    """Lists show each write at once, a row keeps its id, and an id never returns."""
    row = create(energy, table, "新的一行")
    shown = {name: getattr(row, name) for name in FORMS[table]("")}
    expected = FORMS[table]("新的一行")
    for name, value in shown.items():
        wanted = expected[name]
        zoned = wanted.replace(tzinfo=BEGAN.tzinfo) if isinstance(wanted, datetime) else wanted
        assert value == zoned or str(value) == str(zoned), name
    changed = update(energy, table, row.id, "改名")
    assert changed != row
    methods = getattr(energy, table)
    methods.delete(row.id)
    assert row.id not in listed(energy, table)
    for again in (lambda: methods.delete(row.id), lambda: methods.update(row.id, **FORMS[table]("改名"))):
        with pytest.raises(NotFound):
            again()
    assert create(energy, table, "又一行").id > row.id


@pytest.mark.parametrize("table", [table for table in FORMS if "name" in FORMS[table]("")])
def test_names_are_unique(energy: EnergyManager, table: str) -> None:
    """A name that is taken is 4003, in a new row and in a changed one; a row may keep its own."""
    first, second = create(energy, table, "甲"), create(energy, table, "乙")
    for write in (lambda: create(energy, table, "甲"), lambda: update(energy, table, second.id, "甲")):
        with pytest.raises(AlreadyExists):
            write()
    assert update(energy, table, first.id, "甲").name == "甲"
    getattr(energy, table).delete(first.id)
    assert update(energy, table, second.id, "甲").name == "甲"


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("meters", "machine_id"),
        ("alarm_rules", "alarm_id"),
        ("alarm_rules", "meter_id"),
        ("oee_rules", "meter_id"),
        ("oee_rules", "machine_id"),
        ("outputs", "product_id"),
        ("outputs", "machine_id"),
        ("outputs", "batch_id"),
    ],
)
def test_what_is_referred_to_must_exist(energy: EnergyManager, table: str, field: str) -> None:
    """An id that leads nowhere is 4103, and nothing is written."""
    before = listed(energy, table)
    with pytest.raises(ParameterRefused):
        create(energy, table, "新的一行", **{field: 9_999})
    with pytest.raises(ParameterRefused):
        update(energy, table, next(iter(before)), "改名", **{field: 9_999})
    assert listed(energy, table) == before


IN_USE = [
    ("machines", MACHINE),
    ("meters", METER),
    ("meters", WATER_METER),  # by the organisation
    ("alarms", PARAMETER_ALARM),
    ("products", PRODUCT),
    ("batches", BATCH),
]


@pytest.mark.parametrize(("table", "key"), IN_USE)
def test_what_is_in_use_stays(raw: LiveMock, energy: EnergyManager, table: str, key: int) -> None:
    """Deleting what others refer to is 4004; a server that cascades deletes them too."""
    before = listed(energy, table)
    with pytest.raises(StillInUse):
        getattr(energy, table).delete(key)
    assert listed(energy, table) == before
    raw.restart(cascade="yes")
    getattr(energy, table).delete(key)
    assert key not in listed(energy, table)
    referring = [
        *(rule.meter_id for rule in energy.alarm_rules.list()),
        *(rule.meter_id for rule in energy.oee_rules.list()),
        *(item.meter_id for item in energy.province.organization().items or ()),
    ]
    assert {*referring} <= listed(energy, "meters").keys()
    assert {meter.machine_id for meter in energy.meters.list()} <= listed(energy, "machines").keys()
    assert {rule.alarm_id for rule in energy.alarm_rules.list()} <= listed(energy, "alarms").keys()
    outputs = [*energy.outputs.list()]
    assert {output.product_id for output in outputs} <= listed(energy, "products").keys()
    assert {output.batch_id for output in outputs} <= listed(energy, "batches").keys()


def test_meters_show_the_name_of_their_machine(energy: EnergyManager) -> None:
    """A machine that is renamed, and a meter that moves, show in the list of meters and in its filter."""
    update(energy, "machines", MACHINE, "改名的机器")
    meters = listed(energy, "meters", machine="改名的")
    assert METER in meters
    assert {(meter.machine, meter.department) for meter in meters.values()} == {("改名的机器", "西车间")}
    moved = update(energy, "meters", WATER_METER, "水表", machine_id=OTHER_MACHINE, kind="1")
    assert (moved.machine, moved.department, moved.remarks) == ("定型机", "东车间", "")
    assert WATER_METER not in listed(energy, "meters", machine="改名的")


@pytest.mark.parametrize(
    ("table", "filters", "selects"),
    [
        ("meters", {"id": METER}, lambda row: row.id == METER),
        ("meters", {"id": METER, "kind": "1"}, lambda _: False),
        ("meters", {"kind": "0"}, lambda row: row.kind == "0"),
        ("meters", {"machine": "机"}, lambda row: "机" in row.machine),
        ("meters", {"is_manual": True}, lambda row: row.is_manual),
        ("meters", {"is_counted": False}, lambda row: not row.is_counted),
        ("machines", {"department": "东车间"}, lambda row: row.department == "东车间"),
        ("machines", {"department": "车间"}, lambda _: False),
        ("machines", {"id": 9_999}, lambda _: False),
        ("alarm_rules", {"alarm_id": PARAMETER_ALARM}, lambda row: row.alarm_id == PARAMETER_ALARM),
        ("outputs", {"batch": "20190401"}, lambda row: row.batch_id in (BATCH, FREE_BATCH)),
        ("outputs", {"product": "染色", "batch": "-01"}, lambda row: row.product_id == PRODUCT),
    ],
)
def test_filters_select(energy: EnergyManager, table: str, filters: dict[str, Any], selects: Any) -> None:
    """A list with filters has exactly the rows of the whole list that match, in the same order."""
    everything = listed(energy, table)
    assert [*listed(energy, table, **filters)] == [key for key, row in everything.items() if selects(row)]


async def test_pages_hold_every_row_once(mock: LiveMock) -> None:
    """Pages of three have all rows in the order of their ids, with the total on each."""
    everything = await mock.rows("meters.list")
    pages = await mock.pages("meters.list", page_size=3)
    assert [row for page in pages for row in page] == everything
    assert {page.total for page in pages if page} == {len(everything)}
    assert [row.id for row in everything] == sorted(row.id for row in everything)


def test_virtual_meters_have_a_formula(energy: EnergyManager) -> None:
    """A formula names meters that exist, and does not lead back to its own meter; it follows their names."""
    virtual = {"is_virtual": True, "is_counted": True}
    for formula in ("", "没有的表", "机器1电表*2", "机器1电表+", "虚拟表"):
        with pytest.raises(ParameterRefused, match="Meter_Formula"):
            create(energy, "meters", "虚拟表", formula=formula, **virtual)
    made = create(energy, "meters", "虚拟表", formula="机器1电表 - 机器1虚拟电表", **virtual)
    assert made.parameters == ()
    for formula in ("虚拟表", "机器1照明电表+虚拟表"):  # back to itself through another virtual meter, or at once
        with pytest.raises(ParameterRefused, match="循环"):
            update(energy, "meters", VIRTUAL_METER, "机器1虚拟电表", formula=formula, **virtual)
    update(energy, "meters", METER, "新电表")
    meters = listed(energy, "meters")
    assert meters[VIRTUAL_METER].formula == "新电表+机器1照明电表"
    assert meters[made.id].formula.split() == ["新电表", "-", "机器1虚拟电表"]
    with pytest.raises(ParameterRefused, match="Meter_Name"):
        update(energy, "meters", METER, "新-电表")
    with pytest.raises(StillInUse):
        energy.meters.delete(VIRTUAL_METER)


def test_measuring_points_follow_the_kind_of_meter(energy: EnergyManager) -> None:
    """Real meters measure, virtual and manual ones do not."""
    assert "UA" in create(energy, "meters", "电表").parameters
    steam = create(energy, "meters", "蒸汽表", kind="5")
    assert "FLOW" in steam.parameters
    assert update(energy, "meters", steam.id, "蒸汽表", kind="5", is_manual=True).parameters == ()


def test_rules_have_a_point_where_the_alarm_needs_one(energy: EnergyManager) -> None:
    """A point is required for alarms of a parameter and refused for others; the meter must have it."""
    hourly = {"alarm_id": HOURLY_ALARM, "parameter": None}
    rule = create(energy, "alarm_rules", "每小时", **hourly)
    assert not rule.parameter
    for wrong in ({"alarm_id": HOURLY_ALARM}, {"parameter": None}, {"parameter": "FLOW"}, {"meter_id": MANUAL_METER}):
        with pytest.raises(ParameterRefused):
            create(energy, "alarm_rules", "新规则", **wrong)
    assert update(energy, "alarm_rules", rule.id, "每小时").parameter == "UA"
    assert not update(energy, "alarm_rules", rule.id, "每小时", **hourly).parameter
    with pytest.raises(ParameterRefused, match="Alarm_Type"):
        update(energy, "alarms", PARAMETER_ALARM, "电压异常", type=1)
    assert update(energy, "alarms", PARAMETER_ALARM, "电压异常", type=2, level=1).level == 1


@pytest.mark.parametrize("wrong", [{"machine_id": OTHER_MACHINE}, {"parameter": "FLOW"}, {"meter_id": 15}])
def test_states_are_told_by_the_machines_own_meters(energy: EnergyManager, wrong: dict[str, Any]) -> None:
    """A rule whose meter belongs to another machine, or has no such point, is 4103."""
    with pytest.raises(ParameterRefused):
        create(energy, "oee_rules", "新规则", **wrong)


@pytest.mark.parametrize("table", ["batches", "outputs"])
def test_production_begins_before_it_ends(energy: EnergyManager, table: str) -> None:
    """A begin that is the end is 4103."""
    with pytest.raises(ParameterRefused, match="Time_Start"):
        create(energy, table, "一行", end=START)


def test_outputs_know_when_they_were_entered(raw: LiveMock, energy: EnergyManager) -> None:
    """The time of the entry is the world's, and a change keeps it."""
    output = create(energy, "outputs", "一行")
    assert output.created_at == raw.now
    raw.advance(timedelta(hours=1))
    assert update(energy, "outputs", output.id, "两行了").created_at == output.created_at


def test_rates_are_a_fixed_set(energy: EnergyManager) -> None:
    """A rate changes as a whole or in part; an unknown one is not found."""
    energy.rates.update(1, name="电价", kind="0", is_segmented=False, unit="元/千瓦时", segment_begin="")
    rate = energy.rates.list().collect()[0]
    assert (rate.is_segmented, rate.segment_begin, rate.segment_end, str(rate.value)) == (False, "", "22:00:00", "0.65")
    with pytest.raises(NotFound):
        energy.rates.update(99, name="电价", kind="0", is_segmented=False, unit="元")


def test_settings_are_replaced(energy: EnergyManager) -> None:
    """Negative offsets are kept."""
    span = {"day_start": -timedelta(minutes=30), "day_end": timedelta(hours=23, minutes=59)}
    energy.settings.update(year_start=-12, year_end=1, month_start=-26, month_end=25, **span)
    found = energy.settings.get()
    assert (found.year_start, found.month_start, found.month_end) == (-12, -26, 25)
    assert (found.day_start, found.day_end) == (span["day_start"], span["day_end"])


def test_provinces_have_cities(energy: EnergyManager) -> None:
    """The list begins as the sample does, and every province has a city."""
    provinces = energy.regions.list().collect()
    assert (provinces[0].name, (provinces[0].cities or ())[0].name) == ("江苏省", "常州市")
    assert len({province.name for province in provinces}) > 30
    assert all(province.cities for province in provinces)
