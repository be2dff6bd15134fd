"""What the READMEs show works as shown."""

import re
from pathlib import Path

import pytest

from chaobiao_mock import MockServer

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")


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
    """The Chinese README is a twin: its code differs in words only."""

    def shape(block: str) -> str:
        return re.sub(r'"[^"]*"|#.*', "", block)

    assert [shape(block) for block in blocks("README.md")] == [shape(block) for block in blocks("README.zh.md")]


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link of a README names a file that is there."""
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
