"""What snapshots keep of the energy management API."""

from typing import Generic, TypeVar

import attrs

from chaobiao._contract.upload import Upload
from chaobiao.energy import (
    Alarm,
    AlarmRule,
    Batch,
    Machine,
    Meter,
    OeeRule,
    Output,
    Product,
    Rate,
    Settings,
    User,
)
from chaobiao_mock.energy.accounts import SavedAccounts
from chaobiao_mock.energy.alarm_log import SavedLog
from chaobiao_mock.energy.platform import SavedProvince
from chaobiao_mock.energy.registers import SavedRegisters

R = TypeVar("R")


@attrs.frozen
class SavedTable(Generic[R]):
    """The rows of a table, and the last id that was given."""

    rows: list[R]
    last_id: int


@attrs.frozen
class SavedTables:
    """All tables."""

    users: SavedTable[User]
    machines: SavedTable[Machine]
    meters: SavedTable[Meter]
    rates: SavedTable[Rate]
    alarms: SavedTable[Alarm]
    alarm_rules: SavedTable[AlarmRule]
    oee_rules: SavedTable[OeeRule]
    products: SavedTable[Product]
    batches: SavedTable[Batch]
    outputs: SavedTable[Output]


@attrs.frozen
class SavedEnergy:
    """The state; ``None`` for what was not used before the snapshot."""

    accounts: SavedAccounts
    last_image: int
    tables: SavedTables | None
    settings: Settings | None
    province: SavedProvince | None
    images: dict[str, Upload] | None
    registers: SavedRegisters | None
    messages: SavedLog | None
