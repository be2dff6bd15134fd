"""What hooks are told of a call."""

from collections.abc import Callable
from typing import Literal

import attrs


@attrs.frozen
class CallEvent:
    """What hooks are told of a call: which operation, and how it went. Never a body, a token or a password.

    ``kind`` is ``"request"`` before an attempt is sent, ``"response"`` after it, ``"retry"`` when it will be repeated.
    ``wait`` is the time in seconds spent waiting for the call's turn (or, for a retry, about to be spent), ``duration``
    the attempt's own. ``outcome`` is ``"ok"`` or the name of the error class.
    """

    kind: Literal["request", "response", "retry"]
    operation: str
    section: str
    attempt: int
    wait: float = 0.0
    code: int | None = None
    duration: float | None = None
    outcome: str | None = None


Hook = Callable[[CallEvent], object]
