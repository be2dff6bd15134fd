"""Login, buildings, addresses, residents and their consumption."""

from datetime import datetime
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.jrhsz import (
    Address,
    Building,
    GetResident,
    ListAddresses,
    ListBuildings,
    ListResidentConsumption,
    ListResidents,
    ListRoomsAtAddress,
    Login,
    Resident,
    ResidentConsumption,
    ResidentMeter,
)
from chaobiao_mock.errors import Refused
from chaobiao_mock.jrhsz.derived_readings import latest_report, report_times, usage_at
from chaobiao_mock.jrhsz.fleet import FLOORS
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.state import JrhszState
from chaobiao_mock.pagination import LazyRows, rows_of
from chaobiao_mock.periods import in_period
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The building whose name the sample of addresses shows where the document promises a code: its name and its code.
_NAME_FOR_CODE: Final = ("一栋", "gzfh-1-d")


@handlers.serves(Login)
def log_in(state: JrhszState, op: Login) -> str:
    account = state.accounts.find(op.username)
    if account is None or not account.api:
        raise Refused(1002)
    if account.password != op.password.reveal():
        raise Refused(1005)
    return state.accounts.issue(account, end_others=state.quirks.sessions != "many")


@handlers.serves(ListBuildings)
def list_buildings(state: JrhszState, op: ListBuildings) -> Page[Building]:
    fleet = state.fleet
    generated = [
        Building(name=fleet.building_name(number), build_code=fleet.building_code(number)) for number in fleet.buildings
    ]
    return Page([*state.documented.buildings, *generated])


def _generated_buildings(state: JrhszState, build_code: str | None) -> list[int]:
    """Return the generated buildings that a request selects: all, or one."""
    return [number for number in state.fleet.buildings if build_code in (None, state.fleet.building_code(number))]


def _generated_residents(state: JrhszState, indexes: range) -> list[Resident]:
    fleet = state.fleet
    return [
        Resident(
            user_code=fleet.resident_code(index),
            user_name=fleet.resident_name(index),
            house_number=fleet.house_number(index),
        )
        for index in indexes
    ]


@handlers.serves(ListResidents)
def list_residents(state: JrhszState, op: ListResidents) -> Page[Resident]:
    found = [resident.row for resident in state.documented.residents if op.build_code in (None, resident.build_code)]
    for building in _generated_buildings(state, op.build_code):
        found += _generated_residents(state, state.fleet.residents_of(building))
    return Page(found)


@handlers.serves(ListAddresses)
def list_addresses(state: JrhszState, op: ListAddresses) -> Page[Address]:
    fleet = state.fleet
    found = [
        address
        for address in state.documented.addresses
        if op.build_code in (None, address.build_code) or (address.build_code, op.build_code) == _NAME_FOR_CODE
    ]
    for building in _generated_buildings(state, op.build_code):
        code = fleet.building_code(building)
        found += [Address(address=fleet.address(building, floor + 1), build_code=code) for floor in range(FLOORS)]
    return Page(found)


@handlers.serves(ListRoomsAtAddress)
def list_rooms(state: JrhszState, op: ListRoomsAtAddress) -> Page[Resident]:
    fleet = state.fleet
    found = [
        resident.row
        for resident in state.documented.residents
        if resident.address == op.address
        and (op.build_code in (None, resident.build_code) or (op.build_code, resident.build_code) == _NAME_FOR_CODE)
    ]
    for building in _generated_buildings(state, op.build_code):
        if op.address.startswith(fleet.building_name(building)):
            for floor in range(1, FLOORS + 1):
                if op.address == fleet.address(building, floor):
                    found += _generated_residents(state, fleet.residents_of(building, floor))
    return Page(found)


def require_resident(state: JrhszState, code: str) -> None:
    """Refuse a request for a resident who does not exist."""
    if state.fleet.resident_index(code) is None and state.documented.resident(code) is None:
        raise Refused(1001, f"用户 {code} 不存在")


@handlers.serves(GetResident)
def get_resident(state: JrhszState, op: GetResident) -> Page[ResidentMeter]:
    require_resident(state, op.user_code)
    now = state.clock.now()
    balance = state.ledger.balance(op.user_code, now)
    rows: list[ResidentMeter] = []
    for index in state.fleet.meters_of(op.user_code):
        spec = state.fleet.spec(index)
        report = latest_report(state, spec, now)
        rows.append(
            ResidentMeter(
                table_no=spec.number, reading=report.reading, read_at=report.at, balance=balance, kind=spec.kind
            )
        )
    return Page(rows)


@handlers.serves(ListResidentConsumption)
def list_resident_consumption(state: JrhszState, op: ListResidentConsumption) -> Page[ResidentConsumption]:
    require_resident(state, op.user_code)
    documented = [
        row
        for row in state.documented.resident_consumption.get(op.user_code, ())
        if in_period(row.read_at, op.begin, op.end)
    ]
    parts = [_consumption(state, op, index) for index in state.fleet.meters_of(op.user_code)]
    return page_of(state.quirks, op, [rows_of(documented), *parts])


def _consumption(state: JrhszState, op: ListResidentConsumption, index: int) -> LazyRows[ResidentConsumption]:
    """Return the consumption of one meter, report by report."""
    spec, schedule = state.fleet.spec(index), state.hourly
    since = state.fleet.reports_since(spec)
    if since is None:
        return rows_of([])

    def row(moment: datetime) -> ResidentConsumption:
        usage = usage_at(state, spec, schedule, moment)
        return ResidentConsumption(
            table_no=spec.number,
            reading=usage.reading,
            read_at=usage.at,
            previous_reading=usage.previous_reading,
            previous_read_at=usage.previous_at,
            device_id=spec.number,
        )

    return report_times(state, spec, schedule, max(op.begin, since), min(op.end, state.clock.now())).map(row)
