"""Rules that arguments must keep, checked before anything is sent.

Each check takes the argument's name and value, answers the value to keep, or raises :class:`InvalidArgument` naming
the argument, the rule and the way out, in English and Chinese.
"""

import enum
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from chaobiao._contract.fields import Check
from chaobiao._contract.secret import Secret
from chaobiao.clock import SHANGHAI
from chaobiao.errors import InvalidArgument

#: Whatever context the caller works in.
_EXACT: Final = Context(prec=40)

E = TypeVar("E", bound=enum.Enum)


def refuse(name: str, rule: str, rule_zh: str, value: object = None) -> InvalidArgument:
    """Make the error for an argument that breaks a rule."""
    shown = "" if value is None else f", not {_shown(value)}"
    shown_zh = "" if value is None else f"，而不是 {_shown(value)}"
    return InvalidArgument(f"{name} must be {rule}{shown}", f"参数 {name} 必须是{rule_zh}{shown_zh}", argument=name)


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out a number of thousands of digits
        text = f"a number of {type(value).__name__} with thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def code(name: str, value: Any) -> str:
    """A number or name that identifies something: non-empty text without surrounding spaces."""
    if not isinstance(value, str):
        raise refuse(name, "text (numbers lose their leading zeros)", "文本（数字会丢失前导零）", value)
    if not value or value != value.strip():
        raise refuse(name, "non-empty text without surrounding spaces", "非空且首尾无空格的文本", value)
    return value


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


def text(name: str, value: Any) -> str:
    """Any non-empty text, kept as it is."""
    if not isinstance(value, str) or not value:
        raise refuse(name, "non-empty text", "非空文本", value)
    return value


def secret(name: str, value: Any) -> Secret:
    """A password or token; never shown."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not value:
        raise refuse(name, "non-empty text", "非空文本")
    return Secret(value)


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
            f"{begin_name} ({begin:%F %T}) must not be after {end_name} ({end:%F %T}); swap them",
            f"参数 {begin_name}（{begin:%F %T}）不能晚于 {end_name}（{end:%F %T}），请交换两者",
            argument=begin_name,
        )


def whole(minimum: int, maximum: int | None = None) -> Check:
    """A whole number within bounds."""
    top = "" if maximum is None else f" to {maximum}"
    top_zh = "以上" if maximum is None else f" 到 {maximum}"

    def check(name: str, value: Any) -> Any:
        good = isinstance(value, int) and not isinstance(value, bool)
        if not good or value < minimum or (maximum is not None and value > maximum):
            raise refuse(name, f"a whole number from {minimum}{top or ' up'}", f" {minimum}{top_zh}的整数", value)
        return value

    return check


def one_of(kind: type[E]) -> Check:
    """A member of an enum of arguments, or its wire value."""
    known = ", ".join(f"{kind.__name__}.{member.name} ({member.value})" for member in kind)

    def check(name: str, value: Any) -> E:
        try:
            if isinstance(value, bool):
                raise ValueError(value)
            return kind(value)
        except ValueError:
            raise refuse(name, f"one of {known}", f"以下之一：{known}", value) from None

    return check


def optional(check: Check) -> Check:
    """The same rule for an argument that may be left out."""

    def check_given(name: str, value: Any) -> Any:
        return None if value is None else check(name, value)

    return check_given
