"""The pages of the documentation, and the fenced blocks in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts and path.name != "benchmarks.md")

#: The English pages that exist in Chinese too.
TRANSLATED = sorted(path.relative_to(DOCS / "zh").as_posix() for path in (DOCS / "zh").rglob("*.md"))

_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@attrs.frozen
class Block:
    """A fenced block: what stands after the fence, its text, and the line on which the text begins (from 1)."""

    language: str
    text: str
    line: int


def blocks_of(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        yield Block(found[1], found[2], text.count("\n", 0, found.start(2)) + 1)


def name_of(page: Path) -> str:
    """A page's path below docs."""
    return page.relative_to(DOCS).as_posix()
