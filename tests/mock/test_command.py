"""The command: what it prints, takes, refuses, and how it ends."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from chaobiao_mock.__main__ import main

MODULE = [sys.executable, "-m", "chaobiao_mock"]


@contextmanager
def started(*command: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a command; yield the process and what it has printed when it is ready."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if "Ctrl-C" in line:
                    break
            yield process, printed
        finally:
            process.kill()


def url_in(printed: str) -> str:
    """Return the URL that the command has printed."""
    found = re.search(r"listens on (http://127\.0\.0\.1:[0-9]+)\n", printed)
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
    assert (process.returncode, out, err) == (0, "chaobiao-mock stopped.\n", "")


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
    assert (process.returncode, out, err) == (0, "chaobiao-mock stopped.\n", "")


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
        (["--port", "65536"], "must be from 0 to 65535"),
        (["--port", "http"], "invalid"),
        (["--meters", "-1"], "must be from 0 to 10000000"),
        (["--meters", "many"], "invalid"),
        (["--steam"], "unrecognized arguments"),
    ],
    ids=str,
)
def test_bad_options_are_rejected_with_the_reason(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 and one line that says what is allowed."""
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err
