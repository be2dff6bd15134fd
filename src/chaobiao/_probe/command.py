"""The command ``chaobiao probe``."""

import argparse
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chaobiao._contract.family import Family


def add_probe(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", families: Iterable[str]) -> None:
    """Add the command's arguments to the parser; ``families`` are the names of the families there are."""
    command = commands.add_parser(
        "probe",
        help="show which interpretation of the documents a server shows, by reads only"
        " / 仅以只读调用查看服务器采用文档的哪种解释",
    )
    command.add_argument("family", choices=[*families], metavar="FAMILY", help=f"{', '.join(families)} / 接口系列")
    command.add_argument("--base-url", metavar="URL", help="default: CHAOBIAO_FAMILY_BASE_URL / 服务地址")
    command.add_argument("--username", metavar="NAME", help="default: CHAOBIAO_FAMILY_USERNAME / 账号")
    command.add_argument(
        "--password-file",
        metavar="FILE",
        type=argparse.FileType(encoding="utf-8"),
        help="file whose first line is the password, - for standard input; default: CHAOBIAO_FAMILY_PASSWORD"
        " / 首行为密码的文件，- 表示标准输入",
    )
    command.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="NAME:VALUE",
        help="a header of every request, such as Authorization; repeatable / 附加的请求头，可多次使用",
    )
    command.add_argument("--json", action="store_true", help="print JSON / 输出 JSON")


def run_probe(probed: "Family", options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Run the command; return 0, or 1 if the server could not be used."""
    import json  # imported here, like the next modules, so that --version and --help are fast

    from chaobiao._contract.secret import Secret
    from chaobiao._probe.probe import Account, probe
    from chaobiao._probe.report import as_json, as_text
    from chaobiao.errors import ChaobiaoError

    headers: dict[str, str] = {}
    for header in options.header:
        name, colon, value = header.partition(":")
        if not colon:
            parser.error("--header must be NAME:VALUE / --header 须为 NAME:VALUE")
        headers[name.strip()] = value.strip()
    password = None
    if options.password_file is not None:
        with options.password_file as file:
            password = Secret(file.readline().rstrip("\r\n"))
    try:
        result = probe(probed, Account(options.base_url, options.username, password, headers))
    except ChaobiaoError as error:
        print(f"chaobiao: {error}", file=sys.stderr)
        return 1
    if options.json:
        failed = [{"call": call, "error": str(failure)} for call, failure in result.failed]
        stopped = None if result.stopped_by is None else str(result.stopped_by)
        report = as_json(probed, result.findings, requests=result.requests, failed=failed, stopped_by=stopped)
        text = json.dumps(report, ensure_ascii=False, indent=2)
    else:
        text = as_text(probed, result.findings) + f"\n\n{result.requests} requests / 次请求"
    try:
        sys.stdout.buffer.write(f"{text}\n".encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader, such as head, closed the pipe: Python's flush at exit must not fail too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not options.json:
        for call, failure in result.failed:
            print(f"chaobiao: {call}: {failure}", file=sys.stderr)
    if result.stopped_by is not None:
        print(f"chaobiao: login: {result.stopped_by}", file=sys.stderr)
        return 1
    return 0
