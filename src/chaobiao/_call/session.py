"""The login of one account: one at a time, however many callers wait for it, and renewed before it ends.

Colourless: it hands out what to do next, and the exchange does it.
"""

import threading
from typing import Final

import attrs

from chaobiao._contract.secret import Secret
from chaobiao.clock import Clock, Waiter
from chaobiao.errors import ChaobiaoError, CredentialError

#: Renew in the background when less than this is left, in seconds.
RENEW_BEFORE: Final = 600.0
#: Do not use a token with less than this left: wait for a new one.
BLOCK_BEFORE: Final = 30.0
#: After a background renewal failed, leave the server alone for this long.
RENEWAL_PAUSE: Final = 30.0


@attrs.frozen
class Grant:
    """What a login gave: the token or cookie, and when it ends on the monotonic clock."""

    credential: Secret
    generation: int
    expires: float


@attrs.frozen
class Use:
    """Go ahead with this grant; ``renew`` asks the one caller that gets it to start a renewal in the background."""

    grant: Grant
    renew: bool = False


@attrs.frozen
class Leader:
    """Log in, then tell the session with granted() or failed()."""

    login_number: int


@attrs.frozen
class Follower:
    """Somebody is logging in: wait for it, then look again."""

    waiter: Waiter
    login_number: int


class Session:
    """The state of one account's login, shared by threads and tasks. ``lifetime`` is in seconds."""

    def __init__(self, clock: Clock, lifetime: float) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._generation = 0
        self._login_number = 0
        self._login_under_way = False
        self._followers: list[Waiter] = []
        self._failure: tuple[int, ChaobiaoError] | None = None
        self._renewal_not_before = float("-inf")

    def look(self) -> Use | Leader | Follower:
        """Say what a caller that needs the session should do now. Whoever is told to lead has to."""
        with self._lock:
            now = self._clock.monotonic()
            grant = self._grant
            if grant is not None and now < grant.expires - BLOCK_BEFORE:
                renew = (
                    not self._login_under_way
                    and now >= grant.expires - RENEW_BEFORE
                    and now >= self._renewal_not_before
                )
                if renew:  # one caller is asked; should its renewal never begin, another is asked after the pause
                    self._renewal_not_before = now + RENEWAL_PAUSE
                return Use(grant, renew)
            return self._join_login()

    def force(self) -> Leader | Follower:
        """Ask for a new login even though the old one may still be good."""
        with self._lock:
            self._grant = None
            return self._join_login()

    def start_renewal(self) -> bool:
        """Begin a renewal; ``False`` if a login is under way already."""
        with self._lock:
            if self._login_under_way:
                return False
            self._begin_login()
            return True

    def granted(self, credential: Secret) -> Grant:
        """Note a login's result; everybody who waits goes on."""
        with self._lock:
            self._generation += 1
            self._grant = Grant(credential, self._generation, self._clock.monotonic() + self._lifetime)
            self._failure = None
            self._renewal_not_before = float("-inf")
            self._end_login()
            return self._grant

    def failed(self, error: ChaobiaoError | None) -> None:
        """Note that a login failed, or (``None``) was given up: then one of those who wait takes over."""
        with self._lock:
            if error is not None:
                self._failure = (self._login_number, error)
            # Knocking again and again with a password that is no longer right would lock the account.
            hopeless = isinstance(error, CredentialError)
            self._renewal_not_before = float("inf") if hopeless else self._clock.monotonic() + RENEWAL_PAUSE
            self._end_login()

    def failure_of(self, login_number: int) -> ChaobiaoError | None:
        """Answer the error with which the login that somebody followed failed, or a later one, if none has succeeded.

        Whoever wakes up late must not start another login where a newer one has already failed in between.
        """
        with self._lock:
            return self._failure[1] if self._failure is not None and self._failure[0] >= login_number else None

    def abandon(self, step: Follower) -> None:
        """Stop waiting for a login."""
        with self._lock:
            if step.waiter in self._followers:
                self._followers.remove(step.waiter)

    def invalidate(self, generation: int) -> None:
        """Forget a grant that the server refused, unless a newer one has replaced it."""
        with self._lock:
            if self._grant is not None and self._grant.generation == generation:
                self._grant = None

    def after_fork(self) -> None:
        """Forget, in a child process, the logins and the waiting that threads of its parent are busy with."""
        self._lock = threading.Lock()
        self._login_under_way = False
        self._followers = []

    def _join_login(self) -> Leader | Follower:
        if self._login_under_way:
            waiter = self._clock.waiter()
            self._followers.append(waiter)
            return Follower(waiter, self._login_number)
        self._begin_login()
        return Leader(self._login_number)

    def _begin_login(self) -> None:
        self._login_number += 1
        self._login_under_way = True

    def _end_login(self) -> None:
        self._login_under_way = False
        followers, self._followers = self._followers, []
        for waiter in followers:
            waiter.wake()

    @property
    def seconds_left(self) -> float | None:
        """How long the current grant is good for, or ``None`` without one."""
        with self._lock:
            return None if self._grant is None else self._grant.expires - self._clock.monotonic()
