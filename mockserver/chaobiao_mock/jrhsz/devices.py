"""What meters do with commands: at once, slowly or never, and what they do while they are offline.

The platform accepts a command in each case; only later readings show what became of it.
"""

from datetime import datetime, timedelta
from typing import Final, Literal, get_args

import attrs

from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault
from chaobiao_mock.jrhsz.fleet import Fleet

Valve = Literal["prompt", "slow", "stuck"]
VALVES: Final[tuple[Valve, ...]] = get_args(Valve)
#: How long a slow valve needs.
SLOW: Final = timedelta(seconds=60)
#: The valves of meters that can be read and switched in every world, though no list shows them.
RESERVED: Final[dict[str, Valve]] = {"999900000001": "stuck", "999900000002": "slow"}

#: Meters of the same kind with the fault that each call meets that names them.
RESERVED_FAULTS: Final = {
    "999900000004": Fault("*", "hang"),
    "999900000005": Fault("*", "reset", phase="after_commit"),
    "999900000006": Fault("*", "code", phase="after_commit", code=1011),
    "999900000007": Fault("*", "status", status=500),
    "999900000008": Fault("*", "garbage", phase="after_commit"),
    "999900000009": Fault("*", "latency", seconds=5),
}


@attrs.frozen
class Command:
    """A command to a valve that is carried out at a time, or, without one, when its meter is online again."""

    meter: int
    connected: bool
    due: datetime | None


@attrs.frozen
class SavedDevices:
    """What a snapshot keeps of devices."""

    valves: dict[int, Valve]
    waiting: list[Command]
    offline: dict[int, datetime]


class Devices:
    """How the meters of a fleet behave, and the commands that wait."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._valves: dict[int, Valve] = {}
        self._waiting: list[Command] = []

    def saved(self) -> SavedDevices:
        """Return what a snapshot keeps."""
        return SavedDevices(dict(self._valves), list(self._waiting), self._fleet.set_offline_meters())

    def restore(self, saved: SavedDevices) -> None:
        """Return to a snapshot."""
        self._valves = dict(saved.valves)
        self._waiting = list(saved.waiting)
        for meter, since in saved.offline.items():
            self._fleet.set_offline(meter, since)

    def switch(self, meter: int, now: datetime, *, connected: bool) -> None:
        """Take a command to a valve."""
        valve = self._valve(meter)
        if valve == "stuck":
            return
        if self._fleet.offline_since(meter) is not None:
            self._waiting.append(Command(meter, connected, None))
        elif valve == "slow":
            self._waiting.append(Command(meter, connected, now + SLOW))
        else:
            self._fleet.events(meter).switch(now, connected=connected)

    def _valve(self, meter: int) -> Valve:
        return self._valves.get(meter) or RESERVED.get(self._fleet.spec(meter).number, "prompt")

    def settle(self, now: datetime) -> None:
        """Carry out the commands whose time has come."""
        if self._waiting:
            due = [command for command in self._waiting if command.due is not None and command.due <= now]
            for command in due:
                self._waiting.remove(command)
                self._fleet.events(command.meter).switch(command.due or now, connected=command.connected)

    def control(self, number: str, now: datetime, *, online: bool | None, valve: Valve | None) -> None:
        """Change how a meter behaves. Raises ``ValueError`` for an unknown meter."""
        meter = self._fleet.index_of(number)
        if meter is None:
            raise InvalidInput(f"there is no meter {number}", f"没有表计 {number}")
        if valve is not None:
            self._valves[meter] = valve
        if online is False:
            self._fleet.set_offline(meter, now)
        elif online and self._fleet.offline_since(meter) is not None:
            self._fleet.set_online(meter)
            waiting = [command for command in self._waiting if command.meter == meter and command.due is None]
            for command in waiting:
                self._waiting.remove(command)
                self.switch(meter, now, connected=command.connected)
            if self._fleet.events(meter).read_waits:
                self._fleet.events(meter).read(now)

    def describe(self, number: str) -> dict[str, object]:
        """Return how a meter behaves."""
        meter = self._fleet.index_of(number)
        if meter is None:
            raise InvalidInput(f"there is no meter {number}", f"没有表计 {number}")
        return {
            "number": number,
            "online": self._fleet.offline_since(meter) is None,
            "valve": self._valve(meter),
            "connected": self._fleet.is_connected(self._fleet.spec(meter)),
            "waiting": len([command for command in self._waiting if command.meter == meter]),
        }
