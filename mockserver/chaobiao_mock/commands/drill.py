"""``chaobiao-mock drill -- COMMAND``: run a command against every fault of every writing operation that it calls."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from chaobiao_mock.commands._parsing import Command, Parser, joined, reading, whole_number
from chaobiao_mock.commands._world_options import declare_world, world_of
from chaobiao_mock.drill import CASES, RUN_VARIABLE, Case, Drill, Report, Run
from chaobiao_mock.drill_report import as_dict, as_junit, as_text
from chaobiao_mock.drill_verdict import WRITING
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.world import World

#: The exit status where nothing could be drilled.
NOTHING: Final = 2
_LONGEST: Final = 86_400
_KINDS: Final = tuple(dict.fromkeys(case.kind for case in CASES))
_PHASES: Final = tuple(dict.fromkeys(case.phase for case in CASES))


def declare(parser: Parser) -> None:
    """Add the options."""
    declare_world(parser)
    group = parser.add_argument_group("drill / 演练")
    group.add_argument(
        "--operation",
        action="append",
        default=[],
        metavar="NAME",
        help="drill this operation only, such as recharges.create; repeatable (default: every writing operation that "
        "the command calls) / 只演练该操作，例如 recharges.create；可多次使用（默认为命令调用的每个写操作）",
    )
    group.add_argument(
        "--kinds",
        type=_listed(_KINDS),
        default=_KINDS,
        metavar="LIST",
        help=f"kinds of faults, separated by commas (default: {joined(_KINDS)}) / 故障类型，以逗号分隔（默认全部）",
    )
    group.add_argument(
        "--phases",
        type=_listed(_PHASES),
        default=_PHASES,
        metavar="LIST",
        help=f"phases of faults, separated by commas (default: {joined(_PHASES)}) / 故障阶段，以逗号分隔（默认全部）",
    )
    group.add_argument(
        "--timeout",
        type=whole_number(1, _LONGEST),
        default=60,
        metavar="SECONDS",
        help="how long a run of the command may take / 每次运行的时限，单位为秒 (%(default)s)",
    )
    group.add_argument(
        "--json",
        type=reading(_file),
        metavar="FILE",
        help="write the report as JSON, too (default: text only) / 同时写入 JSON 报告（默认只输出文本）",
    )
    group.add_argument(
        "--junit",
        type=reading(_file),
        metavar="FILE",
        help="write the report as JUnit XML, too (default: text only) / 同时写入 JUnit XML 报告（默认只输出文本）",
    )
    group.add_argument(
        "--quiet",
        action="store_true",
        help="print nothing until the report (default: a line for each run) / 只输出最后的报告（默认每次运行输出一行）",
    )
    parser.add_argument(
        "command",
        nargs="+",
        metavar="COMMAND",
        help="the command and its arguments, after --; it finds the mock as with run, and must end with status 0 if "
        f"and only if all went well; {RUN_VARIABLE} is the name of the run"
        " / 要演练的命令及其参数，写在 -- 之后；它与 run 一样通过环境变量找到模拟服务，当且仅当一切正常时应以退出码 0"
        f" 结束；{RUN_VARIABLE} 为本次运行的名称",
    )


def run(options: argparse.Namespace) -> int:
    """Run the drill; return 0 if every run is safe, 1 if one is unsafe, else 2."""
    world = world_of(options)
    _check_operations(options, world.families)
    cases = [case for case in CASES if case.kind in options.kinds and case.phase in options.phases]
    if not cases:
        options.refuse("there is no fault of these kinds in these phases", "这些类型与阶段没有对应的故障")
    try:
        with _ending_on_sigterm():
            report = _drill(options, world, cases)
        print(as_text(report))
        _write(options, report)
    except InvalidInput as error:
        return _complain(error.english, error.chinese)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except FileNotFoundError as error:
        return _complain(f"there is no file {error.filename}", f"没有文件 {error.filename}")
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}", f"无法使用 {error.filename}")
    return report.exit_status


COMMAND: Final = Command(
    "Run a command against every fault of every writing operation that it calls, and report what is unsafe.",
    "让命令逐一经历其每个写操作的各种故障，并报告不安全之处。",
    declare,
    run,
)


def _drill(options: argparse.Namespace, world: World, cases: Sequence[Case]) -> Report:
    done = 0

    def show(found: Run, planned: int) -> None:
        nonlocal done
        done += 1
        if not options.quiet:
            line = f"[{done}/{planned}] {found.operation} {found.title}: {found.verdict}"
            print(line, file=sys.stderr, flush=True)

    drill = Drill(
        options.command,
        world.settings,
        world.families,
        cases=cases,
        operations=options.operation,
        timeout=options.timeout,
    )
    return drill.run(show)


def _write(options: argparse.Namespace, report: Report) -> None:
    if options.json is not None:
        options.json.write_text(json.dumps(as_dict(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.junit is not None:
        options.junit.write_text(as_junit(report), encoding="utf-8")


def _check_operations(options: argparse.Namespace, families: Sequence[MockFamily]) -> None:
    known = {
        name
        for family in families
        for kind in family.family.operations
        if kind.spec.effect in WRITING
        for name in (kind.spec.call, f"{family.name}:{kind.spec.call}")
    }
    for name in options.operation:
        if name not in known:
            options.refuse(f"--operation: there is no writing operation {name}", f"--operation：没有写操作 {name}")


def _listed(known: Sequence[str]) -> Callable[[str], Any]:
    def read(text: str) -> tuple[str, ...]:
        found = tuple(text.split(","))
        for name in found:
            if name not in known:
                raise InvalidInput(f"must be of {', '.join(known)}", f"可选值：{'、'.join(known)}")
        return found

    return reading(read)


def _file(text: str) -> Path:
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():  # known now, and not after a long drill
        raise InvalidInput("must be a file in a directory that there is", "须为已有目录中的文件")
    return path


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """End on SIGTERM as on Ctrl-C, so that the command ends, too."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    previous = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _complain(english: str, chinese: str) -> int:
    print(f"chaobiao-mock drill: {english}\nchaobiao-mock drill：{chinese}", file=sys.stderr)
    return NOTHING
