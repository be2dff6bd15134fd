"""Drills: real programs run against every fault of what they write, and the verdict on each run."""

import fcntl
import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import pytest

from chaobiao_mock.__main__ import main
from chaobiao_mock.drill import CASES, Case, Drill
from chaobiao_mock.faults import PHASES
from chaobiao_mock.registry import mock_families
from chaobiao_mock.world import WorldSettings

#: Pays under a fresh number as often as it needs for a response that it understands.
CARELESS = """
    from uuid import uuid4
    from chaobiao import ChaobiaoError, Jrhsz
    with Jrhsz() as client:
        for _ in range(3):
            try:
                client.recharges.create("2022040001", amount=50, order_number=uuid4().hex)
                break
            except ChaobiaoError as error:
                print(type(error).__name__)
"""
#: Pays once, and fails where the outcome is unknown.
HONEST = """
    from uuid import uuid4
    from chaobiao import Jrhsz
    with Jrhsz() as client:
        client.recharges.create("2022040001", amount=50, order_number=uuid4().hex)
"""
#: Looks a payment up whose outcome is unknown, and pays again only if it is not there.
RECONCILING = """
    from datetime import datetime, timedelta
    from uuid import uuid4
    from chaobiao import SHANGHAI, Jrhsz, OutcomeUnknown
    number, now, day = uuid4().hex, datetime.now(SHANGHAI), timedelta(days=1)
    with Jrhsz() as client:
        for _ in range(2):
            try:
                client.recharges.create("2022040001", amount=50, order_number=number)
                break
            except OutcomeUnknown:
                payments = client.recharges.list("2022040001", begin=now - day, end=now + day)
                if any(payment.order_number == number for payment in payments):
                    break
"""
#: Takes every failure for a success, and prints it in bold.
BOASTING = """
    from contextlib import suppress
    from uuid import uuid4
    from chaobiao import ChaobiaoError, Jrhsz
    with Jrhsz() as client, suppress(ChaobiaoError):
        client.recharges.create("2022040001", amount=50, order_number=uuid4().hex)
    print("\\x1b[1mpaid")
"""
#: Pays the same amount twice on purpose, and fails in the end if something was unknown.
TWO_EQUAL_PAYMENTS = """
    from uuid import uuid4
    from chaobiao import Jrhsz, OutcomeUnknown
    failed = 0
    with Jrhsz() as client:
        for _ in range(2):
            try:
                client.recharges.create("2022040001", amount=50, order_number=uuid4().hex)
            except OutcomeUnknown:
                failed = 3
    raise SystemExit(failed)
"""
#: Pays in the first run only.
ABSENT = """
    import os
    from uuid import uuid4
    from chaobiao import Jrhsz
    print(os.environ["CHAOBIAO_DRILL_RUN"])
    with Jrhsz() as client:
        if os.environ["CHAOBIAO_DRILL_RUN"] == "without-faults":
            client.recharges.create("2022040001", amount=50, order_number=uuid4().hex)
"""
#: Waits without a time limit, as does a child of it that holds a lock and writes a word when it ends by itself.
HANGING = """
    import http.client, json, os, subprocess, sys
    host = os.environ["CHAOBIAO_JRHSZ_BASE_URL"].removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    def post(path, body):
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        return json.loads(connection.getresponse().read())
    account = {"admin_user_name": os.environ["CHAOBIAO_JRHSZ_USERNAME"]}
    token = post("/user/login", account | {"api_password": os.environ["CHAOBIAO_JRHSZ_PASSWORD"]})["data"]
    if os.environ["CHAOBIAO_DRILL_RUN"] != "without-faults":
        child = "import fcntl, time, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX)"
        child += "; print('locked', flush=True); time.sleep(15); f.write('ended'); f.flush()"
        child = subprocess.Popen([sys.executable, "-c", child, sys.argv[1]], stdout=subprocess.PIPE)
        child.stdout.readline()
    payment = {"user_code": "2022040001", "total_fee": "50.00", "out_trade_no": "A-1"}
    assert post("/user/Prestore", account | payment | {"token": token})["code"] == 200
"""
#: Does everything again whose first response is no success: enters an output, a product under another name, a rate.
ENTERING = """
    from datetime import datetime
    from uuid import uuid4
    from chaobiao import ChaobiaoError, EnergyManager
    output = {"product_id": 1, "machine_id": 1, "batch_id": 1, "amount": 5}
    output |= {"start": datetime(2019, 4, 1, 8), "end": datetime(2019, 4, 1, 9)}
    rate = {"name": "电价", "kind": "0", "is_segmented": False, "unit": "元"}
    with EnergyManager() as client:
        for write in (
            lambda: client.outputs.create(**output),
            lambda: client.products.create(name=uuid4().hex, unit="件"),
            lambda: client.rates.update(1, **rate),
        ):
            try:
                write()
            except ChaobiaoError:
                write()
"""
READING = """
    from chaobiao import Jrhsz
    with Jrhsz() as client:
        client.buildings.list().collect()
"""


@attrs.frozen
class Drilled:
    """What a drill has printed and written, and its exit status."""

    status: int
    text: str
    errors: str
    report: dict[str, Any]
    junit: ElementTree.Element

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each run, by its fault."""
        return {run["fault"]: run["verdict"] for run in self.report["runs"]}

    def run(self, fault: str) -> dict[str, Any]:
        """Return a run by its fault."""
        return next(run for run in self.report["runs"] if run["fault"] == fault)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., list[str]]:
    """Makes a program of a text; returns its command."""

    def make(text: str, *arguments: str) -> list[str]:
        path = tmp_path / "program.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return [sys.executable, str(path), *arguments]

    return make


@pytest.fixture
def drill(
    program: Callable[..., list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Drilled]:
    """Runs the command with a program."""

    def run(text: str, *options: str, arguments: tuple[str, ...] = ()) -> Drilled:
        files = tmp_path / "report.json", tmp_path / "report.xml"
        written = ["--json", str(files[0]), "--junit", str(files[1])]
        status = main(["drill", "--meters", "0", *written, *options, "--", *program(text, *arguments)])
        printed = capsys.readouterr()
        report = json.loads(files[0].read_text(encoding="utf-8"))
        return Drilled(status, printed.out, printed.err, report, ElementTree.parse(files[1]).getroot())

    return run


def test_a_payment_under_a_fresh_number_is_unsafe(drill: Callable[..., Drilled]) -> None:
    """Every report shows both payments; where the first one was not booked, the second one is right."""
    found = drill(CARELESS, "--kinds", "cut", "--phases", "before_commit,after_commit")
    assert found.status == 1
    assert found.verdicts == {"cut before_commit": "safe", "cut after_commit": "unsafe"}
    unsafe = found.run("cut after_commit")
    assert (unsafe["operation"], unsafe["effect"]) == ("jrhsz:recharges.create", "money")
    assert "too often: 2 instead of 1" in unsafe["reason"]
    assert "2 次，应为 1 次" in unsafe["reason_zh"]
    assert [call["carried_out"] for call in unsafe["calls"]] == [True, True]
    numbers = {call["arguments"]["out_trade_no"] for call in unsafe["calls"]}
    assert len(numbers) == 2
    assert unsafe["output"] == "OutcomeUnknown\n"
    assert all(f"out_trade_no={number}" in found.text for number in numbers)
    assert "[2/2] jrhsz:recharges.create cut after_commit: unsafe" in found.errors
    assert "safe 安全 1, unsafe 不安全 1, unknown 未知 0" in found.text
    assert found.text.splitlines()[1:6] == [
        "without faults / 无故障时: jrhsz:recharges.create x1",
        "",
        "operation / 操作        fault / 故障       verdict / 结论  status / 退出码",
        "jrhsz:recharges.create  cut before_commit  safe 安全       0",
        "jrhsz:recharges.create  cut after_commit   unsafe 不安全   0",
    ]
    [suite] = found.junit
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    safe, failed = suite
    assert safe.find("failure") is None
    assert failed.get("name") == "cut after_commit"
    failure = failed.find("failure")
    assert failure is not None
    assert all(number in str(failure.text) for number in numbers)


def test_a_program_that_reports_an_unknown_outcome_is_safe(drill: Callable[..., Drilled]) -> None:
    """It has failed in each run, and the payment was booked once."""
    found = drill(HONEST, "--kinds", "reset,garbage,code", "--phases", "after_commit", "--quiet")
    assert found.status == 0
    assert found.verdicts == dict.fromkeys(
        ["reset after_commit", "code 1011 after_commit", "garbage after_commit"], "safe"
    )
    assert all(run["exit_status"] == 1 for run in found.report["runs"])
    assert found.errors == ""


def test_a_program_that_reconciles_is_safe(drill: Callable[..., Drilled]) -> None:
    """It ends with 0 in every phase, whether the payment was booked before the response was lost or not."""
    found = drill(RECONCILING, "--kinds", "cut", "--operation", "recharges.create")
    assert found.status == 0
    assert [(run["phase"], run["verdict"], run["exit_status"]) for run in found.report["runs"]] == [
        (phase, "safe", 0) for phase in ("before_parsing", "before_commit", "after_commit", "mid_answer")
    ]


def test_success_without_an_effect_is_unsafe(drill: Callable[..., Drilled]) -> None:
    """A program that ends with 0 although nothing was booked has not noticed."""
    found = drill(BOASTING, "--kinds", "cut", "--phases", "before_commit,after_commit")
    assert found.status == 1
    assert found.verdicts == {"cut before_commit": "unsafe", "cut after_commit": "safe"}
    assert "ended with status 0, although" in found.text
    assert found.run("cut after_commit")["output"] == "\x1b[1mpaid\n"
    printed = found.junit.find(".//system-out")
    assert printed is not None
    assert printed.text == "\ufffd[1mpaid\n"  # XML cannot hold the escape


def test_equal_payments_on_purpose_are_no_double_spend(drill: Callable[..., Drilled]) -> None:
    """What the program does without faults is no error, also after a fault."""
    found = drill(TWO_EQUAL_PAYMENTS, "--kinds", "cut", "--phases", "after_commit")
    assert (found.status, found.report["effects"]) == (0, {"jrhsz:recharges.create": 2})


def test_a_run_that_does_not_reach_the_operation_is_unknown(drill: Callable[..., Drilled]) -> None:
    """It shows nothing, and the exit status says so; each run has a name, which the program can read."""
    found = drill(ABSENT, "--kinds", "cut", "--phases", "after_commit")
    assert (found.status, found.verdicts) == (2, {"cut after_commit": "unknown"})
    assert found.run("cut after_commit")["output"] == "jrhsz.recharges.create-cut-after_commit\n"
    assert "has not called jrhsz:recharges.create" in found.text
    assert found.junit[0].get("errors") == "1"


def test_a_run_that_hangs_is_ended_with_its_children(drill: Callable[..., Drilled], tmp_path: Path) -> None:
    """The verdict is unknown; nothing that the program has started goes on."""
    lock = tmp_path / "lock"
    options = ["--kinds", "hang", "--phases", "after_commit", "--timeout", "6"]
    found = drill(HANGING, *options, arguments=(str(lock),))
    assert (found.status, found.verdicts) == (2, {"hang after_commit": "unknown"})
    assert found.run("hang after_commit")["exit_status"] is None
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # waits until the child is gone
        assert held.read() == ""


def test_what_is_created_twice_is_unsafe_and_what_is_set_twice_is_not(drill: Callable[..., Drilled]) -> None:
    """A second record is wrong; a second update changes nothing. The code is the family's own for unknown errors."""
    found = drill(ENTERING, "--kinds", "code", "--phases", "after_commit")
    assert found.status == 1
    assert [(run["operation"], run["fault"], run["verdict"]) for run in found.report["runs"]] == [
        ("energy:outputs.create", "code 4501 after_commit", "unsafe"),
        ("energy:products.create", "code 4501 after_commit", "unsafe"),
        ("energy:rates.update", "code 4501 after_commit", "safe"),
    ]


def test_books_that_do_not_balance_are_unsafe(program: Callable[..., list[str]]) -> None:
    """What the platform's books say counts, whatever the calls look like."""
    families = [
        attrs.evolve(family, audit=lambda state: [("0.01 is missing", "少 0.01")]) for family in mock_families()
    ]
    report = Drill(program(HONEST), WorldSettings(meters=0), families, cases=[Case("cut", "after_commit")]).run()
    assert report.exit_status == 1
    assert report.runs[0].judgement.reason == ("0.01 is missing", "少 0.01")


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        (READING, [], "has carried out no writing operation"),
        (HONEST, ["--operation", "meters.instruct"], "has carried out no writing operation"),
        ("raise SystemExit(7)", [], "ended with status 7 instead of 0"),
        ("while True: pass", ["--timeout", "1"], "had not ended after 1 s"),
    ],
)
def test_without_a_run_to_compare_with_there_is_no_drill(
    program: Callable[..., list[str]],
    capsys: pytest.CaptureFixture[str],
    text: str,
    options: list[str],
    reason: str,
) -> None:
    """A program that fails without faults, or that writes nothing, cannot be drilled: status 2 and the reason."""
    assert main(["drill", "--meters", "0", *options, "--", *program(text)]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "missing: COMMAND"),
        (["--operation", "meters.list", "x"], "there is no writing operation meters.list"),
        (["--kinds", "cut,late", "x"], "must be of cut"),
        (["--kinds", "hang", "--phases", "mid_answer", "x"], "no fault of these kinds in these phases"),
        (["--timeout", "0", "x"], "must be a whole number from 1"),
        (["--json", "/no/such/directory/report.json", "x"], "must be a file in a directory that there is"),
    ],
)
def test_wrong_options_are_rejected(capsys: pytest.CaptureFixture[str], options: list[str], reason: str) -> None:
    """Status 2, and a line in each language."""
    with pytest.raises(SystemExit) as caught:
        main(["drill", *options])
    assert caught.value.code == 2
    assert reason in capsys.readouterr().err


def test_a_command_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """It is named in the error."""
    assert main(["drill", "--meters", "0", "--", "no-such-program"]) == 2
    assert "no-such-program" in capsys.readouterr().err


def test_a_drill_ends_its_program_on_sigterm(program: Callable[..., list[str]], tmp_path: Path) -> None:
    """The program, which has a session of its own, ends too."""
    lock = tmp_path / "lock"
    waiting = """
        import fcntl, sys, time
        with open(sys.argv[1], "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write("held")
            lock.flush()
            time.sleep(20)
            lock.truncate(0)
    """
    command = [sys.executable, "-m", "chaobiao_mock", "drill", "--meters", "0", "--", *program(waiting, str(lock))]
    with subprocess.Popen(command) as process:
        try:
            while not (lock.exists() and lock.read_text()):
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 128 + signal.SIGTERM
        finally:
            process.kill()
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert held.read() == "held"


def test_every_phase_is_drilled() -> None:
    """The faults of a drill are in every phase that a fault can have."""
    assert {case.phase for case in CASES} == set(PHASES)
