"""The plant of a fresh world: the samples' rows first, then as many meters as asked for."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from chaobiao import energy
from chaobiao._contract.fields import fields_of
from chaobiao.energy import EnergyKind
from chaobiao_mock import World, WorldSettings
from chaobiao_mock.energy.machines import handlers as machine_handlers
from chaobiao_mock.energy.products import handlers as product_handlers
from chaobiao_mock.energy.registers import parse_formula
from chaobiao_mock.energy.rules import handlers as rule_handlers
from chaobiao_mock.energy.serializer import serialize
from chaobiao_mock.energy.settings import handlers as setting_handlers
from chaobiao_mock.registry import Handlers
from tests.harness.samples import sample_named

HANDLERS = Handlers({**machine_handlers, **product_handlers, **rule_handlers, **setting_handlers})
#: The lists whose samples are true of a world without a generated plant.
LISTS = [kind for kind in energy.FAMILY.operations if kind in HANDLERS and kind.spec.call.endswith(".list")]


def state_of(meters: int, seed: int = 1) -> Any:
    """Return the state of a fresh world."""
    return World(WorldSettings(meters=meters, seed=seed, start=datetime(2026, 6, 10, 10, 20))).states["energy"]


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.spec.call)
def test_samples_are_true_of_a_world_without_a_plant(kind: Any) -> None:
    """Each list has the sample's rows to the letter, and of all but provinces no others."""
    sample = sample_named("energy", kind.spec.call)
    page = HANDLERS[kind](state_of(0), sample.operation)
    rows = [serialize(row) for row in page]
    shown = sample.response["Data"]
    if kind is energy.ListProvinces:
        assert [row["Province_Name"] for row in rows[:2]] == [row["Province_Name"] for row in shown]
    else:
        assert rows == shown
        assert page.total in (None, len(shown))


@pytest.mark.parametrize("meters", [0, 1, 2, 3, 5, 60])
def test_a_plant_of_any_size_is_whole(meters: int) -> None:
    """So many meters are added, and every reference and formula leads to a row."""
    state = state_of(meters)
    tables = state.tables
    assert len(tables.meters) == len(state_of(0).tables.meters) + meters
    for name in (field.name for field in tables.__attrs_attrs__):
        table = getattr(tables, name)
        for row in table:
            state.database.check(table, row)
            assert all(getattr(row, field.python_name) is not None for field in fields_of(type(row)) if field.number)
    for meter in tables.meters:
        machine = tables.machines.get(meter.machine_id)
        assert (meter.machine, meter.department) == (machine.name, machine.department)
        if meter.is_virtual:
            assert parse_formula(meter.formula, tables.meters)


def test_a_plant_has_something_of_everything() -> None:
    """Meters of nine kinds, virtual, total and manual ones; rules for machines; outputs in three shifts of 30 days."""
    tables = state_of(200).tables
    assert {meter.kind for meter in tables.meters} == {kind.value for kind in EnergyKind}
    for flag in ("is_virtual", "is_total", "is_manual"):
        assert sum(bool(getattr(meter, flag)) for meter in tables.meters) > 10
    states = Counter(rule.machine_id for rule in tables.oee_rules)
    assert {*states} >= {machine.id for machine in tables.machines if machine.id > 3}
    assert {*states.values()} == {3}
    assert {tables.alarms.get(rule.alarm_id).type.value for rule in tables.alarm_rules} == {1, 2}
    outputs = [output for output in tables.outputs if output.start.year == 2026]
    assert {output.start.hour for output in outputs} == {0, 8, 16}
    assert len({output.start.date() for output in outputs}) == 30
    assert max(output.end for output in outputs) <= datetime(2026, 6, 10, tzinfo=outputs[0].end.tzinfo)


def test_the_seed_decides() -> None:
    """The same settings give the same rows, another seed gives other ones."""
    first, same, other = ([*state_of(40, seed).tables.meters] for seed in (1, 1, 2))
    assert first == same != other


def test_a_plant_is_made_when_it_is_needed() -> None:
    """A world starts without its tables."""
    state = state_of(2_000)
    assert "tables" not in vars(state)
    assert len(state.tables.meters) > 2_000
