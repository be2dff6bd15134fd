"""A probe of the mock names the quirks that were set, and only reads."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

from chaobiao.__main__ import main
from chaobiao._contract.operation import Effect
from chaobiao._contract.secret import Secret
from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._probe.points import POINTS
from chaobiao._probe.probe import Account, Result, observers_of, probe
from chaobiao_mock.registry import mock_families
from tests.docs.pages import DOCS
from tests.harness.clients import account_of
from tests.harness.mock_server import LiveMock

QUIRKS: dict[str, Any] = {family.name: family.quirks for family in mock_families()}
#: Reading cannot show these; no other quirk may be missing from a report.
NOT_BY_READING = {
    "jrhsz": {"login_paced", "recharge_paced", "paced", "at_zero"},
    "water": set[str](),
    "energy": {"put", "cascade", "delete_parameters"},
}
#: GET alone and both verbs look the same to a client that never sends DELETE for a read.
SAME = {("energy", "alarm_message_verb", "GET"), ("energy", "alarm_message_verb", "both")}
VALUES = [
    (family, field.name, value)
    for family, quirks in QUIRKS.items()
    for field in attrs.fields(quirks)
    for value in get_args(field.type)
]

Probed = Callable[..., tuple[Result, LiveMock]]


@pytest.fixture
def probed(live_mock: Callable[..., LiveMock]) -> Probed:
    """Probe a family of a new world: ``probed("water", total="none")``."""

    def run(family: str, **quirks: Any) -> tuple[Result, LiveMock]:
        mock = live_mock(family, meters=10)
        mock.restart(**quirks)
        username, password = account_of(family) or (None, None)
        account = Account(mock.url, username, None if password is None else Secret(password))
        return probe(find_family(family), account, mock.clock), mock

    return run


def seen(result: Result, name: str) -> tuple[str, ...]:
    """Return what a report says about a quirk."""
    return next(finding.seen for finding in result.findings if finding.name == name)


@pytest.mark.single_client
@pytest.mark.parametrize(("family", "name", "value"), VALUES)
def test_a_report_names_the_quirk_that_was_set(family: str, name: str, value: str, probed: Probed) -> None:
    """Every value of each quirk is named if reading can show it; for the others the report says that it cannot."""
    result, _ = probed(family, **{name: value})
    if name in NOT_BY_READING[family]:
        finding = next(finding for finding in result.findings if finding.name == name)
        assert not finding.seen
        assert finding.note[0].startswith("not observable by reading")
    elif (family, name, value) in SAME:
        assert seen(result, name) == ("both", "GET")
    else:
        assert seen(result, name) == (value,)


@pytest.mark.single_client
@pytest.mark.parametrize("family", NAMES)
def test_a_probe_sees_everything_of_a_server_as_documented(family: str, probed: Probed) -> None:
    """With no quirk set, each is seen at its default, and no switch is proposed."""
    result, _ = probed(family)
    assert not result.stopped_by
    for field in attrs.fields(QUIRKS[family]):
        if field.name not in NOT_BY_READING[family]:
            assert field.default in seen(result, field.name), field.name
    assert not [finding.switch for finding in result.findings if finding.switch]


@pytest.mark.single_client
@pytest.mark.parametrize("family", NAMES)
def test_a_probe_only_reads(family: str, probed: Probed) -> None:
    """The server sees reads and logins, at most 25 requests, none of them too fast."""
    result, mock = probed(family)
    entries = list(mock.world.journal)
    assert entries
    assert {entry.kind.spec.effect for entry in entries} <= {Effect.READ, Effect.SESSION}
    assert result.requests == len(entries) <= 25
    assert not [entry for entry in entries if entry.code in (1011, 4201)]


@pytest.mark.parametrize("family", NAMES)
def test_what_reading_cannot_show_is_declared(family: str) -> None:
    """Each quirk has an observer; those that say why reading cannot show them are exactly the listed ones."""
    observers = [each for each in observers_of(find_family(family)) if each.is_quirk]
    assert sorted(each.name for each in observers) == sorted(field.name for field in attrs.fields(QUIRKS[family]))
    assert {each.name for each in observers if each.unreadable} == NOT_BY_READING[family]


@pytest.mark.parametrize("page", ["ambiguities.md", "zh/ambiguities.md"])
def test_the_points_are_those_of_the_documentation(page: str) -> None:
    """Numbers and titles of the points are those of the page on ambiguities, and quirks are at their points."""
    text = (DOCS / page).read_text("utf-8")
    language = 1 if page.startswith("zh") else 0
    for section in text.split("\n## ")[1:]:
        family = re.split("[,：]", section)[0]
        points = section.split("\n### ")[1:]
        titles = [point.split("\n")[0] for point in points]
        assert titles == [f"{row}. {title[language]}" for row, title in enumerate(POINTS[family], start=1)]
        for observer in observers_of(find_family(family)):
            assert observer.name in points[observer.row - 1], observer.name


def run(monkeypatch: pytest.MonkeyPatch, mock: LiveMock, *arguments: str) -> int:
    """Run the command in this process, under the mock's clock."""
    monkeypatch.setattr("chaobiao._probe.probe.SYSTEM_CLOCK", mock.clock)
    return main(["probe", *arguments])


@pytest.mark.single_client
def test_the_command_prints_the_switches_to_set(
    live_mock: Callable[..., LiveMock], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Credentials come from the environment; the report has every point, a line to copy, and no secret."""
    mock = live_mock("energy", meters=10)
    mock.restart(page_base="1", alarm_message_verb="DELETE")
    monkeypatch.setenv("CHAOBIAO_ENERGY_BASE_URL", mock.url)
    monkeypatch.setenv("CHAOBIAO_ENERGY_USERNAME", "zhangwei")
    monkeypatch.setenv("CHAOBIAO_ENERGY_PASSWORD", "Energy2019")
    assert run(monkeypatch, mock, "energy") == 0
    printed = capfdbinary.readouterr().out.decode()
    assert 'dialect=EnergyDialect(first_page=1, alarm_message_verb="DELETE")' in printed
    assert "--quirk energy.page_base=1" in printed
    assert all(english in printed and chinese in printed for english, chinese in POINTS["energy"])
    assert "Energy2019" not in printed


@pytest.mark.single_client
def test_the_command_prints_json(
    live_mock: Callable[..., LiveMock],
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
) -> None:
    """With --json it prints one object; the password may come from a file."""
    mock = live_mock("jrhsz", meters=10)
    mock.restart(total="one", sessions="one-1009")
    password = tmp_path / "password"
    password.write_text("123456\n")
    options = ["--base-url", mock.url, "--username", "khcs", "--password-file", str(password), "--json"]
    assert run(monkeypatch, mock, "jrhsz", *options) == 0
    report = json.loads(capfdbinary.readouterr().out)
    assert report["dialect"] == "JrhszDialect(relogin_on_1009=True, trust_totals=False)"
    assert report["quirks"]["total"] == "one"
    assert {finding["row"] for finding in report["findings"]} == set(range(1, len(POINTS["jrhsz"]) + 1))


@pytest.mark.single_client
def test_headers_go_with_every_request(
    live_mock: Callable[..., LiveMock], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A family without a login is probed with the given headers; a header without a colon is refused."""
    mock = live_mock("water", meters=10)
    assert run(monkeypatch, mock, "water", "--base-url", mock.url, "--header", "Authorization: Bearer 1") == 0
    assert b"timestamps: text" in capfdbinary.readouterr().out
    with pytest.raises(SystemExit):
        run(monkeypatch, mock, "water", "--base-url", mock.url, "--header", "Authorization")


@pytest.mark.single_client
def test_a_refused_login_ends_the_probe(
    live_mock: Callable[..., LiveMock], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The command says why, ends with status 1, and sends nothing more; without a base URL it says what is missing."""
    mock = live_mock("jrhsz", meters=10)
    monkeypatch.setenv("CHAOBIAO_JRHSZ_PASSWORD", "wrong")
    assert run(monkeypatch, mock, "jrhsz", "--base-url", mock.url, "--username", "khcs") == 1
    assert b"1005" in capfdbinary.readouterr().err
    assert len(mock.world.journal) == 1
    assert run(monkeypatch, mock, "water") == 1
    assert b"CHAOBIAO_WATER_BASE_URL" in capfdbinary.readouterr().err
