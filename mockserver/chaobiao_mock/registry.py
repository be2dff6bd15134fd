"""The families that the mock serves, and which function carries out which operation. Nothing here is global."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol, Self, TypeVar

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.operation import Operation
from chaobiao._families import NAMES

O = TypeVar("O", bound=Operation[Any])  # noqa: E741  # O for operation
S = TypeVar("S")

Handler = Callable[[Any, Any], Any]


class Handlers(dict[Kind, Handler]):
    """The handlers of one module, by the operations that they carry out."""

    def serves(self, operation: type[O]) -> Callable[[Callable[[S, O], Any]], Callable[[S, O], Any]]:
        """Say that a function carries out an operation on its family's state."""

        def bind(handler: Callable[[S, O], Any]) -> Callable[[S, O], Any]:
            self[operation] = handler
            return handler

        return bind


@attrs.frozen
class Call:
    """A request as it came in."""

    operation: Kind
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


class FamilyProtocol(Protocol):
    """How a family wraps calls: from the raw request to the envelope of the response."""

    def respond(self, state: Any, call: Call, handlers: Mapping[Kind, Handler]) -> Reply:
        """Carry a call out."""
        ...

    def refusal(self, state: Any, code: int) -> Reply:
        """The envelope of a refusal that a fault asks for."""
        ...


@attrs.frozen(kw_only=True)
class MockFamily:
    """The mock's half of a family, beside the descriptor that it shares with the SDK."""

    family: Family
    #: The class of its quirks.
    quirks: type[Any]
    #: Makes its state from the world's clock, the number of made-up meters, the seed, the beginning and the quirks.
    state: Callable[..., Any]
    protocol: FamilyProtocol
    handlers: Mapping[Kind, Handler]
    #: What the command prints of its accounts.
    banner: str

    @property
    def name(self) -> str:
        """The family's name."""
        return self.family.name

    def with_handlers(self, replaced: Mapping[Kind, Handler]) -> Self:
        """Return the family with other handlers for some of its operations."""
        for operation in replaced:
            if operation not in self.family.operations:
                raise ValueError(f"{operation.__name__} is no operation of {self.name}")
        return attrs.evolve(self, handlers={**self.handlers, **replaced})


def mock_families() -> tuple[MockFamily, ...]:
    """Return the mock's half of every family."""
    return tuple(import_module(f"chaobiao_mock.{name}").FAMILY for name in NAMES)
