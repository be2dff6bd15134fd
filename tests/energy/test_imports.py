"""What a program loads that uses this family."""

from tests.client.test_lazy_imports import modules_after

#: A client that is made and not used.
MAKE = "from chaobiao import {0}; {0}('a', 'b', base_url='http://127.0.0.1:9')"


def test_the_family_alone_loads_nothing_else() -> None:
    """Importing it loads no other family, no HTTP library and none of its own modules."""
    loaded = {name for name in modules_after("import chaobiao.energy") if name.partition(".")[0] != "encodings"}
    assert not {"httpx", "httpcore", "asyncio", "attrs", "chaobiao.jrhsz", "chaobiao.water"} & loaded
    assert {name for name in loaded if name.startswith("chaobiao.energy")} == {"chaobiao.energy"}


def test_a_client_loads_little_more_than_that_of_a_smaller_family() -> None:
    """63 operations cost two modules more than 16: cookies, and what pages have in common."""
    found = {}
    for client, family in (("EnergyManager", "energy"), ("Jrhsz", "jrhsz")):
        found[family] = {name.replace(family, "family") for name in modules_after(MAKE.format(client))}
    assert found["energy"] - found["jrhsz"] == {f"chaobiao.family.{name}" for name in ("codecs", "cookies", "shapes")}


def test_a_call_loads_the_module_of_its_operation() -> None:
    """Listing meters loads no products, no alarms and no provincial platform."""
    loaded = modules_after(MAKE.format("EnergyManager") + ".meters.list()")
    assert "chaobiao.energy.meters" in loaded
    assert not {f"chaobiao.energy.{name}" for name in ("products", "alarms", "province", "organization")} & set(loaded)
