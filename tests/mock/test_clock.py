"""The world's clock: real, frozen or scaled, set and moved, forward only."""

import ast
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import chaobiao_mock
from chaobiao import VirtualClock
from chaobiao_mock import World, WorldSettings


def test_a_frozen_clock_moves_only_when_it_is_moved() -> None:
    """With the rate 0, the time below passes without effect; advance and set still move the clock."""
    below = VirtualClock()
    world = World(WorldSettings(start=datetime(2023, 4, 22), rate=0), below)
    below.advance(500)
    assert world.clock.now().isoformat() == "2023-04-22T00:00:00+08:00"
    world.clock.advance(90)
    world.clock.set(datetime(2023, 4, 22, 12))
    assert world.clock.now().isoformat() == "2023-04-22T12:00:00+08:00"
    assert world.clock.monotonic() == 43_200


def test_a_scaled_clock_is_continuous() -> None:
    """A change of the rate changes how fast time passes from then on, and nothing before."""
    below = VirtualClock()
    world = World(WorldSettings(start=datetime(2023, 4, 22)), below)
    below.advance(10)
    world.clock.run(60)
    below.advance(10)
    assert world.clock.monotonic() == 610
    world.clock.freeze()
    below.advance(10)
    world.clock.run()
    below.advance(1)
    assert world.clock.monotonic() == 611
    world.reset()
    assert (world.clock.monotonic(), world.clock.rate) == (0, 1)


def test_time_never_goes_back(world: World) -> None:
    """Setting an earlier time and advancing by less than nothing are refused in both languages."""
    before = world.clock.now()
    for move in (lambda: world.clock.advance(-1), lambda: world.clock.set(datetime(2001, 1, 1))):
        with pytest.raises(ValueError, match=r"forward only.*时钟只能向前"):
            move()
    with pytest.raises(ValueError, match="rate must be"):
        world.clock.run(-1)
    assert world.clock.now() == before


@pytest.mark.parametrize("change", [{"rate": 0}, {"rate": 60}, {"set": "2200-01-01"}, {"advance": 1, "rate": 0.5}])
def test_the_clock_over_http(http: httpx.Client, world: World, change: dict[str, Any]) -> None:
    """POST /clock does what the methods do."""
    found = http.post("/__mock__/clock", json=change).json()
    assert found == {"now": world.clock.now().isoformat(), "rate": world.clock.rate}
    assert found["rate"] == change.get("rate", 1)
    assert found["now"].startswith(change.get("set", "20"))


def test_nothing_but_the_clock_reads_the_time() -> None:
    """No module of the mock asks the machine for the time: time.time, datetime.now and the like occur nowhere."""
    found = []
    root = Path(chaobiao_mock.__file__).parent
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "now",
                "today",
                "utcnow",
                "time",
                "time_ns",
                "monotonic",
            ):
                owner = ast.unparse(node.value)
                if owner in ("datetime", "date", "time", "datetime.datetime"):
                    found.append(f"{path.relative_to(root)}: {owner}.{node.attr}")
    assert found == []
