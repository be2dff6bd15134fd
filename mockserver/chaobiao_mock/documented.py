"""The samples of the vendors' documents: a file ``documented.json`` in each family's package."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from chaobiao._contract.fields import Record
from chaobiao._wire.json_text import parse_json
from chaobiao._wire.records import reader_of

R = TypeVar("R", bound=Record)


class Samples:
    """The samples of one family. They are read when they are first needed, so that a mock starts without them."""

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def content(self) -> dict[str, Any]:
        """The sections of the file."""
        from importlib.resources import files  # late: a mock starts without it

        content: dict[str, Any] = parse_json(files(self._package).joinpath("documented.json").read_bytes())
        return content

    @staticmethod
    def read(record: type[R], rows: Iterable[dict[str, Any]]) -> tuple[R, ...]:
        """Read rows that are written as on the wire."""
        reader = reader_of(record)
        return tuple(reader.read(row) for row in rows)
