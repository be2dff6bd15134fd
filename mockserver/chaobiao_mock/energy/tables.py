"""Tables of records with ids, unique names and references between them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, cast

import attrs

from chaobiao_mock.errors import Refused

R = TypeVar("R")

#: The codes of what a table refuses.
NO_DATA, EXISTS, IN_USE, WRONG = 4002, 4003, 4004, 4103


def in_use() -> Refused:
    """Return the refusal to delete what others refer to."""
    return Refused(IN_USE, "数据正在使用，不能删除")


def evolve(row: R, **changes: Any) -> R:
    """Return a copy of a row with other values in some of its fields."""
    return cast("R", attrs.evolve(cast("Any", row), **changes))


class Table(Generic[R]):
    """The rows of one kind, by id. An id is never given twice.

    The values of the fields ``unique`` together are different in each row.
    """

    def __init__(self, *unique: str) -> None:
        self._unique = unique
        self._rows: dict[int, R] = {}
        self._ids: dict[tuple[Any, ...], int] = {}
        self._last_id = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        """Iterate over the rows, the oldest first."""
        return iter([*self._rows.values()])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    @property
    def last_id(self) -> int:
        """The greatest id that was ever given."""
        return self._last_id

    def restore(self, rows: Iterable[R], last_id: int) -> None:
        """Hold these rows, and give no id again up to ``last_id``."""
        self._rows, self._ids, self._last_id = {}, {}, 0
        for row in rows:
            self.add(row)
        self._last_id = max(self._last_id, last_id)

    def find(self, key: int | None) -> R | None:
        """Return the row with an id, or ``None``."""
        return None if key is None else self._rows.get(key)

    def get(self, key: int) -> R:
        """Return the row with an id. Raises :class:`Refused` with 4002."""
        try:
            return self._rows[key]
        except KeyError:
            raise Refused(NO_DATA) from None

    def named(self, *unique: Any) -> R | None:
        """Return the row with these values of the unique fields, or ``None``."""
        return self.find(self._ids.get(unique))

    def add(self, row: R) -> R:
        """Add a row under its own id, or under a new one, and return it. Raises :class:`Refused` with 4003."""
        given: int | None = getattr(row, "id", None)
        key = self._last_id + 1 if given is None else given
        self._check_unique(row, key)
        if given is None:
            row = evolve(row, id=key)
        self._last_id = max(self._last_id, key)
        self._store(key, row)
        return row

    def replace(self, key: int, row: R) -> None:
        """Put another row in the place of one. Raises :class:`Refused` with 4002 or 4003."""
        self._check_unique(row, key)
        self._ids.pop(self._name_of(self.get(key)), None)
        self._store(key, row)

    def remove(self, key: int) -> R:
        """Remove a row and return it. Raises :class:`Refused` with 4002."""
        row = self.get(key)
        del self._rows[key]
        self._ids.pop(self._name_of(row), None)
        return row

    def _store(self, key: int, row: R) -> None:
        self._rows[key] = row
        if self._unique:
            self._ids[self._name_of(row)] = key

    def _name_of(self, row: R) -> tuple[Any, ...]:
        return tuple(getattr(row, field) for field in self._unique)

    def _check_unique(self, row: R, key: int) -> None:
        if self._unique and self._ids.get(self._name_of(row), key) != key:
            raise Refused(EXISTS)


@attrs.frozen
class Reference:
    """A field that holds the id of a row of another table, or a function that returns such ids."""

    table: Table[Any]
    field: str | Callable[[Any], Iterable[int]]
    target: Table[Any]

    def keys(self, row: Any) -> tuple[int, ...]:
        """Return the ids that a row refers to."""
        if not isinstance(self.field, str):
            return tuple(self.field(row))
        key = getattr(row, self.field)
        return () if key is None else (key,)


class Database:
    """Tables with references between them: a reference leads to a row that exists."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self._references = tuple(references)

    def check(self, table: Table[Any], row: Any) -> None:
        """Raise :class:`Refused` with 4103 where a reference of a row leads nowhere."""
        for reference in self._references:
            if reference.table is table:
                for key in reference.keys(row):
                    if key not in reference.target:
                        raise Refused(WRONG, f"主键 {key} 不存在")

    def delete(
        self, table: Table[R], key: int, removed: Callable[[Table[Any], Any], None], *, cascade: bool = False
    ) -> None:
        """Delete a row, and with ``cascade`` what refers to it.

        Raises :class:`Refused` with 4002 for an unknown id, and with 4004 for what is in use. ``removed`` is called
        for each row.
        """
        table.get(key)
        users = [
            (reference.table, row.id)
            for reference in self._references
            if reference.target is table
            for row in reference.table
            if key in reference.keys(row)
        ]
        if users and not cascade:
            raise in_use()
        for user, user_key in users:
            if user_key in user:
                self.delete(user, user_key, removed, cascade=True)
        removed(table, table.remove(key))
