"""The energy management API of the mock."""

from typing import Final

from chaobiao import energy
from chaobiao_mock.energy import alarm_messages, consumption, oee, reports, statistics, users
from chaobiao_mock.energy.accounts import DEMO_PASSWORD, DEMO_USERNAME
from chaobiao_mock.energy.protocol import EnergyProtocol
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.registry import MockFamily

FAMILY: Final = MockFamily(
    family=energy.FAMILY,
    quirks=EnergyQuirks,
    state=EnergyState,
    protocol=EnergyProtocol(),
    handlers={
        **users.handlers,
        **consumption.handlers,
        **reports.handlers,
        **alarm_messages.handlers,
        **oee.handlers,
        **statistics.handlers,
    },
    banner=f"account {DEMO_USERNAME}, password {DEMO_PASSWORD}",
    further_verbs={energy.ListAlarmMessages: ("GET",)},
    largest_bodies={energy.UploadMachineImage: 10 * 1024 * 1024 + 64 * 1024},
)
