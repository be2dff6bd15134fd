"""Arguments of requests, read as a strict server reads them.

The SDK reads responses leniently; a server that did the same with requests would hide a client's errors. What is
refused is described by the rule, with the vendor's names, and without the sent value: it may be of any size.
"""

import enum
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from chaobiao._contract import checks
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import TimeStyle, WireField, fields_of
from chaobiao._contract.upload import Upload
from chaobiao._wire import codecs
from chaobiao._wire.arguments import read_arguments
from chaobiao._wire.records import codec_of
from chaobiao.errors import InvalidArgument

#: The most characters of codes, such as order, meter and resident numbers, and of other texts. No document has limits.
MAX_CODE: Final = 64
MAX_TEXT: Final = 255
#: The most codes that are joined by commas in one argument: as many as a page has rows.
MAX_CODES: Final = 1_000

_CONTROL_CHARACTER: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_CODE: Final = re.compile(r"\S{1,18}")
_INTEGER: Final = re.compile("-?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_TIMES: Final[Mapping[TimeStyle, re.Pattern[str]]] = {
    "datetime": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?"),
    "milliseconds": re.compile("[0-9]{13}"),
}
_TIME_RULES: Final[Mapping[TimeStyle, tuple[str, str]]] = {
    "datetime": ("must be a time such as 2023-04-01 00:00:00", "须为时间，格式为 YYYY-MM-DD HH:MM:SS"),
    "milliseconds": ("must be a time in milliseconds, 13 digits", "须为 13 位毫秒时间戳"),
}


class WrongArgument(Exception):
    """An argument that is missing or breaks a rule, by its wire name, with the rule in English and Chinese."""

    def __init__(self, name: str, english: str, chinese: str, *, missing: bool = False) -> None:
        super().__init__(english)
        self.name = name
        self.english = english
        self.chinese = chinese
        self.missing = missing


def read_strictly(operation: Kind, arguments: Mapping[str, Any], style: TimeStyle) -> Any:
    """Build an operation from the arguments of a request. Raises :class:`WrongArgument`."""
    fields = {field.name: field for field in fields_of(operation)}
    for name, field in fields.items():
        value = arguments.get(name)
        if value is not None and value != "" and not _is_well_formed(field, value, style):
            raise _wrong(field, style)
    try:
        return read_arguments(operation, arguments)
    except InvalidArgument as error:
        found = fields.get(error.wire_name or "")
        if found is None or error.missing or error.other is not None or not _has_rule(found):
            english, chinese = _in_wire_names(operation, error)
            raise WrongArgument(error.wire_name or error.argument, english, chinese, missing=error.missing) from None
        raise _wrong(found, style) from None


def violations_of(
    operation: Kind, arguments: Mapping[str, Any], style: TimeStyle, session_names: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return every difference between a request and its contract: unknown names, missing and malformed arguments."""
    fields = {field.name: field for field in fields_of(operation)}
    found = [
        (f"{name} is no argument of {operation.spec.call}", f"{operation.spec.call} 没有参数 {name}")
        for name in arguments
        if name not in fields and name not in session_names
    ]
    for name, field in fields.items():
        value = arguments.get(name)
        if name in session_names or field.secret:
            continue
        if value is None or value == "":
            if field.required or field.default is attrs.NOTHING:
                found.append((f"{name} is missing", f"缺少参数 {name}"))
        elif not _is_well_formed(field, value, style):
            english, chinese = _rule_of(field, style)
            found.append((f"{name} {english}", f"参数 {name} {chinese}"))
    return tuple(found)


def _has_rule(field: WireField) -> bool:
    """Tell whether :func:`_rule_of` describes all of a field's rules."""
    return not (isinstance(codec_of(field), codecs.Integer) and field.check is not None and not field.check.bounds)


def _wrong(field: WireField, style: TimeStyle) -> WrongArgument:
    english, chinese = _rule_of(field, style)
    return WrongArgument(field.name, f"{field.name} {english}", f"参数 {field.name} {chinese}")


def _in_wire_names(operation: Kind, error: InvalidArgument) -> tuple[str, str]:
    """Return the error's text in English and Chinese, in which arguments have the names of the request."""
    names = {field.python_name: field.name for field in fields_of(operation)}
    return error.worded(lambda name: names.get(name, name))


def _is_text(value: Any, longest: int) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 10**18
    return isinstance(value, str) and len(value) <= longest and not _CONTROL_CHARACTER.search(value)


def _is_well_formed(field: WireField, value: Any, style: TimeStyle) -> bool:
    codec = codec_of(field)
    if isinstance(codec, codecs.SeveralCodes):
        return _is_text(value, MAX_CODES * (MAX_CODE + 1)) and _are_codes(str(value).split(","), _known_codes(field))
    if codec is codecs.TIME:
        return isinstance(value, str) and _TIMES[style].fullmatch(value) is not None
    if isinstance(codec, codecs.Number):
        return isinstance(value, str | int | Decimal) and _matches(_NUMBER, value)
    if isinstance(codec, codecs.Flag):
        return isinstance(value, str | int) and _matches(_CODE, value) and str(value) in codec.codes
    if isinstance(codec, codecs.Code):
        return isinstance(value, str | int) and _matches(_CODE, value) and str(value) in _known_codes(field)
    if isinstance(codec, codecs.Integer):
        return isinstance(value, str | int) and _matches(_INTEGER, value)
    if codec is codecs.FILE:
        return isinstance(value, Upload)
    if codec is codecs.TEXT or codec is codecs.PASSWORD:
        return _is_text(value, MAX_CODE if field.check in (checks.code, checks.single_code) else MAX_TEXT)
    return True


def _matches(pattern: re.Pattern[str], value: str | int | Decimal) -> bool:
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) >= 10**18):
        return False
    return pattern.fullmatch(str(value)) is not None


def _are_codes(parts: list[str], known: list[str]) -> bool:
    return len(parts) <= MAX_CODES and all(part in known if known else len(part) <= MAX_CODE for part in parts)


_TEXT_RULE: Final = (
    f"must be text of at most {MAX_TEXT} characters without control characters",
    f"须为文本，最长 {MAX_TEXT} 个字符，不含控制字符",
)


def _rule_of(field: WireField, style: TimeStyle) -> tuple[str, str]:
    """Return what an argument must be, in English and Chinese."""
    codec = codec_of(field)
    known = _known_codes(field)
    if known and isinstance(codec, codecs.SeveralCodes):
        return (
            f"must be one or several of {', '.join(known)}, joined by commas",
            f"须为以下值：{'、'.join(known)}，多个以英文逗号分隔",
        )
    if isinstance(codec, codecs.SeveralCodes):
        return (
            f"must be at most {MAX_CODES} numbers of at most {MAX_CODE} characters, joined by commas",
            f"须为编号，多个以英文逗号分隔，最多 {MAX_CODES} 个，每个最长 {MAX_CODE} 个字符",
        )
    if codec is codecs.TIME:
        return _TIME_RULES[style]
    if isinstance(codec, codecs.Number) and field.check is not checks.amount:
        return (
            "must be a number, of at most 18 digits before the point and after it",
            "须为数字，整数与小数部分各最多 18 位",
        )
    if isinstance(codec, codecs.Number):
        return (
            "must be an amount above zero with at most two decimals, such as 10.00",
            "须为大于零、最多两位小数的金额，例如 10.00",
        )
    if isinstance(codec, codecs.Flag):
        return f"must be {' or '.join(codec.codes)}", f"须为 {' 或 '.join(codec.codes)}"
    if codec is codecs.FILE:
        return "must be a file: a PNG, JPEG, GIF, BMP or WebP image", "须为 PNG、JPEG、GIF、BMP 或 WebP 图片文件"
    if isinstance(codec, codecs.Code):
        return f"must be one of {', '.join(known)}", f"须为以下之一：{'、'.join(known)}"
    if isinstance(codec, codecs.Integer):
        return _integer_rule(field)
    if field.check is checks.single_code:
        return (
            f"must be one number of at most {MAX_CODE} characters; call the endpoint once for each number",
            f"须为一个编号，最长 {MAX_CODE} 个字符；该接口一次只接受一个编号，请逐个调用",
        )
    if field.check is checks.code:
        return (
            f"must be text of at most {MAX_CODE} characters without control characters and surrounding spaces",
            f"须为文本，最长 {MAX_CODE} 个字符，不含控制字符，首尾无空格",
        )
    if codec is codecs.TEXT or codec is codecs.PASSWORD:
        return _TEXT_RULE
    return "cannot be read", "无法解析"


def _known_codes(field: WireField) -> list[str]:
    """Return the codes of an argument that takes the members of an enum."""
    kinds = (kind for kind in codecs.kinds_of(field.type) if isinstance(kind, type) and issubclass(kind, enum.Enum))
    return [str(member.value) for kind in kinds for member in kind]


def _integer_rule(field: WireField) -> tuple[str, str]:
    bounds = field.check.bounds if field.check is not None else {}
    low, high = bounds.get("minimum"), bounds.get("maximum")
    if low is None:
        return "must be a whole number", "须为整数"
    if high is None:
        return f"must be a whole number from {low} up, of at most 18 digits", f"须为不小于 {low} 的整数，最多 18 位"
    return f"must be a whole number from {low} to {high}", f"须为 {low} 到 {high} 的整数"
