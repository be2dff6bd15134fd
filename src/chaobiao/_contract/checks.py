"""Rules that arguments must keep, checked before anything is sent.

Each takes the argument's name and value and returns the value to keep, or raises :class:`InvalidArgument` naming the
argument, the rule and the way out, in English and Chinese.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

import attrs

from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.secret import Secret
from chaobiao._contract.upload import Upload
from chaobiao.clock import SHANGHAI
from chaobiao.errors import InvalidArgument

#: Whatever context the caller works in.
_EXACT: Final = Context(prec=40)

T = TypeVar("T")
E = TypeVar("E", bound=enum.Enum)
R = TypeVar("R", bound=Record)


@attrs.frozen
class Rule(Generic[T]):
    """A check, with the JSON Schema keywords that say the same."""

    apply: Callable[[str, Any], T]
    bounds: Mapping[str, Any] = attrs.field(factory=dict)

    def __call__(self, name: str, value: Any) -> T:
        return self.apply(name, value)


def rule(**bounds: Any) -> Callable[[Callable[[str, Any], T]], Rule[T]]:
    """Make a check of a function."""
    return lambda apply: Rule(apply, bounds)


def refuse(name: str, wanted: str, wanted_zh: str, value: object = None) -> InvalidArgument:
    """Make the error for an argument that is not what it must be."""
    shown = "" if value is None else f", not {_shown(value)}"
    shown_zh = "" if value is None else f"，而不是 {_shown(value)}"
    return InvalidArgument(name, f"must be {wanted}{shown}", f"必须是{wanted_zh}{shown_zh}")


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out a number of thousands of digits
        text = f"a number of {type(value).__name__} with thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


@rule()
def code(name: str, value: Any) -> str:
    """A number or name that identifies something: non-empty text without surrounding spaces."""
    if not isinstance(value, str):
        raise refuse(name, "text (numbers lose their leading zeros)", "文本（数字会丢失前导零）", value)
    if not value or value != value.strip():
        raise refuse(name, "non-empty text without surrounding spaces", "非空且首尾无空格的文本", value)
    return value


@rule()
def single_code(name: str, value: Any) -> str:
    """A code where the server takes one only."""
    if isinstance(value, list | tuple | set | frozenset) or (isinstance(value, str) and "," in value):
        raise refuse(
            name,
            "a single number: this endpoint takes one; call it once for each",
            "单个编号：该接口一次只接受一个，请逐个调用",
            value,
        )
    return code(name, value)


@rule()
def several_codes(name: str, value: Any) -> str | tuple[str, ...]:
    """One code or several: text, text joined by commas, or an iterable of texts."""
    if isinstance(value, str):
        parts = value.split(",")
    elif isinstance(value, Iterable):
        parts = list(value)
    else:
        raise refuse(name, "text or an iterable of texts", "文本或文本的可迭代对象", value)
    if not parts:
        raise refuse(
            name, "at least one number; leave it out to ask for all", "至少一个编号；查询全部时请省略该参数", value
        )
    for part in parts:
        if isinstance(part, str) and "," in part:
            raise refuse(name, "numbers without commas", "不含逗号的编号", part)
        code(name, part)
    return parts[0] if len(parts) == 1 else tuple(parts)


@rule()
def text(name: str, value: Any) -> str:
    """Any non-empty text, kept as it is."""
    if not isinstance(value, str) or not value:
        raise refuse(name, "non-empty text", "非空文本", value)
    return value


@rule()
def secret(name: str, value: Any) -> Secret:
    """A password or token; never shown."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not value:
        raise refuse(name, "non-empty text", "非空文本")
    return Secret(value)


@rule(pattern=r"^(?=.*[1-9])[0-9]{1,15}(\.[0-9]{1,2})?$")
def amount(name: str, value: Any) -> Decimal:
    """Money in yuan: positive, at most two decimals, never a float."""
    if isinstance(value, bool | float):
        raise refuse(
            name,
            'a Decimal, an int or text such as "10.00": a float is not an exact amount',
            ' Decimal、int 或 "10.00" 这样的文本：浮点数不能精确表示金额',
            value,
        )
    if not isinstance(value, int | str | Decimal):
        raise refuse(name, "a Decimal, an int or text", " Decimal、int 或文本", value)
    try:
        number = Decimal(value) if not (isinstance(value, str) and "_" in value) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise refuse(name, 'an amount in yuan such as "10.00"', '以元为单位的金额，例如 "10.00"', value)
    if number <= 0:
        raise refuse(name, "greater than zero", "大于零的金额", value)
    if number >= 10**15:
        raise refuse(name, "less than 10^15 yuan", "小于 10^15 元的金额", value)
    cents = number.quantize(Decimal("0.01"), context=_EXACT)
    if number != cents:
        raise refuse(name, "an amount with at most two decimals (fen)", "最多两位小数（精确到分）的金额", value)
    return cents


@rule()
def moment(name: str, value: Any) -> datetime:
    """A point in time; a naive one is China Standard Time."""
    if not isinstance(value, datetime):
        way_out = " (add the time of day: a bare date leaves open whether its day is included)"
        hint = "（请补上具体时刻：只有日期无法说明是否包含当天）"
        is_date = isinstance(value, date)
        raise refuse(name, "a datetime" + way_out * is_date, " datetime" + hint * is_date, value)
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)


def in_order(begin_name: str, begin: datetime | None, end_name: str, end: datetime | None) -> None:
    """Refuse a period that ends before it begins."""
    if begin is not None and end is not None and begin > end:
        raise InvalidArgument(
            begin_name,
            f"must not be after {{other}} ({begin:%F %T} > {end:%F %T}); swap them",
            f"不能晚于 {{other}}（{begin:%F %T} > {end:%F %T}），请交换两者",
            other=end_name,
        )


def whole(minimum: int, maximum: int | None = None) -> Rule[int]:
    """A whole number within bounds."""
    top = "" if maximum is None else f" to {maximum}"
    top_zh = "以上" if maximum is None else f" 到 {maximum}"

    def check(name: str, value: Any) -> int:
        good = isinstance(value, int) and not isinstance(value, bool)
        if not good or value < minimum or (maximum is not None and value > maximum):
            raise refuse(name, f"a whole number from {minimum}{top or ' up'}", f" {minimum}{top_zh}的整数", value)
        number: int = value
        return number

    return Rule(check, {"minimum": minimum, **({} if maximum is None else {"maximum": maximum})})


def one_of(kind: type[E]) -> Rule[E]:
    """A member of an enum of arguments, or its wire value."""
    known = ", ".join(f"{kind.__name__}.{member.name} ({member.value})" for member in kind)

    def check(name: str, value: Any) -> E:
        try:
            if isinstance(value, bool):
                raise ValueError(value)
            return kind(value)
        except ValueError:
            raise refuse(name, f"one of {known}", f"以下之一：{known}", value) from None

    return Rule(check)


@rule()
def flag(name: str, value: Any) -> bool:
    """True or False, and nothing that only looks like it."""
    if not isinstance(value, bool):
        raise refuse(name, "True or False", " True 或 False", value)
    return value


@rule()
def texts(name: str, value: Any) -> tuple[str, ...]:
    """Any number of texts, none of them empty; no text at all is an empty list."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise refuse(name, "an iterable of texts", "文本的可迭代对象", value)
    return tuple(text(f"{name}[{number}]", part) for number, part in enumerate(value))


def file(max_bytes: int, content_type: str = "application/octet-stream") -> Rule[Upload]:
    """A file as bytes, a path, a file opened in binary mode, or an Upload with a name and a type of its own."""

    def check(name: str, value: Any) -> Upload:
        if isinstance(value, Upload):
            upload = value
        elif isinstance(value, bytes | bytearray):
            upload = Upload(name, bytes(value), content_type)
        elif isinstance(value, Path):
            upload = Upload(value.name, _content(name, value), content_type)
        elif hasattr(value, "read"):
            content = value.read(max_bytes + 1)
            if not isinstance(content, bytes):
                raise refuse(name, 'a file opened in binary mode ("rb")', '以二进制模式（"rb"）打开的文件')
            upload = Upload(Path(str(getattr(value, "name", name))).name, content, content_type)
        else:
            raise refuse(
                name, "bytes, a Path or a file opened in binary mode", " bytes、Path 或以二进制模式打开的文件", value
            )
        if not 0 < len(upload.content) <= max_bytes:
            size = len(upload.content)
            raise refuse(
                name,
                f"a file of 1 to {max_bytes} bytes ({size} given)",
                f" 1 到 {max_bytes} 字节的文件（实际 {size} 字节）",
            )
        return upload

    return Rule(check)


def _content(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse(
            name, f"a readable file ({error.strerror})", f"可读取的文件（{error.strerror}）", path.name
        ) from None


def document(kind: type[R]) -> Rule[R]:
    """A record that is sent: what its table requires is there, and nothing in it was unreadable."""

    def check(name: str, value: Any) -> R:
        if not isinstance(value, kind):
            raise refuse(name, f"a {kind.__name__}", f" {kind.__name__} 对象", value)
        return _checked(name, value)

    return Rule(check)


def documents(kind: type[R]) -> Rule[tuple[R, ...]]:
    """Any number of records that are sent; none at all is an empty list."""
    one = document(kind)

    def check(name: str, value: Any) -> tuple[R, ...]:
        if isinstance(value, str | Record) or not isinstance(value, Iterable):
            raise refuse(name, f"an iterable of {kind.__name__}", f" {kind.__name__} 对象的可迭代对象", value)
        return tuple(one(f"{name}[{number}]", item) for number, item in enumerate(value))

    return Rule(check)


def _checked(name: str, record: R) -> R:
    """Check a record field by field; the error's path, such as "organization.units[0].code", says where."""
    fields = ", ".join(field for field in record.unreadable if getattr(record, field, None) is None)
    if fields:
        raise InvalidArgument(
            name,
            f"holds values that could not be read ({fields}); set these fields before it is sent back",
            f"含有无法解析的字段（{fields}）；请先为这些字段赋值再提交",
        )
    changed: dict[str, Any] = {}
    for field in fields_of(type(record)):
        path = f"{name}.{field.python_name}"
        value = getattr(record, field.python_name)
        if value is None:
            if field.required:
                raise InvalidArgument(path, missing=True, wire_name=field.name)
            continue
        kept = value
        if field.check is not None:
            kept = field.check(path, value)
        elif isinstance(value, Record):
            kept = _checked(path, value)
        elif isinstance(value, tuple):
            kept = tuple(
                _checked(f"{path}[{number}]", item) if isinstance(item, Record) else item
                for number, item in enumerate(value)
            )
        if kept is not value:
            changed[field.python_name] = kept
    return cast("R", attrs.evolve(cast("Any", record), **changed)) if changed else record
