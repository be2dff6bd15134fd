"""What all clients of one account in this process share: the session and the pacers.

Two clients of one account must not call an endpoint at the same moment, whatever their colour, and need one login only.
The state belongs to the clock, so tests with clocks of their own never meet.
"""

import os
import threading
import weakref
from typing import Any
from urllib.parse import urlsplit

import attrs

from chaobiao._call.options import Credentials
from chaobiao._call.pacing import Pacers
from chaobiao._call.session import Session
from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock


@attrs.frozen
class AccountState:
    """The session of an account, if its family has one, and its pacers."""

    session: Session | None
    pacers: Pacers


_lock = threading.Lock()
_by_clock: "weakref.WeakKeyDictionary[Any, dict[tuple[str | Secret, ...], Any]]" = weakref.WeakKeyDictionary()


def account_state(
    clock: Clock, family: str, base_url: str, credentials: Credentials | None, lifetime: float | None
) -> AccountState:
    """Answer the state of this account on this server, made on first use.

    Pacers go by account, sessions by account and password: a client with a wrong password must not live off another's.
    """
    account = credentials.username if credentials else ""
    base_url = _normal(base_url)
    with _lock:
        states = _by_clock.setdefault(clock, {})
        pacers = states.setdefault(("pacers", family, base_url, account), Pacers(clock))
        session = None
        if credentials is not None and lifetime is not None:
            key = ("session", family, base_url, account, credentials.password)
            session = states.get(key)
            if session is None:
                session = states[key] = Session(clock, lifetime)
        return AccountState(session, pacers)


def _normal(url: str) -> str:
    """One spelling for one server."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}{parts.path}"


def _after_fork() -> None:
    """Set a child process free of what its parent's threads held: locks, logins under way, places in queues."""
    global _lock
    _lock = threading.Lock()
    for states in list(_by_clock.values()):
        for state in states.values():
            state.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
