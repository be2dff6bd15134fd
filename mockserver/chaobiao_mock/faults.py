"""Faults: errors of the server and of the network that the mock makes on request, to test a client."""

from collections.abc import Collection
from random import Random
from typing import Any, Final, Literal, get_args

import attrs

from chaobiao_mock.errors import InvalidInput

FaultKind = Literal[
    "code",
    "status",
    "garbage",
    "large",
    "latency",
    "drip",
    "hang",
    "cut",
    "reset",
    "doubled",
    "length",
    "revoke",
    "repeat",
    "shift",
]
Phase = Literal["before_parsing", "before_authentication", "before_commit", "after_commit", "mid_answer"]

KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
#: Kinds that change how the response arrives, and not what becomes of the request.
LATE: Final = frozenset({"latency", "drip", "doubled", "length", "repeat", "shift"})

#: The least and the greatest value of a fault's numbers.
BOUNDS: Final = {
    "times": (1, 10**9),
    "nth": (1, 10**9),
    "code": (-(10**9), 10**9),
    "status": (200, 599),
    "size": (0, 1 << 30),
}
_SECONDS: Final = (0, 3_600)
#: A snapshot with more choices of faults with a probability is broken: repeating them takes a second.
_MOST_CHOICES: Final = 10_000_000


@attrs.define
class Fault:
    """What goes wrong in calls of an operation.

    ``operation`` selects the calls: a client method such as ``"meters.list"``, with the family in front of it where
    several have it (``"energy:meters.list"``), a path, or ``"*"`` for all; ``account`` and ``meter`` narrow it to the
    calls of one account, and to those that name one meter. Of these calls the fault leaves out all before the ``nth``,
    each with the chance of 1 - ``probability`` (which the world's seed decides), and those after ``times`` or later
    than ``expires_after`` seconds of the world.

    ``kind``: ``code`` returns a vendor code, ``status`` an HTTP status, ``garbage`` text that is not JSON, ``large`` a
    response of ``size`` bytes, ``length`` a wrong Content-Length; ``latency`` waits ``seconds`` before the request is
    handled, ``drip`` spreads the response over ``seconds``; ``hang`` never responds (until the client gives up),
    ``cut`` closes the connection, ``reset`` resets it; ``doubled`` sends the response twice; ``revoke`` ends the
    account's session first; ``repeat`` returns the page before the requested one, ``shift`` leaves out the page's
    first row and adds the next one, as when a row is deleted while pages are read.

    ``phase`` is how far the request comes first: ``before_parsing``, ``before_authentication`` and ``before_commit``
    leave the world as it is; ``after_commit`` and ``mid_answer`` happen when the request has taken effect. In
    ``mid_answer`` half of the response is sent. Raises ``ValueError`` for what cannot be.
    """

    operation: str
    kind: FaultKind
    phase: Phase = "before_parsing"
    account: str | None = None
    meter: str | None = None
    nth: int = 1
    times: int = 1
    probability: float = 1.0
    expires_after: float | None = None
    code: int = 1001
    status: int = 500
    size: int = 1_000_000
    seconds: float = 1.0
    #: The number by which it can be removed; the world gives it.
    id: int = attrs.field(default=0, init=False)
    #: How many calls it was meant for, and in how many it has happened.
    seen: int = attrs.field(default=0, init=False)
    happened: int = attrs.field(default=0, init=False)
    expires_at: float | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise unknown("kind", KINDS)
        if self.phase not in PHASES:
            raise unknown("phase", PHASES)
        for name in ("operation", "account", "meter"):
            value = getattr(self, name)
            if not (isinstance(value, str) or (value is None and name != "operation")):
                raise InvalidInput(f"{name} must be text", f"{name} 须为文本")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise InvalidInput(
                    f"{name} must be a whole number from {low} to {high}", f"{name} 须为 {low} 到 {high} 的整数"
                )
        self._check_number("probability", 0, 1)
        self._check_number("seconds", *_SECONDS)
        if self.expires_after is not None:
            self._check_number("expires_after", 0, 10**9)

    def _check_number(self, name: str, low: int, high: int) -> None:
        value = getattr(self, name)
        try:
            number = float(value) if not isinstance(value, bool | str) else -1.0
        except (TypeError, ValueError, OverflowError):
            number = -1.0
        if not low <= number <= high:
            raise InvalidInput(f"{name} must be a number from {low} to {high}", f"{name} 须为 {low} 到 {high} 的数字")
        setattr(self, name, number)

    @property
    def takes_effect(self) -> bool:
        """Whether the request takes effect."""
        return self.phase in ("after_commit", "mid_answer") or self.kind in LATE


def unknown(name: str, values: Collection[str]) -> InvalidInput:
    """Return the error for a value that is missing or unknown."""
    return InvalidInput(f"{name} must be one of {', '.join(values)}", f"{name} 须为以下之一：{'、'.join(values)}")


@attrs.frozen
class Target:
    """What faults select calls by."""

    family: str
    operation: str
    path: str
    account: str
    meters: frozenset[str]

    def is_meant_by(self, fault: Fault) -> bool:
        """Tell whether a fault is for this call."""
        names = (self.operation, f"{self.family}:{self.operation}", self.path, "*")
        return (
            fault.operation in names
            and (fault.account is None or fault.account == self.account)
            and (fault.meter is None or fault.meter in self.meters)
        )


@attrs.frozen
class SavedFaults:
    """The faults in a snapshot. ``choices`` is how often chance has decided."""

    faults: list[Fault]
    last_id: int
    choices: int


class Faults:
    """The faults of a world, in the order in which they were added. Those that have happened stay in the list."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._faults: dict[int, Fault] = {}
        self._last_id = 0
        self._random = Random(seed)  # a repeatable choice, nothing secret
        self._choices = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def __iter__(self) -> Any:
        return iter([*self._faults.values()])

    def add(self, fault: Fault, now: float = 0.0) -> Fault:
        """Add a fault after the others; ``now`` is the world's time, which its end is counted from."""
        self._last_id += 1
        fault.id = self._last_id
        fault.expires_at = None if fault.expires_after is None else now + fault.expires_after
        self._faults[fault.id] = fault
        return fault

    def next_for(self, target: Target, now: float) -> Fault | None:
        """Return the fault of a call, if there is one, and count the call."""
        for fault in self._faults.values():
            if fault.happened >= fault.times or (fault.expires_at is not None and now >= fault.expires_at):
                continue
            if not target.is_meant_by(fault):
                continue
            fault.seen += 1
            if fault.seen < fault.nth or (fault.probability < 1 and self._chance() >= fault.probability):
                continue
            fault.happened += 1
            return fault
        return None

    def _chance(self) -> float:
        self._choices += 1
        return self._random.random()

    def saved(self) -> SavedFaults:
        """Return what a snapshot keeps."""
        return SavedFaults([*self], self._last_id, self._choices)

    def restore(self, saved: SavedFaults) -> None:
        """Return to a snapshot. Raises ``ValueError`` for more choices than can have been made."""
        if not 0 <= saved.choices <= _MOST_CHOICES:
            raise ValueError("choices")
        self._faults = {fault.id: fault for fault in saved.faults}
        self._last_id = max([saved.last_id, *self._faults])
        self._random.seed(self._seed)
        self._choices = 0
        for _ in range(saved.choices):
            self._chance()

    def remove(self, key: int) -> Fault:
        """Remove a fault. Raises ``ValueError`` for an unknown number."""
        found = self._faults.pop(key, None)
        if found is None:
            raise InvalidInput(f"there is no fault {key}", f"没有编号为 {key} 的故障")
        return found

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()
        self._random.seed(self._seed)
        self._choices = 0
