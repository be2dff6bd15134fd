"""``chaobiao-mock export-fixtures``: write a world as files of your own to begin with."""

import argparse
import sys
from typing import Final

from chaobiao_mock.commands._parsing import Command, Parser
from chaobiao_mock.commands._world_options import declare_world, world_of


def declare(parser: Parser) -> None:
    """Add the options."""
    parser.add_argument("folder", metavar="DIR", help="the folder to write into / 输出文件夹")
    declare_world(parser)
    parser.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="form of the files / 文件格式 (%(default)s)"
    )
    parser.add_argument(
        "--headings", choices=("en", "zh"), default="en", help="language of the headings / 列名语言 (%(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the files; return 0, or 1 where they cannot be written."""
    try:
        files = world_of(options).export(options.folder, options.format, options.headings)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot write {error.filename}: {error.strerror}\nchaobiao-mock：无法写入 {error.filename}",
            file=sys.stderr,
        )
        return 1
    for file in files:
        print(file)
    return 0


COMMAND: Final = Command(
    "Write the things of a world into files, to change and load them.",
    "将模拟环境写成可修改、可加载的文件。",
    declare,
    run,
)
