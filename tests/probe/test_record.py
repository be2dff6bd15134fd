"""The recorder passes every call through, saves samples without secrets, and names the quirks that were set."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from chaobiao import Jrhsz
from chaobiao._contract.secret import Secret
from chaobiao._families import family as find_family
from chaobiao._probe.probe import Account, probe
from chaobiao_mock.app import create_app
from chaobiao_mock.commands import parse_line
from chaobiao_mock.record.proxy import create_proxy
from chaobiao_mock.record.recorder import Recorder
from tests.harness.clients import account_of
from tests.harness.mock_server import LiveMock
from tests.mock.test_command import started, url_in
from tests.probe.test_probe import VALUES

pytestmark = pytest.mark.single_client

#: What no response of the traffic below shows.
UNSEEN = {("energy", "put", "merge"), ("energy", "put", "replace"), ("energy", "cascade", "yes")}
RESIDENT, METER = "2022040001", "202364555511"
DAY = 86_400
Recorded = Callable[[Recorder], str]


def jrhsz_traffic(url: str, mock: LiveMock) -> None:
    """Call too fast, recharge twice, and look at a resident whose balance is used up."""
    session: dict[str, Any] = {}

    def post(path: str, **arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = http.post(url + path, json={**session, **arguments}).json()
        return found

    with httpx.Client(trust_env=False) as http:
        for _ in range(3):
            mock.clock.advance(20 * DAY)
            mock.state.settle()
        for _ in range(2):
            found = post("/user/login", admin_user_name="khcs", api_password="123456")
            if "data" in found:
                session.update(token=found["data"], admin_user_name="khcs")
        for _ in range(2):
            post("/user/GetUserInfo", user_code=RESIDENT)
        post("/meter/readMeter", tableNo=METER)
        for number in ("order-1", "order-2"):
            post("/user/Prestore", user_code=RESIDENT, total_fee="1.00", out_trade_no=number)


def energy_traffic(url: str, _: LiveMock) -> None:
    """Delete by query and by body, and read alarm messages with both verbs."""
    with httpx.Client(base_url=url, trust_env=False) as http:
        http.post("/api/auth", json={"Usr_Name": "zhangwei", "Usr_Password": "Energy2019"})
        http.delete("/api_3/alarm_status", params={"id": 999_999})
        http.request("DELETE", "/api_3/alarm_status", json={"id": 999_999})
        for how in ({"params": {"id": 1}}, {"json": {"id": 1}}):
            http.request("DELETE", "/api_3/alarm_status", **how)
        period = {"Time_Start": "2026-01-01 00:00:00", "Time_End": "2026-01-02 00:00:00", "Page_Counts": 1}
        http.get("/api_3/alarm_message", params=period)
        http.request("DELETE", "/api_3/alarm_message", json=period)
        http.delete("/api_3/alarm_message", params=period)


TRAFFIC = {"jrhsz": jrhsz_traffic, "water": lambda *_: None, "energy": energy_traffic}


@pytest.mark.parametrize(("family", "name", "value"), VALUES)
def test_a_report_names_the_quirk_that_was_set(
    family: str, name: str, value: str, live_mock: Callable[..., LiveMock], recorded: Recorded, tmp_path: Path
) -> None:
    """A probe and some other traffic through the recorder show every value, but three."""
    mock = live_mock(family, meters=10)
    mock.restart(**{name: value})
    recorder = Recorder(tmp_path, mock.clock)
    url = recorded(recorder)
    username, password = account_of(family) or (None, None)
    account = Account(url, username, None if password is None else Secret(password))
    probe(find_family(family), account, mock.clock)
    TRAFFIC[family](url, mock)
    recorder.report()
    (report,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["families"]
    seen = next(finding["seen"] for finding in report["findings"] if finding["name"] == name)
    assert seen == ([] if (family, name, value) in UNSEEN else [value])
    assert report["family"] == family
    if seen:
        assert f"| {name} | {value} |" in (tmp_path / "report.md").read_text("utf-8")


def test_calls_pass_through_unchanged(live_mock: Callable[..., LiveMock], recorded: Recorded, tmp_path: Path) -> None:
    """Status, headers and body are those of the server, for any verb and any path."""
    mock = live_mock("energy", meters=10)
    url = recorded(Recorder(tmp_path, mock.clock))
    with httpx.Client(trust_env=False) as http:
        for verb, path in (("GET", "/flow?page=1&page_count=2"), ("PUT", "/no/such%20path?x=1"), ("HEAD", "/flow")):
            direct, through = (http.request(verb, base + path, content=b"x") for base in (mock.url, url))
            assert (direct.status_code, direct.content) == (through.status_code, through.content)
            ignored = ("date", "server")
            assert [pair for pair in direct.headers.multi_items() if pair[0] not in ignored] == [
                pair for pair in through.headers.multi_items() if pair[0] not in ignored
            ]


def test_unknown_paths_are_listed(live_mock: Callable[..., LiveMock], recorded: Recorded, tmp_path: Path) -> None:
    """The report counts the calls to paths that no document has, without their queries."""
    recorder = Recorder(tmp_path, live_mock("water").clock)
    url = recorded(recorder)
    with httpx.Client(trust_env=False) as http:
        for _ in range(2):
            http.post(f"{url}/other/login?password=hidden-word", content=b"{}")
    recorder.report()
    assert json.loads((tmp_path / "report.json").read_text())["unknown_paths"] == {"POST /other/login": 2}
    assert "`POST /other/login`: 2" in (tmp_path / "report.md").read_text("utf-8")


def test_samples_have_no_secret(live_mock: Callable[..., LiveMock], recorded: Recorded, tmp_path: Path) -> None:
    """Neither passwords, tokens, cookies, WeChat's codes, nor header credentials are in any file."""
    mock = live_mock("energy", meters=10)
    recorder = Recorder(tmp_path, mock.clock)
    url = recorded(recorder)
    with httpx.Client(base_url=url, trust_env=False, headers={"Authorization": "Bearer gate-key-77"}) as http:
        cookies = http.post("/api/auth", json={"Usr_Name": "zhangwei", "Usr_Password": "Energy2019"}).cookies
        wechat = {"code": "wx-code-1", "encryptedData": "wx-data-2", "iv": "wx-vector-3"}
        http.post("/api_3/wechat", json=wechat)
        http.get("/api/users")
        http.get("/secret/gate-key-77/Energy2019")
        token = http.post("/user/login", json={"admin_user_name": "khcs", "api_password": "123456"}).json()["data"]
        mock.clock.advance(5)
        http.post("/user/getBuildCode", json={"token": token, "admin_user_name": "khcs"})
        http.get("/flow", params={"page": 1, "page_count": 1, "device_code": "gate-key-77"})
    recorder.report()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = "".join(path.read_text("utf-8") for path in files)
    secrets = ["Energy2019", "gate-key-77", "123456", token, "khcs", *wechat.values(), *cookies.values()]
    assert not [secret for secret in secrets if secret in written]
    names = {path.relative_to(tmp_path).as_posix() for path in files}
    assert {"energy/login.json", "jrhsz/login.json", "jrhsz/buildings.list.json", "report.md"} <= names


def test_a_sample_has_the_form_of_the_documented_ones(
    live_mock: Callable[..., LiveMock], recorded: Recorded, tmp_path: Path
) -> None:
    """The first success of an operation replaces a refusal, and stays; broken and doubled JSON is kept as text."""
    mock = live_mock("jrhsz", meters=10)
    mock.restart(paced="no", repeated_key="same")
    url = recorded(Recorder(tmp_path, mock.clock))
    with httpx.Client(base_url=url, trust_env=False) as http:
        http.post("/user/getBuildCode", json={"token": "none", "admin_user_name": "khcs"})
        refused = json.loads((tmp_path / "jrhsz" / "buildings.list.json").read_text("utf-8"))
        assert refused["response"]["code"] == 1006
        token = http.post("/user/login", data={"admin_user_name": "khcs", "api_password": "123456"}).json()["data"]
        for _ in range(2):
            http.post("/user/getBuildCode", json={"token": token, "admin_user_name": "khcs"})
        http.post("/meter/meterList", json={"token": token, "admin_user_name": "khcs", "pageSize": 1})
        http.post("/user/getBuildCode", json={"token": "none", "admin_user_name": "khcs"})
    sample = json.loads((tmp_path / "jrhsz" / "buildings.list.json").read_text("utf-8"))
    assert sample["response"]["code"] == 200
    assert sample["request"] == {
        "method": "POST",
        "path": "/user/getBuildCode",
        "json": {"token": "***", "admin_user_name": "***"},
    }
    assert (sample["source"], sample["section"], sample["operation"]) == ("recorded", "recharge 4.2", "ListBuildings")
    login = json.loads((tmp_path / "jrhsz" / "login.json").read_text("utf-8"))
    assert login["request"]["form"] == {"admin_user_name": "***", "api_password": "***"}
    assert login["response"]["data"] == "***"
    doubled = json.loads((tmp_path / "jrhsz" / "meters.list.json").read_text("utf-8"))
    assert doubled["response_text"].count('"tableNo"') == 2


async def test_it_works_in_process_as_well(live_mock: Callable[..., LiveMock], tmp_path: Path) -> None:
    """Without sockets it does the same; a server that cannot be reached is HTTP 502 in both languages."""
    mock = live_mock("water", meters=10)
    recorder = Recorder(tmp_path, mock.clock)
    upstream = httpx.ASGITransport(create_app(mock.world))
    proxy = create_proxy("http://upstream/prefix/", recorder, upstream)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(proxy), base_url="http://proxy") as http:
        assert (await http.get("/region")).status_code == 404  # the mock has no such prefix
    gone = create_proxy("http://127.0.0.1:9", recorder)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gone), base_url="http://proxy") as http:
        found = await http.get("/region")
        assert found.status_code == 502
        assert set(found.json()) == {"error", "error_zh"}
    assert recorder.summary == (1, 0)


def test_the_command_writes_its_report_when_it_is_stopped(live_mock: Callable[..., LiveMock], tmp_path: Path) -> None:
    """It serves, saves samples at once, and writes the report on SIGTERM with status 0."""
    mock = live_mock("jrhsz", meters=10)
    options = ["record", "--upstream", mock.url, "--port", "0", "--out", str(tmp_path / "out")]
    with started(sys.executable, "-m", "chaobiao_mock", *options) as (process, printed):
        with Jrhsz("khcs", "123456", base_url=url_in(printed), clock=mock.clock) as client:
            assert client.buildings.list().collect()
        assert (tmp_path / "out" / "jrhsz" / "buildings.list.json").exists()
        assert not (tmp_path / "out" / "report.md").exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert "2 samples" in process.stdout.read()  # type: ignore[union-attr]  # it is a pipe
    assert "## jrhsz" in (tmp_path / "out" / "report.md").read_text("utf-8")


@pytest.mark.parametrize("url", ["ftp://server", "server", "https://user:word@server", "http://[::1", "http://h?x"])
def test_an_upstream_that_cannot_be_used_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything but http and https with a host and perhaps a prefix ends the command with status 2."""
    with pytest.raises(SystemExit) as error:
        parse_line(["record", "--upstream", url, "--out", "x"])
    assert error.value.code == 2
    assert "应形如" in capsys.readouterr().err


def test_a_directory_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    """The command ends with status 1 and a sentence in each language."""
    file = tmp_path / "file"
    file.write_text("")
    command = [sys.executable, "-m", "chaobiao_mock", "record", "--upstream", "http://127.0.0.1:9"]
    done = subprocess.run([*command, "--out", str(file)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert "无法写入" in done.stderr
