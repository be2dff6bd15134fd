"""Drills: a program runs once for each fault of each writing operation that it calls, each time in a fresh world."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, Final

import attrs

from chaobiao._call.retry import Outcome
from chaobiao._contract.operation import Effect
from chaobiao.clock import SYSTEM_CLOCK
from chaobiao_mock.drill_verdict import Effects, Ended, Judgement, Verdict, judge, name_of, writing_calls
from chaobiao_mock.environment import client_environment
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.faults import Fault, FaultKind, Phase
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.serving import MockServer
from chaobiao_mock.world import World, WorldSettings

#: The environment variable that tells the program the name of its run: for files of its own, which must be fresh too.
RUN_VARIABLE: Final = "CHAOBIAO_DRILL_RUN"
#: How many characters of the program's output are kept.
OUTPUT_LENGTH: Final = 4_000


@attrs.frozen
class Case:
    """A fault that a call of an operation meets."""

    kind: FaultKind
    phase: Phase

    def fault(self, operation: str, family: MockFamily) -> Fault:
        """Return the fault of the first call of an operation."""
        code = _vague_code(family) if self.kind == "code" else None
        fault = Fault(operation, self.kind, self.phase)
        return fault if code is None else attrs.evolve(fault, code=code)


#: The faults of a drill: every phase, and after the commit every way in which a response is lost.
CASES: Final = (
    Case("cut", "before_parsing"),
    Case("status", "before_authentication"),
    Case("cut", "before_commit"),
    Case("status", "before_commit"),
    Case("code", "before_commit"),
    Case("cut", "after_commit"),
    Case("reset", "after_commit"),
    Case("hang", "after_commit"),
    Case("status", "after_commit"),
    Case("code", "after_commit"),
    Case("garbage", "after_commit"),
    Case("cut", "mid_answer"),
)


@attrs.frozen(kw_only=True)
class Run:
    """One run of the program with a fault, and what it shows."""

    operation: str
    effect: Effect
    fault: Fault
    ended: Ended
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """What the run shows about the program."""
        return self.judgement.verdict

    @property
    def title(self) -> str:
        """The fault in a few words, such as ``"status 500 after_commit"``."""
        return title_of(self.fault)


@attrs.frozen(kw_only=True)
class Report:
    """The runs of a drill. ``ended`` and ``effects`` are those of the run without faults."""

    command: Sequence[str]
    settings: WorldSettings
    ended: Ended
    effects: Effects
    #: Operations that the program calls, and that took no effect even without faults: there is nothing to compare.
    refused: Sequence[str]
    runs: Sequence[Run]

    def count(self, verdict: Verdict) -> int:
        """Return how many runs have a verdict."""
        return sum(run.verdict is verdict for run in self.runs)

    @property
    def exit_status(self) -> int:
        """0 if every run is safe, 1 if one is unsafe, else 2."""
        if self.count(Verdict.UNSAFE):
            return 1
        return 2 if self.count(Verdict.UNKNOWN) or not self.runs else 0


def title_of(fault: Fault) -> str:
    """Return a fault in a few words."""
    number = {"status": f" {fault.status}", "code": f" {fault.code}"}.get(fault.kind, "")
    return f"{fault.kind}{number} {fault.phase}"


class Drill:
    """A program, and the worlds in which it runs: all with the same settings, the time of the start included.

    ``operations`` narrows the drill to some operations, by their names with their family or without it. ``timeout`` is
    how long a run may take, in seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        settings: WorldSettings,
        families: Sequence[MockFamily],
        *,
        cases: Iterable[Case] = CASES,
        operations: Collection[str] = (),
        timeout: float = 60,
    ) -> None:
        self._command = command
        self._settings = attrs.evolve(settings, start=settings.start or SYSTEM_CLOCK.now())
        self._families = families
        self._cases = [*cases]
        self._operations = operations
        self._timeout = timeout

    def run(self, on_run: Callable[[Run, int], None] = lambda run, planned: None) -> Report:
        """Run the program without faults, then with each; ``on_run`` gets each run and how many are planned.

        Raises ``ValueError`` if there is nothing to drill, and ``OSError`` if the program cannot be started.
        """
        world = self._world()
        ended = self._execute(world, "without-faults")
        if ended.status != 0:
            raise _failing(ended)
        effects = Effects(world.journal.complete())
        called = dict.fromkeys(map(name_of, writing_calls(world.journal)))
        names = [name for name in effects.kinds if self._is_wanted(name)]
        refused = [name for name in called if name not in effects.kinds and self._is_wanted(name)]
        if not names:
            raise InvalidInput(
                "without faults, the program has carried out no writing operation that is to be drilled"
                + (f"; refused: {', '.join(refused)}" if refused else ""),
                "无故障时，程序没有成功执行任何待演练的写操作"
                + (f"；被拒绝的操作：{'、'.join(refused)}" if refused else ""),
            )
        runs: list[Run] = []
        for name in names:
            for case in self._cases:
                runs.append(self._run_with(case, name, effects))
                on_run(runs[-1], len(names) * len(self._cases))
        return Report(
            command=self._command, settings=self._settings, ended=ended, effects=effects, refused=refused, runs=runs
        )

    def _is_wanted(self, name: str) -> bool:
        return not self._operations or name in self._operations or name.partition(":")[2] in self._operations

    def _world(self) -> World:
        return World(self._settings, families=self._families)

    def _run_with(self, case: Case, name: str, expected: Effects) -> Run:
        world = self._world()
        family = next(each for each in self._families if each.name == name.partition(":")[0])
        fault = world.faults.add(case.fault(name, family))
        ended = self._execute(world, f"{name.replace(':', '.')}-{case.kind}-{case.phase}")
        return Run(
            operation=name,
            effect=expected.kinds[name],
            fault=fault,
            ended=ended,
            judgement=judge(world, expected, name, ended),
        )

    def _execute(self, world: World, name: str) -> Ended:
        with MockServer(world) as server:
            settings = {**client_environment(server.url, world.families), RUN_VARIABLE: name}
            return execute(self._command, settings, self._timeout)


def execute(command: Sequence[str], settings: Mapping[str, str], timeout: float) -> Ended:
    """Run a program with further environment variables. When its time is up, it is ended with all that it started."""
    began = SYSTEM_CLOCK.monotonic()
    with TemporaryFile() as output:  # a pipe would stay open as long as a child of the program
        held = _HeldSignals()  # one that came while the program starts would end the drill and leave the program
        try:
            process = subprocess.Popen(  # noqa: S603  # the command is the caller's
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **settings},
                start_new_session=True,
            )
        except BaseException:
            held.release()
            raise
        try:
            held.release()
            status: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = None
        finally:  # also on Ctrl-C, which a session of its own does not receive
            _end(process)
        return Ended(status, SYSTEM_CLOCK.monotonic() - began, _tail(output))


class _HeldSignals:
    """Holds Ctrl-C and SIGTERM back until they are released; only the main thread receives signals."""

    def __init__(self) -> None:
        self._came: list[int] = []
        self._handlers: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(number, lambda came, _: self._came.append(came))

    def release(self) -> None:
        """Let the signals through, those first that have come."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        for number in self._came:
            signal.raise_signal(number)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(size - 4 * OUTPUT_LENGTH, 0))
    return output.read().decode(errors="replace")[-OUTPUT_LENGTH:]


def _vague_code(family: MockFamily) -> int | None:
    """Return the code that says least about what became of a request: an unknown error, else "too fast"."""
    outcomes: dict[Any, int] = {facts[0]: code for code, facts in family.family.codes.items()}
    return outcomes.get(Outcome.UNKNOWN, outcomes.get(Outcome.TOO_FAST))


def _failing(ended: Ended) -> InvalidInput:
    shown = f"\n{ended.output}" if ended.output else ""
    if ended.status is None:
        return InvalidInput(
            f"without faults, the program had not ended after {ended.seconds:.0f} s",
            f"无故障时，程序在 {ended.seconds:.0f} 秒后仍未结束{shown}",
        )
    return InvalidInput(
        f"without faults, the program ended with status {ended.status} instead of 0",
        f"无故障时，程序的退出码为 {ended.status}，应为 0{shown}",
    )
