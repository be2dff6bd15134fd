"""The vendors' documents as a stateful mock server: writes have consequences, and time moves readings.

In process, mount :func:`create_app` over a :class:`World`; over a real socket, use :class:`MockServer`::

    from chaobiao import Jrhsz
    from chaobiao_mock import MockServer

    with MockServer() as server, Jrhsz("khcs", "123456", base_url=server.url) as client:
        print(client.buildings.list().collect())
"""

from chaobiao_mock.app import create_app
from chaobiao_mock.faults import Fault
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.serving import MockServer
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.world import World, WorldSettings

__all__ = ["Fault", "JrhszQuirks", "MockServer", "WaterQuirks", "World", "WorldSettings", "create_app"]
