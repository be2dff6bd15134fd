"""A program pays for the classes that it uses: families and their operations are loaded on first use."""

import json
import subprocess
import sys

import pytest

from chaobiao._families import NAMES
from chaobiao_mock import MockServer
from tests.harness.clients import TRANSPORTS


def modules_after(statement: str) -> list[str]:
    """The modules that a new interpreter has loaded after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("client", "family"), [("Jrhsz", "jrhsz"), ("WaterQuery", "water"), ("EnergyManager", "energy")]
)
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_client_loads_its_own_family_without_its_operations(prefix: str, client: str, family: str) -> None:
    """Importing a client loads no other family, and none of the modules that hold records of endpoints."""
    loaded = modules_after(f"from chaobiao import {prefix}{client}")
    mine = {name for name in loaded if name.startswith("chaobiao.") and name.split(".")[1] in NAMES}
    shared = {"codes", "dialect", "endpoint", "login", "_sync", "_async", "cookies", "shapes", "codecs"}
    assert mine <= {f"chaobiao.{family}", *(f"chaobiao.{family}.{name}" for name in shared)}


def test_a_namespace_loads_only_the_module_of_its_operation() -> None:
    """A call loads the module of its operation."""
    loaded = modules_after(
        "from chaobiao import Jrhsz\n"
        "with Jrhsz('a', 'b', base_url='http://127.0.0.1:9') as client:\n    client.buildings.list()"
    )
    assert "chaobiao.jrhsz.buildings" in loaded
    assert "chaobiao.jrhsz.readings" not in loaded


def test_a_family_gives_its_public_names_and_no_others() -> None:
    """Public names are found whichever module defines them; other names of those modules are not."""
    loaded = modules_after("from chaobiao.jrhsz import Gate")
    assert "chaobiao.jrhsz.readings" not in loaded
    import chaobiao.jrhsz

    assert {"Gate", "Reading", "FAMILY"} <= set(dir(chaobiao.jrhsz))
    with pytest.raises(AttributeError, match=r"module 'chaobiao.jrhsz' has no attribute 'Decimal'"):
        _ = chaobiao.jrhsz.Decimal


def test_a_sync_client_does_not_load_asyncio() -> None:
    """The event loop is for async clients."""
    assert "asyncio" not in modules_after("from chaobiao import Jrhsz")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("prefix", ["", "Async"])
def test_a_call_loads_nothing_within_its_turn(prefix: str, transport: str) -> None:
    """What a call needs is loaded when the client is made and the method is called, so that no request leaves late."""
    code = f"""
import asyncio, sys
from chaobiao import {prefix}Jrhsz

client = {prefix}Jrhsz("khcs", "123456", base_url=sys.argv[1], transport="{transport}")
listing = client.buildings.list()
before = set(sys.modules)

async def collect():
    print(len(await listing.collect()))
    await client.aclose()

asyncio.run(collect()) if {bool(prefix)} else print(len(listing.collect()))
print(sorted(set(sys.modules) - before))
"""
    with MockServer() as server:
        done = subprocess.run([sys.executable, "-c", code, server.url], stdout=subprocess.PIPE, text=True, check=True)
    rows, loaded = done.stdout.splitlines()
    assert int(rows) > 0
    assert loaded == "[]"
