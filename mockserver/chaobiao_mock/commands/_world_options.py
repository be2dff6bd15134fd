"""The options that say what the world is like, and the world that they ask for."""

import argparse
from datetime import datetime
from typing import Final

from chaobiao_mock.clock import FIRST_YEARS, checked_rate, checked_start
from chaobiao_mock.commands._parsing import Parser, joined, reading, whole_number
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.quirks import examples, parse_family_quirks
from chaobiao_mock.registry import MockFamily, mock_families
from chaobiao_mock.world import World, WorldSettings

_MOST_METERS: Final = 10_000_000
_LARGEST_SEED: Final = 10**18


def declare_world(parser: Parser) -> None:
    """Add the options."""
    families = mock_families()
    group = parser.add_argument_group("world / 模拟环境")
    group.add_argument(
        "--meters",
        type=whole_number(0, _MOST_METERS),
        metavar="NUMBER",
        help="number of generated meters, in addition to the documented ones or your own (default: 200, with --load 0)"
        " / 样例或自备数据之外生成的表计数量（默认 200，使用 --load 时为 0）",
    )
    group.add_argument(
        "--load",
        metavar="PATH",
        help="a folder or JSON file with your own meters and other things, in the place of the documented ones"
        " (default: none) / 自备基础数据的文件夹或 JSON 文件，代替文档样例（默认无）",
    )
    group.add_argument(
        "--seed",
        type=whole_number(-_LARGEST_SEED, _LARGEST_SEED),
        default=1,
        metavar="NUMBER",
        help="seed of the generated fleet / 随机种子 (%(default)s)",
    )
    group.add_argument(
        "--now",
        type=reading(_moment),
        metavar="TIME",
        help="the world's time at the start, such as \"2023-04-22 10:31:53\" (default: the machine's time)"
        " / 模拟环境的起始时间（默认为本机时间）",
    )
    speed = group.add_mutually_exclusive_group()
    speed.add_argument(
        "--rate",
        type=reading(_rate),
        default=1.0,
        metavar="NUMBER",
        help="how many seconds pass in the world in one second; 3600 makes an hour a second"
        " / 时间倍率，3600 表示一秒当作一小时 (1)",
    )
    speed.add_argument(
        "--frozen",
        action="store_true",
        help="stop the world's clock; POST /__mock__/clock moves it (default: it runs)"
        " / 冻结时钟，由 POST /__mock__/clock 推进（默认正常走时）",
    )
    group.add_argument(
        "--quirk",
        action="append",
        default=[],
        metavar="FAMILY.FIELD=VALUE",
        help="another interpretation of a family's documents, such as "
        f"{joined(examples({family.name: family.quirks for family in families}))}; without a family, "
        f"{families[0].name} is meant; repeatable (default: none) / 文档的另一种解释，可多次使用（默认无）",
    )


def world_of(options: argparse.Namespace, families: tuple[MockFamily, ...] | None = None) -> World:
    """Return the world that the options ask for; ends the process with status 2 where that cannot be."""
    families = families or mock_families()
    try:
        quirks = parse_family_quirks({family.name: family.quirks for family in families}, options.quirk)
    except InvalidInput as error:
        options.refuse(f"--quirk: {error.english}", f"--quirk：{error.chinese}")
        raise  # refuse() ends the process
    rate = 0.0 if options.frozen else options.rate
    given = {} if options.meters is None else {"meters": options.meters}
    try:
        settings = WorldSettings(
            seed=options.seed,
            start=options.now,
            quirks=[*quirks.values()],
            rate=rate,
            fixtures=options.load,
            **given,
        )
        return World(settings, families=families)
    except InvalidInput as error:
        options.refuse(f"--load: {error.english}", f"--load：{error.chinese}")
        raise  # as above


def _moment(text: str) -> datetime:
    first, last = FIRST_YEARS
    try:
        return checked_start(datetime.fromisoformat(text))
    except ValueError:
        raise InvalidInput(
            f'must be a time from {first} to {last}, such as "2023-04-22 10:31:53"',
            f'须为 {first} 至 {last} 年之间的时间，例如 "2023-04-22 10:31:53"',
        ) from None


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0  # no rate, which is said in the same words
    return checked_rate(number)
