"""The READMEs' code, links and first lines."""

import re
from pathlib import Path

import pytest

import chaobiao
from chaobiao_mock import MockServer

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
#: What each place says near its beginning: the mock comes from documents, not from a comparison.
SAID = {
    "README.md": "not been compared with a real",
    "README.zh.md": "未与真实服务器比对过",
    "docs/index.md": "not been compared with a real",
    "docs/zh/index.md": "未与真实服务器比对过",
    "pyproject.toml": "not compared with a real server",
}


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_every_python_block_runs(name: str, server: MockServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Each Python block of a README runs by itself against the mock, and prints what its comments promise."""
    for block in blocks(name):
        exec(compile(block, name, "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert "202005005292" in printed
    assert "float" in printed
    assert "130.00" in printed
    assert "346.90" not in printed
    assert "313.60" in printed
    assert server.world.states["jrhsz"].ledger.used("2026-000017")
    assert not server.world.states["jrhsz"].ledger.used("2026-000018")


def test_both_readmes_show_the_same_code() -> None:
    """The code in the Chinese README differs from the English one in comments and texts only."""

    def shape(block: str) -> str:
        return re.sub(r'"[^"]*"|#.*', "", block)

    assert [shape(block) for block in blocks("README.md")] == [shape(block) for block in blocks("README.zh.md")]


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link of a README names a file that is there."""
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", SAID)
def test_first_lines_say_that_the_mock_was_not_compared(name: str) -> None:
    """A reader of the first lines learns that the mock was not compared with a real server."""
    assert SAID[name] in (ROOT / name).read_text("utf-8")[:700].replace("\n", " ")


@pytest.mark.parametrize("name", READMES)
def test_the_wheel_is_named_by_the_current_version(name: str) -> None:
    """The install command names the wheel that a build of this version makes."""
    wheels = re.findall(r"chaobiao-([0-9.]+)-py3-none-any\.whl", (ROOT / name).read_text("utf-8"))
    assert wheels == [chaobiao.__version__]
