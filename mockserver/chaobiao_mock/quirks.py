"""Quirks from text, as on the command line: ``jrhsz.data=native``."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import attrs

from chaobiao_mock.errors import InvalidInput


def parse_family_quirks(quirks_by_family: Mapping[str, type[Any]], assignments: Iterable[str]) -> dict[str, Any]:
    """Read ``family.field=value`` texts and return the quirks of every family; without a family, the first is meant.

    Raises ``ValueError``, which lists the known families, fields or values.
    """
    first = next(iter(quirks_by_family))
    values: dict[str, dict[str, Any]] = {family: {} for family in quirks_by_family}
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        family, dot, field = name.rpartition(".")
        if dot and family not in quirks_by_family:
            raise InvalidInput(
                f"no family {family!r}; there are {', '.join(quirks_by_family)}",
                f"没有接口系列 {family!r}，可选：{'、'.join(quirks_by_family)}",
            )
        family = family or first
        values[family][field] = _checked(family, quirks_by_family[family], field, value)
    return {family: quirks(**values[family]) for family, quirks in quirks_by_family.items()}


def examples(quirks_by_family: Mapping[str, type[Any]]) -> list[str]:
    """Return one assignment for each family that has quirks."""
    fields = {family: attrs.fields(quirks)[:1] for family, quirks in quirks_by_family.items()}
    return [f"{family}.{found[0].name}={get_args(found[0].type)[-1]}" for family, found in fields.items() if found]


def _checked(family: str, quirks: type[Any], name: str, value: str) -> str:
    fields = attrs.fields_dict(quirks)
    if name not in fields:
        raise InvalidInput(
            f"{family}: no quirk {name!r}; there are {', '.join(fields)}",
            f"{family}：没有行为差异 {name!r}，可选：{'、'.join(fields)}",
        )
    allowed = get_args(fields[name].type)
    if value not in allowed:
        raise InvalidInput(
            f"{family}: {name} must be one of {', '.join(allowed)}, not {value!r}",
            f"{family}：{name} 须为以下之一：{'、'.join(allowed)}，而不是 {value!r}",
        )
    return value
