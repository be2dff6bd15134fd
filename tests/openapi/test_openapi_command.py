"""The command prints the documents."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import chaobiao
from chaobiao.__main__ import main
from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run ``python -m chaobiao`` as a process of its own, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "chaobiao", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("family", NAMES)
def test_it_prints_the_document_of_a_family(family: str) -> None:
    """The output is the document as UTF-8 JSON, Chinese readable, the same bytes whatever the locale and hash seed."""
    ran = run("openapi", family, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONHASHSEED="1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode() == json.dumps(document(find_family(family)), ensure_ascii=False, indent=2) + "\n"


def test_it_writes_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With --output the document goes to the file and nothing is printed; --server names another server."""
    target = tmp_path / "文档.json"
    assert main(["openapi", "water", "--output", str(target), "--server", "https://water.example/api"]) == 0
    assert capfd.readouterr() == ("", "")
    assert json.loads(target.read_text("utf-8")) == document(find_family("water"), server="https://water.example/api")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The error says which file, in both languages, with status 1."""
    assert main(["openapi", "water", "--output", str(tmp_path)]) == 1
    printed, words = capfd.readouterr()
    assert printed == ""
    assert f"cannot write {tmp_path}: " in words
    assert f"无法写入文件 {tmp_path}" in words


def test_an_unknown_family_is_refused_in_both_languages() -> None:
    """The error names what was asked and what there is, on stderr, with status 2."""
    ran = run("openapi", "gas", PYTHONUTF8="1")
    words = ran.stderr.decode()
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert "unknown family 'gas': choose one of jrhsz, water" in words
    assert "未知的接口系列 'gas'，可选：jrhsz、water" in words
    assert "Traceback" not in words


@pytest.mark.parametrize(
    ("arguments", "status", "printed", "words"),
    [([], 2, "", "usage: chaobiao"), (["--version"], 0, f"chaobiao {chaobiao.__version__}\n", "")],
)
def test_it_needs_a_command_and_tells_its_version(
    capfd: pytest.CaptureFixture[str], arguments: list[str], status: int, printed: str, words: str
) -> None:
    """Without a command there is usage on stderr and status 2; --version prints the package's version."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capfd.readouterr()
    assert (left.value.code, out) == (status, printed)
    assert err.startswith(words)


def test_a_reader_that_stops_early_is_no_error() -> None:
    """Into a pipe that closes after a few bytes, such as head's, the command ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "chaobiao", "openapi", "jrhsz"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout, process.stderr:
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(120) == 0


def test_it_starts_without_http() -> None:
    """Neither the document nor --version loads an HTTP library, and the version loads no family either."""
    script = (
        "import sys\nfrom chaobiao.__main__ import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "print('chaobiao._openapi.document' in sys.modules)\n"
        "main(['openapi', 'jrhsz', '--output', sys.argv[1]])\n"
        "print(sorted({'httpx', 'httpx2', 'starlette', 'tenacity'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, os.devnull], capture_output=True, timeout=120, check=False
    )
    assert ran.stderr == b""
    assert ran.stdout.decode().splitlines()[1:] == ["False", "[]"]
