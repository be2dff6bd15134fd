"""The command: what it prints, takes, refuses, and how it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import chaobiao
import chaobiao_mock
from chaobiao import __version__
from chaobiao_mock.__main__ import main
from chaobiao_mock.commands import NAMES, find_command

MODULE = [sys.executable, "-m", "chaobiao_mock"]


@contextmanager
def started(*command: str, **environment: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a command; yield the process and what it has printed when it is ready."""
    settings = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=settings
    ) as process:
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if "Ctrl-C" in line or '"event":"listening"' in line:
                    break
            yield process, printed
        finally:
            process.kill()


def url_in(printed: str) -> str:
    """Return the URL that the command has printed."""
    found = re.search(r"listens on (https?://127\.0\.0\.1:[0-9]+)\n", printed)
    assert found, printed
    return found[1]


def test_it_serves_as_its_options_say_and_ends_on_sigterm() -> None:
    """Its URL and account work; time, fleet and quirks are as asked for; SIGTERM ends it with status 0."""
    options = ["--port", "0", "--meters", "3", "--now", "2023-04-22 10:31:53", "--quirk", "data=native"]
    with started(*MODULE, *options, "--quirk", "jrhsz.code=text") as (process, printed):
        account = re.search(r"account (\S+), password (\S+)", printed)
        assert account
        with httpx.Client(base_url=url_in(printed), verify=False, trust_env=False) as http:
            assert http.get("/").json()["now"].startswith("2023-04-22T10:3")
            login = {"admin_user_name": account[1], "api_password": account[2]}
            token = http.post("/user/login", json=login).json()["data"]
            body = {"token": token, "admin_user_name": account[1]}
            buildings = http.post("/user/getBuildCode", json=body).json()
            assert (buildings["code"], buildings["data"][0]["name"]) == ("200", "一栋电")
            assert http.post("/meter/meterList", json=body).json()["totalCount"] == 11
            for document in re.findall(r"http\S+\.json", printed):
                assert http.get(document).json()["openapi"].startswith("3.1")
            http.post("/__mock__/faults", json={"operation": "/user/login", "kind": "hang"})
            with pytest.raises(httpx.ReadTimeout):
                http.post("/user/login", json=login, timeout=httpx.Timeout(10, read=0.1))
            process.send_signal(signal.SIGTERM)  # with a connection open
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.endswith("\nchaobiao-mock stopped.\n")
    assert len(out.splitlines()) == 4 + 1  # the calls above; the one that hangs is the last
    assert "jrhsz:buildings.list" in out


def test_the_script_ends_on_ctrl_c_without_a_traceback() -> None:
    """chaobiao-mock is the same command; SIGINT ends it with status 0 and without a traceback."""
    script = shutil.which("chaobiao-mock", path=str(Path(sys.executable).parent))
    assert script, "chaobiao-mock is not installed beside this Python"
    with started(script, "--port", "0") as (process, printed):
        assert httpx.get(url_in(printed), verify=False, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "chaobiao-mock stopped.\n", "")


def test_it_ends_at_once_while_a_call_hangs() -> None:
    """A call that hangs on purpose ends with the server, and leaves no traceback."""
    with started(*MODULE, "--port", "0") as (process, printed), ThreadPoolExecutor(1) as pool:
        url = url_in(printed)
        httpx.post(f"{url}/__mock__/faults", json={"operation": "/user/login", "kind": "hang"}, trust_env=False)
        hanging = pool.submit(httpx.post, f"{url}/user/login", json={}, timeout=30, trust_env=False)
        while not httpx.get(f"{url}/__mock__/journal", trust_env=False).json()["calls"]:
            pass  # until the call has arrived
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert hanging.result(30).status_code == 504
    assert (process.returncode, err) == (0, "")
    assert out.endswith("\nchaobiao-mock stopped.\n")


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 1 with what to do, in both languages and without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"chaobiao-mock: cannot listen on 127.0.0.1:{port}: ")
    assert "--port 0" in printed.err
    assert f"无法监听 127.0.0.1:{port}" in printed.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--quirk", "data=xml"], "data must be one of documented, text, native, not 'xml'"),
        (["--quirk", "date=text"], "no quirk 'date'; there are data, "),
        (["--quirk", "data"], "data must be one of"),
        (["--quirk", "steam.data=text"], "no family 'steam'"),
        (["--now", "yesterday"], "must be a time from 2000 to 2100"),
        (["--now", "0001-01-01"], "must be a time from 2000 to 2100"),
        (["--port", "65536"], "--port: must be a whole number from 0 to 65535"),
        (["--port", "http"], "--port: must be a whole number from 0 to 65535"),
        (["--port"], "--port: needs a value"),
        (["--meters", "-1"], "must be a whole number from 0 to 10000000"),
        (["--meters", "many"], "must be a whole number from 0 to 10000000"),
        (["--seed", "1.5"], "--seed: must be a whole number"),
        (["--rate", "-1"], "--rate: rate must be a number from 0 (frozen) to 100000"),
        (["--rate", "fast"], "--rate: rate must be a number from 0 (frozen) to 100000"),
        (["--rate", "nan"], "--rate: rate must be a number from 0 (frozen) to 100000"),
        (["--rate", "2", "--frozen"], "--frozen: cannot be combined with --rate"),
        (["--quiet", "--json"], "--json: cannot be combined with --quiet"),
        (["--quiet=yes"], "--quiet: takes no value"),
        (["--cors", "localhost"], "--cors: must be an origin such as http://localhost:3000"),
        (["--cors", "http://localhost/page"], "--cors: must be an origin"),
        (["--admin-token", ""], "--admin-token: must be printable ASCII text"),
        (["--keyfile", "key.pem"], "--keyfile needs --certfile"),
        (["--certfile", "no-such.pem"], "--certfile: cannot read no-such.pem"),
        (["--certfile", __file__], "--certfile: no certificate with its private key"),
        (["--steam"], "unknown arguments: --steam"),
        (["--met", "3"], "unknown arguments: --met 3"),
        (["srve"], "there is no command srve; did you mean serve?"),
        (["run"], "missing: COMMAND"),
    ],
    ids=str,
)
def test_bad_options_are_rejected_with_the_reason(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 and a line in each language that says what is allowed; none quotes Python."""
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    english, chinese = printed.err.splitlines()
    assert english.startswith("chaobiao-mock")
    assert reason in english
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert "argument -" not in printed.err
    assert "Error" not in printed.err


@pytest.mark.parametrize("command", [[], ["serve"], ["run"]], ids=str)
def test_help_is_in_both_languages_with_every_default(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each option is described in English and Chinese, and says what holds without it."""
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    options = re.split(r" (?=--[a-z-]+ (?:[A-Z.=]+ )?[a-z])| (?=-h, )", text)
    described = {found[0]: each for each in options if (found := re.match(r"--[a-z-]+", each)) and " / " in each}
    assert {"--meters", "--rate", "--frozen", "--quiet"} <= set(described)
    for name, each in described.items():
        assert re.search("[\u4e00-\u9fff]", each), name
        assert name in ("--help", "--version") or re.search(r"\((default|[0-9])|\([0-9.]+\)", each), each
    assert text.startswith("usage / 用法: chaobiao-mock")
    for english in ("options:", "positional arguments:", "show this help message"):
        assert english not in text


def test_the_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Each subcommand is listed with what it does."""
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for name in NAMES:
        assert f"\n  {name} " in printed
        assert find_command(name).english in printed
        assert find_command(name).chinese in printed


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version prints the package's version."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"chaobiao-mock {__version__}\n")


@pytest.mark.parametrize(
    ("options", "passed"),
    [(["--frozen"], 0.0), (["--rate", "0"], 0.0), (["--rate", "60"], 60.0), ([], 1.0)],
    ids=str,
)
def test_the_clock_runs_as_the_options_say(options: list[str], passed: float) -> None:
    """--frozen stops the world's clock, --rate scales it."""
    with started(*MODULE, "serve", "--port", "0", *options) as (_, printed):
        assert httpx.get(f"{url_in(printed)}/__mock__/clock", trust_env=False).json()["rate"] == passed


def test_an_empty_token_in_the_environment_opens_nothing() -> None:
    """A CHAOBIAO_MOCK_TOKEN that is empty, as compose files make it, is no token."""
    with started(*MODULE, "--port", "0", CHAOBIAO_MOCK_TOKEN="") as (_, printed):
        url = url_in(printed)
        assert httpx.get(f"{url}/__mock__/clock", headers={"host": "mock.example"}, trust_env=False).status_code == 403
        assert httpx.get(f"{url}/__mock__/clock", trust_env=False).status_code == 200


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    """In an environment without starlette the command prints one line, and imports of the mock say the same."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = next((tmp_path / "venv").glob("*/python"))
    sources = os.pathsep.join(str(Path(module.__file__ or "").parents[1]) for module in (chaobiao, chaobiao_mock))
    environment = {**os.environ, "PYTHONPATH": sources, "PYTHONIOENCODING": "utf-8"}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(python), *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
        )

    for options in ([], ["--version"], ["run", "--", "true"]):
        ran = run("-m", "chaobiao_mock", *options)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr == (
            'chaobiao-mock: the mock needs packages that are not installed: pip install "chaobiao[mock]"'
            ' / 模拟服务需要另行安装：pip install "chaobiao[mock]"\n'
        )
