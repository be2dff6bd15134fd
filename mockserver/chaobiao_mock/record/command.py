"""The command ``chaobiao-mock record``."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from chaobiao_mock.record.proxy import create_proxy
from chaobiao_mock.record.recorder import Recorder
from chaobiao_mock.serving import bind, serve_app, url_of


def _upstream(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # a bracket or a port that is none
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(
            "must look like https://host/prefix, without user, query and fragment"
            " / 应形如 https://host/prefix，不含用户名、查询串和片段"
        )
    return text.rstrip("/")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= 65535):
        raise argparse.ArgumentTypeError("must be from 0 to 65535 / 须为 0 到 65535 的整数")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="chaobiao-mock record",
        description="Pass calls through to a real server; save samples without secrets, and a report of which "
        "interpretation of the documents the server shows. / 将调用转发给真实服务器，保存去除机密的样例，"
        "并报告服务器采用文档的哪种解释。",
    )
    found.add_argument(
        "--upstream", required=True, type=_upstream, metavar="URL", help="the real server / 真实服务器的地址"
    )
    found.add_argument("--out", required=True, type=Path, metavar="DIR", help="where to save / 保存目录")
    found.add_argument("--host", default="127.0.0.1", help="address to listen on / 监听地址 (%(default)s)")
    found.add_argument(
        "--port", type=_port, default=8766, help="port, 0 for a free one / 端口，0 表示自动选择 (%(default)s)"
    )
    return found


def run(arguments: Sequence[str]) -> int:
    """Run the command; return its exit status: 0, or 1 for an address or a directory that cannot be used."""
    options = parser().parse_args(arguments)
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
