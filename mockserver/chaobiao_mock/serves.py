"""Which handler serves which operation, and the protocol a family of handlers follows."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import attrs

from chaobiao._contract.operation import Operation

O = TypeVar("O", bound=Operation[Any])  # noqa: E741  # O for operation

S = TypeVar("S")

Handler = Callable[[Any, Any], Any]

#: Every handler by its operation class.
HANDLERS: dict[type[Operation[Any]], Handler] = {}


def serves(operation: type[O]) -> Callable[[Callable[[S, O], Any]], Callable[[S, O], Any]]:
    """Say that a function carries out an operation on its family's state."""

    def bind(handler: Callable[[S, O], Any]) -> Callable[[S, O], Any]:
        HANDLERS[operation] = handler
        return handler

    return bind


@attrs.frozen
class Call:
    """A request as it came in."""

    operation: type[Operation[Any]]
    content_type: str
    query: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Reply:
    """What goes back, and what the journal says of it."""

    payload: Mapping[str, Any]
    code: int
    account: str = ""
    #: The HTTP status, for families that document no codes of their own.
    status: int = 200


class Family(Protocol):
    """One vendor's way to wrap calls: from the raw request to the envelope of the answer."""

    operations: tuple[type[Operation[Any]], ...]

    def answer(self, state: Any, call: Call) -> Reply:
        """Carry a call out."""
        ...

    def refusal(self, code: int) -> Reply:
        """The envelope of a refusal that a fault asks for."""
        ...
