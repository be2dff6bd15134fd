"""What the mock's page shows of the energy management API."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final

from chaobiao.energy import Meter
from chaobiao_mock.decimals import with_places
from chaobiao_mock.energy.accounts import DEMO_PASSWORD, DEMO_USERNAME
from chaobiao_mock.energy.consumption import step_amounts
from chaobiao_mock.energy.plant import ENERGY_NAMES
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.overview import SHOWN, STEPS, EnergyUse, FamilyOverview, ShownAccount, ShownMeter, ShownSession

#: The tables are filled at their first use: for a larger plant that is left to the first request of a client.
_QUICKLY_FILLED: Final = 5_000
#: The energy of so many meters is added up.
_COUNTED: Final = 1_000
_DAY: Final = 86_400


class EnergyOverview(FamilyOverview):
    """Users with sessions, meters, and the energy of machines."""

    example = "client.machines.list()"

    def accounts(self, state: EnergyState) -> Sequence[ShownAccount]:
        if not _is_filled(state):
            return [ShownAccount(DEMO_USERNAME, DEMO_PASSWORD)]
        return [
            ShownAccount(
                user.name or "", DEMO_PASSWORD if state.accounts.has_password(user.id or 0, DEMO_PASSWORD) else None
            )
            for user in islice(state.tables.users, SHOWN)
        ]

    def sessions(self, state: EnergyState) -> Sequence[ShownSession]:
        now = state.clock.monotonic()
        found: list[ShownSession] = []
        for key, began in state.accounts.sessions(SHOWN):
            user = state.tables.users.find(key)
            found.append(ShownSession("" if user is None else user.name or "", now - began, None))
        return found

    def meter_count(self, state: EnergyState) -> int:
        return len(state.tables.meters) if _is_filled(state) else state.size

    def meters(self, state: EnergyState, search: str) -> Sequence[ShownMeter]:
        if not _is_filled(state):
            return []
        now = state.now()
        meters = (meter for meter in state.tables.meters if search in (meter.name or "") or search == str(meter.id))
        return [
            ShownMeter(
                number=meter.name or "",
                place=" ".join(part for part in (meter.department, meter.machine) if part),
                kind=ENERGY_NAMES.get(meter.kind or "", ""),
                unit=_unit(meter),
                reading=with_places(state.registers.total(meter, now), 4, 2),
                read_at=state.moment(now),
            )
            for meter in islice(meters, SHOWN)
        ]

    def curve(self, state: EnergyState, number: str, days: int) -> Sequence[tuple[datetime, Decimal]] | None:
        meter = state.tables.meters.named(number) if _is_filled(state) else None
        if meter is None:
            return None
        now = state.now()
        seconds = [now - days * _DAY * (STEPS - step) // STEPS for step in range(STEPS + 1)]
        return [(state.moment(second), with_places(state.registers.total(meter, second), 4, 2)) for second in seconds]

    def energy(self, state: EnergyState, hours: int) -> EnergyUse | None:
        """Virtual and total meters count what others count too, so they are left out."""
        if not _is_filled(state):
            return None
        groups: dict[tuple[str, str], list[Meter]] = {}
        counted = [
            meter
            for meter in islice(state.tables.meters, _COUNTED)
            if meter.is_counted and not (meter.is_virtual or meter.is_total)
        ]
        for meter in counted:
            groups.setdefault((meter.machine or "", meter.kind or ""), []).append(meter)
        amounts = step_amounts(state, (state.now() - hours * 3_600, state.now()))
        rows = [
            (machine, ENERGY_NAMES.get(kind, kind), _unit(meters[0]), with_places(amounts.of(meters)[0], 4, 2))
            for (machine, kind), meters in groups.items()
        ]
        return EnergyUse(hours, len(counted), rows)


def _is_filled(state: EnergyState) -> bool:
    return "tables" in vars(state) or state.size <= _QUICKLY_FILLED


def _unit(meter: Meter) -> str:
    return {"0": "kWh", "5": "t", "6": "t"}.get(meter.kind or "", "m³")
