"""The energy management API of the mock."""

from typing import Final

from chaobiao import energy
from chaobiao.energy.machines import LARGEST_IMAGE
from chaobiao_mock.energy import (
    alarm_messages,
    consumption,
    machines,
    oee,
    products,
    province,
    reports,
    rules,
    settings,
    statistics,
    users,
)
from chaobiao_mock.energy.accounts import DEMO_PASSWORD, DEMO_USERNAME
from chaobiao_mock.energy.fixtures import EnergyFixtures
from chaobiao_mock.energy.overview import EnergyOverview
from chaobiao_mock.energy.protocol import EnergyProtocol
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.saved import SavedEnergy
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.registry import MockFamily

FAMILY: Final = MockFamily(
    family=energy.FAMILY,
    quirks=EnergyQuirks,
    state=EnergyState,
    protocol=EnergyProtocol(),
    handlers={
        **users.handlers,
        **machines.handlers,
        **settings.handlers,
        **province.handlers,
        **rules.handlers,
        **products.handlers,
        **consumption.handlers,
        **reports.handlers,
        **alarm_messages.handlers,
        **oee.handlers,
        **statistics.handlers,
    },
    success=0,
    fixtures=EnergyFixtures(),
    saved=SavedEnergy,
    account=(DEMO_USERNAME, DEMO_PASSWORD),
    overview=EnergyOverview(),
    further_verbs={energy.ListAlarmMessages: ("DELETE",)},
    largest_bodies={energy.UploadMachineImage: LARGEST_IMAGE + 64 * 1024},  # there is a form around the image
    files={machines.IMAGES: machines.find_image},
)
