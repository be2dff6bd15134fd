"""Options of the command line that say what a world is made from."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chaobiao_mock.world import WorldSettings


def moment_of(text: str) -> datetime:
    """Read a time. Raises an error of the command line."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise argparse.ArgumentTypeError(
            'must be a time from 2000 to 2100, such as "2023-04-22 10:31:53"'
            ' / 须为 2000 至 2100 年之间的时间，例如 "2023-04-22 10:31:53"'
        )
    return moment


def number(text: str, greatest: int) -> int:
    """Read a whole number. Raises an error of the command line."""
    try:
        found = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid number {text!r} / 无效的整数 {text!r}") from None
    if not 0 <= found <= greatest:
        raise argparse.ArgumentTypeError(f"must be from 0 to {greatest} / 须为 0 到 {greatest} 的整数")
    return found


def count_of(text: str) -> int:
    """Read a number of meters. Raises an error of the command line."""
    return number(text, 10_000_000)


def add_world_options(found: argparse.ArgumentParser) -> None:
    """Add the options."""
    found.add_argument(
        "--meters",
        type=count_of,
        help="number of generated meters, in addition to the documented ones (200, or 0 with --load) "
        "/ 样例之外生成的表计数量（200，使用 --load 时为 0）",
    )
    found.add_argument(
        "--load",
        metavar="PATH",
        help="a folder or JSON file with your own meters and other things, in the place of the documented ones "
        "/ 自备基础数据的文件夹或 JSON 文件，代替文档样例",
    )
    found.add_argument("--seed", type=int, default=1, help="seed of the generated fleet / 随机种子 (%(default)s)")
    found.add_argument(
        "--now",
        type=moment_of,
        help='the world\'s time at the start, such as "2023-04-22 10:31:53" / 模拟环境的起始时间',
    )


def settings_of(options: argparse.Namespace, quirks: Sequence[Any] = ()) -> WorldSettings:
    """Return the settings that the options stand for. Raises ``ValueError`` for fixtures that cannot be used."""
    given = {} if options.meters is None else {"meters": options.meters}
    return WorldSettings(seed=options.seed, start=options.now, quirks=quirks, fixtures=options.load, **given)
