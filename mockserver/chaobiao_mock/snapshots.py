"""Snapshots: everything of a world that writes and time have changed, as plain values that JSON can hold."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_args, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from chaobiao._contract.calendar import Year
from chaobiao._contract.fields import Record, fields_of
from chaobiao._version import __version__
from chaobiao.clock import SHANGHAI
from chaobiao.energy.codecs import KEPT_TIME_INDEX
from chaobiao_mock.clock import SavedClock
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault, SavedFaults
from chaobiao_mock.quirks import parse_family_quirks
from chaobiao_mock.registry import MockFamily

#: The version of the form. A snapshot of another one is refused.
VERSION: Final = 1


@attrs.frozen
class SavedSettings:
    """The settings of a world."""

    meters: int
    seed: int
    start: datetime | None
    rate: float
    #: Those that are not the default, such as ``{"jrhsz.data": "text"}``.
    quirks: dict[str, str]
    fixtures: dict[str, Any] | None


@attrs.frozen
class Saved:
    """What a snapshot holds, apart from its version."""

    settings: SavedSettings
    #: The first moment of the world.
    began: datetime
    clock: SavedClock
    faults: SavedFaults
    states: dict[str, dict[str, Any]]


@cache
def converter() -> cattrs.Converter:
    """Return what turns saved objects into plain values and back; it refuses unknown and missing names."""
    made = cattrs.Converter(forbid_extra_keys=True, unstruct_collection_overrides={Set: sorted, tuple: list})
    made.register_unstructure_hook_factory(_has_number_keys, lambda kind: _unstructure_numbered(kind, made))
    made.register_structure_hook_factory(_has_number_keys, lambda kind: _structure_numbered(kind, made))
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_structure_hook(datetime, lambda value, _: _moment(value))
    made.register_unstructure_hook(timedelta, timedelta.total_seconds)
    made.register_structure_hook(timedelta, lambda value, _: timedelta(seconds=_number(value)))
    made.register_unstructure_hook(Decimal, lambda value: format(value, "f"))
    made.register_structure_hook(Decimal, lambda value, _: Decimal(_checked(str, value)))
    made.register_unstructure_hook(bytes, lambda value: base64.b64encode(value).decode())
    made.register_structure_hook(bytes, lambda value, _: base64.b64decode(_checked(str, value), validate=True))
    made.register_structure_hook_func(lambda kind: kind is float, lambda value, _: _number(value))
    # By identity: enums of codes and words are subclasses of int and str.
    made.register_structure_hook_func(lambda kind: kind in (int, str, bool), lambda value, kind: _checked(kind, value))
    made.register_structure_hook(datetime | str | None, lambda value, _: _time_or_text(value))
    made.register_unstructure_hook_func(_is_index, _index_to_text)
    made.register_structure_hook_func(_is_index, lambda value, _: _index(value))
    made.register_unstructure_hook_factory(_is_record, lambda kind: _unstructure_record(kind, made))
    made.register_structure_hook_factory(_is_record, lambda kind: _structure_record(kind, made))
    made.register_unstructure_hook(Fault, make_dict_unstructure_fn(Fault, made, _cattrs_include_init_false=True))
    made.register_structure_hook(
        Fault, make_dict_structure_fn(Fault, made, _cattrs_include_init_false=True, _cattrs_forbid_extra_keys=True)
    )
    return made


def _has_number_keys(kind: Any) -> bool:
    """Tell whether a type is a dict whose keys are numbers: in JSON they are texts."""
    return get_origin(kind) is dict and issubclass(get_args(kind)[0], int)


def _unstructure_numbered(kind: Any, made: cattrs.Converter) -> Any:
    value_kind = get_args(kind)[1]
    return lambda found: {str(int(key)): made.unstructure(value, value_kind) for key, value in found.items()}


def _structure_numbered(kind: Any, made: cattrs.Converter) -> Any:
    key_kind, value_kind = get_args(kind)
    return lambda found, _: {
        key_kind(int(key)): made.structure(value, value_kind) for key, value in _checked(dict, found).items()
    }


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _unstructure_record(kind: type[Record], made: cattrs.Converter) -> Any:
    fields_of(kind)  # resolves the names of types
    omitted = override(omit=True)
    return make_dict_unstructure_fn(kind, made, _cattrs_omit_if_default=True, extra=omitted, unreadable=omitted)


def _structure_record(kind: type[Record], made: cattrs.Converter) -> Any:
    fields_of(kind)
    omitted = override(omit=True)
    return make_dict_structure_fn(kind, made, _cattrs_forbid_extra_keys=True, extra=omitted, unreadable=omitted)


def _checked(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"must be {kind.__name__}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError("must be a number")
    return float(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_checked(str, value))
    return moment if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def _time_or_text(value: Any) -> Any:
    """Read what is a time or any other text: a time has its offset."""
    if value is None:
        return None
    try:
        moment = _moment(value)
    except ValueError:
        return value
    return value if moment.tzinfo is None else moment


def _is_index(kind: Any) -> bool:
    """Tell whether a type is that of years, months, days, moments and other texts in documents."""
    return Year in get_args(kind)


def _index_to_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _index(value: Any) -> Any:
    found = _time_or_text(value)
    return KEPT_TIME_INDEX.read(found) if isinstance(found, str) else found


def to_plain(saved: Saved) -> dict[str, Any]:
    """Return a snapshot as plain values."""
    return {"snapshot": VERSION, "mock": __version__, **converter().unstructure(saved)}


def from_plain(content: Any) -> Saved:
    """Read a snapshot. Raises ``ValueError`` for another version, and for what is broken."""
    version = content.get("snapshot") if isinstance(content, Mapping) else None
    if version != VERSION:
        found = "no snapshot" if version is None else f"a snapshot of version {version!r}"
        raise InvalidInput(
            f"this is {found}; this mock reads version {VERSION}",
            f"该内容不是快照版本 {VERSION}，无法恢复",
        )
    rest = {name: value for name, value in content.items() if name not in ("snapshot", "mock")}
    found_saved: Saved = structured(rest, Saved)
    return found_saved


def structured(content: Any, kind: type[Any]) -> Any:
    """Read plain values into a class. Raises ``ValueError`` that says where the first wrong value is."""
    try:
        return converter().structure(content, kind)
    except cattrs.BaseValidationError as error:
        where = cattrs.transform_error(error)[0]
        raise broken(where) from None
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, binascii.Error) as error:
        raise broken(str(error)) from None


def broken(where: str) -> InvalidInput:
    """Return the error for a snapshot that cannot be used."""
    return InvalidInput(f"the snapshot is broken: {where}", f"快照内容有误：{where}")


def quirks_to_plain(families: Iterable[MockFamily], quirks: Mapping[str, Any]) -> dict[str, str]:
    """Return the quirks that are not the default."""
    return {
        f"{family.name}.{field.name}": getattr(quirks[family.name], field.name)
        for family in families
        for field in attrs.fields(family.quirks)
        if getattr(quirks[family.name], field.name) != field.default
    }


def quirks_from_plain(families: Iterable[MockFamily], assignments: Mapping[str, str]) -> list[Any]:
    """Return quirks from texts such as ``{"jrhsz.data": "text"}``. Raises ``ValueError``."""
    known = {family.name: family.quirks for family in families}
    return [*parse_family_quirks(known, [f"{name}={value}" for name, value in assignments.items()]).values()]
