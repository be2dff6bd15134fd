"""The command ``chaobiao`` (also ``python -m chaobiao``): prints OpenAPI documents, and probes servers."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chaobiao._families import NAMES, family
from chaobiao._probe.command import add_probe, run_probe
from chaobiao._version import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 1 when the file cannot be written.

    Wrong arguments end the process with status 2, as argparse does.
    """
    parser = argparse.ArgumentParser(
        prog="chaobiao", description="Clients for Chinese metering platforms. / 抄表平台客户端。"
    )
    parser.add_argument("--version", action="version", version=f"chaobiao {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "openapi", help="print a family's API as an OpenAPI 3.1 document / 输出接口系列的 OpenAPI 3.1 文档"
    )
    command.add_argument("family", metavar="FAMILY", help=f"{', '.join(NAMES)} / 接口系列")
    command.add_argument(
        "--output", metavar="FILE", type=Path, help="write to this file, not to standard output / 写入文件"
    )
    command.add_argument("--server", metavar="URL", help="the base URL that the document names / 文档中写明的服务地址")
    add_probe(commands, NAMES)
    options = parser.parse_args(arguments)
    if options.command == "probe":
        return run_probe(family(options.family), options, parser)

    import json  # imported here, like the next module, so that --version and --help are fast

    from chaobiao._openapi.document import document

    try:
        openapi = document(family(options.family), server=options.server)
    except ValueError as error:
        command.error(str(error))
    text = (json.dumps(openapi, ensure_ascii=False, indent=2) + "\n").encode()
    try:
        if options.output is None:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        else:
            options.output.write_bytes(text)
    except BrokenPipeError:  # the reader, such as head, closed the pipe: Python's flush at exit must not fail too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(
            f"chaobiao: cannot write {options.output}: {error.strerror} / 无法写入文件 {options.output}",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
