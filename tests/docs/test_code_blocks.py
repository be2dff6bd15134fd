"""The documentation's code runs as it stands: each page is one session, and prints what the page says it prints."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, TRANSLATED, Block, blocks_of, name_of

_FILE = re.compile(r"# (\w+\.py)\n")
_SETTINGS = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def _session(page: Path) -> list[Block]:
    """A page's blocks that make up its session: Python, and what it prints."""
    return [
        block
        for block in blocks_of(page)
        if block.language == "output" or (block.language == "python" and not _FILE.match(block.text))
    ]


def _files(page: Path) -> dict[str, str]:
    """A page's Python blocks that begin with the name of a file of the reader's, by that name."""
    found: dict[str, str] = {}
    for block in blocks_of(page):
        if block.language == "python" and (name := _FILE.match(block.text)):
            found[name[1]] = found.get(name[1], "") + block.text
    return found


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("page", [page for page in PAGES if _session(page)], ids=name_of)
def test_a_page_is_a_session_that_prints_what_it_says(page: Path) -> None:
    """Every Python block runs, in order and in one namespace; an output block below one is what it printed."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    printed = ""
    for block in _session(page):
        if block.language == "output":
            assert printed == block.text, f"{page}:{block.line}"
            printed = ""
        else:
            assert not printed, f"{page}:{block.line}: the block before prints what the page does not show"
            code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(code, namespace)
            printed = out.getvalue()
    assert not printed, f"{page}: the last block prints what the page does not show"


@pytest.mark.parametrize("page", [page for page in PAGES if _files(page)], ids=name_of)
def test_files_shown_on_a_page_are_a_suite_that_passes(page: Path, tmp_path: Path) -> None:
    """Blocks that begin with a file's name make up a test suite of the reader's, and all its tests pass."""
    files = _files(page)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin"]
    command += ["-p", "chaobiao_mock.pytest_plugin"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=alone, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = set(re.findall(r"::(\w+)\S* PASSED", ran.stdout))
    assert passed == {name for text in files.values() for name in _TEST.findall(text)}


@pytest.mark.parametrize("page", TRANSLATED)
def test_translations_run_the_same_code(page: str) -> None:
    """A Chinese page has the same code and output as its English one, but for comments."""
    english, chinese = (
        [
            (block.language, re.sub(r"#.*", "", block.text))
            for block in blocks_of(DOCS / name)
            if block.language.isalpha()
        ]
        for name in (page, f"zh/{page}")
    )
    assert chinese == english
