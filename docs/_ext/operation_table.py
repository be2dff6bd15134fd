"""The directive ``{operation-table} FAMILY``: one row for each operation, in the language of the page."""

import re
from typing import Any

from docutils import nodes
from operation_rows import table_of
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chaobiao._families import family as find_family


class OperationTable(SphinxDirective):
    """Write the table of one family; pages below ``zh`` get it in Chinese."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(__file__)
        language = "zh" if self.env.docname.startswith("zh/") else "en"
        written = self.parse_text_to_nodes("\n".join(table_of(find_family(self.arguments[0]), language)))
        for table in (table for node in written for table in node.findall(nodes.table)):
            table["classes"].append("operations")
            for name in table.findall(nodes.literal):
                _allow_breaks(name)
        return written


def _allow_breaks(name: nodes.literal) -> None:
    """Let a long name break after its underscores."""
    first, *others = re.split("(?<=_)", name.astext())
    name.children = []
    name += nodes.Text(first)
    for part in others:
        name += [nodes.raw("", "<wbr>", format="html"), nodes.Text(part)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("operation-table", OperationTable)
    return {"parallel_read_safe": True}
