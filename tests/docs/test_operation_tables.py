"""Each family's page has a table of all its operations, in both languages, and each operation has a reference."""

import importlib.util
import json
import re
from typing import Any

import pytest

from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from tests.docs.pages import DOCS

SAMPLES = DOCS.parent / "tests" / "samples"


def _rows_module() -> Any:
    """Load the module that writes the tables; the folder of Sphinx extensions is no package."""
    spec = importlib.util.spec_from_file_location("operation_rows", DOCS / "_ext" / "operation_rows.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OPERATION_ROWS = _rows_module()


def _rows(family: str, language: str) -> list[list[str]]:
    """Return the cells of a family's table, without its heading."""
    lines = list(OPERATION_ROWS.table_of(find_family(family), language))
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("family", NAMES)
def test_the_table_has_every_operation_as_its_sample_shows_it(family: str, language: str) -> None:
    """Each golden sample of a family has one row, with its path, verb and method, and there are no other rows."""
    samples = {path.stem: json.loads(path.read_text("utf-8"))["request"] for path in (SAMPLES / family).glob("*.json")}
    rows = _rows(family, language)
    listed = {re.sub(r"\[`(.+)`\].*", r"\1", method): (path, verb) for _, _, path, verb, method in rows}
    assert len(rows) == len(samples)
    assert listed == {name: (f"`{request['path']}`", request["method"]) for name, request in samples.items()}


@pytest.mark.parametrize("family", NAMES)
def test_each_row_leads_to_the_reference_of_its_operation(family: str) -> None:
    """The link in a row is the method's name, in lower case and with hyphens."""
    for *_, method in _rows(family, "en"):
        found = re.fullmatch(r"\[`([\w.]+)`\]\(#([\w-]+)\)", method)
        assert found is not None, method
        assert found[2] == f"{family}-{re.sub('[._]', '-', found[1])}"


@pytest.mark.parametrize("family", NAMES)
def test_sections_are_in_the_language_of_the_page(family: str) -> None:
    """The Chinese table has the same sections and names, without English words."""
    english, chinese = _rows(family, "en"), _rows(family, "zh")
    assert not [row[0] for row in chinese if re.search("[A-Za-z]", row[0])]
    assert [row[1:] for row in chinese] == [row[1:] for row in english]
    numbers = [[re.findall("[0-9.]+", row[0]) for row in rows] for rows in (english, chinese)]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("page", ["families/{}.md", "zh/families/{}.md"])
@pytest.mark.parametrize("family", NAMES)
def test_each_familys_pages_have_the_table(family: str, page: str) -> None:
    """Both pages of a family ask for its table, once."""
    text = (DOCS / page.format(family)).read_text("utf-8")
    assert text.count(f"```{{operation-table}} {family}\n```") == 1


@pytest.mark.parametrize("family", NAMES)
def test_each_family_has_one_reference(family: str) -> None:
    """One page has the reference of a family's operations, to which the tables of both languages lead."""
    pages = (DOCS / "families").glob("*.md")
    assert sum(page.read_text("utf-8").count(f"```{{operations}} {family}\n```") for page in pages) == 1
