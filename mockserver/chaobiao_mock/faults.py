"""Faults: errors of the server and of the network that the mock makes on request, to test a client."""

from typing import Final, Literal

import attrs

from chaobiao_mock.errors import InvalidInput

FaultKind = Literal["code", "status", "garbage", "cut", "hang", "large"]
KINDS: Final[tuple[FaultKind, ...]] = ("code", "status", "garbage", "cut", "hang", "large")

#: The least and the greatest value of a fault's numbers.
BOUNDS: Final = {"times": (1, 10**9), "code": (0, 10**9), "status": (200, 599), "size": (0, 1 << 30)}


@attrs.define
class Fault:
    """What happens to the next ``times`` calls of an endpoint.

    ``kind``: ``code`` returns a vendor code, ``status`` an HTTP status, ``garbage`` text that is not JSON, ``cut``
    closes the connection in the middle of the response, ``hang`` never responds (until the client gives up), ``large``
    returns a response of ``size`` bytes. With ``carried_out`` the request takes effect all the same, and only the
    response is lost. Raises ``ValueError`` for an unknown kind and for a number out of bounds.
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
            raise unknown_kind()
        if not isinstance(self.carried_out, bool):
            raise InvalidInput("carried_out must be true or false", "carried_out 须为 true 或 false")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise InvalidInput(
                    f"{name} must be a whole number from {low} to {high}", f"{name} 须为 {low} 到 {high} 的整数"
                )


def unknown_kind() -> InvalidInput:
    """Return the error for a kind that is missing or unknown."""
    return InvalidInput(f"kind must be one of {', '.join(KINDS)}", f"kind 须为以下之一：{'、'.join(KINDS)}")


class Faults:
    """The faults that have not happened yet."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault after those of the same endpoint."""
        self._pending.append(fault)

    def next_for(self, path: str) -> Fault | None:
        """Return the fault of a call, if there is one, and count the call."""
        for fault in self._pending:
            if fault.path == path:
                fault.times -= 1
                if fault.times <= 0:
                    self._pending.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Remove all faults."""
        self._pending.clear()
