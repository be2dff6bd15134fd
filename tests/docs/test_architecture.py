"""The architecture page says the truth about the folders, in both languages."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS

SOURCE = DOCS.parent / "src" / "chaobiao"
PAGES = ("architecture.md", "zh/architecture.md")


def floors(page: str) -> list[list[str]]:
    """The names in each row of the page's table of folders, from the bottom up."""
    table = (DOCS / page).read_text("utf-8").split("\n## ")[1]
    return [re.findall(r"`(\w+)(?:/|\.py)`", row) for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)]


def imported(path: Path) -> set[str]:
    """The folders and modules of the package that a folder or module imports, wherever in its code."""
    found: set[str] = set()
    for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chaobiao."):
                found.add(str(node.module).split(".")[1])
    return found


@pytest.mark.parametrize("page", PAGES)
def test_each_folder_imports_only_from_the_rows_before_its_own(page: str) -> None:
    """Imports point down, as the page says: no folder imports from its own row or a later one."""
    below = {"_version", "_lazy"}
    for floor in floors(page):
        for name in floor:
            assert imported(SOURCE / name) - {name} <= below, name
        below |= set(floor)


@pytest.mark.parametrize("page", PAGES)
def test_the_table_has_every_folder(page: str) -> None:
    """Each folder of the package is in the table, once."""
    named = [name for floor in floors(page) for name in floor]
    folders = [path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()]
    assert sorted(named) == sorted([*folders, "errors", "clock"])


def test_translations_have_the_same_structure() -> None:
    """Both languages have the same headings, pictures and numbers of rows."""

    def structure(page: str) -> list[str]:
        text = (DOCS / page).read_text("utf-8")
        return [found[1] or found[2] or found[3] for found in re.finditer(r"^(#+) |images/([\w-]+)|^(\|) ", text, re.M)]

    assert structure("architecture.md") == structure("zh/architecture.md")
