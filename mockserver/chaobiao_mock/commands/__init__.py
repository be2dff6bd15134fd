"""The subcommands of ``chaobiao-mock``, one module each; a module that is added here is a subcommand.

Such a module defines ``COMMAND``. Its name is the subcommand's, with hyphens for underscores; modules whose names begin
with an underscore are no subcommands. Without a subcommand, ``serve`` is meant.
"""

import argparse
import difflib
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from chaobiao_mock.commands._parsing import Command, Parser

PROGRAM: Final = "chaobiao-mock"
DEFAULT: Final = "serve"
NAMES: Final = tuple(
    sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
)


def find_command(name: str) -> Command:
    """Return a subcommand."""
    found: Command = import_module(f"{__name__}.{name.replace('-', '_')}").COMMAND
    return found


def make_parser(name: str | None = None) -> Parser:
    """Return the parser of a subcommand; without a name, that of the program."""
    found = find_command(name or DEFAULT)
    made = Parser(
        PROGRAM if name is None else f"{PROGRAM} {name}",
        f"{found.english} / {found.chinese}",
        _list_of_commands if name is None else None,  # a function: the modules of all commands take long to import
    )
    if name is None:
        made.add_version()
    found.declare(made)
    return made


def parse_line(arguments: Sequence[str]) -> tuple[Command, argparse.Namespace]:
    """Read a command line; ends the process with status 2 where it is wrong."""
    named = arguments[0] if arguments and not arguments[0].startswith("-") else None
    if named is not None and named not in NAMES:
        nearest = difflib.get_close_matches(named, NAMES, n=1, cutoff=0.5)
        english, chinese = f"there is no command {named}", f"没有命令 {named}"
        if nearest:
            english, chinese = f"{english}; did you mean {nearest[0]}?", f"{chinese}，是否为 {nearest[0]}？"
        make_parser().refuse(f"{english} (commands: {', '.join(NAMES)})", f"{chinese}（可用命令：{'、'.join(NAMES)}）")
    made = make_parser(named)
    options = made.parse_args(arguments[1:] if named else arguments)
    options.refuse = made.refuse
    return find_command(named or DEFAULT), options


def run_line(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    found, options = parse_line(arguments)
    return found.run(options)


def _list_of_commands() -> str:
    lines = ["commands / 命令:"]
    for name in NAMES:
        found = find_command(name)
        lines.append(f"  {name:<18} {found.english} / {found.chinese}")
    lines.append(f"\n{PROGRAM} COMMAND --help shows the options of a command. / 查看某个命令的选项。")
    return "\n".join(lines)
