"""Things that go wrong on purpose, so that a client's care can be tested."""

from typing import Final, Literal

import attrs

FaultKind = Literal["code", "status", "garbage", "cut", "hang", "large"]
KINDS: Final[tuple[FaultKind, ...]] = ("code", "status", "garbage", "cut", "hang", "large")


#: The bounds of a fault's numbers.
BOUNDS: Final = {"times": (1, 10**9), "code": (0, 10**9), "status": (200, 599), "size": (0, 1 << 30)}


@attrs.define
class Fault:
    """What happens to the next ``times`` calls of an endpoint.

    ``kind``: ``code`` returns a vendor code, ``status`` an HTTP status, ``garbage`` text that is not JSON, ``cut``
    closes the connection in the middle of the response, ``hang`` never responds (until the client gives up), ``large``
    returns more bytes than a client accepts. With ``carried_out`` the request takes effect all the same, and only the
    response is lost. Raises ``ValueError`` for a kind or a number that makes no sense.
    """

    path: str
    kind: FaultKind
    times: int = 1
    code: int = 1001
    status: int = 500
    size: int = 1_000_000
    carried_out: bool = False

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if not isinstance(self.carried_out, bool):
            raise ValueError("carried_out must be true or false")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(f"{name} must be a whole number from {low} to {high}")


class Faults:
    """The faults that are waiting."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._waiting.append(fault)

    def take(self, path: str) -> Fault | None:
        """Return the fault that this call meets, if any, and count it."""
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
