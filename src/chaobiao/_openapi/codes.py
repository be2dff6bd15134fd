"""The description of a response by the codes of its family, to read and to process."""

from collections.abc import Mapping
from typing import Any

from chaobiao._wire.codecs import Schema
from chaobiao.errors import ChaobiaoError


def describe_codes(member: str, success: int, codes: Mapping[int, tuple[Any, type[ChaobiaoError], str, str]]) -> Schema:
    """Return what a response says of the member that holds the code; ``codes`` is the table of the family's dialect."""
    rows: dict[int, tuple[str, str, str | None]] = {success: ("success", "请求成功", None)}
    rows |= {code: (meaning, zh, error.__name__) for code, (_, error, meaning, zh) in codes.items()}
    table = "\n".join(
        f"| {code} | {meaning} | {zh} | {'' if error is None else f'`{error}`'} |"
        for code, (meaning, zh, error) in rows.items()
    )
    return {
        "description": f"The response: `{member}` is {success} for success, or says what was wrong."
        f" / 返回结果：`{member}` 为 {success} 表示成功，其他值见下表。\n\n"
        "| code | meaning | 说明 | Python error |\n| --- | --- | --- | --- |\n" + table,
        "x-codes": {
            str(code): {"meaning": meaning, "meaning-zh": zh, "python-error": error}
            for code, (meaning, zh, error) in rows.items()
        },
    }
