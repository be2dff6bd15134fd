"""What namespaces need of a client: so that they depend on no client, and no circle appears."""

from typing import Protocol, TypeVar

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
