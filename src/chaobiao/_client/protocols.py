"""What namespaces need of a client: so that they depend on no client, and no circle appears."""

import enum
from typing import Any, Final, Protocol, TypeVar

from chaobiao._client.listing import AsyncListing, Listing
from chaobiao._contract.operation import Operation, RowsOperation

T = TypeVar("T")
R = TypeVar("R")


class Sender(Protocol):
    """A sync client, as its namespaces see it."""

    def send(self, operation: Operation[T]) -> T:
        """Send one operation."""
        ...

    def iterate(self, operation: RowsOperation[R]) -> Listing[R]:
        """Iterate over an operation's rows."""
        ...


class AsyncSender(Protocol):
    """An async client, as its namespaces see it."""

    async def send(self, operation: Operation[T]) -> T:
        """Send one operation."""
        ...

    def iterate(self, operation: RowsOperation[R]) -> AsyncListing[R]:
        """Iterate over an operation's rows."""
        ...


class Unset(enum.Enum):
    """The value of an option that ``with_options`` leaves as it is."""

    UNSET = "keep"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


def drop_unset(**changes: Any) -> dict[str, Any]:
    """Answer the options that were given a value."""
    return {name: value for name, value in changes.items() if value is not UNSET}
