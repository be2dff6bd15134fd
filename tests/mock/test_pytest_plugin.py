"""The pytest plugin, in projects of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = ("-p", "chaobiao_mock.pytest_plugin")
LOOPS = ("-o", "asyncio_default_fixture_loop_scope=function")
PROJECT = Path(__file__).resolve().parents[2] / "examples" / "pytest_project"


def run_tests(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run the tests in a folder with the plugin, and no other that happens to be installed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN, *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project in which every warning is an error and every marker must be declared."""
    settings = "[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n"
    (tmp_path / "pytest.ini").write_text(settings, encoding="utf-8")
    return tmp_path


def passes(project: Path, code: str, *options: str) -> str:
    """Run a test module; all its tests pass. Return what was printed."""
    (project / "test_it.py").write_text(code, encoding="utf-8")
    ran = run_tests(project, *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def fails(project: Path, code: str, *options: str) -> str:
    """Run a test module, in which a test fails or cannot run. Return what was printed."""
    (project / "test_it.py").write_text(code, encoding="utf-8")
    ran = run_tests(project, *options)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


def test_nothing_heavy_is_imported_until_a_fixture_is_used(project: Path) -> None:
    """A run whose tests use no fixture imports neither the server nor an HTTP client nor the SDK's clients."""
    code = """
import sys

HEAVY = ("starlette", "uvicorn", "httpx", "httpcore", "anyio", "attrs", "attr", "asyncio", "chaobiao._client",
         "chaobiao._call", "chaobiao_mock.world", "chaobiao_mock.app", "chaobiao_mock.serving")

def test_first():
    assert "chaobiao_mock.pytest_plugin" in sys.modules
    assert [name for name in HEAVY if name in sys.modules] == []

def test_second(chaobiao_server):
    assert "uvicorn" in sys.modules
"""
    passes(project, code)


def test_each_test_has_a_world_of_its_own(project: Path) -> None:
    """What one test does, the next one does not see; the server is the same, the base URL is not."""
    code = """
import pytest

seen = []

@pytest.mark.parametrize("number", range(3))
def test_it(number, chaobiao_jrhsz, chaobiao_server, chaobiao_world):
    [before] = chaobiao_jrhsz.residents.get("ceshi1")
    chaobiao_jrhsz.recharges.create("ceshi1", amount=50, order_number="A-1")
    [after] = chaobiao_jrhsz.residents.get("ceshi1")
    seen.append((before.balance, after.balance))
    assert len(set(seen)) == 1
    assert chaobiao_server.world is chaobiao_world
    assert len(chaobiao_world.journal.of("login")) == 1
    assert chaobiao_server.url not in urls
    urls.append(chaobiao_server.url)
    assert len({url.partition("/w/")[0] for url in urls}) == 1

urls = []
"""
    passes(project, code)


def test_time_is_virtual(project: Path) -> None:
    """A token's two hours, and the intervals of fifty pages, pass at once; world and client have one clock."""
    code = """
import time
from datetime import timedelta

def test_hours(chaobiao_jrhsz, chaobiao_world, chaobiao_clock):
    real, before = time.monotonic(), chaobiao_world.clock.now()
    assert len(chaobiao_jrhsz.meters.list(page_size=5).collect()) == 208
    assert chaobiao_world.clock.now() - before >= timedelta(seconds=80)
    chaobiao_clock.advance(3 * 3600)
    chaobiao_jrhsz.buildings.list().collect()
    assert len(chaobiao_world.journal.of("login")) == 2
    assert time.monotonic() - real < 60
"""
    passes(project, code)


def test_the_marker_describes_the_world(project: Path) -> None:
    """Size, seed, start, quirks and faults are as the markers say; the nearest one counts."""
    code = """
from datetime import datetime

import pytest

from chaobiao_mock import Fault, JrhszQuirks

FAULT = Fault("buildings.list", "code", code=1011)
pytestmark = pytest.mark.chaobiao(meters=5, seed=3)

@pytest.mark.chaobiao(meters=7, start="2023-04-22 10:31:53", quirks={"jrhsz.data": "text", "water.total": "none"})
def test_function(chaobiao_world, chaobiao_jrhsz):
    assert (chaobiao_world.settings.meters, chaobiao_world.settings.seed) == (7, 3)
    assert f"{chaobiao_world.clock.now():%Y-%m-%d %H:%M}" == "2023-04-22 10:31"
    assert chaobiao_world.states["jrhsz"].quirks.data == "text"
    assert chaobiao_world.states["water"].quirks.total == "none"
    assert len(chaobiao_jrhsz.meters.list().collect()) == 15

@pytest.mark.chaobiao(start=datetime(2024, 2, 29), quirks=[JrhszQuirks(code="text")])
def test_objects(chaobiao_world):
    assert chaobiao_world.settings.meters == 5
    assert chaobiao_world.clock.now().isoformat() == "2024-02-29T00:00:00+08:00"
    assert chaobiao_world.states["jrhsz"].quirks.code == "text"

@pytest.mark.chaobiao(faults=[FAULT, {"operation": "login", "kind": "status", "status": 502}])
@pytest.mark.parametrize("number", range(2))
def test_faults(number, chaobiao_world, chaobiao_jrhsz):
    assert [fault.happened for fault in chaobiao_world.faults] == [0, 0]
    chaobiao_jrhsz.buildings.list().collect()
    codes = [entry.code for entry in chaobiao_world.journal]
    assert 1011 in codes
    assert codes[-1] == 200

def test_the_fault_of_the_module_is_untouched():
    assert (FAULT.seen, FAULT.happened) == (0, 0)

def test_module(chaobiao_world):
    assert (chaobiao_world.settings.meters, chaobiao_world.settings.seed) == (5, 3)
    assert chaobiao_world.clock.now().year == 2026
"""
    passes(project, code)


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        ("metres=3", "the marker chaobiao does not take metres, but meters, seed, start, quirks, faults"),
        ("50", "the marker chaobiao takes named arguments only"),
        ('quirks={"jrhsz.data": "xml"}', "data must be one of documented, text, native"),
        ('start="soon"', "start must be a time such as"),
        ('faults=[{"operation": "login", "kind": "explode"}]', "kind must be one of"),
    ],
)
def test_a_wrong_marker_is_explained(project: Path, marker: str, reason: str) -> None:
    """The test cannot run, and the report says why in both languages."""
    code = f"import pytest\n\n@pytest.mark.chaobiao({marker})\ndef test_it(chaobiao_world):\n    pass\n"
    printed = fails(project, code)
    [line] = [line for line in printed.splitlines() if reason in line and line.startswith("E ")]
    assert re.search("[\u4e00-\u9fff]", line)


def test_clients_of_all_families(project: Path) -> None:
    """Each family has a sync and an async client on the test's world; sync tests may use asyncio.run."""
    code = """
import asyncio

def test_sync(chaobiao_jrhsz, chaobiao_water, chaobiao_energy, chaobiao_world):
    assert chaobiao_jrhsz.buildings.list().collect()
    assert chaobiao_water.regions.list().collect()
    assert chaobiao_energy.meters.list().collect()
    assert {entry.family.name for entry in chaobiao_world.journal} == {"jrhsz", "water", "energy"}

def test_async(async_chaobiao_jrhsz, async_chaobiao_water, async_chaobiao_energy, chaobiao_world):
    async def use():
        assert await async_chaobiao_jrhsz.buildings.list().collect()
        assert await async_chaobiao_water.regions.list().collect()
        assert await async_chaobiao_energy.meters.list().collect()
    asyncio.run(use())
    asyncio.run(use())
    assert {entry.family.name for entry in chaobiao_world.journal} == {"jrhsz", "water", "energy"}
"""
    passes(project, code)


@pytest.mark.parametrize(
    ("options", "marker"),
    [
        (["-p", "pytest_asyncio.plugin", *LOOPS], "asyncio"),
        (["-p", "pytest_asyncio.plugin", *LOOPS, "-o", "asyncio_mode=auto"], ""),
        (["-p", "anyio.pytest_plugin"], "anyio"),
    ],
    ids=["pytest-asyncio strict", "pytest-asyncio auto", "anyio"],
)
def test_async_clients_work_with_plugins_for_async_tests(project: Path, options: list[str], marker: str) -> None:
    """With pytest-asyncio and with anyio, in one test after the other, and nothing is left open."""
    mark = f"@pytest.mark.{marker}" if marker else ""
    code = f"""
import gc

import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.mark.parametrize("number", range(2))
{mark}
async def test_it(number, async_chaobiao_jrhsz, async_chaobiao_energy):
    assert len(await async_chaobiao_jrhsz.meters.list(page_size=50).collect()) == 208
    await async_chaobiao_energy.logout()

def test_nothing_is_left():
    gc.collect()
"""
    passes(project, code, *options)


def test_other_programs_find_the_world_by_the_environment(project: Path) -> None:
    """A process with the world's environment calls that world."""
    code = """
import os, subprocess, sys

def test_it(chaobiao_server):
    code = "from chaobiao import Jrhsz\\nwith Jrhsz() as client: print(len(client.buildings.list().collect()))"
    settings = {**os.environ, **chaobiao_server.environment}
    ran = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True)
    assert ran.stdout == "6\\n" or ran.stdout == "7\\n"
    assert [entry.operation for entry in chaobiao_server.world.journal] == ["login", "buildings.list"]
"""
    passes(project, code)


def test_a_failed_test_shows_the_calls(project: Path) -> None:
    """The report of a failure has the calls that the world has seen; that of a success has not."""
    code = """
def test_it(chaobiao_jrhsz):
    chaobiao_jrhsz.buildings.list().collect()
    assert False
"""
    printed = fails(project, code)
    section = printed.partition("chaobiao-mock calls")[2]
    assert re.search("jrhsz:login +khcs +200\n.*jrhsz:buildings.list +khcs +200\n", section)


def test_tests_may_run_at_the_same_time(project: Path) -> None:
    """Under pytest-xdist each worker has a server, and each test its world."""
    code = """
import pytest

@pytest.mark.parametrize("number", range(12))
def test_it(number, chaobiao_jrhsz, chaobiao_world):
    chaobiao_jrhsz.recharges.create("ceshi1", amount=50, order_number="A-1")
    assert [entry.operation for entry in chaobiao_world.journal] == ["login", "recharges.create"]
"""
    assert "12 passed" in passes(project, code, "-p", "xdist.plugin", "-n", "2")


def test_the_example_project_passes(tmp_path: Path) -> None:
    """The project that users copy passes, outside of this repository."""
    for path in PROJECT.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    ran = run_tests(tmp_path, "-p", "pytest_asyncio.plugin")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
