"""Reading quirks from text: how each family's documents are interpreted."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast, get_args

import attrs

P = TypeVar("P")


def parse_quirks(quirks: type[P], assignments: Iterable[str]) -> P:
    """Read ``field=value`` texts; raises ``ValueError`` naming the fields or the values there are."""
    values: dict[str, Any] = {}
    fields = attrs.fields_dict(cast("Any", quirks))
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        if name not in fields:
            raise ValueError(f"no quirk {name!r}; there are {', '.join(fields)}")
        allowed = get_args(fields[name].type)
        if value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
        values[name] = value
    return quirks(**values)


def parse_family_quirks(quirks_by_family: Mapping[str, type[Any]], assignments: Iterable[str]) -> dict[str, Any]:
    """Read ``family.field=value`` texts, a bare field being the first family's; return every family's quirks.

    Raises ``ValueError`` naming the families, the fields or the values there are.
    """
    first = next(iter(quirks_by_family))
    found: dict[str, list[str]] = {family: [] for family in quirks_by_family}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        family, dot, field = name.rpartition(".")
        if dot and family not in quirks_by_family:
            raise ValueError(f"no family {family!r}; there are {', '.join(quirks_by_family)}")
        found[family or first].append(f"{field}={value}")
    made: dict[str, Any] = {}
    for family, quirks in quirks_by_family.items():
        try:
            made[family] = parse_quirks(quirks, found[family])
        except ValueError as error:
            raise ValueError(f"{family}: {error}") from None
    return made
