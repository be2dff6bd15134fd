"""The calls that the mock received, in the order of their arrival."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.upload import Upload
from chaobiao_mock.arguments import violations_of
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.registry import MockFamily

#: How many calls are kept.
LENGTH: Final = 10_000
#: How many characters of a response are kept.
ANSWER_LENGTH: Final = 2_000
#: In place of a secret.
STRUCK: Final = "***"


@attrs.define(kw_only=True, slots=False)
class Entry:
    """One call. It holds no token and no password.

    ``at`` is the time of its arrival in seconds since the start of the world, ``time`` the same as world time,
    ``wall_time`` the machine's; ``arguments`` are those of the request by wire name, with secrets struck; ``code`` is
    the vendor code of the response, ``answer`` its text, cut after 2,000 characters; ``reason`` says why a request was
    refused, in English and Chinese, and ``hint`` what to change, where the request was not read as it was meant.
    """

    number: int
    at: float
    time: datetime
    wall_time: datetime
    family: MockFamily = attrs.field(repr=False)
    kind: Kind = attrs.field(repr=False)
    account: str
    arguments: Mapping[str, Any]
    code: int
    status: int
    answer: str = attrs.field(repr=False)
    reason: tuple[str, str] = ("", "")
    hint: tuple[str, str] = ("", "")
    fault: str | None = None
    #: Whether the request took effect: a fault can make its response say something else.
    carried_out: bool = True

    @property
    def operation(self) -> str:
        """The client method, such as ``"meters.list"``."""
        return self.kind.spec.call

    @property
    def path(self) -> str:
        """The path of the endpoint."""
        return self.kind.spec.path

    @cached_property
    def violations(self) -> tuple[tuple[str, str], ...]:
        """How the request differs from the contract: all of it, in English and Chinese."""
        protocol = self.family.protocol
        return violations_of(self.kind, self.arguments, protocol.times, protocol.session_names)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as the admin API sends them."""
        return {
            "number": self.number,
            "at": round(self.at, 3),
            "time": self.time.isoformat(),
            "wall_time": self.wall_time.isoformat(),
            "family": self.family.name,
            "operation": self.operation,
            "section": self.kind.spec.section,
            "title": self.kind.spec.title,
            "method": self.kind.spec.method,
            "path": self.path,
            "account": self.account,
            "arguments": {name: _plain(value) for name, value in self.arguments.items()},
            "code": self.code,
            "status": self.status,
            "answer": self.answer,
            "reason": self.reason[0],
            "reason_zh": self.reason[1],
            "hint": self.hint[0],
            "hint_zh": self.hint[1],
            "fault": self.fault,
            "carried_out": self.carried_out,
            "violations": [english for english, _ in self.violations],
            "violations_zh": [chinese for _, chinese in self.violations],
        }


def _plain(value: Any) -> Any:
    """Return a value of a request as JSON can hold it."""
    if isinstance(value, Upload):
        return f"{value.filename} ({len(value.content)} bytes)"
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(_plain, value)]
    return float(value) if isinstance(value, Decimal) else value


class Journal:
    """The newest calls. ``dropped`` says how many older ones are gone."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LENGTH)
        self._count = self._cleared = 0

    def next_number(self) -> int:
        """Return the number of the next call, from 1."""
        return self._count + 1

    def add(self, entry: Entry) -> None:
        """Add a call."""
        self._count = entry.number
        self._entries.append(entry)

    @property
    def cleared(self) -> int:
        """The number of the last call before the journal was cleared."""
        return self._cleared

    def find(self, number: int) -> Entry | None:
        """Return the call with a number, or ``None``."""
        return next((entry for entry in self if entry.number == number), None)

    def newest(self, count: int, after: int = 0) -> list[Entry]:
        """Return the newest calls after the one with a number, the oldest first."""
        found: list[Entry] = []
        for entry in reversed([*self._entries]):
            if entry.number <= after or len(found) == count:
                break
            found.append(entry)
        return found[::-1]

    @property
    def dropped(self) -> int:
        """How many calls since the journal was cleared are not kept any more."""
        first = self._entries[0].number if self._entries else self._count + 1
        return first - 1 - self._cleared

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, operation: str) -> list[Entry]:
        """Return the calls of one operation: a client method, with the family in front of it or not, or a path."""
        return self.select(operation=operation)

    def select(
        self,
        *,
        operation: str | None = None,
        account: str | None = None,
        code: int | None = None,
        fault: str | None = None,
        after: int = 0,
    ) -> list[Entry]:
        """Return the calls that agree with each of the conditions given; ``after`` is the number of a call."""
        return [
            entry
            for entry in self
            if entry.number > after
            and (
                operation is None
                or operation in (entry.operation, f"{entry.family.name}:{entry.operation}", entry.path)
            )
            and account in (None, entry.account)
            and code in (None, entry.code)
            and fault in (None, entry.fault)
        ]

    def complete(self) -> list[Entry]:
        """Return all calls. Raises ``ValueError`` if some are not kept any more: nothing can be proved then."""
        if self.dropped:
            raise InvalidInput(
                f"{self.dropped} calls are no longer in the journal, which keeps {LENGTH}; clear it before each part "
                "of a long test",
                f"日志只保留 {LENGTH} 条，已有 {self.dropped} 条被丢弃；请在长测试的每一部分之前清空日志",
            )
        return list(self)

    def clear(self) -> None:
        """Remove all calls."""
        self._entries.clear()
        self._cleared = self._count
