"""The families that the mock serves, and the handler of each operation. There is no global table of handlers."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Protocol, Self, TypeVar

import attrs

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import TimeStyle
from chaobiao._contract.operation import Operation
from chaobiao._contract.upload import Upload
from chaobiao._families import NAMES
from chaobiao_mock.errors import InvalidInput, Refused
from chaobiao_mock.faults import Fault
from chaobiao_mock.fixtures.sheets import FamilyFixtures
from chaobiao_mock.overview import FamilyOverview

O = TypeVar("O", bound=Operation[Any])  # noqa: E741  # O for operation
S = TypeVar("S")

Handler = Callable[[Any, Any], Any]


class Handlers(dict[Kind, Handler]):
    """The handlers of one module, by operation."""

    def serves(self, operation: type[O]) -> Callable[[Callable[[S, O], Any]], Callable[[S, O], Any]]:
        """Register a function as the handler of an operation; it takes the family's state and the operation."""

        def bind(handler: Callable[[S, O], Any]) -> Callable[[S, O], Any]:
            self[operation] = handler
            return handler

        return bind


@attrs.frozen
class Call:
    """A request for an operation, with its content not read yet."""

    operation: Kind
    #: The verb of the request: an operation may have several.
    verb: str
    content_type: str
    query: Mapping[str, str]
    body: bytes = attrs.field(repr=False)
    cookies: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen
class Arguments:
    """What a request says, by wire name, and who sent it; or why it could not be read."""

    values: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    account: str = ""
    refused: Refused | None = None


@attrs.frozen
class Reply:
    """The content of a response, and what the journal needs of it."""

    payload: Mapping[str, Any]
    code: int
    #: The HTTP status, for families that document no codes of their own.
    status: int = 200
    #: Headers beside those of every response; a name may occur several times.
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=False)
    #: Why a request was refused, in English and Chinese; empty where the code says it all.
    reason: tuple[str, str] = ("", "")


class FamilyProtocol(Protocol):
    """How a family serves calls: from a request to the envelope of its response."""

    #: The arguments that are secret or belong to the session, by wire name; the journal does not show their values.
    session_names: frozenset[str]
    #: The arguments that name meters, by wire name.
    meter_names: frozenset[str]
    #: How requests write times.
    times: TimeStyle

    def read(self, state: Any, call: Call) -> Arguments:
        """Read the content of a request; nothing is checked, and the state stays as it is."""
        ...

    def respond(self, state: Any, call: Call, arguments: Arguments, handlers: Mapping[Kind, Handler]) -> Reply:
        """Execute a call."""
        ...

    def refusal(self, state: Any, code: int) -> Reply:
        """Return the envelope of the refusal that a fault requests."""
        ...

    def revoke(self, state: Any, account: str) -> None:
        """End the sessions of an account, as a server that was restarted does."""


@attrs.frozen(kw_only=True, eq=False)
class MockFamily:
    """What the mock adds to a family's descriptor, which it shares with the SDK."""

    family: Family
    #: The class of its quirks.
    quirks: type[Any]
    #: Creates its state from the world's clock, the number of generated meters, the seed, the start and the quirks, and
    #: from samples in the place of the documented ones where there are fixtures.
    state: Callable[..., Any]
    #: The class of what snapshots keep of its state: ``state.saved()`` returns it, ``state.restore(saved)`` takes it.
    saved: type[Any]
    protocol: FamilyProtocol
    handlers: Mapping[Kind, Handler]
    #: User name and password of the account that always exists; ``None`` where there are no logins.
    account: tuple[str, str] | None
    #: The code of a request that was carried out.
    success: int
    #: How its things are read from the user's files.
    fixtures: FamilyFixtures | None = None
    #: Returns what does not add up in the state, in English and Chinese.
    audit: Callable[[Any], Iterable[tuple[str, str]]] = attrs.field(default=lambda state: ())
    #: What the page shows of the state.
    overview: FamilyOverview = attrs.field(factory=FamilyOverview)
    #: Faults that calls meet which name certain meters, by the meters' numbers.
    reserved: Mapping[str, Fault] = attrs.field(factory=dict)
    #: Verbs that operations have in addition to the documented one.
    further_verbs: Mapping[Kind, tuple[str, ...]] = attrs.field(factory=dict)
    #: The largest request body of operations that take more than others, in bytes.
    largest_bodies: Mapping[Kind, int] = attrs.field(factory=dict)
    #: Paths below which there are files, with functions that find a file by the state and the rest of the path.
    files: Mapping[str, Callable[[Any, str], Upload | None]] = attrs.field(factory=dict)

    @property
    def name(self) -> str:
        """The family's name."""
        return self.family.name

    def with_handlers(self, replaced: Mapping[Kind, Handler]) -> Self:
        """Return the family with other handlers for some of its operations. Raises ``ValueError`` for unknown ones."""
        for operation in replaced:
            if operation not in self.family.operations:
                name = operation.__name__
                raise InvalidInput(f"{name} is no operation of {self.name}", f"{name} 不是 {self.name} 的操作")
        return attrs.evolve(self, handlers={**self.handlers, **replaced})


def mock_families() -> tuple[MockFamily, ...]:
    """Return every family as the mock serves it."""
    return tuple(import_module(f"chaobiao_mock.{name}").FAMILY for name in NAMES)
