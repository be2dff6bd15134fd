"""The prepaid platform of the mock."""

from typing import Final

from chaobiao import jrhsz
from chaobiao_mock.jrhsz import instructions, meters, recharges, residents
from chaobiao_mock.jrhsz.accounts import DEMO_PASSWORD, DEMO_USERNAME
from chaobiao_mock.jrhsz.devices import RESERVED_FAULTS
from chaobiao_mock.jrhsz.fixtures import JrhszFixtures
from chaobiao_mock.jrhsz.overview import JrhszOverview
from chaobiao_mock.jrhsz.protocol import JrhszProtocol
from chaobiao_mock.jrhsz.quirks import JrhszQuirks
from chaobiao_mock.jrhsz.state import JrhszState, SavedJrhsz
from chaobiao_mock.registry import MockFamily

FAMILY: Final = MockFamily(
    family=jrhsz.FAMILY,
    quirks=JrhszQuirks,
    state=JrhszState,
    protocol=JrhszProtocol(),
    handlers={**residents.handlers, **recharges.handlers, **meters.handlers, **instructions.handlers},
    success=200,
    fixtures=JrhszFixtures(),
    saved=SavedJrhsz,
    audit=lambda state: state.ledger.audit(),
    account=(DEMO_USERNAME, DEMO_PASSWORD),
    overview=JrhszOverview(),
    reserved=RESERVED_FAULTS,
)
