"""What a generated or documented meter is, and what happened to it."""

from datetime import datetime

import attrs

from chaobiao.jrhsz import MeterKind


@attrs.frozen
class MeterSpec:
    """What a meter is.

    ``rate`` is hundredths a day, ``price`` ten-thousandths of a yuan a unit, ``base`` the reading at ``since``.
    """

    index: int
    number: str
    project: str
    address: str
    kind: MeterKind
    resident: str | None
    resident_name: str | None
    house_number: str | None
    base: int
    since: datetime
    rate: int
    price: int
    #: Whether it was connected before any command.
    connected: bool
    #: Whether it reports by itself, every hour and every day.
    reports: bool
    #: When it was last online, while it is offline.
    online_at: datetime | None = None


@attrs.define
class MeterEvents:
    """What happened to one meter: when its gate was switched, and to what; when a reading was requested."""

    switches: list[tuple[datetime, bool]] = attrs.field(factory=list)
    read_commands: list[datetime] = attrs.field(factory=list)
    #: Whether the balance, not a command, disconnected it.
    tripped: bool = False
    #: Whether a reading was requested while the meter was offline.
    read_waits: bool = False

    def switch(self, moment: datetime, *, connected: bool) -> None:
        """Switch the gate. A meter that was offline is online now and carries out a command that waits."""
        self.switches.append((moment, connected))
        self.tripped = False
        if self.read_waits:
            self.read(moment)

    def trip(self, moment: datetime) -> None:
        """Disconnect the meter because the balance is used up."""
        self.switch(moment, connected=False)
        self.tripped = True

    def read(self, moment: datetime) -> None:
        """Take a reading; a second one within the same second is the same reading."""
        self.read_waits = False
        if not self.read_commands or self.read_commands[-1] != moment:
            self.read_commands.append(moment)
