"""``chaobiao-mock record``: pass calls through to a real server, and record them."""

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chaobiao_mock.commands._parsing import Command, Parser, reading, whole_number
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.record.proxy import create_proxy
from chaobiao_mock.record.recorder import Recorder
from chaobiao_mock.serving import bind, serve_app, url_of


def declare(parser: Parser) -> None:
    """Add the options."""
    parser.add_argument(
        "--upstream", required=True, type=reading(_upstream), metavar="URL", help="the real server / 真实服务器的地址"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where to save / 保存目录")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on / 监听地址 (%(default)s)"
    )
    parser.add_argument(
        "--port",
        type=whole_number(0, 65535),
        default=8766,
        metavar="NUMBER",
        help="port, 0 for a free one / 端口，0 表示自动选择空闲端口 (%(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    """Record until SIGTERM or Ctrl-C; return 0, or 1 for an address or a directory that cannot be used."""
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot write to {options.out}: {error.strerror}\nchaobiao-mock：无法写入 {options.out}",
            file=sys.stderr,
        )
        return 1
    try:
        listener = bind(options.host, options.port)
    except OSError as error:
        print(
            f"chaobiao-mock: cannot listen on {options.host}:{options.port}: {error.strerror}; try --port 0\n"
            f"chaobiao-mock：无法监听 {options.host}:{options.port}，可改用 --port 0",
            file=sys.stderr,
        )
        return 1
    url, recorder = url_of(listener), Recorder(options.out)

    def print_banner() -> None:
        print(f"chaobiao-mock listens on {url}")
        print(f"  records {options.upstream}")
        print("Ctrl-C stops it and writes the report.", flush=True)

    serve_app(create_proxy(options.upstream, recorder), listener, print_banner, lifespan=True)
    recorder.report()
    samples, unknown = recorder.summary
    with suppress(BrokenPipeError):  # the program that started it has closed its output
        print(f"{samples} samples, {unknown} unknown paths: {options.out / 'report.md'}", flush=True)
    return 0


COMMAND: Final = Command(
    "Pass calls through to a real server; save samples without secrets, and a report of which interpretation of the "
    "documents the server shows.",
    "将调用转发给真实服务器，保存去除机密的样例，并报告服务器采用文档的哪种解释。",
    declare,
    run,
)


def _upstream(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # a bracket or a port that is none
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query or parts.fragment:
        raise InvalidInput(
            "must look like https://host/prefix, without user, query and fragment",
            "应形如 https://host/prefix，不含用户名、查询串和片段",
        )
    return text.rstrip("/")
