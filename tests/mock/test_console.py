"""The console: one line for each call, that explains refusals."""

import io
import json
import os
import re
import subprocess
import threading
from typing import Any

import httpx
import pytest

from chaobiao_mock import Fault, MockServer, World
from chaobiao_mock.console import LONGEST, Console, is_coloured, json_line, text_line
from chaobiao_mock.journal import Entry
from tests.mock.test_command import MODULE, started, url_in

FORM = {"content-type": "application/x-www-form-urlencoded"}
LOGIN = '{"admin_user_name": "khcs", "api_password": "123456"}'


def last(world: World) -> Entry:
    """Return the newest call."""
    return [*world.journal][-1]


def test_a_line_says_world_operation_account_code_and_time(world: World, http: httpx.Client) -> None:
    """A call that succeeded is one line, without a reason, and shows no password."""
    http.post("/user/login", content=LOGIN)
    line = text_line("ci-3", last(world))
    assert re.fullmatch(r"2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d +ci-3 +jrhsz:login +khcs +200", line)


def test_a_refusal_says_why(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The reason is there in both languages, and how the request differs from the contract."""
    http.post("/meter/readMeter", json={**body, "tableNo": "x\n" * 20, "wrong\x1b[31m": 1})
    line = text_line("default", last(world))
    assert "1001" in line
    assert " / " in line
    assert re.search(r"\[contract / 不符合文档: .*wrong�\[31m is no argument of", line)
    assert line.isprintable()


def test_a_fault_is_named(world: World, http: httpx.Client) -> None:
    """A line says which fault the call met, and whether it was carried out all the same."""
    world.faults.add(Fault("login", "code", phase="after_commit", code=1011))
    http.post("/user/login", content=LOGIN)
    assert "[fault / 故障: code, carried out / 已执行]" in text_line("default", last(world))


def test_an_http_status_is_shown_beside_the_code(http: httpx.Client, world: World) -> None:
    """For a family whose refusals are HTTP statuses, the number stands once."""
    http.get("/flow", params={"page": "0"})
    entry = last(world)
    assert (entry.code, entry.status) == (400, 400)
    assert "400" in text_line("default", entry)
    assert "HTTP" not in text_line("default", entry)


@pytest.mark.parametrize(
    ("path", "content", "headers", "code", "hint"),
    [
        ("/user/login", LOGIN, FORM, 1008, "add -H 'Content-Type: application/json'"),
        ("/api/auth", '{"Usr_Name": "zhangwei"}', FORM, 4103, "add -H 'Content-Type: application/json'"),
        ("/user/login", f"'{LOGIN}'", {}, 1001, "double quotes"),
        ("/user/login", "'{admin_user_name:khcs}'", FORM, 1008, "double quotes"),
        ("/user/login", "{admin_user_name:khcs}", {"content-type": "application/json"}, 1001, "double quotes"),
        ("/user/login", "admin_user_name=khcs", {"content-type": "application/json"}, 1001, "the body is a form"),
        ("/user/login", "admin_user_name=khcs", {}, 1001, "Content-Type is missing"),
    ],
)
def test_a_body_that_was_read_otherwise_than_meant_is_explained(
    world: World, http: httpx.Client, path: str, content: str, headers: dict[str, str], code: int, hint: str
) -> None:
    """The line that refuses it says what to change, in both languages; so does the journal."""
    response = http.post(path, content=content, headers=headers).json()
    assert int(response.get("code", response.get("Err_No"))) == code
    entry = last(world)
    lines = text_line("default", entry).splitlines()
    assert len(lines) == 3
    assert hint in lines[1]
    assert re.search("[\u4e00-\u9fff]", lines[2])
    assert "contract" not in lines[0]  # that everything is missing is no news
    assert entry.to_dict()["hint"] == entry.hint[0] != ""


@pytest.mark.parametrize(
    ("content", "headers"),
    [(LOGIN, {}), ("admin_user_name=khcs&api_password=123456", FORM), ('{"admin_user_name": "khcs"}', {}), ("", {})],
)
def test_other_requests_get_no_hint(world: World, http: httpx.Client, content: str, headers: dict[str, str]) -> None:
    """Neither accepted requests nor those that lack an argument and are readable."""
    http.post("/user/login", content=content, headers=headers)
    assert last(world).hint == ("", "")
    assert len(text_line("default", last(world)).splitlines()) == 1


def test_what_curl_really_sends_meets_1008_and_is_explained() -> None:
    """curl -d without a header declares a form; on the console of a real process the call explains itself."""
    with started(*MODULE, "--port", "0") as (process, printed):
        curl = ["curl", "-s", "--noproxy", "*", f"{url_in(printed)}/user/login", "-d", LOGIN]
        if subprocess.run(["which", "curl"], capture_output=True, check=False).returncode == 0:
            answer = json.loads(subprocess.run(curl, capture_output=True, check=True).stdout)
        else:  # the same bytes
            answer = httpx.post(curl[4], content=LOGIN, headers=FORM, trust_env=False).json()
        assert answer["code"] == 1008
        process.terminate()
        out, _ = process.communicate(timeout=60)
    lines = out.splitlines()
    assert " 1008 " in lines[0]
    assert "-H 'Content-Type: application/json'" in lines[1]
    assert "没有从中读到参数" in lines[2]
    assert "\x1b" not in out  # no terminal, no colours
    assert "123456" not in out


def test_json_is_one_object_a_line() -> None:
    """With --json everything on standard output is JSON: that it listens, each call, and that it has stopped."""
    with started(*MODULE, "--port", "0", "--json") as (process, printed):
        listening = json.loads(printed)
        httpx.post(f"{listening['url']}/user/login", content=LOGIN, headers=FORM, trust_env=False)
        process.terminate()
        out, err = process.communicate(timeout=60)
    call, stopped = map(json.loads, out.splitlines())
    assert (listening["event"], call["event"], stopped) == ("listening", "call", {"event": "stopped"})
    assert listening["accounts"]["jrhsz"] == ["khcs", "123456"]
    assert listening["accounts"]["water"] is None
    assert (call["world"], call["operation"], call["code"]) == ("default", "login", 1008)
    assert call["hint_zh"]
    assert err == ""


def test_quiet_prints_no_calls() -> None:
    """With --quiet there is the banner alone."""
    with started(*MODULE, "--port", "0", "--quiet") as (process, printed):
        httpx.post(f"{url_in(printed)}/user/login", content=LOGIN, trust_env=False)
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert (out, err) == ("chaobiao-mock stopped.\n", "")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals(world: World, http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colours, unless NO_COLOR is set or it shows none; a pipe or file gets none."""
    http.post("/user/login", content="{}")

    def written(stream: io.StringIO) -> str:
        console = Console(stream)
        console("default", last(world))
        assert console.close()
        return stream.getvalue()

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m1008\x1b[0m" in written(Terminal())
    assert "\x1b" not in written(io.StringIO())
    for name, value in {"NO_COLOR": "1", "TERM": "dumb"}.items():
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            assert not is_coloured(Terminal())


def test_a_reader_that_stops_reading_holds_no_call(world: World, http: httpx.Client) -> None:
    """When the pipe is full, calls go on, and so does the end; lines without a place are dropped, and all counted."""
    http.post("/user/login", content=LOGIN)
    entry = last(world)
    sent = 3 * LONGEST
    read, write = os.pipe()
    with open(write, "w", encoding="utf-8") as stream:
        console = Console(stream)
        for _ in range(sent):
            console("default", entry)
        assert not console.close(timeout=0.05)
        pieces: list[bytes] = []

        def drain() -> None:
            while piece := os.read(read, 1 << 16):
                pieces.append(piece)

        reader = threading.Thread(target=drain)
        reader.start()
        assert console.close(timeout=60)
    reader.join()
    os.close(read)
    text = b"".join(pieces).decode()
    dropped = sum(int(found) for found in re.findall(r"\((\d+) calls are not shown", text))
    assert dropped > 0
    assert text.count("jrhsz:login") + dropped == sent


def test_a_reader_that_is_gone_ends_nothing() -> None:
    """A server whose standard output was closed goes on serving."""
    with started(*MODULE, "--port", "0") as (process, printed):
        assert process.stdout is not None
        process.stdout.close()
        url = url_in(printed)
        for _ in range(3):
            assert httpx.post(f"{url}/user/login", content=LOGIN, trust_env=False).status_code == 200
        process.terminate()
        assert process.wait(60) == 0


def test_a_server_in_a_test_can_tell_of_its_calls() -> None:
    """MockServer passes each call, with the name of its world."""
    seen: list[Any] = []
    with MockServer(on_call=lambda name, entry: seen.append((name, entry.operation))) as server:
        httpx.post(f"{server.url}/__mock__/worlds", json={"name": "other"}, trust_env=False)
        for base in ("", "/w/other"):
            httpx.post(f"{server.url}{base}/user/login", content=LOGIN, trust_env=False)
    assert seen == [("default", "login"), ("other", "login")]


def test_json_lines_hold_what_the_journal_has(world: World, http: httpx.Client) -> None:
    """One line, whose facts are those of the journal."""
    http.post("/user/login", content='{"admin_user_name": "\\ud800\\n"}')
    line = json_line("default", last(world))
    assert "\n" not in line
    assert json.loads(line) == {"event": "call", "world": "default", **last(world).to_dict()}
