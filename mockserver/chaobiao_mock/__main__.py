"""The command ``chaobiao-mock``: serve the mock on loopback."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from chaobiao_mock import export
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.options import add_world_options, number, settings_of
from chaobiao_mock.quirks import examples, parse_family_quirks
from chaobiao_mock.registry import mock_families
from chaobiao_mock.serving import bind, serve, url_of
from chaobiao_mock.state_file import StateFile
from chaobiao_mock.world import World


def _port(text: str) -> int:
    return number(text, 65535)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    families = mock_families()
    found = argparse.ArgumentParser(
        prog="chaobiao-mock",
        description="Serve a stateful mock of the metering platforms. / 抄表平台模拟服务。",
    )
    found.add_argument("--host", default="127.0.0.1", help="address to listen on / 监听地址 (%(default)s)")
    found.add_argument(
        "--port", type=_port, default=8765, help="port, 0 for a free one / 端口，0 表示自动选择空闲端口 (%(default)s)"
    )
    add_world_options(found)
    found.add_argument(
        "--state",
        metavar="FILE",
        help="a file that keeps all worlds across restarts; once it exists, its settings apply "
        "/ 保存全部模拟环境的文件，重启后从中恢复；文件存在时以其中的设置为准",
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
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == [export.NAME]:
        return export.main(arguments[1:])
    command = parser()
    families = mock_families()
    options = command.parse_args(arguments)
    try:
        quirks = parse_family_quirks({family.name: family.quirks for family in families}, options.quirk)
        settings = settings_of(options, [*quirks.values()])
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

    state_file = None if options.state is None else StateFile(options.state)
    try:
        serve(World(settings, families=families), listener, print_banner, options.admin_token, state_file)
    except InvalidInput as error:
        print(f"chaobiao-mock: {error.english}\nchaobiao-mock：{error.chinese}", file=sys.stderr)
        return 1
    finally:
        listener.close()
    with suppress(BrokenPipeError):  # the program that started it has closed its output
        print("chaobiao-mock stopped.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
