"""The state file: worlds are kept across restarts of a real process."""

import asyncio
import json
import os
import signal
import stat
import threading
from pathlib import Path

import httpx
import pytest

from chaobiao import VirtualClock
from chaobiao_mock import MockServer, World
from chaobiao_mock.__main__ import main
from chaobiao_mock.state_file import StateFile
from chaobiao_mock.worlds import Worlds
from tests.mock.test_command import MODULE, started, url_in

LOGIN = {"admin_user_name": "khcs", "api_password": "123456"}


def recharge(http: httpx.Client, base: str, token: str, order: str) -> int:
    """Recharge by hand; return the code."""
    body = {"token": token, "admin_user_name": "khcs", "user_code": "ceshi1", "total_fee": "1", "out_trade_no": order}
    code: int = http.post(f"{base}/user/Prestore", json=body).json()["code"]
    return code


def test_worlds_are_kept_across_restarts(tmp_path: Path) -> None:
    """Orders and tokens of the default and of a named world are known after SIGTERM and a new start."""
    file = tmp_path / "state.json"
    command = [*MODULE, "--quiet", "--port", "0", "--meters", "3", "--state", str(file)]
    tokens: dict[str, str] = {}
    with httpx.Client(verify=False, trust_env=False) as http:
        with started(*command) as (process, printed):
            url = url_in(printed)
            assert http.post(f"{url}/__mock__/worlds", json={"name": "ci", "meters": 5}).status_code == 200
            for base in ("", "/w/ci"):
                tokens[base] = http.post(f"{url}{base}/user/login", json=LOGIN).json()["data"]
                assert recharge(http, url + base, tokens[base], f"order{len(base)}") == 200
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "chaobiao-mock stopped.\n", "")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
        with started(*command[:-4], "--meters", "99", "--state", str(file)) as (process, printed):
            url = url_in(printed)
            worlds = http.get(f"{url}/__mock__/worlds").json()["worlds"]
            assert [(each["name"], each["meters"]) for each in worlds] == [("default", 3), ("ci", 5)]
            for base in ("", "/w/ci"):
                assert recharge(http, url + base, tokens[base], f"order{len(base)}") == 1010
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def test_a_server_in_a_thread_keeps_its_worlds(tmp_path: Path) -> None:
    """MockServer takes the same file."""
    file = tmp_path / "state.json"
    with MockServer(World(clock=VirtualClock()), state_file=file) as server:
        server.world.clock.advance(3600)
        moment = server.world.clock.now()
    with MockServer(World(clock=VirtualClock()), state_file=file) as server:
        assert server.world.clock.now() == moment


def test_it_is_written_while_the_server_runs(tmp_path: Path) -> None:
    """Requests are written within the interval, so a process that is killed loses only the last seconds."""
    file = tmp_path / "state.json"
    with MockServer(World(clock=VirtualClock()), state_file=StateFile(file, interval=0.05)) as server:
        httpx.post(f"{server.url}/user/login", json=LOGIN, trust_env=False)
        for _ in range(10_000):
            if file.exists():
                break
            httpx.get(f"{server.url}/__mock__/health", trust_env=False)
        worlds = json.loads(file.read_text())["worlds"]
        assert len(worlds["default"]["states"]["jrhsz"]["accounts"]["tokens"]) == 1


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        ("", "it is not the state of a mock", "不是模拟服务的状态文件"),
        ('{"state": 2, "worlds": {}}', "it is not a state of version 1", "不是版本 1"),
        ('{"state": 1, "worlds": {"default": {"snapshot": 9}}}', "a snapshot of version 9", "快照版本 1"),
        ('{"state": 1, "worlds": {"../x": {}}}', "name must be 1 to 64 letters", "name 须为"),
    ],
)
def test_a_broken_file_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, english: str, chinese: str
) -> None:
    """The command says in both languages what is wrong and ends with status 1; the file stays as it was."""
    file = tmp_path / "state.json"
    file.write_text(content)
    assert main(["--port", "0", "--state", str(file)]) == 1
    printed = capsys.readouterr().err
    assert english in printed
    assert chinese in printed
    assert "Traceback" not in printed
    assert file.read_text() == content


def test_a_file_that_cannot_be_written_is_said_at_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that does not exist is an error before the server starts."""
    assert main(["--port", "0", "--state", str(tmp_path / "nowhere" / "state.json")]) == 1
    assert "cannot write into" in capsys.readouterr().err


def test_the_old_file_stays_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is replaced as a whole or not at all, and nothing is left beside it."""
    file, worlds = tmp_path / "state.json", Worlds(World(clock=VirtualClock()))
    StateFile(file).save(worlds)
    before = file.read_bytes()
    worlds.default.clock.advance(1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        StateFile(file).save(worlds)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_export_and_load_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """export-fixtures lists the files that it wrote, and --load serves them; errors of --load end with status 2."""
    folder = str(tmp_path / "estate")
    assert main(["export-fixtures", folder, "--meters", "4", "--headings", "zh"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert str(tmp_path / "estate" / "jrhsz" / "meters.csv") in printed
    assert all(Path(line).exists() for line in printed)
    with started(*MODULE, "--port", "0", "--load", folder) as (_, banner):
        world = httpx.get(f"{url_in(banner)}/__mock__/world", trust_env=False).json()
        assert world["meters"] == 0
        given = httpx.get(f"{url_in(banner)}/__mock__/fixtures", trust_env=False).json()["fixtures"]
        assert len(given["jrhsz"]["meters"]) == 12
    (tmp_path / "estate" / "jrhsz" / "meters.csv").write_text("table_no,kind\n1,99\n")
    with pytest.raises(SystemExit) as ended:
        main(["--load", folder])
    assert ended.value.code == 2
    assert 'jrhsz/meters.csv, row 2, column "kind"' in capsys.readouterr().err
    assert main(["export-fixtures", str(tmp_path / "estate" / "jrhsz" / "meters.csv")]) == 1


def test_a_full_disk_is_said_and_overcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where writing fails while the server runs, a warning says so, and it is tried again."""
    replace, failures = os.replace, iter([True, True, False])

    def sometimes(*names: str) -> None:
        if next(failures, False):
            raise OSError(28, "No space left on device")
        replace(*names)

    monkeypatch.setattr(os, "replace", sometimes)
    file = tmp_path / "state.json"
    with MockServer(World(clock=VirtualClock()), state_file=StateFile(file, interval=0.05)) as server:
        for _ in range(10_000):
            httpx.get(f"{server.url}/__mock__/health", trust_env=False)
            if file.exists():
                break
        assert file.exists()
    assert "No space left on device" in caplog.text


async def test_a_write_under_way_does_not_replace_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server ends while the file is being written, the state of the end is what it holds."""
    file, worlds = tmp_path / "state.json", Worlds(World(clock=VirtualClock()))
    begun, released, sync = threading.Event(), threading.Event(), os.fsync

    def slow(number: int) -> None:
        if not begun.is_set():
            begun.set()
            released.wait(10)
        sync(number)

    monkeypatch.setattr(os, "fsync", slow)
    kept = StateFile(file, interval=0.01)
    kept.begin(worlds)
    worlds.requests += 1
    assert await asyncio.to_thread(begun.wait, 10)
    worlds.default.clock.advance(5)
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, released.set)
    await kept.end(worlds)
    await loop.shutdown_default_executor()
    assert json.loads(file.read_text())["worlds"]["default"]["clock"]["elapsed"] == 5
