"""``chaobiao-mock serve``, also without the word: serve until SIGTERM or Ctrl-C."""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from chaobiao_mock.commands._parsing import Command, Parser
from chaobiao_mock.commands._server_options import check_certificate, declare_console, declare_server, declare_state
from chaobiao_mock.commands._world_options import declare_world, world_of
from chaobiao_mock.console import Console, event_line, write_line
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.registry import MockFamily
from chaobiao_mock.serving import ServerSettings, bind, serve, url_of
from chaobiao_mock.state_file import StateFile


def declare(parser: Parser) -> None:
    """Add the options."""
    declare_server(parser)
    declare_world(parser)
    declare_state(parser)
    declare_console(parser)


def run(options: argparse.Namespace) -> int:
    """Serve; return 0, or 1 for an address that cannot be used."""
    check_certificate(options)
    world = world_of(options)
    try:
        listener = bind(options.host, options.port)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot listen on {options.host}:{options.port}: {error.strerror}; try --port 0\n"
            f"chaobiao-mock：无法监听 {options.host}:{options.port}，可改用 --port 0",
            file=sys.stderr,
        )
        return 1
    console = None if options.quiet else Console(sys.stdout, as_json=options.json)
    settings = ServerSettings(
        admin_token=options.admin_token,
        cors=options.cors,
        certfile=options.certfile,
        keyfile=options.keyfile,
        on_call=console,
        state_file=None if options.state is None else StateFile(options.state),
    )
    url = url_of(listener, settings.scheme)
    banner = _json_banner if options.json else _banner
    try:
        serve(world, listener, _printing(lambda: banner(url, world.families)), settings)
    except InvalidInput as error:
        print(f"chaobiao-mock: {error.english}\nchaobiao-mock：{error.chinese}", file=sys.stderr)
        return 1
    finally:
        listener.close()
    if console is None or console.close():
        _printing(lambda: event_line("stopped") if options.json else "chaobiao-mock stopped.")()
    return 0


COMMAND: Final = Command("Serve a stateful mock of the metering platforms.", "启动抄表平台模拟服务。", declare, run)


def _printing(text: Callable[[], str]) -> Callable[[], None]:
    def show() -> None:
        with suppress(BrokenPipeError):  # the program that started it has closed its output
            write_line(sys.stdout, text())

    return show


def _banner(url: str, families: tuple[MockFamily, ...]) -> str:
    lines = [f"chaobiao-mock listens on {url}"]
    for family in families:
        login = "no login" if family.account is None else "account {}, password {}".format(*family.account)
        lines.append(f"  {family.name:<7} {login}")
    lines.append(f"  docs    {'  '.join(f'{url}/openapi/{family.name}.json' for family in families)}")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)


def _json_banner(url: str, families: tuple[MockFamily, ...]) -> str:
    accounts = {family.name: family.account for family in families}
    return event_line("listening", url=url, accounts=accounts)
