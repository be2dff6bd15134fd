"""The state of the energy management API: tables, sessions, and the registers of the meters."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import attrs

from chaobiao._contract.upload import Upload
from chaobiao.clock import SHANGHAI
from chaobiao.energy import (
    Alarm,
    AlarmMessage,
    AlarmRule,
    Batch,
    Machine,
    Meter,
    OeeRule,
    Output,
    Product,
    Rate,
    ReportRow,
    Settings,
    User,
)
from chaobiao_mock.clock import WorldClock
from chaobiao_mock.energy.accounts import Accounts
from chaobiao_mock.energy.alarm_log import AlarmLog
from chaobiao_mock.energy.documented import SAMPLES, EnergySamples
from chaobiao_mock.energy.platform import Province
from chaobiao_mock.energy.quirks import EnergyQuirks
from chaobiao_mock.energy.registers import Registers, parse_formula
from chaobiao_mock.energy.saved import SavedEnergy, SavedTable, SavedTables
from chaobiao_mock.energy.tables import Database, Reference, Table, in_use

_SECOND: Final = timedelta(seconds=1)
#: For so long before the start of the world the rules of the generated plant have given messages.
_WATCHED: Final = timedelta(days=60)


@attrs.define
class Tables:
    """The tables."""

    users: Table[User] = attrs.Factory(lambda: Table("name"))
    machines: Table[Machine] = attrs.Factory(lambda: Table("name"))
    meters: Table[Meter] = attrs.Factory(lambda: Table("name"))
    rates: Table[Rate] = attrs.Factory(Table)
    alarms: Table[Alarm] = attrs.Factory(lambda: Table("name"))
    alarm_rules: Table[AlarmRule] = attrs.Factory(lambda: Table("name"))
    oee_rules: Table[OeeRule] = attrs.Factory(lambda: Table("name"))
    products: Table[Product] = attrs.Factory(lambda: Table("name"))
    batches: Table[Batch] = attrs.Factory(lambda: Table("name"))
    outputs: Table[Output] = attrs.Factory(Table)

    def references(self) -> tuple[Reference, ...]:
        """Return the fields that hold ids of other tables."""
        return (
            Reference(self.meters, "machine_id", self.machines),
            Reference(self.meters, self._formula_meters, self.meters),
            Reference(self.alarm_rules, "alarm_id", self.alarms),
            Reference(self.alarm_rules, "meter_id", self.meters),
            Reference(self.oee_rules, "meter_id", self.meters),
            Reference(self.oee_rules, "machine_id", self.machines),
            Reference(self.outputs, "product_id", self.products),
            Reference(self.outputs, "machine_id", self.machines),
            Reference(self.outputs, "batch_id", self.batches),
        )

    def _formula_meters(self, meter: Meter) -> list[int]:
        formula = parse_formula(meter.formula or "", self.meters) if meter.is_virtual else None
        return [key for _, key in formula or ()]


class EnergyState:
    """The state of the energy management API in one world."""

    def __init__(
        self,
        clock: WorldClock,
        meters: int,
        seed: int,
        began: datetime,
        quirks: EnergyQuirks,
        documented: EnergySamples = SAMPLES,
    ) -> None:
        self.documented = documented
        self.clock = clock
        self.quirks = quirks
        self.seed = seed
        self.began = began
        self.size = meters
        self.accounts = Accounts()
        #: The number of the image that was uploaded last: each has an address of its own.
        self.last_image = 0
        #: The user whose request is being served.
        self.user: User | None = None
        monday = began.astimezone(SHANGHAI).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        monday = monday.replace(year=monday.year - 1)
        #: Second 0 of all series: midnight of the Monday in the week in which the year before the start began.
        self.origin = monday - timedelta(days=monday.weekday())

    def second(self, moment: datetime) -> int:
        """Return a moment in whole seconds after the origin."""
        return (moment - self.origin) // _SECOND

    def moment(self, second: int) -> datetime:
        """Return the moment of a second."""
        return self.origin + timedelta(seconds=second)

    def now(self) -> int:
        """Return the current second."""
        return self.second(self.clock.now())

    @cached_property
    def tables(self) -> Tables:
        """The tables, filled when they are first used: a mock starts without them."""
        from chaobiao_mock.energy.plant import fill  # late: see above

        tables = Tables()
        fill(self, tables)
        for name, password in self.documented.passwords.items():
            user = tables.users.named(name)
            if user is not None:
                self.accounts.set_password(user.id or 0, password)
        return tables

    @cached_property
    def database(self) -> Database:
        """The references between the tables."""
        return Database(self.tables.references())

    @cached_property
    def settings(self) -> Settings:
        """Where years, months and days begin: one row, which is replaced as a whole."""
        return self.documented.rows(Settings, "settings")[0]

    @cached_property
    def province(self) -> Province:
        """What the provincial platform holds."""
        return Province(self.documented)

    @cached_property
    def images(self) -> dict[str, Upload]:
        """The images of machines, by the end of their address."""
        return self.documented.images()

    @cached_property
    def registers(self) -> Registers:
        """What the meters count and measure. A meter of which the document shows a report counts after its hours."""
        registers = Registers(self.tables.meters, self.seed)
        for row in self.documented.rows(ReportRow, "reports"):
            meter = self.tables.meters.named(row.meter)
            for detail in row.details or ():
                if meter is not None and meter.id is not None and detail.time is not None:
                    begin = self.second(detail.time)
                    end = begin + 3600
                    registers.enter(meter.id, begin, end, detail.amount or Decimal(0))
                    registers.install(meter.id, max(end, 0))
        return registers

    @cached_property
    def messages(self) -> AlarmLog:
        """The messages that alarms have given."""
        messages = AlarmLog(self.tables, self.registers, self.second(self.began - _WATCHED))
        for row in self.documented.rows(AlarmMessage, "alarm_messages"):
            if row.time is not None and row.time <= self.began:
                messages.record(self.second(row.time), row)
        return messages

    def settle(self) -> None:
        """Bring the messages of alarms up to now, before a request that may change rules or meters."""
        self.messages.settle(self.now())

    def delete(self, table: Table[Any], key: int) -> None:
        """Delete a row. Raises ``Refused`` with 4002 or 4004."""
        cascade = self.quirks.cascade == "yes"
        if table is self.tables.meters and self.province.collects(key) and not cascade:
            raise in_use()
        self.database.delete(table, key, self._removed, cascade=cascade)

    def _removed(self, table: Table[Any], row: Any) -> None:
        if table is self.tables.meters:
            self.registers.forget(row.id)
            self.province.drop(row.id, self.now())
        elif table is self.tables.machines:
            self.images.pop((row.image_url or "").rpartition("/")[2], None)

    # --- snapshots ---------------------------------------------------------------------------------------------------

    def saved(self) -> SavedEnergy:
        """Return what a snapshot keeps: what was not used yet follows from the settings."""
        used = self.__dict__
        tables = None
        if "tables" in used:
            names = [field.name for field in attrs.fields(Tables)]
            found = {name: getattr(self.tables, name) for name in names}
            tables = SavedTables(**{name: SavedTable([*table], table.last_id) for name, table in found.items()})
        return SavedEnergy(
            accounts=self.accounts.saved(),
            last_image=self.last_image,
            tables=tables,
            settings=used.get("settings"),
            province=self.province.saved() if "province" in used else None,
            images=dict(self.images) if "images" in used else None,
            registers=self.registers.saved() if "registers" in used else None,
            messages=self.messages.saved() if "messages" in used else None,
        )

    def restore(self, saved: SavedEnergy) -> None:
        """Return to a snapshot; the state is a new one with the same settings."""
        if saved.tables is not None:
            self.tables = Tables()
            for field in attrs.fields(Tables):
                table: SavedTable[Any] = getattr(saved.tables, field.name)
                getattr(self.tables, field.name).restore(table.rows, table.last_id)
        self.accounts.restore(saved.accounts)
        self.last_image = saved.last_image
        if saved.settings is not None:
            self.settings = saved.settings
        if saved.province is not None:
            self.province.restore(saved.province)
        if saved.images is not None:
            self.images = dict(saved.images)
        if saved.registers is not None:
            self.registers.restore(saved.registers)
        if saved.messages is not None:
            self.messages.restore(saved.messages)
