"""Operations: a documented endpoint with its arguments, as an immutable value that does no I/O."""

import enum
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar, cast, overload

import attrs

from chaobiao._contract.fields import Record, WireField, fields_of
from chaobiao._contract.plain import Decimals, Headings, Times, conversion

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Effect(enum.Enum):
    """What an operation does on the server. It decides whether the operation may be repeated."""

    #: Changes nothing.
    READ = "read"
    #: Changes an existing thing, which is selected by its id.
    UPDATE = "update"
    #: Deletes a thing, which is selected by its id.
    DELETE = "delete"
    #: Creates a new thing.
    CREATE = "create"
    #: Moves money.
    MONEY = "money"
    #: Makes a device act.
    COMMAND = "command"
    #: Logs in or out.
    SESSION = "session"

    @property
    def repeatable(self) -> bool:
        """Whether sending the operation twice leaves the server in the same state as sending it once."""
        return self in _REPEATABLE


_REPEATABLE = frozenset({Effect.READ, Effect.UPDATE, Effect.DELETE, Effect.SESSION})


@attrs.frozen
class Spec:
    """The description of an endpoint, apart from its arguments.

    ``method`` and ``path`` are HTTP's, ``section`` is the vendor's section, such as ``"meter 4.3"``, ``call`` the
    client method, such as ``"meters.list"``, and ``title`` the vendor's Chinese name of the endpoint.
    """

    method: str
    path: str
    section: str
    call: str
    effect: Effect
    #: The documented seconds between two calls by one account; ``None`` where no limit is documented.
    interval: float | None
    title: str
    #: The type of its rows or its object: a record class, ``Acknowledgement`` or ``Secret``.
    returns: Any
    #: The client method that shows whether the operation was carried out, such as ``"recharges.list"``.
    look_up: str = ""


class Operation(Generic[T_co]):
    """The base of all operations. The type parameter is the type that ``client.send(operation)`` returns."""

    __slots__ = ()
    spec: ClassVar[Spec]

    @property
    def reference(self) -> str | None:
        """What to look up when the outcome is unknown, such as an order number; ``None`` for a read."""
        return None


class ObjectOperation(Operation[R_co]):
    """An operation that returns one object."""

    __slots__ = ()


class RowsOperation(Operation["Page[R_co]"], Generic[R_co]):
    """An operation that returns rows, all of them in one response."""

    __slots__ = ()


class PagedOperation(RowsOperation[R_co], Generic[R_co]):
    """An operation that returns one page of rows. Each family declares ``page`` and ``page_size`` by its wire names."""

    __slots__ = ()
    #: Whether the rows are history and never change, though the operation has no period: lists compare whole rows then.
    past: ClassVar[bool] = False
    #: The Python name of the field that no two rows have in common, such as ``"id"``; ``None`` where there is none.
    key: ClassVar[str | None] = None
    page: Any
    page_size: Any

    @property
    def single(self) -> bool:
        """Whether the arguments select one thing only, so that at most one row is returned."""
        return False

    def at(self, page: int) -> "PagedOperation[R_co]":
        """Return a copy of the operation that asks for another page."""
        return attrs.evolve(cast("Any", self), page=page)

    def shifted(self) -> "PagedOperation[R_co] | None":
        """Return a copy for a server that numbers its pages from one more than the dialect assumes.

        ``None`` where the documents say how pages are numbered, and for an operation that is shifted already.
        """
        return None


@attrs.frozen(slots=True)
class Page(Sequence[R_co], Generic[R_co]):
    """The rows of one response, as a sequence.

    ``total`` is the server's count of the rows of all pages, ``None`` where it gave none; ``number`` is the number of
    the page, counted from 1.
    """

    rows: Sequence[R_co]
    total: int | None = None
    number: int = 1
    #: Whether ``total`` is reliable: a list that ends with fewer rows is then incomplete.
    sure: bool = True
    #: Whether no page can follow: the server returned a single object, or one thing only was asked for.
    last: bool = False

    @overload
    def __getitem__(self, index: int) -> R_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R_co]: ...
    def __getitem__(self, index: int | slice) -> R_co | Sequence[R_co]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[R_co]:
        return iter(self.rows)

    def to_dicts(
        self,
        *,
        headings: Headings = "python",
        extra: bool = False,
        decimals: Decimals = "text",
        times: Times = "text",
    ) -> list[dict[str, Any]]:
        """Return the rows as plain values; :meth:`Record.to_dict` describes the arguments."""
        return conversion(headings, extra, decimals, times).rows(self.rows)


@attrs.frozen
class Acknowledgement:
    """The server's statement that it accepted the operation.

    ``message`` is the server's text. ``repeated`` says that an earlier attempt of this call got no response, so the
    server may have carried it out twice; only operations for which that makes no difference are repeated.
    """

    message: str | None = None
    repeated: bool = False


def _return_type(cls: type) -> Any:
    """Return the type argument of the operation's base class: the type of its rows or object."""
    for base in getattr(cls, "__orig_bases__", ()):
        for argument in getattr(base, "__args__", ()):
            return argument
    return None


def operation(
    method: str,
    path: str,
    *,
    section: str,
    call: str,
    effect: Effect,
    interval: float | None = None,
    title: str = "",
    look_up: str = "",
) -> Callable[[type[T]], type[T]]:
    """Attach the description of an endpoint to an operation class; :class:`Spec` explains the arguments.

    Place the decorator above ``@frozen``: attrs creates a second class for slots, and ``spec`` belongs to that one.
    """

    def bind(cls: type[T]) -> type[T]:
        cast("Any", cls).spec = Spec(method, path, section, call, effect, interval, title, _return_type(cls), look_up)
        return cls

    return bind


def sorted_arguments(operation: type[Operation[Any]]) -> list[WireField]:
    """Return the arguments in the order of the client method: positional, required, optional, page and page size."""
    return sorted(
        fields_of(operation),
        key=lambda f: (f.kw_only, f.default is not attrs.NOTHING, f.python_name in ("page", "page_size")),
    )


def is_record(kind: Any) -> bool:
    """Return whether a type is a record class."""
    return isinstance(kind, type) and issubclass(kind, Record)
