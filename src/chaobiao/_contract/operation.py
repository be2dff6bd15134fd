"""An operation is one documented endpoint with its arguments: a frozen value that does no I/O."""

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
    """What an operation does, which alone decides what may be repeated."""

    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    CREATE = "create"
    MONEY = "money"
    COMMAND = "command"
    SESSION = "session"

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice leaves the same state as sending it once."""
        return self in _REPEATABLE


_REPEATABLE = frozenset({Effect.READ, Effect.UPDATE, Effect.DELETE, Effect.SESSION})


@attrs.frozen
class Spec:
    """What the contract says of an operation, beside its arguments and its record."""

    method: str
    path: str
    section: str
    call: str
    effect: Effect
    #: Seconds between two calls of one account, or None where no limit is documented.
    interval: float | None
    title: str
    #: The record of its rows or object, or what else sending it returns.
    returns: Any


class Operation(Generic[T_co]):
    """The base of all operations; ``T`` is what sending it returns."""

    __slots__ = ()
    spec: ClassVar[Spec]

    @property
    def reference(self) -> str | None:
        """What identifies the thing asked for when the outcome is unknown, such as an order number."""
        return None


class ObjectOperation(Operation[R_co]):
    """An operation that returns one object."""

    __slots__ = ()


class RowsOperation(Operation["Page[R_co]"], Generic[R_co]):
    """An operation that returns rows, all at once."""

    __slots__ = ()


class PagedOperation(RowsOperation[R_co], Generic[R_co]):
    """An operation that returns rows a page at a time; its family gives ``page`` and ``page_size`` their wire names."""

    __slots__ = ()
    #: Whether the rows tell of the past though no period is asked for: then they stand still from page to page.
    past: ClassVar[bool] = False
    page: Any
    page_size: Any

    @property
    def single(self) -> bool:
        """Whether it asks for one thing only, so that it returns one row at most."""
        return False

    def at(self, page: int) -> "PagedOperation[R_co]":
        """Return the same operation for another page."""
        return attrs.evolve(cast("Any", self), page=page)


@attrs.frozen(slots=True)
class Page(Sequence[R_co], Generic[R_co]):
    """Rows of one response: a sequence, with the server's total beside it.

    ``total`` is the server's own count of all rows of the question, ``None`` where it gave none.
    """

    rows: Sequence[R_co]
    total: int | None = None
    number: int = 1
    #: Whether the total can be believed: a list with fewer rows is then incomplete.
    sure: bool = True
    #: Whether nothing can follow: the server returned a single object, or was asked for one thing only.
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
        """Return the rows as plain values; :meth:`Record.to_dict` explains the choices."""
        return conversion(headings, extra, decimals, times).rows(self.rows)


@attrs.frozen
class Acknowledgement:
    """The server's word that it did what was asked.

    ``message`` is its own words. ``repeated`` says that an earlier attempt of this same call went unanswered, so the
    server may have done it twice (only operations for which that makes no difference are repeated).
    """

    message: str | None = None
    repeated: bool = False


def _return_type(cls: type) -> Any:
    """Find the type argument of the operation's base: the record of its rows or object, or None."""
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
) -> Callable[[type[T]], type[T]]:
    """Say which endpoint a class is. Goes above ``@frozen``, because slotted classes are made twice.

    ``call`` is the client method (``"meters.list"``), ``section`` the vendor's section, ``interval`` the documented
    seconds between calls, ``title`` the vendor's Chinese name of the endpoint.
    """

    def bind(cls: type[T]) -> type[T]:
        cast("Any", cls).spec = Spec(method, path, section, call, effect, interval, title, _return_type(cls))
        return cls

    return bind


def sorted_arguments(operation: type[Operation[Any]]) -> list[WireField]:
    """Sort an operation's arguments as its client method has them: positional, then required ones, the page last."""
    return sorted(
        fields_of(operation),
        key=lambda f: (f.kw_only, f.default is not attrs.NOTHING, f.python_name in ("page", "page_size")),
    )


def is_record(kind: Any) -> bool:
    """Tell whether a type is a record class."""
    return isinstance(kind, type) and issubclass(kind, Record)
