"""``chaobiao-mock``: serve the mock on loopback."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime

from chaobiao_mock.quirks import parse_family_quirks
from chaobiao_mock.registry import mock_families
from chaobiao_mock.serving import bind, serve, url_of
from chaobiao_mock.world import World, WorldSettings


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise argparse.ArgumentTypeError('must be a time from 2000 to 2100, such as "2023-04-22 10:31:53"')
    return moment


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("must be from 0 to 10000000")
    return number


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(
        prog="chaobiao-mock", description="Serve mocks of the metering platforms (抄表平台模拟服务)."
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    made.add_argument("--port", type=_port, default=8765, help="port, 0 for a free one (default: %(default)s)")
    made.add_argument("--meters", type=_count, default=200, help="made-up meters beside the documented ones")
    made.add_argument("--seed", type=int, default=1, help="seed of the made-up estate")
    made.add_argument("--now", type=_moment, help='the world\'s time, such as "2023-04-22 10:31:53"')
    made.add_argument(
        "--admin-token",
        default=os.environ.get("CHAOBIAO_MOCK_TOKEN"),
        metavar="TOKEN",
        help="what opens /_mock to callers on other machines (default: CHAOBIAO_MOCK_TOKEN; none: localhost only)",
    )
    made.add_argument(
        "--quirk",
        action="append",
        default=[],
        metavar="FAMILY.FIELD=VALUE",
        help="set a quirk, another interpretation of a family's documents, such as jrhsz.data=native or "
        "water.timestamps=number; without a family, jrhsz is meant; repeatable",
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    made = parser()
    families = mock_families()
    options = made.parse_args(arguments)
    try:
        quirks = parse_family_quirks({family.name: family.quirks for family in families}, options.quirk)
        settings = WorldSettings(options.meters, options.seed, options.now, [*quirks.values()])
    except ValueError as error:
        made.error(str(error))
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

    def tell() -> None:
        print(f"chaobiao-mock listens on {url}")
        for family in families:
            print(f"  {family.name:<7} {family.banner}")
        print(f"  docs    {'  '.join(f'{url}/openapi/{family.name}.json' for family in families)}")
        print("Ctrl-C stops it.", flush=True)

    serve(World(settings, families=families), listener, tell, options.admin_token)
    print("chaobiao-mock stopped.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
