"""The Dockerfile and the compose example, as far as they can be checked without Docker."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml

from chaobiao_mock import MockServer
from chaobiao_mock.commands import parse_line

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "examples" / "compose" / "compose.yaml"


@attrs.frozen
class Instruction:
    """One instruction of a Dockerfile."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The words of its exec form, behind its options."""
        found: list[str] = json.loads(self.text[self.text.index("[") :])
        return found


def instructions() -> list[Instruction]:
    """Return the Dockerfile's instructions, with continued lines joined and comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [Instruction(*line.split(" ", 1)) for line in joined.splitlines() if line]


def only(name: str) -> Instruction:
    """Return the one instruction with a name."""
    [found] = [each for each in instructions() if each.name == name]
    return found


def copied() -> Iterator[str]:
    """Yield the files and folders of the repository that the Dockerfile copies."""
    for each in instructions():
        if each.name == "COPY" and not each.text.startswith("--from="):
            yield from each.text.split()[:-1]


def is_ignored(path: str) -> bool:
    """Tell whether .dockerignore leaves a path out: the last pattern that fits decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if fnmatch(path, pattern) or path.startswith(f"{pattern}/"):
                ignored = not line.startswith("!")
    return ignored


def test_the_image_has_two_stages_of_a_small_base() -> None:
    """Both are python:3.13-slim; the second takes nothing but the environment of the first."""
    stages = [each.text.split()[0] for each in instructions() if each.name == "FROM"]
    assert stages == ["python:3.13-slim", "python:3.13-slim"]
    second = [each.name for each in instructions()]
    second = second[len(second) - second[::-1].index("FROM") :]
    assert "RUN" not in second
    assert [each.text for each in instructions() if each.text.startswith("--from=")] == [
        "--from=build /opt/chaobiao /opt/chaobiao"
    ]


def test_it_copies_what_there_is_and_all_that_the_package_needs() -> None:
    """Each copied path exists and is not ignored, and pyproject.toml names nothing else for a wheel."""
    found = list(copied())
    for path in found:
        assert (ROOT / path).exists(), path
        assert not is_ignored(path), path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [
        "pyproject.toml",
        project["project"]["readme"],
        *project["project"]["license-files"],
        project["tool"]["hatch"]["version"]["path"],
        *project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"],
    ]
    for path in needed:
        assert any(path == each or path.startswith(f"{each}/") for each in found), path
    for path in (".git", "tests", "docs", "src/chaobiao/__pycache__"):
        assert is_ignored(path), path


def test_it_runs_as_a_user_without_rights() -> None:
    """The user is set by number, so that it can be seen that it is not root."""
    user, group = only("USER").text.split(":")
    assert int(user) > 1000
    assert int(group) > 1000


def test_its_command_is_one_that_the_mock_accepts() -> None:
    """Entry point and arguments are the mock's, listen on all addresses, on the port that is exposed."""
    assert only("ENTRYPOINT").words == ["chaobiao-mock"]
    _, options = parse_line(only("CMD").words)
    assert options.host == "0.0.0.0"
    assert options.port == int(only("EXPOSE").text)


def health_check() -> list[str]:
    """Return the command of the health check."""
    found: list[str] = json.loads(re.sub(r"^.*?CMD ", "", only("HEALTHCHECK").text))
    return found


@pytest.mark.parametrize("token", [None, "letmein"])
def test_the_health_check_succeeds_while_the_mock_serves(token: str | None) -> None:
    """With and without a token, and behind a proxy setting; it fails when nothing serves."""
    port = only("EXPOSE").text
    command = health_check()
    assert command[0] == "python"
    assert port in command[2]
    settings = {**os.environ, "http_proxy": "http://127.0.0.1:9", "CHAOBIAO_MOCK_TOKEN": token or ""}
    with MockServer(admin_token=token) as server:
        here = [sys.executable, "-I", "-S", "-c", command[2].replace(port, server.url.rpartition(":")[2])]
        ran = subprocess.run(here, env=settings, capture_output=True, text=True, timeout=60, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        if token is not None:
            wrong = {**settings, "CHAOBIAO_MOCK_TOKEN": "wrong"}
            assert subprocess.run(here, env=wrong, timeout=60, check=False).returncode == 1
    assert subprocess.run(here, env=settings, capture_output=True, timeout=60, check=False).returncode == 1


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the compose example."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def test_the_compose_example_builds_and_starts_the_mock(services: dict[str, Any]) -> None:
    """Its service is built from this repository, with a command line that the mock accepts, and loopback ports."""
    mock = services["mock"]
    assert (COMPOSE.parent / mock["build"] / "Dockerfile").resolve() == ROOT / "Dockerfile"
    _, options = parse_line(mock["command"])
    assert options.host == "0.0.0.0"
    for port in mock["ports"]:
        assert port == f"127.0.0.1:{options.port}:{options.port}"
    assert str(options.port) == only("EXPOSE").text  # which the health check asks


def test_the_compose_example_waits_for_the_mock(services: dict[str, Any]) -> None:
    """The tests start when the service is healthy, know its name and token, and their files exist."""
    tests = services["tests"]
    assert tests["depends_on"]["mock"]["condition"] == "service_healthy"
    assert tests["environment"]["CHAOBIAO_MOCK_URL"] == f"http://mock:{only('EXPOSE').text}"
    token = services["mock"]["environment"]["CHAOBIAO_MOCK_TOKEN"]
    assert tests["environment"]["CHAOBIAO_MOCK_TOKEN"] == token
    for volume in tests["volumes"]:
        source, target, _ = volume.split(":")
        assert (COMPOSE.parent / source).is_file()
        assert target in tests["command"]


def test_the_script_of_the_compose_example_passes(services: dict[str, Any]) -> None:
    """The script of the tests' container succeeds against a live mock, with a token and with the standard library."""
    script = COMPOSE.parent / services["tests"]["volumes"][0].split(":")[0]
    with MockServer(admin_token="only-for-tests") as server:
        settings = {
            **os.environ,
            "CHAOBIAO_MOCK_URL": server.url,
            "CHAOBIAO_MOCK_TOKEN": "only-for-tests",
            "PYTHONIOENCODING": "utf-8",
        }
        command = [sys.executable, "-I", "-S", str(script)]
        ran = subprocess.run(
            command, env=settings, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
        )
    assert ran.returncode == 0, ran.stderr
    assert "1011" in ran.stdout
