"""Things that go wrong on purpose, so that a client's care can be tested."""

from typing import Final, Literal

import attrs

FaultKind = Literal["code", "status", "garbage", "cut", "hang", "large"]
KINDS: Final[tuple[FaultKind, ...]] = ("code", "status", "garbage", "cut", "hang", "large")


@attrs.define
class Fault:
    """What happens to the next ``times`` calls of an endpoint.

    ``kind``: ``code`` answers a vendor code, ``status`` an HTTP status, ``garbage`` text that is not JSON, ``cut``
    closes the connection in the middle of the answer, ``hang`` never answers (until the client gives up), ``large``
    answers more bytes than anybody wants. With ``carried_out`` the request takes effect all the same, and only the
    answer is lost.
    """

    path: str
    kind: FaultKind
    times: int = 1
    code: int = 1001
    status: int = 500
    size: int = 1_000_000
    carried_out: bool = False


class Faults:
    """The faults that are waiting."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._waiting.append(fault)

    def take(self, path: str) -> Fault | None:
        """Answer the fault that this call meets, if any, and count it."""
        for fault in self._waiting:
            if fault.path == path:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()
