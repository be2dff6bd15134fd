"""Every operation of every family, with the arguments of its sample, and the lists that tests are parametrised with."""

from collections.abc import Iterable
from typing import Any, Final

import attrs
import pytest

from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import Record, WireField, fields_of
from chaobiao._contract.operation import Acknowledgement, Effect, Operation, PagedOperation, RowsOperation, is_record
from chaobiao._families import families
from tests.harness.samples import Sample, sample_named
from tests.harness.wire_formats import Body, format_of

OPERATIONS: Final[tuple[Kind, ...]] = tuple(kind for family in families() for kind in family.operations)
#: All but logins and logouts: those that a caller sends.
CALLS: Final = tuple(kind for kind in OPERATIONS if kind.spec.effect is not Effect.SESSION)
PAGED: Final = tuple(kind for kind in CALLS if issubclass(kind, PagedOperation))
#: Operations that return records.
READS: Final = tuple(kind for kind in CALLS if is_record(kind.spec.returns))


def family_of(kind: Kind) -> Family:
    """Return the family that declares an operation."""
    return next(family for family in families() if kind in family.operations)


#: Those of families that log in.
ACCOUNT_CALLS: Final = tuple(kind for kind in CALLS if family_of(kind).has_account)


def _first_of_each_effect() -> tuple[Kind, ...]:
    found: dict[tuple[str, Effect], Kind] = {}
    for kind in CALLS:
        found.setdefault((family_of(kind).name, kind.spec.effect), kind)
    return tuple(found.values())


#: Of each family the first operation of each effect, for tests with too many cases to run for all operations.
ONE_OF_EACH_EFFECT: Final = _first_of_each_effect()
ONE_READ: Final = tuple(kind for kind in ONE_OF_EACH_EFFECT if kind.spec.effect is Effect.READ)
#: Of each family the first paged operation.
ONE_PAGED: Final = tuple({family_of(kind).name: kind for kind in reversed(PAGED)}.values())


def name_of(kind: Kind) -> str:
    """Return an operation's name in test ids: family and client method."""
    return f"{family_of(kind).name}-{kind.spec.call}"


def for_each(kinds: Iterable[Kind]) -> Any:
    """Parametrise a test with operations, as ``kind``."""
    return pytest.mark.parametrize("kind", kinds, ids=name_of)


for_each_family: Final = pytest.mark.parametrize("family", families(), ids=lambda family: family.name)


def sample_of(kind: Kind) -> Sample:
    """Return the operation's sample."""
    return sample_named(family_of(kind).name, kind.spec.call)


def example(kind: Kind) -> Operation[Any]:
    """Return the operation with its sample's arguments."""
    return sample_of(kind).operation


def required_arguments(kind: Kind) -> dict[str, Any]:
    """Return the sample's values of the arguments that have no default."""
    given = sample_of(kind).arguments
    return {field.python_name: given[field.python_name] for field in fields_of(kind) if field.default is attrs.NOTHING}


def list_arguments(kind: Kind) -> dict[str, Any]:
    """Return the sample's arguments, or the required ones alone where the sample asks for one thing and not a list."""
    given = sample_of(kind).arguments
    return required_arguments(kind) if kind(**given).single else given


def success(kind: Kind, rows: Iterable[Any] = (), total: Any = None) -> Body:
    """Return a response to an operation that succeeds: rows, an object, an acknowledgement or a login."""
    wire = format_of(family_of(kind))
    if issubclass(kind, RowsOperation):
        return wire.rows(list(rows), total)
    if kind.spec.returns is Acknowledgement:
        assert wire.acknowledgement is not None
        return wire.acknowledgement("done")
    if kind.spec.effect is Effect.SESSION:
        assert wire.login is not None
        return wire.login
    assert wire.object is not None
    return wire.object(next(iter(rows), {}))


def page_names(kind: Kind) -> tuple[str, str]:
    """Return the wire names of a paged operation's page and page size."""
    names = {field.python_name: field.name for field in fields_of(kind)}
    return names["page"], names["page_size"]


def simple_field(record: type[Record]) -> WireField:
    """Return a field of a record that a text such as "7" can stand in but no object, the first text if there is one."""
    simple = [field for kind in (str, int) for field in fields_of(record) if field.type == kind | None]
    return next((field for field in simple if field.codec is None), fields_of(record)[0])


def finds_out_numbering(kind: Kind) -> bool:
    """Return whether a list's document leaves open how pages are numbered, so that the client tries the next number."""
    return issubclass(kind, PagedOperation) and kind(**required_arguments(kind)).shifted() is not None


def numbered_rows(record: type[Record], first: int, count: int) -> list[dict[str, str]]:
    """Return rows of a record that differ in one text or number, which is the row's number."""
    name = simple_field(record).name
    return [{name: str(number)} for number in range(first, first + count)]


def numbers_of(records: Iterable[Any]) -> list[int]:
    """Return the numbers of rows made by :func:`numbered_rows`."""
    return [int(getattr(record, simple_field(type(record)).python_name)) for record in records]
