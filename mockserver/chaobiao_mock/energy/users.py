"""Login, logout and users."""

from chaobiao._contract.fields import Record, cell, frozen
from chaobiao.energy import BindMiniProgram, GetUser, Login, Logout, RegisterUser, UpdateUser, User
from chaobiao_mock.energy.protocol import LoggedIn
from chaobiao_mock.energy.resources import changed
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Handlers

handlers = Handlers()

UNKNOWN_USER, NOT_ALLOWED, WRONG_PASSWORD = 4104, 4105, 4106


@frozen
class LoginRow(Record):
    """What the login returns: section 1.1's table, which clients do not need."""

    name: str | None = cell("Usr_Name", "用户名")
    id: str | None = cell("Usr_ID", "用户ID")


@handlers.serves(Login)
def log_in(state: EnergyState, op: Login) -> LoggedIn:
    user = state.tables.users.named(op.username)
    if user is None or user.id is None:
        raise Refused(UNKNOWN_USER)
    if not state.accounts.has_password(user.id, op.password.reveal()):
        raise Refused(WRONG_PASSWORD)
    return LoggedIn(LoginRow(name=user.name, id=str(user.id)), user.id)


@handlers.serves(Logout)
def log_out(_: EnergyState, __: Logout) -> None:
    """The protocol ends the session."""


@handlers.serves(RegisterUser)
def register(state: EnergyState, op: RegisterUser) -> None:
    user = state.tables.users.add(User(name=op.name, email=op.email))
    state.accounts.set_password(user.id or 0, op.password.reveal())


@handlers.serves(UpdateUser)
def update_user(state: EnergyState, op: UpdateUser) -> None:
    users = state.tables.users
    if op.id not in users:
        raise Refused(UNKNOWN_USER)
    if state.user is None or state.user.id != op.id:
        raise Refused(NOT_ALLOWED)
    users.replace(op.id, changed(state.quirks, users.get(op.id), op))


@handlers.serves(GetUser)
def get_user(state: EnergyState, _: GetUser) -> User:
    return state.user or User()


@handlers.serves(BindMiniProgram)
def bind_mini_program(state: EnergyState, op: BindMiniProgram) -> None:
    """The mock cannot ask WeChat what the code stands for."""
