"""What the mock's page shows of a family's state: accounts, sessions, meters, and where energy went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import attrs

#: The most meters, sessions and machines that are shown at once.
SHOWN: Final = 50
#: How many steps a reading curve has.
STEPS: Final = 60


@attrs.frozen
class ShownAccount:
    """An account. ``password`` is there only if it is the published one of the documents; ``note`` is in both
    languages.
    """

    name: str
    password: str | None = attrs.field(repr=False)
    note: tuple[str, str] = ("", "")


@attrs.frozen
class ShownSession:
    """A login that is known to the server, without its secret. ``remaining`` is ``None`` for one that never expires."""

    account: str
    age: float
    remaining: float | None
    #: Whether another login has replaced it.
    replaced: bool = False


@attrs.frozen(kw_only=True)
class ShownMeter:
    """A meter. ``valve`` and ``online`` are ``None`` where the family has no such thing."""

    number: str
    place: str
    kind: str
    unit: str
    reading: Decimal
    read_at: datetime | None
    balance: Decimal | None = None
    #: Whether it lets water or electricity through.
    valve: bool | None = None
    online: bool | None = None


@attrs.frozen
class EnergyUse:
    """What was used in a period, in the unit of each kind: by machine and kind. ``meters`` says how many count."""

    hours: int
    meters: int
    #: Names of machine and kind, the unit, and the amount.
    rows: Sequence[tuple[str, str, str, Decimal]]


class FamilyOverview:
    """What the page shows of a family. This one shows nothing; each family overrides what it has.

    Nothing here costs more than a few milliseconds, whatever the size of the world.
    """

    #: A call of the client, for the examples beside the accounts; for a family without logins also its path and query.
    example: str = ""
    example_path: str = ""

    def accounts(self, state: Any) -> Sequence[ShownAccount]:
        """Return the accounts; none for a family without logins."""
        return ()

    def sessions(self, state: Any) -> Sequence[ShownSession]:
        """Return the newest sessions, the oldest first."""
        return ()

    def meter_count(self, state: Any) -> int:
        """Return how many meters there are."""
        return 0

    def meters(self, state: Any, search: str) -> Sequence[ShownMeter]:
        """Return the first meters whose number contains a text."""
        return ()

    def curve(self, state: Any, number: str, days: int) -> Sequence[tuple[datetime, Decimal]] | None:
        """Return readings of a meter in the last days, oldest first; ``None`` for an unknown meter."""
        return None

    def energy(self, state: Any, hours: int) -> EnergyUse | None:
        """Return where energy went in the last hours."""
        return None


def plain(value: Any) -> Mapping[str, Any]:
    """Return a shown thing as JSON can hold it; decimals are text."""
    return attrs.asdict(value, value_serializer=lambda _instance, _field, each: _plain(each))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
