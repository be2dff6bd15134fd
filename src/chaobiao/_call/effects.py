"""The effects of a call, which drivers perform, and what all calls of a client have in common."""

from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

import attrs

from chaobiao._call.dialect import DecodeOptions, Dialect
from chaobiao._call.messages import Request
from chaobiao._call.options import Credentials, Options
from chaobiao._call.pacing import Pacers
from chaobiao._call.session import Session
from chaobiao.clock import Clock, Waiter

T = TypeVar("T")


@attrs.frozen
class Wait:
    """Effect: wait until woken, or for ``seconds``."""

    waiter: Waiter
    seconds: float | None


@attrs.frozen
class Transmit:
    """Effect: send the request and return a :class:`Response` or a :class:`Failure`.

    ``sent`` is called when bytes are about to leave. ``exclusive`` asks for a connection on which nothing can be
    waiting: the response to a recharge must not be an earlier request's.
    """

    request: Request
    timeout: float
    max_bytes: int
    exclusive: bool
    sent: Callable[[], None]


@attrs.frozen
class Admit:
    """Effect: wait for the client's cap on calls, where it has one, ``seconds`` at most; ``False``: too long."""

    seconds: float


@attrs.frozen
class Detach(Generic[T]):
    """Effect: carry other effects through in the background."""

    effects: "Generator[DriverEffect, Any, T]"


DriverEffect = Wait | Admit | Transmit | Detach[Any]
Effects = Generator[DriverEffect, Any, T]


@attrs.frozen
class Context:
    """What all calls of a client have in common."""

    dialect: Dialect
    base_url: str
    clock: Clock
    options: Options
    credentials: Credentials | None
    session: Session | None
    pacers: Pacers
    decode: DecodeOptions
