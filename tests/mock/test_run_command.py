"""chaobiao-mock run: a command with a mock of its own."""

import json
import os
import signal
import subprocess
import sys

import pytest

from chaobiao._families import families
from tests.mock.test_command import MODULE

RUN = [*MODULE, "run"]


def run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run chaobiao-mock run to its end."""
    return subprocess.run(
        [*RUN, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **settings},
        timeout=120,
        check=False,
    )


def python(code: str) -> list[str]:
    """Return the arguments that run a Python program."""
    return ["--", sys.executable, "-c", code]


def test_clients_of_every_family_need_no_settings() -> None:
    """The command's clients find URL, user and password in the environment; its output is its own."""
    code = """
from chaobiao import EnergyManager, Jrhsz, WaterQuery
with Jrhsz() as jrhsz, WaterQuery() as water, EnergyManager() as energy:
    print(len(jrhsz.buildings.list().collect()), water.regions.list().collect()[0].name, energy.users.get().name)
"""
    ran = run("--meters", "10", *python(code), CHAOBIAO_JRHSZ_BASE_URL="http://wrong.example")
    assert (ran.returncode, ran.stdout) == (0, "6 山东省 zhangwei\n"), ran.stderr
    assert "jrhsz:buildings.list" in ran.stderr
    assert "energy:users.get" in ran.stderr


def test_every_family_has_its_variables() -> None:
    """Base URL, and where there are logins user name and password, are set for each family."""
    ran = run("--quiet", *python("import json, os; print(json.dumps(dict(os.environ)))"))
    found = json.loads(ran.stdout)
    for family in families():
        prefix = family.dialect.env_prefix
        assert found[f"{prefix}_BASE_URL"] == found["CHAOBIAO_MOCK_URL"]
        assert (f"{prefix}_PASSWORD" in found) == (family.login is not None)
    assert ran.stderr == ""


@pytest.mark.parametrize("status", [0, 7])
def test_it_ends_with_the_commands_status(status: int) -> None:
    """The exit status is the command's; nothing else is printed."""
    ran = run(*python(f"raise SystemExit({status})"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, "", "")


def test_arguments_pass_as_they_are() -> None:
    """Options and further -- of the command are the command's, spaces stay."""
    ran = run("--quiet", *python("import sys; print(sys.argv[1:])"), "--port", "1", "--", "a b", "--json")
    assert ran.stdout == "['--port', '1', '--', 'a b', '--json']\n"


def test_standard_input_is_the_commands() -> None:
    """What is piped in reaches the command."""
    ran = subprocess.run(
        [*RUN, *python("print(input())")], input="a line\n", capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.stdout == "a line\n"


def test_calls_as_json_go_to_standard_error() -> None:
    """With --json each call is an object on standard error."""
    code = "from chaobiao import Jrhsz\nwith Jrhsz() as client: client.buildings.list().collect()"
    ran = run("--json", *python(code))
    assert ran.stdout == ""
    assert [json.loads(line)["operation"] for line in ran.stderr.splitlines()] == ["login", "buildings.list"]


@pytest.mark.parametrize(
    ("command", "status", "reason"),
    [
        ("no-such-command", 127, "there is no command no-such-command"),
        (os.path.dirname(__file__), 126, "cannot run "),
    ],
    ids=["missing", "no program"],
)
def test_a_command_that_cannot_be_run(command: str, status: int, reason: str) -> None:
    """The shell's exit status, and a line in each language."""
    ran = run("--", command)
    assert (ran.returncode, ran.stdout) == (status, "")
    english, chinese = ran.stderr.splitlines()
    assert reason in english
    assert "命令" in chinese or "运行" in chinese


_WAITS = """
import signal, sys
def end(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    sys.exit(40)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, end)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda each: each.name)
def test_signals_are_passed_on(number: signal.Signals) -> None:
    """The command gets the signal and decides how it ends; its status is the status."""
    with subprocess.Popen(
        [*RUN, *python(_WAITS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # without a terminal, which would send SIGINT to the command itself
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # both: they are a session of their own
            raise
    assert (process.returncode, out, err) == (40, f"got {number.name}\n", "")


def test_a_command_that_a_signal_ends() -> None:
    """128 and the signal's number, as shells have it."""
    ran = run(*python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert ran.returncode == 128 + signal.SIGKILL


def test_the_mock_ends_with_the_command() -> None:
    """Afterwards nothing listens at its address."""
    ran = run("--quiet", *python("import os; print(os.environ['CHAOBIAO_MOCK_URL'])"))
    port = int(ran.stdout.rpartition(":")[2])
    code = f"import socket; socket.create_server(('127.0.0.1', {port})).close()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
