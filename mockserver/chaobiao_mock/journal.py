"""What the server saw, in the order it saw it."""

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
    """The newest calls. Never holds a body, a token or a password."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LENGTH)

    def note(self, at: float, operation: str, path: str, account: str, code: int, fault: str | None = None) -> None:
        """Write a call down."""
        self._entries.append(Entry(at, operation, path, account, code, fault))

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, operation: str) -> list[Entry]:
        """The calls of one operation, by its client method."""
        return [entry for entry in self if entry.operation == operation]

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
