"""The command ``chaobiao-mock`` (also ``python -m chaobiao_mock``)."""

import io
import sys
from collections.abc import Sequence

from chaobiao_mock import requirements


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 1 where the extra is not installed, else that of the subcommand.

    Wrong arguments end the process with status 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # where a terminal cannot show Chinese
    if not requirements.are_installed():
        print(f"chaobiao-mock: {requirements.ENGLISH} / {requirements.CHINESE}", file=sys.stderr)
        return 1
    from chaobiao_mock.commands import run_line  # it imports what may be missing

    return run_line(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
