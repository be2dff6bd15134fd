"""The command ``chaobiao``, also ``python -m chaobiao``: prints a family's contract as an OpenAPI document."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chaobiao._families import NAMES, family
from chaobiao._version import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status: 0, 1 for a file that can't be written, 2 for a wrong call."""
    parser = argparse.ArgumentParser(
        prog="chaobiao", description="Clients for Chinese metering platforms. / 抄表平台客户端。"
    )
    parser.add_argument("--version", action="version", version=f"chaobiao {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "openapi", help="print a family's contract as an OpenAPI 3.1 document / 输出 OpenAPI 3.1 文档"
    )
    command.add_argument("family", metavar="FAMILY", help=f"{', '.join(NAMES)} / 接口系列")
    command.add_argument("--output", metavar="FILE", type=Path, help="write to this file instead / 写入文件")
    command.add_argument("--server", metavar="URL", help="the base URL to name / 文档中的服务器地址")
    chosen = parser.parse_args(arguments)

    import json  # late, with the next, so that --version and --help are quick

    from chaobiao._openapi.document import document

    try:
        found = document(family(chosen.family), server=chosen.server)
    except ValueError as error:
        command.error(str(error))
    text = (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        if chosen.output is None:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        else:
            chosen.output.write_bytes(text)
    except BrokenPipeError:  # the reader, such as head, has seen enough: leave nothing for Python to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(
            f"chaobiao: cannot write {chosen.output}: {error.strerror} / 无法写入文件 {chosen.output}", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
