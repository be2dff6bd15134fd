"""``chaobiao-mock run -- COMMAND``: run a command with a mock of its own, which ends with it."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

from chaobiao_mock.commands._parsing import Command, Parser
from chaobiao_mock.commands._server_options import declare_console
from chaobiao_mock.commands._world_options import declare_world, world_of
from chaobiao_mock.console import Console
from chaobiao_mock.environment import client_environment
from chaobiao_mock.serving import MockServer

#: The exit status of a command that does not exist, and of one that cannot be started, as shells have them.
NOT_FOUND: Final = 127
NOT_EXECUTABLE: Final = 126
#: The signals that are passed on, where the system has them.
PASSED_ON: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")


def declare(parser: Parser) -> None:
    """Add the options."""
    declare_world(parser)
    declare_console(parser)
    parser.add_argument(
        "command",
        nargs="+",
        metavar="COMMAND",
        help="the command and its arguments, after --; it finds the mock by the environment variables that the "
        "clients read, such as CHAOBIAO_JRHSZ_BASE_URL, and CHAOBIAO_MOCK_URL"
        " / 要运行的命令及其参数，写在 -- 之后；客户端读取的环境变量（例如 CHAOBIAO_JRHSZ_BASE_URL）以及"
        " CHAOBIAO_MOCK_URL 已指向模拟服务",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit status; 128 and the signal's number where a signal has ended it."""
    world = world_of(options)
    console = None if options.quiet else Console(sys.stderr, as_json=options.json)
    with MockServer(world, on_call=console) as server:
        status = _run(options.command, client_environment(server.url, world.families))
    if console is not None:
        console.close()
    return status


COMMAND: Final = Command(
    "Run a command with a mock of its own, and end with its exit status.",
    "启动模拟服务并运行命令，以该命令的退出码结束。",
    declare,
    run,
)


def _run(command: list[str], settings: dict[str, str]) -> int:
    try:
        with _passing_signals() as passing:
            process = subprocess.Popen(command, env={**os.environ, **settings})  # noqa: S603  # the command is the caller's
            passing(process)
            status = process.wait()
    except FileNotFoundError:
        _complain(f"there is no command {command[0]}", f"没有命令 {command[0]}")
        return NOT_FOUND
    except OSError as error:
        _complain(f"cannot run {command[0]}: {error.strerror}", f"无法运行 {command[0]}")
        return NOT_EXECUTABLE
    return status if status >= 0 else 128 - status


@contextmanager
def _passing_signals() -> Iterator[Any]:
    """Pass signals on to the process that is given to the yielded function; those before that are kept for it."""
    started: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if not started:
            early.append(number)
        elif not _comes_from_terminal(number):
            with suppress(OSError):  # it has just ended
                started[0].send_signal(number)

    def passing(process: "subprocess.Popen[bytes]") -> None:
        started.append(process)
        for number in early:
            pass_on(number, None)

    numbers = [getattr(signal, name) for name in PASSED_ON if hasattr(signal, name)]
    previous = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield passing
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _comes_from_terminal(number: int) -> bool:
    """Tell whether the command has received a signal already: a terminal sends Ctrl-C to both."""
    if signal.Signals(number).name not in ("SIGINT", "SIGQUIT") or not hasattr(os, "tcgetpgrp"):
        return signal.Signals(number).name == "SIGINT" and os.name == "nt"
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _complain(english: str, chinese: str) -> None:
    print(f"chaobiao-mock run: {english}\nchaobiao-mock run：{chinese}", file=sys.stderr)
