"""The command ``chaobiao-mock``: serve the mock on loopback."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from chaobiao_mock.quirks import examples, parse_family_quirks
from chaobiao_mock.record.command import run as run_record
from chaobiao_mock.registry import mock_families
from chaobiao_mock.serving import bind, serve, url_of
from chaobiao_mock.world import World, WorldSettings


def _moment(text: str) -> datetime:
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


def _number(text: str, greatest: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid number {text!r} / 无效的整数 {text!r}") from None
    if not 0 <= number <= greatest:
        raise argparse.ArgumentTypeError(f"must be from 0 to {greatest} / 须为 0 到 {greatest} 的整数")
    return number


def _port(text: str) -> int:
    return _number(text, 65535)


def _count(text: str) -> int:
    return _number(text, 10_000_000)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    families = mock_families()
    found = argparse.ArgumentParser(
        prog="chaobiao-mock",
        description="Serve a stateful mock of the metering platforms. / 抄表平台模拟服务。",
        epilog="chaobiao-mock record --help: pass calls through to a real server and record them"
        " / 将调用转发给真实服务器并录制",
    )
    found.add_argument("--host", default="127.0.0.1", help="address to listen on / 监听地址 (%(default)s)")
    found.add_argument(
        "--port", type=_port, default=8765, help="port, 0 for a free one / 端口，0 表示自动选择空闲端口 (%(default)s)"
    )
    found.add_argument(
        "--meters",
        type=_count,
        default=200,
        help="number of generated meters, in addition to the documented ones / 样例之外生成的表计数量 (%(default)s)",
    )
    found.add_argument("--seed", type=int, default=1, help="seed of the generated fleet / 随机种子 (%(default)s)")
    found.add_argument(
        "--now",
        type=_moment,
        help='the world\'s time at the start, such as "2023-04-22 10:31:53" / 模拟环境的起始时间',
    )
    found.add_argument(
        "--admin-token",
        default=os.environ.get("CHAOBIAO_MOCK_TOKEN"),
        metavar="TOKEN",
        help="open /__mock__ to callers on other machines that send this token (default: CHAOBIAO_MOCK_TOKEN; without "
        "it: localhost only) / 允许其他机器上发送该令牌的调用方使用 /__mock__（默认取环境变量 CHAOBIAO_MOCK_TOKEN）",
    )
    found.add_argument(
        "--quirk",
        action="append",
        default=[],
        metavar="FAMILY.FIELD=VALUE",
        help="another interpretation of a family's documents, such as "
        f"{' or '.join(examples({family.name: family.quirks for family in families}))}; without a family, "
        f"{families[0].name} is meant; repeatable / 文档的另一种解释，可多次使用",
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 0, or 1 for an address that cannot be used."""
    given = sys.argv[1:] if arguments is None else [*arguments]
    if given[:1] == ["record"]:
        return run_record(given[1:])
    command = parser()
    families = mock_families()
    options = command.parse_args(given)
    try:
        quirks = parse_family_quirks({family.name: family.quirks for family in families}, options.quirk)
        settings = WorldSettings(options.meters, options.seed, options.now, [*quirks.values()])
    except ValueError as error:
        command.error(str(error))
    try:
        listener = bind(options.host, options.port)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot listen on {options.host}:{options.port}: {error.strerror}; try --port 0\n"
            f"chaobiao-mock：无法监听 {options.host}:{options.port}，可改用 --port 0",
            file=sys.stderr,
        )
        return 1
    url = url_of(listener)

    def print_banner() -> None:
        print(f"chaobiao-mock listens on {url}")
        for family in families:
            print(f"  {family.name:<7} {family.banner}")
        print(f"  docs    {'  '.join(f'{url}/openapi/{family.name}.json' for family in families)}")
        print("Ctrl-C stops it.", flush=True)

    serve(World(settings, families=families), listener, print_banner, options.admin_token)
    with suppress(BrokenPipeError):  # the program that started it has closed its output
        print("chaobiao-mock stopped.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
