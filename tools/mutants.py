"""Change the code on purpose, one change at a time, and see that the tests notice: ``python tools/mutants.py``.

The changes stand in ``tools/mutants.toml``. Each is made in a copy of the package, which the tests then import. Exit
status 0 means that some test failed for every change. Words on the command line choose the changes whose description
has one of them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
#: The tests that look at the call, from the ones that fail soonest.
TESTS: Final = (
    "tests/call",
    "tests/live/test_sessions.py",
    "tests/live/test_pacing.py",
    "tests/live/test_secrets.py",
    "tests/live/test_faults.py",
    "tests/live",
    "tests/operations",
    "tests/jrhsz/test_login.py",
    "tests/client",
    "tests/energy",
    "tests/network",
    "tests/test_errors.py",
)
#: The tests to begin with, by the changed file.
FIRST: Final = {
    "_client/listing.py": ("tests/energy/test_pages.py",),
    "_client/outgoing.py": ("tests/energy/test_sessions.py",),
    "_contract/file_checks.py": ("tests/energy/test_requests.py",),
    "energy/cookies.py": ("tests/energy/test_sessions.py",),
    "energy/dialect.py": ("tests/energy/test_responses.py", "tests/energy/test_requests.py"),
    "energy/organization.py": ("tests/energy/test_responses.py",),
    "energy/shapes.py": ("tests/energy/test_requests.py",),
    "_call/login.py": ("tests/live/test_sessions.py",),
    "_call/redaction.py": ("tests/call/test_redaction.py", "tests/live/test_secrets.py"),
    "_call/retry.py": ("tests/call/test_retry.py",),
    "_call/session.py": ("tests/call/test_session.py", "tests/live/test_sessions.py"),
    "_client/attempt.py": ("tests/network",),
}
#: The call does not depend on the transport.
ONE_TRANSPORT: Final = ("-k", "not pyreqwest")
#: End a run in which one test takes this long; a change that makes a test hang was noticed.
HANGING: Final = ("-o", "faulthandler_timeout=20", "-o", "faulthandler_exit_on_timeout=true")
#: How long the tests may take for one change, in seconds.
TIME_LIMIT: Final = 180.0


def changed(mutant: dict[str, Any], package: Path) -> None:
    """Make a change in a copy of the package."""
    path = package / mutant["file"]
    text = path.read_text("utf-8")
    if text.count(mutant["change"]) != 1:
        raise SystemExit(
            f"{mutant['file']}: to be found once, not {text.count(mutant['change'])} times: {mutant['change']}"
        )
    path.write_text(text.replace(mutant["change"], mutant["into"]), "utf-8")


def noticed_by(mutant: dict[str, Any]) -> str | None:
    """Run the tests with a change; return the test that failed first, or ``None``."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "chaobiao")
        shutil.copytree(ROOT / "src/chaobiao", package, ignore=shutil.ignore_patterns("__pycache__"))
        changed(mutant, package)
        tests = dict.fromkeys((*FIRST.get(mutant["file"], ()), *TESTS))
        options = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", *ONE_TRANSPORT, *HANGING)
        command = [sys.executable, "-m", "pytest", *options, *tests]
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((folder, str(ROOT / "mockserver"))),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        try:
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            return "the time limit"
    if done.returncode == 0:
        return None
    if "Timeout (0:00:20)!" in done.stderr:
        return "a test that hangs"
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if failed is None:
        raise SystemExit(f"the tests did not run:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return failed[1]


def main(words: list[str]) -> int:
    """Try every change, or those chosen."""
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        mutants = tomllib.load(file)["mutant"]
    chosen = [mutant for mutant in mutants if not words or any(word in mutant["says"] for word in words)]
    survived = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mutant, test in zip(chosen, pool.map(noticed_by, chosen), strict=True):
            survived += test is None
            print(
                f"{'SURVIVED' if test is None else 'noticed '}  {mutant['file']}: {mutant['says']}  [{test}]",
                flush=True,
            )
    print(f"{len(chosen) - survived} of {len(chosen)} changes were noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
