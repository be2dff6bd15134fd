"""Bodies and queries of the mock's own endpoints: read into attrs classes, and described as JSON schemas."""

from collections.abc import Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from chaobiao_mock.errors import InvalidInput

T = TypeVar("T")

Schema = dict[str, Any]

_WORDS = {
    int: ("a whole number", "整数"),
    float: ("a number", "数字"),
    bool: ("true or false", "true 或 false"),
    str: ("text", "文本"),
    dict: ("a JSON object", "JSON 对象"),
    list: ("a list of texts", "文本数组"),
}
_SCHEMAS: dict[type, Schema] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    dict: {"type": "object"},
    list: {"type": "array", "items": {"type": "string"}},
}


def described(default: Any, english: str, chinese: str) -> Any:
    """Declare a field with its meaning in both languages; ``attrs.NOTHING`` as default makes it required."""
    return attrs.field(default=default, metadata={"english": english, "chinese": chinese})


def read_into(kind: type[T], values: Mapping[str, Any], *, from_query: bool = False) -> T:
    """Build an object from JSON values or query texts. Raises ``ValueError`` that names the field and its rule.

    ``dict`` takes any object: what it holds is checked where it is used.
    """
    if kind is dict:
        return cast("T", dict(values))
    fields = {field.name: field for field in attrs.fields(kind) if field.init}  # type: ignore[arg-type]  # every body is an attrs class
    hints = get_type_hints(kind)
    strange = sorted(set(values) - set(fields))
    if strange:
        names = ", ".join(fields) or "none"
        raise InvalidInput(
            f"unknown: {', '.join(strange)}; known: {names}", f"未知字段：{'、'.join(strange)}；可用：{names}"
        )
    found: dict[str, Any] = {}
    for name, field in fields.items():
        if name in values and values[name] is not None:
            found[name] = _value(name, hints[name], values[name], from_query)
        elif field.default is attrs.NOTHING:
            english, chinese = _rule(hints[name])
            raise InvalidInput(f"{name} is missing: it must be {english}", f"缺少 {name}，须为{chinese}")
    return kind(**found)


def schema_of(kind: type[Any]) -> Schema:
    """Return the JSON schema of a class."""
    if kind is dict:
        return {"type": "object"}
    hints = get_type_hints(kind)
    fields = [field for field in attrs.fields(kind) if field.init]
    properties = {}
    for field in fields:
        schema = dict(_schema(hints[field.name]))
        meaning = field.metadata
        if meaning:
            schema["description"] = f"{meaning['english']} / {meaning['chinese']}"
        if field.default not in (attrs.NOTHING, None):
            schema["default"] = field.default
        properties[field.name] = schema
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _plain(hint: Any) -> Any:
    """Return a type without None and without the types of its items."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    origin = get_origin(hint)
    return origin if origin in (dict, list) else hint


def _schema(hint: Any) -> Schema:
    plain = _plain(hint)
    if get_origin(plain) is Literal:
        return {"type": "string", "enum": list(get_args(plain))}
    return _SCHEMAS[plain]


def _rule(hint: Any) -> tuple[str, str]:
    plain = _plain(hint)
    if get_origin(plain) is Literal:
        values = get_args(plain)
        return f"one of {', '.join(values)}", f"以下之一：{'、'.join(values)}"
    return _WORDS[plain]


def _value(name: str, hint: Any, value: Any, from_query: bool) -> Any:
    plain = _plain(hint)
    fits = False
    if get_origin(plain) is Literal:
        fits = isinstance(value, str) and value in get_args(plain)
    elif plain is int and from_query:
        fits = value.isascii() and value.isdigit() and len(value) <= 18
        value = int(value) if fits else value
    elif plain is float:
        fits = isinstance(value, int | Decimal) and not isinstance(value, bool)
        value = float(value) if fits and abs(value) < 10**18 else None
        fits = value is not None
    elif plain is list:
        fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
    else:
        fits = isinstance(value, plain) and (plain is bool or not isinstance(value, bool))
    if not fits:
        english, chinese = _rule(hint)
        raise InvalidInput(f"{name} must be {english}", f"{name} 须为{chinese}")
    return value
