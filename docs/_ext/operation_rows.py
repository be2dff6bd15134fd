"""The table of a family's operations, from the contract. Only the standard library and the SDK are needed here."""

import re
from collections.abc import Iterator
from typing import Final

from chaobiao._contract.family import Family, Kind

HEADINGS: Final = {
    "en": ("section", "name in the document", "path", "verb", "method"),
    "zh": ("章节", "文档中的名称", "路径", "请求方法", "客户端方法"),
}
#: The words that name documents in ``Spec.section``.
DOCUMENTS: Final = {"recharge": "充值", "meter": "抄表", " = ": "、"}


def table_of(family: Family, language: str) -> Iterator[str]:
    """Return the lines of the table in Markdown."""
    headings = HEADINGS[language]
    yield f"| {' | '.join(headings)} |"
    yield "| --- " * len(headings) + "|"
    for operation in family.operations:
        spec = operation.spec
        section = spec.section if language == "en" else _in_chinese(spec.section)
        method = f"[`{spec.call}`](#{label_of(family, operation)})"
        yield f"| {section} | {spec.title} | `{spec.path}` | {spec.method} | {method} |"


def label_of(family: Family, operation: Kind) -> str:
    """Return the label of the operation's section in the reference."""
    return f"{family.name}-{re.sub('[._]', '-', operation.spec.call)}"


def _in_chinese(section: str) -> str:
    for word, chinese in DOCUMENTS.items():
        section = section.replace(word, chinese)
    return section
