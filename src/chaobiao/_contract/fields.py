"""Fields of records and operations: frozen attrs classes whose fields carry their names on the wire.

``cell`` declares a field of a record, ``arg`` an argument of an operation, ``fields_of`` lists both.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, Protocol, TypeVar, dataclass_transform

import attrs

from chaobiao._contract.plain import Decimals, Headings, Times, conversion
from chaobiao.errors import InvalidArgument

T = TypeVar("T")

_KEY: Final = "chaobiao"

#: How a family writes times: with the time of day, the date only, or as a timestamp.
TimeStyle = Literal["datetime", "date", "milliseconds"]


class Check(Protocol):
    """A check of an argument: returns the value to use, or raises :class:`InvalidArgument`.

    ``bounds`` are the JSON Schema keywords that express the same rule.
    """

    @property
    def bounds(self) -> Mapping[str, Any]: ...
    def __call__(self, name: str, value: Any) -> Any: ...


@attrs.frozen(kw_only=True)
class WireField:
    """The description of one field: its names, its meaning and its rules.

    ``name`` is the wire name, ``python_name`` the attribute, ``zh`` the Chinese name from the vendor's table, ``doc``
    the meaning in English.
    """

    name: str
    zh: str = ""
    doc: str = ""
    unit: str | None = None
    #: Other wire names under which responses carry the field.
    aliases: tuple[str, ...] = ()
    #: Whether the vendor's samples show a JSON number; otherwise they show text.
    number: bool = False
    #: Whether the vendor's table marks it as required (必选).
    required: bool = False
    secret: bool = False
    check: Check | None = None
    #: The codec of its values (see ``_wire.codecs``), where the type alone does not determine it.
    codec: Any = None
    #: A value from the vendor's document.
    example: Any = None
    python_name: str = ""
    type: Any = None
    default: Any = None
    kw_only: bool = True


def arg(
    name: str,
    zh: str = "",
    doc: str = "",
    *,
    default: Any = attrs.NOTHING,
    kw_only: bool = True,
    check: Check | None = None,
    required: bool | None = None,
    unit: str | None = None,
    secret: bool = False,
    codec: Any = None,
    example: Any = None,
) -> Any:
    """Declare an argument of an operation by its wire name, its Chinese name and its meaning.

    ``check`` validates the value; with ``default=None``, ``None`` is not checked. An argument without a default is
    required. Pass ``required=True`` where the vendor's table requires it and the SDK supplies a default.
    """
    field = WireField(
        name=name,
        zh=zh,
        doc=doc,
        unit=unit,
        required=default is attrs.NOTHING if required is None else required,
        secret=secret,
        check=check,
        codec=codec,
        example=example,
    )
    converter = None
    if check is not None:
        rule = check

        def convert(value: Any, attribute: "attrs.Attribute[Any]") -> Any:
            if value is None and attribute.default is None:
                return None
            try:
                return rule(attribute.name, value)
            except InvalidArgument as error:
                error.wire_name = error.wire_name or name  # a nested field has set its own name already
                raise

        converter = attrs.Converter(convert, takes_field=True)
    return attrs.field(default=default, kw_only=kw_only, converter=converter, repr=not secret, metadata={_KEY: field})


def cell(
    name: str,
    zh: str = "",
    doc: str = "",
    *,
    unit: str | None = None,
    aliases: tuple[str, ...] = (),
    number: bool = False,
    required: bool = False,
    secret: bool = False,
    check: Check | None = None,
    codec: Any = None,
    example: Any = None,
) -> Any:
    """Declare a field of a record by its wire name, its Chinese name and its meaning; its default is ``None``.

    ``required`` and ``check`` apply only where the record is an argument; values from a server are not checked.
    Deliberately no field specifier of ``frozen``: type checkers then see the return value as the field's default, so
    every field of a record is optional in its constructor.
    """
    field = WireField(
        name=name,
        zh=zh,
        doc=doc,
        unit=unit,
        aliases=aliases,
        number=number,
        required=required,
        secret=secret,
        check=check,
        codec=codec,
        example=example,
    )
    return attrs.field(default=None, kw_only=True, repr=not secret, metadata={_KEY: field})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(arg, attrs.field))
def frozen(cls: type[T]) -> type[T]:
    """Turn a class with fields from :func:`arg` or :func:`cell` into an immutable attrs class with slots."""
    return attrs.frozen(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(arg, attrs.field))
def mixin(cls: type[T]) -> type[T]:
    """Like :func:`frozen`, for arguments that several operations share; without slots, so mixins can be combined."""
    return attrs.frozen(cls, slots=False)


class Extras(Mapping[str, Any]):
    """An immutable mapping that can be pickled. All empty ones are one object, ``NO_EXTRAS``."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Extras, (self._items,)) if self._items else (_no_extras, ())


NO_EXTRAS: Final = Extras()


def _no_extras() -> Extras:
    return NO_EXTRAS


@frozen
class Record:
    """One typed row or object of a response. Every field may be ``None``: the server may leave it out.

    ``extra`` holds fields that the vendor's document does not list, by wire name. ``unreadable`` holds the raw values
    that do not fit their field, by Python name. Comparing records ignores both.
    """

    extra: Mapping[str, Any] = attrs.field(default=NO_EXTRAS, eq=False, repr=False, kw_only=True)
    unreadable: Mapping[str, Any] = attrs.field(default=NO_EXTRAS, eq=False, repr=False, kw_only=True)

    def to_dict(
        self,
        *,
        headings: Headings = "python",
        extra: bool = False,
        decimals: Decimals = "text",
        times: Times = "text",
    ) -> dict[str, Any]:
        """Return the record as plain values, which json and web frameworks take as they are.

        Every field has its key, with ``None`` where the server gave no value. Enums become their value: the Chinese
        word of a state such as ``Gate``, the number of a ``MeterKind``. Nested records become dicts in lists.

        Args:
            headings: The keys: the ``"python"`` names, the names on the ``"wire"``, or the vendor's Chinese names
                (``"zh"``; where two fields of a record share one, the wire name follows in brackets).
            extra: Add the two keys ``extra`` and ``unreadable`` (其他字段, 无法解析的值) with what they hold.
            decimals: ``"text"`` keeps every digit. It is the default because ``json.dumps`` rejects a ``Decimal`` and
                some web frameworks make a binary float of it, through which money must not pass. ``"number"`` makes
                a float, for charts and statistics (about 15 digits; a number too large for a float stays text).
                ``"keep"`` leaves the ``Decimal``, for databases and DataFrames.
            times: ``"text"`` is ISO 8601 with the offset, such as ``2023-04-22T10:31:53+08:00``. ``"keep"`` leaves
                the ``datetime``.
        """
        return conversion(headings, extra, decimals, times).record(self, fields_of(type(self)))


_fields: dict[type, tuple[WireField, ...]] = {}


def fields_of(cls: type) -> tuple[WireField, ...]:
    """Return the fields of a record or operation class, in the order of their declaration."""
    found = _fields.get(cls)
    if found is None:
        if any(isinstance(a.type, str) for a in attrs.fields(cls)):
            attrs.resolve_types(cls)  # a record whose fields refer to its own class by name, such as a tree
        found = tuple(
            attrs.evolve(field, python_name=a.name, type=a.type, default=a.default, kw_only=a.kw_only)
            for a in attrs.fields(cls)
            if (field := a.metadata.get(_KEY)) is not None
        )
        _fields[cls] = found
    return found
