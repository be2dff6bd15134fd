"""Checks of arguments, made before anything is sent.

A check takes an argument's name and value and returns the value to use, normalised where needed. For a value that it
rejects it raises :class:`InvalidArgument`, whose text names the argument, the rule and, where there is one, a remedy,
in English and Chinese.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final, Generic, TypeVar, cast

import attrs

from chaobiao._contract.fields import Record, fields_of
from chaobiao._contract.secret import Secret
from chaobiao.clock import SHANGHAI
from chaobiao.errors import InvalidArgument

#: Amounts are rounded in this context, whatever decimal context the caller has set.
_EXACT: Final = Context(prec=40)

T = TypeVar("T")
E = TypeVar("E", bound=enum.Enum)
R = TypeVar("R", bound=Record)


@attrs.frozen
class Rule(Generic[T]):
    """A check, with the JSON Schema keywords that express the same rule."""

    apply: Callable[[str, Any], T]
    bounds: Mapping[str, Any] = attrs.field(factory=dict)

    def __call__(self, name: str, value: Any) -> T:
        return self.apply(name, value)


def rule(**bounds: Any) -> Callable[[Callable[[str, Any], T]], Rule[T]]:
    """Turn a function into a check; ``bounds`` are its JSON Schema keywords."""
    return lambda apply: Rule(apply, bounds)


def refuse(
    name: str, wanted: str, wanted_zh: str, value: object = None, *, hint: str = "", hint_zh: str = ""
) -> InvalidArgument:
    """Return the error "``name`` must be ``wanted``, not ``value``; ``hint``", in both languages."""
    shown = "" if value is None else f", not {_shown(value)}"
    shown_zh = "" if value is None else f"，而不是 {_shown(value)}"
    remedy, remedy_zh = f"; {hint}" if hint else "", f"；{hint_zh}" if hint_zh else ""
    return InvalidArgument(name, f"must be {wanted}{shown}{remedy}", f"必须是{wanted_zh}{shown_zh}{remedy_zh}")


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python does not convert an int of thousands of digits to text
        text = f"a value of type {type(value).__name__} with thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


@rule()
def code(name: str, value: Any) -> str:
    """Check text that identifies something, such as a meter number: not empty, no spaces around it."""
    if not isinstance(value, str):
        raise refuse(
            name, "text", "文本", value, hint="a number would lose its leading zeros", hint_zh="数字会丢失前导零"
        )
    if not value or value != value.strip():
        raise refuse(name, "non-empty text without surrounding spaces", "非空且首尾无空格的文本", value)
    return value


@rule()
def single_code(name: str, value: Any) -> str:
    """Check a code where the endpoint takes only one at a time."""
    if isinstance(value, list | tuple | set | frozenset) or (isinstance(value, str) and "," in value):
        raise refuse(
            name,
            "a single number",
            "单个编号",
            value,
            hint="this endpoint takes one at a time: call it once for each number",
            hint_zh="该接口一次只接受一个编号，请逐个调用",
        )
    return code(name, value)


@rule()
def several_codes(name: str, value: Any) -> str | tuple[str, ...]:
    """Check one code or several: text, text joined by commas, or an iterable of texts."""
    if isinstance(value, str):
        parts = value.split(",")
    elif isinstance(value, Iterable):
        parts = list(value)
    else:
        raise refuse(name, "text or an iterable of texts", "文本或文本的可迭代对象", value)
    if not parts:
        raise refuse(
            name,
            "at least one number",
            "至少一个编号",
            value,
            hint="leave the argument out to ask for all",
            hint_zh="查询全部时请省略该参数",
        )
    for part in parts:
        if isinstance(part, str) and "," in part:
            raise refuse(
                name,
                "an iterable of single numbers",
                "由单个编号组成的可迭代对象",
                part,
                hint="split the text at its commas",
                hint_zh="请按逗号拆分",
            )
        code(name, part)
    return parts[0] if len(parts) == 1 else tuple(parts)


@rule()
def text(name: str, value: Any) -> str:
    """Check that a value is non-empty text; the text is not changed."""
    if not isinstance(value, str) or not value:
        raise refuse(name, "non-empty text", "非空文本", value)
    return value


@rule(minLength=0)
def any_text(name: str, value: Any) -> str:
    """Check that a value is text, which may be empty: empty text clears a field."""
    if not isinstance(value, str):
        raise refuse(name, "text", "文本", value, hint='"" clears the field', hint_zh='"" 表示清空该字段')
    return value


@rule()
def number(name: str, value: Any) -> Decimal:
    """Check a number: a Decimal, an int, text, or a float, of which the shortest decimal form is taken."""
    wanted, wanted_zh = 'a number such as 10, "10.5" or a Decimal', '数字，例如 10、"10.5" 或 Decimal'
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise refuse(name, wanted, wanted_zh, value)
    try:
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, ValueError):
        raise refuse(name, wanted, wanted_zh, value) from None
    if not found.is_finite() or "_" in str(value) or not -30 < found.adjusted() < 30:
        raise refuse(name, wanted, wanted_zh, value)
    return found


@rule()
def clearable_number(name: str, value: Any) -> Decimal | str:
    """Check a number, or the empty text that clears a field."""
    return "" if value == "" and isinstance(value, str) else number(name, value)


def signed(maximum: int) -> Rule[int]:
    """Make the check for a whole number from ``-maximum`` to ``maximum``, without 0."""
    between = whole(-maximum, maximum)

    def check(name: str, value: Any) -> int:
        if between(name, value) == 0:
            raise refuse(
                name, f"from -{maximum} to {maximum} and not 0", f" -{maximum} 到 {maximum} 之间的非零整数", value
            )
        return between(name, value)

    return Rule(check)


@rule()
def day_offset(name: str, value: Any) -> timedelta:
    """Check a time before or after midnight: a timedelta of whole seconds, of less than 24 hours."""
    if not isinstance(value, timedelta) or abs(value) >= timedelta(hours=24) or value.microseconds:
        raise refuse(
            name,
            "a timedelta of whole seconds, of less than 24 hours",
            "绝对值小于 24 小时、精确到秒的 timedelta",
            value,
        )
    return value


@rule()
def secret(name: str, value: Any) -> Secret:
    """Check a password or token and wrap it as a :class:`Secret`; the error never shows the value."""
    found = Secret(value) if isinstance(value, str) else value
    del value
    if not isinstance(found, Secret) or not found.reveal():
        raise refuse(name, "non-empty text", "非空文本")
    return found


@rule(pattern=r"^(?=.*[1-9])[0-9]{1,15}(\.[0-9]{1,2})?$")
def amount(name: str, value: Any) -> Decimal:
    """Check an amount of money in yuan: greater than zero, at most two decimals, exact (no float)."""
    if isinstance(value, bool | float):
        raise refuse(
            name,
            'a Decimal, an int or text such as "10.00"',
            ' Decimal、int 或 "10.00" 这样的文本',
            value,
            hint="a float is not an exact amount",
            hint_zh="浮点数不能精确表示金额",
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
    """Check a datetime and convert it to China Standard Time; a naive one is taken as China Standard Time."""
    if not isinstance(value, datetime):
        is_date = isinstance(value, date)
        raise refuse(
            name,
            "a datetime",
            " datetime",
            value,
            hint="add the time of day: a date does not say whether that day is included" if is_date else "",
            hint_zh="请补上具体时刻，仅有日期无法说明是否包含当天" if is_date else "",
        )
    return value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)


def in_order(begin_name: str, begin: datetime | None, end_name: str, end: datetime | None) -> None:
    """Check that a period does not end before it begins; either end may be ``None``."""
    if begin is not None and end is not None and begin > end:
        raise InvalidArgument(
            begin_name,
            f"must not be after {{other}} ({begin:%F %T} > {end:%F %T}); swap them",
            f"不能晚于 {{other}}（{begin:%F %T} > {end:%F %T}），请交换两者",
            other=end_name,
        )


def whole(minimum: int, maximum: int | None = None) -> Rule[int]:
    """Make the check for a whole number from ``minimum`` to ``maximum``, both included."""
    wanted = f"a whole number from {minimum} {'up' if maximum is None else f'to {maximum}'}"
    wanted_zh = f"不小于 {minimum} 的整数" if maximum is None else f" {minimum} 到 {maximum} 的整数"

    def check(name: str, value: Any) -> int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or value < minimum or (maximum is not None and value > maximum):
            raise refuse(name, wanted, wanted_zh, value)
        number: int = value
        return number

    return Rule(check, {"minimum": minimum, **({} if maximum is None else {"maximum": maximum})})


def one_of(kind: type[E]) -> Rule[E]:
    """Make the check for a member of an enum, given as the member or as its value on the wire."""
    known = f"{kind.__name__}: " + ", ".join(f"{member.name} ({member.value})" for member in kind)

    def check(name: str, value: Any) -> E:
        try:
            found = kind(value) if not isinstance(value, bool) else None
            if found is None or not getattr(found, "listed", True):
                raise ValueError(value)
            return found
        except ValueError:
            raise refuse(name, f"one of {known}", f"以下之一：{known}", value) from None

    return Rule(check)


def several_of(kind: type[E]) -> Rule[tuple[E, ...]]:
    """Make the check for one member of an enum or an iterable of them."""
    one = one_of(kind)

    def check(name: str, value: Any) -> tuple[E, ...]:
        several = [value] if isinstance(value, str | enum.Enum) or not isinstance(value, Iterable) else list(value)
        if not several:
            raise refuse(
                name,
                f"at least one {kind.__name__}",
                f"至少一个 {kind.__name__}",
                value,
                hint="leave the argument out to ask for all",
                hint_zh="查询全部时请省略该参数",
            )
        return tuple(one(name, part) for part in several)

    return Rule(check)


@rule()
def flag(name: str, value: Any) -> bool:
    """Check that a value is True or False; 1, 0 and "1" are rejected."""
    if not isinstance(value, bool):
        raise refuse(name, "True or False", " True 或 False", value)
    return value


@rule()
def texts(name: str, value: Any) -> tuple[str, ...]:
    """Check an iterable of non-empty texts; the iterable may be empty."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise refuse(name, "an iterable of texts", "文本的可迭代对象", value)
    return tuple(text(f"{name}[{number}]", part) for number, part in enumerate(value))


def document(kind: type[R]) -> Rule[R]:
    """Make the check for a record as an argument: required fields are set, and no unreadable value is left in it."""

    def check(name: str, value: Any) -> R:
        if not isinstance(value, kind):
            raise refuse(name, f"an instance of {kind.__name__}", f" {kind.__name__} 的实例", value)
        return _checked(name, value)

    return Rule(check)


def documents(kind: type[R]) -> Rule[tuple[R, ...]]:
    """Make the check for an iterable of records as an argument; the iterable may be empty."""
    one = document(kind)

    def check(name: str, value: Any) -> tuple[R, ...]:
        if isinstance(value, str | Record) or not isinstance(value, Iterable):
            raise refuse(name, f"an iterable of {kind.__name__}", f"由 {kind.__name__} 组成的可迭代对象", value)
        return tuple(one(f"{name}[{number}]", item) for number, item in enumerate(value))

    return Rule(check)


def _checked(name: str, record: R) -> R:
    """Check a record field by field. The error names a field by its path, such as "organization.units[0].code"."""
    fields = ", ".join(field for field in record.unreadable if getattr(record, field, None) is None)
    if fields:
        raise InvalidArgument(
            name,
            f"holds values that could not be read ({fields}); set these fields before sending it back",
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
