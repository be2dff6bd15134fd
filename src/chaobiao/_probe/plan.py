"""What a family's plan of calls can use beside yielding operations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from chaobiao._call.dialect import Dialect
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Operation

#: The number of a page after the last one of any list.
BEYOND: Final = 1_000_000


class Calls(Protocol):
    """A probe that is under way."""

    #: The dialect of the calls that follow.
    dialect: Dialect

    def now(self) -> datetime:
        """Return the time in China Standard Time."""
        ...

    def newest(self, operation: Kind, time: str) -> Mapping[str, Any] | None:
        """Return the row with the newest time among those that an operation has returned; ``None`` if there is none."""
        ...

    def session(self) -> str:
        """Return the token of the newest login; empty where there was none."""
        ...

    def log_in(self) -> None:
        """Log in once more, after the interval."""
        ...

    def send_by_hand(self, operation: Operation[Any], token: str = "") -> None:
        """Send a read with a certain token, or without a session, after the interval."""
        ...
