"""A stateful mock server that implements the vendors' documents: later reads show what was written, readings grow.

Use :func:`create_app` to serve a :class:`World` in process, or :class:`MockServer` to serve it on a real socket::

    from chaobiao import Jrhsz
    from chaobiao_mock import MockServer

    with MockServer() as server, Jrhsz("khcs", "123456", base_url=server.url) as client:
        print(client.buildings.list().collect())
"""

from chaobiao_mock.app import create_app
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.faults import Fault
from chaobiao_mock.fixtures import Fixtures, InvalidFixtures
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.serving import MockServer
from chaobiao_mock.verification import Verification, VerificationFailed
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.world import World, WorldSettings

__all__ = [
    "EnergyQuirks",
    "Fault",
    "Fixtures",
    "InvalidFixtures",
    "JrhszQuirks",
    "MockServer",
    "Verification",
    "VerificationFailed",
    "WaterQuirks",
    "World",
    "WorldSettings",
    "create_app",
]
