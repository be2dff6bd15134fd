"""The calls that the mock received, in the order of their arrival."""

from collections import deque
from collections.abc import Iterator
from typing import Final

import attrs

#: How many calls are kept.
LENGTH: Final = 10_000


@attrs.frozen
class Entry:
    """One call: when it arrived (the world's monotonic seconds), what it was, and the code that was returned."""

    at: float
    operation: str
    path: str
    account: str
    code: int
    fault: str | None = None


class Journal:
    """The newest calls. It never holds a body, a token or a password."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LENGTH)

    def add(self, at: float, operation: str, path: str, account: str, code: int, fault: str | None = None) -> None:
        """Add a call."""
        self._entries.append(Entry(at, operation, path, account, code, fault))

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, operation: str) -> list[Entry]:
        """Return the calls of one operation, which is named by its client method."""
        return [entry for entry in self if entry.operation == operation]

    def clear(self) -> None:
        """Remove all calls."""
        self._entries.clear()
