"""The directive ``{operation-table} FAMILY``: one row for each operation, in the language of the page."""

import re
from collections.abc import Iterator
from typing import Any, Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chaobiao._contract.family import Family, Kind
from chaobiao._families import family as find_family

HEADINGS: Final = {
    "en": ("section", "name in the document", "path", "verb", "method"),
    "zh": ("章节", "文档中的名称", "路径", "请求方法", "客户端方法"),
}
#: The words that name documents in ``Spec.section``.
DOCUMENTS: Final = {"recharge": "充值", "meter": "抄表", " = ": "、"}


class OperationTable(SphinxDirective):
    """Write the table of one family; pages below ``zh`` get it in Chinese."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(__file__)
        language = "zh" if self.env.docname.startswith("zh/") else "en"
        written = self.parse_text_to_nodes("\n".join(table_of(find_family(self.arguments[0]), language)))
        for table in (table for node in written for table in node.findall(nodes.table)):
            table["classes"].append("operations")
        return written


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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("operation-table", OperationTable)
    return {"parallel_read_safe": True}
