"""The glossary has each term in both languages, and each can be found from the other."""

import re

from tests.docs.pages import DOCS

_ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+) \|$", re.MULTILINE)
_INDEX_ROW = re.compile(r"^\| (.+?) \| \*\*(.+?)\*\* \| (.+) \|$", re.MULTILINE)


def rows(page: str) -> list[tuple[str, str]]:
    """The terms of a glossary page with their translations."""
    return [(found[1], found[2]) for found in _ROW.finditer((DOCS / page).read_text("utf-8"))]


def index(page: str) -> list[tuple[str, str]]:
    """The rows of a glossary page's reverse index."""
    return [(found[1], found[2]) for found in _INDEX_ROW.finditer((DOCS / page).read_text("utf-8"))]


def test_both_glossaries_have_the_same_terms() -> None:
    """Each English term has one Chinese word, the same on both pages."""
    english = rows("glossary.md")
    assert {term for term, _ in english} >= {"family", "operation", "record", "dialect", "effect", "pacer", "quirk"}
    assert len({term for term, _ in english}) == len({word for _, word in english}) == len(english)
    assert sorted(english) == sorted((term, word) for word, term in rows("zh/glossary.md"))


def test_each_term_is_found_from_the_other_language() -> None:
    """The index at the end of a page has each of its terms, by the other language's word."""
    for page in ("glossary.md", "zh/glossary.md"):
        assert sorted(index(page)) == sorted((word, term) for term, word in rows(page))
