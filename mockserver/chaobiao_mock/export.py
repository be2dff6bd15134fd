"""The command ``chaobiao-mock export-fixtures``: write a world as files of your own to begin with."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from chaobiao_mock.options import add_world_options, settings_of
from chaobiao_mock.world import World

NAME: Final = "export-fixtures"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog=f"chaobiao-mock {NAME}",
        description="Write the things of a world into files that --load reads. / 将模拟环境写成 --load 可读取的文件。",
    )
    found.add_argument("folder", metavar="DIR", help="the folder to write into / 输出文件夹")
    add_world_options(found)
    found.add_argument(
        "--format", choices=("csv", "json"), default="csv", help="form of the files / 文件格式 (%(default)s)"
    )
    found.add_argument(
        "--headings", choices=("en", "zh"), default="en", help="language of the headings / 列名语言 (%(default)s)"
    )
    return found


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit status: 0, or 1 where the files cannot be written."""
    command = parser()
    options = command.parse_args(arguments)
    try:
        world = World(settings_of(options))
    except ValueError as error:
        command.error(str(error))
    try:
        files = world.export(options.folder, options.format, options.headings)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot write {error.filename}: {error.strerror}\nchaobiao-mock：无法写入 {error.filename}",
            file=sys.stderr,
        )
        return 1
    for file in files:
        print(file)
    return 0
