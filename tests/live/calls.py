"""What the live tests call, and with which account. One family that has logins and intervals stands for all."""

from typing import Any, Final

from chaobiao import Clock
from chaobiao._contract.operation import Operation
from chaobiao.jrhsz import ListBuildings, ListMeters, ListResidents, Recharge
from chaobiao_mock import World
from chaobiao_mock.jrhsz.accounts import Account
from tests.harness.mock_server import LiveMock

USERNAME: Final = "canary-account-7Q"
PASSWORD: Final = "canary-password-9Z&é"
INTERVAL: Final = 2.0

#: Reads that keep the interval.
BUILDINGS: Final = ListBuildings()
METERS: Final = ListMeters()
RESIDENTS: Final = ListResidents()

RESIDENT: Final = "2022040001"
DEVICE: Final = "202364555511"


def recharge(order_number: str, amount: Any = 1) -> Recharge:
    """Return a recharge of the documented resident."""
    return Recharge(RESIDENT, amount=amount, order_number=order_number)


def admit(mock: LiveMock, username: str = USERNAME, password: str = PASSWORD) -> None:
    """Let an account log in."""
    mock.state.accounts.add(Account(username, password))


def world_with_account(clock: Clock | None = None) -> World:
    """Return a world for a server of a test's own, in which the account can log in."""
    world = World(clock=clock)
    world.states["jrhsz"].accounts.add(Account(USERNAME, PASSWORD))
    return world


def call_from_another_process(mock: LiveMock, operation: Operation[Any]) -> int:
    """Call as another process of the same account does, with a login of its own and unpaced; return the code."""
    login = mock.log_in().json()
    if login["code"] != 200:
        return int(login["code"])
    return int(mock.request(type(operation), {"token": login["data"], "admin_user_name": USERNAME}).json()["code"])
