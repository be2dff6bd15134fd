"""Compares operations and records with the transcription; each function returns the differences.

They are values, so that a test can also compare the code with a transcription that was changed on purpose.
"""

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from chaobiao._contract.calendar import Month, Year
from chaobiao._contract.fields import Record, WireField, fields_of
from chaobiao._contract.operation import is_record
from chaobiao._contract.upload import Upload
from chaobiao._wire.codecs import kinds_of
from chaobiao._wire.records import codec_of
from tests.contract.transcription import Direction, Endpoint, Row

#: All names that the wire may give a field: its own first, then its aliases.
Names = tuple[str, ...]
Comparison = Callable[[Endpoint], Iterator[str]]


@attrs.frozen
class Meaning:
    """What a documented type is in Python, and which JSON types describe it."""

    python: tuple[type, ...]
    json: tuple[str, ...]


_TEXT = Meaning((str,), ("string",))
_WHOLE = Meaning((int,), ("integer",))
_NUMBER = Meaning((Decimal, int), ("number", "integer"))
_TIME = Meaning((datetime, date), ("string",))
_LIST = Meaning((tuple,), ("array",))
_ANY = Meaning((object,), ())
#: The documented types, in every spelling of the documents.
TYPES = {
    **dict.fromkeys(("string", "String", "str", "Str", "S"), _TEXT),
    **dict.fromkeys(("int", "Int"), _WHOLE),
    **dict.fromkeys(("number", "num", "float"), _NUMBER),
    **dict.fromkeys(("date", "datetime", "time"), _TIME),
    **dict.fromkeys(("obj[]", "list", "List"), _LIST),
    "file": Meaning((Upload,), ("string",)),
    "Json": _ANY,
}
#: What an exemption from the documented type may name.
INSTEAD = {
    "str": _TEXT,
    "int": _WHOLE,
    "bool": Meaning((bool,), ("boolean",)),
    "Decimal": _NUMBER,
    "datetime": _TIME,
    "index": Meaning((datetime, date, Year, Month), ("string",)),
    "timedelta": Meaning((timedelta,), ("string",)),
    "Json": _ANY,
    "list": _LIST,
    "object": Meaning((Record,), ("object",)),
}


def compare_endpoint(endpoint: Endpoint) -> Iterator[str]:
    """Verb, path and Chinese title."""
    spec = endpoint.kind.spec
    for row in endpoint.rows("operation"):
        verb = endpoint.exempt("operation", row.name, "verb") or row.type
        if (verb, row.path, row.words) != (spec.method, spec.path, spec.title):
            yield f"{row}: documented as {verb} {row.path} {row.words}"


def compare_arguments(endpoint: Endpoint) -> Iterator[str]:
    """Names of arguments, and which are required."""
    added = added_by_client(endpoint)
    fields = fields_below(endpoint.kind)
    yield from compare_names([*fields, *((name,) for name in added)], endpoint, "request")
    required = {name: field.required for names, field in fields.items() for name in names}
    yield from compare_required({**required, **dict.fromkeys(added, True)}, endpoint)


def compare_records(endpoint: Endpoint) -> Iterator[str]:
    """Names of the fields of what is returned, nested ones included."""
    yield from compare_names(fields_below(endpoint.kind.spec.returns), endpoint, "response")


def compare_types(endpoint: Endpoint) -> Iterator[str]:
    """What Python makes of a response. Arguments take more types than the wire has: OpenAPI has what is sent."""
    for row, field in _declared(endpoint, "response"):
        allowed = tuple(kind for meaning in meanings(row, endpoint) for kind in meaning.python)
        for annotated in kinds_of(field.type):
            for made in _classes(annotated):
                is_flag = made is bool and bool not in allowed  # a bool is an int in Python, and no number here
                if allowed and (is_flag or not issubclass(made, allowed)):
                    yield f"{row}: documented as {row.type}, read as {made.__name__}"


def compare_words(endpoint: Endpoint) -> Iterator[str]:
    """Chinese names of arguments and fields."""
    directions: tuple[Direction, ...] = ("request", "response")
    for direction in directions:
        for row, field in _declared(endpoint, direction):
            yield from compare_chinese_name(row, field.zh, endpoint)


#: Every comparison of the code.
COMPARISONS: tuple[Comparison, ...] = (
    compare_endpoint,
    compare_arguments,
    compare_records,
    compare_types,
    compare_words,
)


# --- parts that the comparison of the OpenAPI documents needs too ---


def compare_names(found: Iterable[Names], endpoint: Endpoint, direction: Direction) -> Iterator[str]:
    """Every documented name is declared, and every declared one is documented."""
    documented = {row.name for row in endpoint.rows(direction)}
    declared = list(found)
    for name in sorted(documented - {name for names in declared for name in names}):
        if endpoint.exempt(direction, name, "unread") is not None:
            continue
        yield f"{endpoint} {direction} {name}: documented, not declared"
    for names in declared:
        for name in names:
            # An exemption is for aliases: the name that is written must be documented.
            is_exempt = name != names[0] and endpoint.exempt(direction, name, "alias") is not None
            if name not in documented and not is_exempt:
                yield f"{endpoint} {direction} {name}: declared, not documented"


def compare_required(found: Mapping[str, bool], endpoint: Endpoint) -> Iterator[str]:
    """Arguments are required where the document says 是. Some tables do not say it."""
    for row in endpoint.rows("request"):
        wanted = endpoint.exempt("request", row.name, "required") or row.required
        if wanted and row.name in found and found[row.name] != (wanted == "是"):
            yield f"{row}: whether it is required is documented as {wanted}"


def compare_chinese_name(row: Row, zh: str, endpoint: Endpoint) -> Iterator[str]:
    """The Chinese name is the documented words, or the part of them that is a name.

    Where the document gives no name, as for what only a sample shows, it is ours.
    """
    instead = endpoint.exempt(row.direction, row.name, "words")
    words = _without_spaces(row.words)
    name = name_in(words)
    good = {words, name} if instead is None else {instead}
    if (name or instead) and _without_spaces(zh) not in good:
        yield f"{row}: documented as {row.words}, named {zh}"


def name_in(words: str) -> str:
    """Return the name that words begin with; "" where they only list codes or say that something is a filter."""
    condition = re.match("如果[^，]*，这个参数有效，", words)
    name = _EXPLANATION.split(words[condition.end() :] if condition else words)[0]
    return re.sub("^根据|筛选$", "", name) if name.endswith("筛选") else name


#: Where the explanation of a name begins: a bracket, a comma, a colon, or the first code of a list such as "1:是".
_EXPLANATION = re.compile("[（(，,：:；;、]|[0-9][:：-]")


def meanings(row: Row, endpoint: Endpoint) -> Iterator[Meaning]:
    """What a row's type allows, and what an exemption allows too; nothing where the document gives no type."""
    if row.type:
        yield TYPES[row.type]
        instead = endpoint.exempt(row.direction, row.name, "type")
        if instead is not None:
            yield INSTEAD[instead]


def added_by_client(endpoint: Endpoint) -> set[str]:
    """Return the arguments that the client adds by itself, such as a token."""
    return set(endpoint.family.module("openapi").DESCRIBER.added_arguments(endpoint.kind))


def fields_below(owner: Any) -> dict[Names, WireField]:
    """Return the fields of an operation or record by their names on the wire; none for anything else.

    The fields of a nested record have names such as "Data.Time". A record within its own kind, a tree, is not followed.
    """
    is_owner = is_record(owner) or (isinstance(owner, type) and hasattr(owner, "spec"))
    return dict(_fields_below(owner, "", ())) if is_owner else {}


def _fields_below(owner: type, prefix: str, above: tuple[type, ...]) -> Iterator[tuple[Names, WireField]]:
    for field in fields_of(owner):
        yield tuple(prefix + name for name in (field.name, *field.aliases)), field
        nested = codec_of(field).nested
        if nested is not None and nested not in (owner, *above):
            yield from _fields_below(nested, f"{prefix}{field.name}.", (owner, *above))


def _declared(endpoint: Endpoint, direction: Direction) -> Iterator[tuple[Row, WireField]]:
    """Each documented argument or field with its declaration, where it has one."""
    fields = fields_below(endpoint.kind if direction == "request" else endpoint.kind.spec.returns)
    by_name = {name: field for names, field in fields.items() for name in names}
    yield from ((row, by_name[row.name]) for row in endpoint.rows(direction) if row.name in by_name)


def _classes(annotated: Any) -> Iterator[type]:
    """The classes of the values that an annotation stands for; those of an enum are its codes."""
    if isinstance(annotated, type) and issubclass(annotated, enum.Enum):
        yield from {type(member.value) for member in annotated}
    else:
        yield getattr(annotated, "__origin__", annotated)


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)
