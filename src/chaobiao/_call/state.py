"""What all clients of one account in this process share: the session and the pacers.

Two clients of one account must not call an endpoint at the same moment, sync or async, and need one login only. The
state belongs to the clock, so tests with clocks of their own share nothing. It is kept as long as a client uses it,
and for a while after: scripts that make a client for each call keep their pace and their login.
"""

import os
import threading
import weakref
from collections import OrderedDict
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import attrs

from chaobiao._call.options import Credentials
from chaobiao._call.pacing import Pacers
from chaobiao._call.session import Session
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock

S = TypeVar("S", Session, Pacers)

#: How long the state of an account is kept after its last client was made, in seconds, and of how many accounts.
KEPT_FOR: Final = 900.0
KEPT_AT_MOST: Final = 10_000

Key = tuple[str | Secret, ...]


@attrs.frozen
class AccountState:
    """The session of an account, if its family has one, and its pacers."""

    session: Session | None
    pacers: Pacers


class _States:
    """The states of one clock."""

    def __init__(self) -> None:
        self.alive: weakref.WeakValueDictionary[Key, Any] = weakref.WeakValueDictionary()
        #: What is kept though no client uses it, the least recently asked for first, with the time of that.
        self._kept: OrderedDict[Key, tuple[Any, float]] = OrderedDict()

    def find(self, key: Key, new: S, now: float) -> S:
        """Return the state with this key: the one there is, or the new one."""
        found: S = self.alive.setdefault(key, new)
        self._kept[key] = (found, now)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT_AT_MOST or next(iter(self._kept.values()))[1] < now - KEPT_FOR:
            self._kept.popitem(last=False)
        return found


_lock = threading.Lock()
_by_clock: "weakref.WeakKeyDictionary[Any, _States]" = weakref.WeakKeyDictionary()


def account_state(
    clock: Clock, family: str, base_url: str, credentials: Credentials | None, lifetime: float | None
) -> AccountState:
    """Return the state of this account on this server, made on first use.

    Pacers go by account, sessions by account and password: a client with a wrong password must not use the login of
    another that has the right one.
    """
    account = credentials.username if credentials else ""
    base_url = _normal(base_url)
    now = clock.monotonic()
    with _lock:
        states = _by_clock.get(clock)
        if states is None:
            states = _by_clock[clock] = _States()
        pacers = states.find(("pacers", family, base_url, account), Pacers(clock), now)
        session = None
        if credentials is not None and lifetime is not None:
            key = ("session", family, base_url, account, credentials.password)
            session = states.find(key, Session(clock, lifetime), now)
        return AccountState(session, pacers)


def _normal(url: str) -> str:
    """One spelling for one server."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}{parts.path}"


def _after_fork() -> None:
    """Forget, in a child process, what its parent's threads hold: locks, logins under way, places in queues."""
    global _lock
    _lock = threading.Lock()
    for states in list(_by_clock.values()):
        for state in list(states.alive.values()):
            state.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
