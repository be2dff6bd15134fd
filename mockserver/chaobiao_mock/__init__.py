"""A stateful mock server that implements the vendors' documents: later reads show what was written, readings grow.

Use :func:`create_app` to serve a :class:`World` in process, or :class:`MockServer` to serve it on a real socket::

    from chaobiao import Jrhsz
    from chaobiao_mock import MockServer

    with MockServer() as server, Jrhsz("khcs", "123456", base_url=server.url) as client:
        print(client.buildings.list().collect())

Public names are loaded on first use, so that the command can say which packages are missing, and the pytest plugin
costs nothing until a fixture is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chaobiao_mock.app import create_app
    from chaobiao_mock.energy.quirks import EnergyQuirks
    from chaobiao_mock.faults import Fault
    from chaobiao_mock.fixtures import Fixtures, InvalidFixtures
    from chaobiao_mock.jrhsz.quirks import JrhszQuirks
    from chaobiao_mock.live_world import LiveWorld
    from chaobiao_mock.serving import MockServer
    from chaobiao_mock.verification import Verification, VerificationFailed
    from chaobiao_mock.water.quirks import WaterQuirks
    from chaobiao_mock.world import World, WorldSettings

#: The module of each public name.
_MODULES = {
    "EnergyQuirks": "energy.quirks",
    "Fault": "faults",
    "Fixtures": "fixtures",
    "InvalidFixtures": "fixtures",
    "JrhszQuirks": "jrhsz.quirks",
    "LiveWorld": "live_world",
    "MockServer": "serving",
    "Verification": "verification",
    "VerificationFailed": "verification",
    "WaterQuirks": "water.quirks",
    "World": "world",
    "WorldSettings": "world",
    "create_app": "app",
}

__all__ = [
    "EnergyQuirks",
    "Fault",
    "Fixtures",
    "InvalidFixtures",
    "JrhszQuirks",
    "LiveWorld",
    "MockServer",
    "Verification",
    "VerificationFailed",
    "WaterQuirks",
    "World",
    "WorldSettings",
    "create_app",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from chaobiao_mock.requirements import explain_missing  # here, for most programs never miss a package

    with explain_missing():
        found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
