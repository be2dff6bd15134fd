"""The documented samples: data files of the mock, read when they are needed, and seen through a world's state only."""

import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from chaobiao import energy, jrhsz, water
from chaobiao._wire.json_text import parse_json
from chaobiao_mock import World, WorldSettings
from chaobiao_mock.registry import mock_families
from tests.harness.samples import load

FAMILIES = {family.name: family for family in mock_families()}
PERIOD = {"begin": datetime(2020, 1, 1), "end": datetime(2030, 1, 1)}
#: Operations, and the sections of the files from which their documented rows come.
SECTIONS: list[tuple[str, Any, str]] = [
    ("jrhsz", jrhsz.ListBuildings(), "buildings"),
    ("jrhsz", jrhsz.ListAddresses(), "addresses"),
    ("jrhsz", jrhsz.ListResidents(), "residents"),
    ("jrhsz", jrhsz.ListRecharges("2022040001", **PERIOD), "payments"),
    ("jrhsz", jrhsz.ListResidentConsumption("2022040002", **PERIOD), "resident_consumption"),
    ("jrhsz", jrhsz.ListReadings(**PERIOD), "readings"),
    ("jrhsz", jrhsz.ListConsumption(**PERIOD), "consumption"),
    ("jrhsz", jrhsz.ListTimeOfUseReadings(**PERIOD), "time_of_use_readings"),
    ("jrhsz", jrhsz.ListCameraReadings(**PERIOD), "camera_readings"),
    ("water", water.ListRegions(), "regions"),
    ("water", water.ListFlows(), "flows"),
    ("water", water.ListCosts(), "costs"),
    ("water", water.ListOperationLogs(), "operation_logs"),
    ("water", water.ListSchedules(), "schedules"),
    ("water", water.ListReadings(), "readings"),
    ("water", water.ListPayments(), "payments"),
    ("energy", energy.ListMachines(), "machines"),
    ("energy", energy.ListMeters(), "meters"),
    ("energy", energy.ListRates(), "rates"),
    ("energy", energy.ListAlarms(), "alarms"),
    ("energy", energy.ListAlarmRules(), "alarm_rules"),
    ("energy", energy.ListOeeRules(), "oee_rules"),
    ("energy", energy.ListProducts(), "products"),
    ("energy", energy.ListBatches(), "batches"),
    ("energy", energy.ListOutputs(), "outputs"),
    ("energy", energy.ListProvinces(), "regions"),
]


def documented_rows(family: str, section: str) -> list[dict[str, Any]]:
    """Return the rows of a section of a family's file, as on the wire."""
    found = World(WorldSettings(meters=0)).states[family].documented.content[section]
    rows = [row for rows in found.values() for row in rows] if isinstance(found, dict) else found
    return [row.get("row", row) for row in rows]


@pytest.mark.parametrize(
    ("family", "operation", "section"), SECTIONS, ids=[f"{family}.{section}" for family, _, section in SECTIONS]
)
def test_handlers_take_documented_rows_from_their_world(family: str, operation: Any, section: str) -> None:
    """A world whose samples lack a section returns fewer rows: exactly those of the section."""
    world = World(WorldSettings(meters=0))
    state = world.states[family]
    samples = type(state.documented)(f"chaobiao_mock.{family}")
    samples.content = {**samples.content, section: type(samples.content[section])()}
    changed = type(state)(world.clock, 0, 1, world.clock.now(), state.quirks, samples)
    handler = FAMILIES[family].handlers[type(operation)]
    missing = len(handler(state, operation)) - len(handler(changed, operation))
    assert missing == len(documented_rows(family, section)) > 0


SECTION_OF = {(family, type(operation)): section for family, operation, section in SECTIONS}
#: The golden samples of lists whose documented rows the mock has; it computes the others from its meters.
GOLDEN = [
    sample
    for sample in load()
    if sample.content["source"] == "documented" and (sample.family, type(sample.operation)) in SECTION_OF
]


@pytest.mark.parametrize("sample", GOLDEN, ids=lambda sample: sample.name)
def test_the_files_hold_the_rows_of_the_golden_samples(sample: Any) -> None:
    """Both were transcribed by hand from the documents, and are the same."""
    rows = parse_json(sample.response_text)["data"]
    known = documented_rows(sample.family, SECTION_OF[sample.family, type(sample.operation)])
    for row in parse_json(rows) if isinstance(rows, str) else rows:
        assert row in known


def test_the_samples_are_read_when_they_are_needed() -> None:
    """A world starts without opening the files; each is opened once, by the first request that needs it."""
    code = """
import sys
opened = []
def note(event, arguments):
    if event == "open" and str(arguments[0]).endswith("documented.json"):
        opened.append(arguments[0])
sys.addaudithook(note)
from chaobiao import jrhsz, water
from chaobiao._wire.json_text import parse_json
from chaobiao_mock import World, WorldSettings
world = World(WorldSettings(meters=1000))
print(len(opened))
for _ in range(2):
    for family, operation in (("jrhsz", jrhsz.ListMeters()), ("water", water.ListFlows())):
        served = {each.name: each for each in world.families}[family]
        served.handlers[type(operation)](world.states[family], operation)
    print(len(opened))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["0", "2", "2"]
