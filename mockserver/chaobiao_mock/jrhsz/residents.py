"""Logging in, buildings, addresses, residents and what they used."""

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
from chaobiao_mock.jrhsz import documented
from chaobiao_mock.jrhsz.derived_readings import latest_report, moments_between, usage_at
from chaobiao_mock.jrhsz.fleet import RESIDENTS_PER_BUILDING, ROOMS_PER_FLOOR
from chaobiao_mock.jrhsz.pagination import page_of
from chaobiao_mock.jrhsz.schedule import hourly
from chaobiao_mock.jrhsz.state import JrhszState, Refused
from chaobiao_mock.pagination import Part, part_of
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The building that the address sample calls by its short name where a code is promised, and its code.
_SHORT_NAME: Final = ("一栋", "gzfh-1-d")


@handlers.serves(Login)
def log_in(state: JrhszState, op: Login) -> str:
    account = state.accounts.find(op.username)
    if account is None or not account.api:
        raise Refused(1002)
    if account.password != op.password.reveal():
        raise Refused(1005)
    return state.accounts.issue(account, only=state.quirks.sessions != "many")


@handlers.serves(ListBuildings)
def list_buildings(state: JrhszState, op: ListBuildings) -> Page[Building]:
    made_up = [
        Building(name=f"示范{number}号楼", build_code=_building_code(number))
        for number in range(1, state.fleet.buildings + 1)
    ]
    return Page([*documented.BUILDINGS, *made_up])


def _building_code(number: int) -> str:
    return f"demo-{number}"


def _in_building(state: JrhszState, build_code: str | None) -> list[Resident]:
    fleet = state.fleet
    found = [resident for resident, building, _ in documented.RESIDENTS if build_code is None or build_code == building]
    for number in range(1, fleet.buildings + 1):
        if build_code is None or build_code == _building_code(number):
            first = (number - 1) * RESIDENTS_PER_BUILDING
            found += [
                _resident(state, index) for index in range(first, min(first + RESIDENTS_PER_BUILDING, fleet.residents))
            ]
    return found


def _resident(state: JrhszState, index: int) -> Resident:
    fleet = state.fleet
    return Resident(
        user_code=fleet.resident_code(index),
        user_name=fleet.resident_name(index),
        house_number=fleet.house_number(index),
    )


@handlers.serves(ListResidents)
def list_residents(state: JrhszState, op: ListResidents) -> Page[Resident]:
    return Page(_in_building(state, op.build_code))


@handlers.serves(ListAddresses)
def list_addresses(state: JrhszState, op: ListAddresses) -> Page[Address]:
    found = [
        Address(address=address, build_code=building)
        for address, building in documented.ADDRESSES
        if op.build_code is None or op.build_code == building or (building, op.build_code) == _SHORT_NAME
    ]
    for number in range(1, state.fleet.buildings + 1):
        if op.build_code is None or op.build_code == _building_code(number):
            floors = RESIDENTS_PER_BUILDING // ROOMS_PER_FLOOR
            found += [
                Address(address=f"示范{number}号楼{floor}层", build_code=_building_code(number))
                for floor in range(1, floors + 1)
            ]
    return Page(found)


@handlers.serves(ListRoomsAtAddress)
def list_rooms(state: JrhszState, op: ListRoomsAtAddress) -> Page[Resident]:
    found = [
        resident
        for resident, building, address in documented.RESIDENTS
        if address == op.address and (op.build_code in (None, building) or (op.build_code, building) == _SHORT_NAME)
    ]
    fleet = state.fleet
    floors = RESIDENTS_PER_BUILDING // ROOMS_PER_FLOOR
    for number in range(1, fleet.buildings + 1):
        if op.build_code not in (None, _building_code(number)) or not op.address.startswith(f"示范{number}号楼"):
            continue
        for floor in range(1, floors + 1):
            if op.address == f"示范{number}号楼{floor}层":
                first = (number - 1) * RESIDENTS_PER_BUILDING + (floor - 1) * ROOMS_PER_FLOOR
                rooms = range(first, min(first + ROOMS_PER_FLOOR, fleet.residents))
                found += [_resident(state, index) for index in rooms]
    return Page(found)


def require_resident(state: JrhszState, code: str) -> None:
    """Refuse a resident who does not exist."""
    known = state.fleet.resident_index(code) is not None
    if not known and all(resident.user_code != code for resident, _, _ in documented.RESIDENTS):
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
    recorded = [
        row
        for row in documented.RESIDENT_CONSUMPTION.get(op.user_code, ())
        if row.read_at is not None and op.begin <= row.read_at <= op.end
    ]
    parts = [_consumption(state, op, index) for index in state.fleet.meters_of(op.user_code)]
    return page_of(state.quirks, op, [part_of(recorded), *parts])


def _consumption(state: JrhszState, op: ListResidentConsumption, index: int) -> Part[ResidentConsumption]:
    """What one meter used, report by report; only the rows of the page asked for are made."""
    spec, schedule = state.fleet.spec(index), hourly(state.fleet)
    since = state.fleet.reports_since(spec)
    if since is None:
        return part_of([])
    moments = moments_between(state, spec, schedule, max(op.begin, since), min(op.end, state.clock.now()))

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

    return Part(moments.count, lambda low, high: map(row, moments.rows(low, high)))
