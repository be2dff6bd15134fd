"""What the mock's page shows of the prepaid platform."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from chaobiao.jrhsz import Commodity
from chaobiao_mock.decimals import hundredths
from chaobiao_mock.jrhsz.accounts import DEMO_PASSWORD
from chaobiao_mock.jrhsz.derived_readings import latest_report
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.overview import SHOWN, STEPS, FamilyOverview, ShownAccount, ShownMeter, ShownSession

#: In so many meters a part of a number is looked for; a whole number is found among all.
_SEARCHED: Final = 20_000


class JrhszOverview(FamilyOverview):
    """Accounts with tokens, meters with balances and valves."""

    example = "client.meters.list()"

    def accounts(self, state: JrhszState) -> Sequence[ShownAccount]:
        return [
            ShownAccount(
                account.username,
                DEMO_PASSWORD if account.password == DEMO_PASSWORD else None,
                _note(account.api, bool(account.forbidden)),
            )
            for account in islice(state.accounts, SHOWN)
        ]

    def sessions(self, state: JrhszState) -> Sequence[ShownSession]:
        return [
            ShownSession(account, age, max(remaining, 0.0), replaced)
            for account, age, remaining, replaced in state.accounts.sessions(SHOWN)
        ]

    def meter_count(self, state: JrhszState) -> int:
        return len(state.fleet)

    def meters(self, state: JrhszState, search: str) -> Sequence[ShownMeter]:
        state.settle()
        now = state.clock.now()
        return [_meter(state, index, now) for index in _found(state, search)]

    def curve(self, state: JrhszState, number: str, days: int) -> Sequence[tuple[datetime, Decimal]] | None:
        index = state.fleet.index_of(number)
        if index is None:
            return None
        spec, now = state.fleet.spec(index), state.clock.now()
        moments = [now - timedelta(days=days) * (STEPS - step) / STEPS for step in range(STEPS + 1)]
        return [(moment, hundredths(state.fleet.reading(spec, moment))) for moment in moments]


def _note(api: bool, restricted: bool) -> tuple[str, str]:
    if not api:
        return "no API permission (1002)", "没有 API 权限（1002）"
    return ("may not send commands (1009)", "不可下发指令（1009）") if restricted else ("", "")


def _found(state: JrhszState, search: str) -> Sequence[int]:
    fleet = state.fleet
    if not search:
        return range(min(len(fleet), SHOWN))
    exact = fleet.index_of(search)
    if exact is not None:
        return [exact]
    of_resident = fleet.meters_of(search)
    if of_resident:
        return of_resident
    searched = range(min(len(fleet), _SEARCHED))
    return [*islice((index for index in searched if search in fleet.number_of(index)), SHOWN)]


def _meter(state: JrhszState, index: int, now: datetime) -> ShownMeter:
    spec = state.fleet.spec(index)
    report = latest_report(state, spec, now)
    is_water = spec.kind.commodity is Commodity.WATER
    return ShownMeter(
        number=spec.number,
        place=" ".join(part for part in (spec.address, spec.house_number, spec.resident_name) if part),
        kind="水" if is_water else "电",
        unit="m³" if is_water else "kWh",
        reading=report.reading,
        read_at=report.at,
        balance=None if spec.resident is None else state.ledger.balance(spec.resident, now),
        valve=state.fleet.is_connected(spec),
        online=state.fleet.is_online(spec),
    )
