"""Conversion of an operation's arguments to JSON values, and back, as the mock needs it."""

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from chaobiao._contract import checks
from chaobiao._contract.fields import TimeStyle, fields_of
from chaobiao._wire.records import codec_of
from chaobiao.errors import InvalidArgument

O = TypeVar("O")  # noqa: E741  # O for operation


def write_arguments(operation: object, style: TimeStyle) -> dict[str, Any]:
    """Return an operation's arguments by wire name, without those that are ``None``."""
    arguments: dict[str, Any] = {}
    for name, python_name, write in _writers_of(type(operation)):
        value = getattr(operation, python_name)
        if value is not None:
            arguments[name] = write(value, style)
    return arguments


_writers: dict[type, tuple[tuple[str, str, Any], ...]] = {}


def _writers_of(operation: type) -> tuple[tuple[str, str, Any], ...]:
    """Return the wire name, Python name and write function of each argument; cached for each class."""
    found = _writers.get(operation)
    if found is None:
        found = tuple((field.name, field.python_name, codec_of(field).write) for field in fields_of(operation))
        _writers[operation] = found
    return found


def read_arguments(operation: type[O], arguments: Mapping[str, Any]) -> O:
    """Build an operation from the arguments of a request, as a server does.

    Empty text is a value only where the argument's check takes it; otherwise the argument is missing.
    Raises :class:`InvalidArgument` for an argument that is missing, cannot be read or breaks a rule.
    """
    values: dict[str, Any] = {}
    for field in fields_of(operation):
        raw = arguments.get(field.name)
        if raw is None or (raw == "" and field.check is not checks.any_text):
            if field.required or field.default is attrs.NOTHING:
                raise InvalidArgument(field.python_name, missing=True, wire_name=field.name)
            continue
        try:
            value = codec_of(field).read(raw)
        except (ValueError, ArithmeticError, TypeError, OverflowError):
            raise InvalidArgument(field.python_name, "cannot be read", "无法解析", wire_name=field.name) from None
        if value is not None:
            values[field.python_name] = value
    return operation(**values)
