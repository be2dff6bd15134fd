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
class Lead:
    """Log in, then tell the session with granted() or failed()."""

    flight: int


@attrs.frozen
class Follow:
    """Somebody is logging in: wait for it, then look again."""

    waiter: Waiter
    flight: int


class Session:
    """The state of one account's login, shared by threads and tasks. ``lifetime`` is in seconds."""

    def __init__(self, clock: Clock, lifetime: float) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._generation = 0
        self._flight = 0
        self._flying = False
        self._followers: list[Waiter] = []
        self._failure: tuple[int, ChaobiaoError] | None = None
        self._renewal_not_before = float("-inf")

    def look(self) -> Use | Lead | Follow:
        """Say what a caller that needs the session should do now. Whoever is told to lead has to."""
        with self._lock:
            now = self._clock.monotonic()
            grant = self._grant
            if grant is not None and now < grant.expires - BLOCK_BEFORE:
                renew = not self._flying and now >= grant.expires - RENEW_BEFORE and now >= self._renewal_not_before
                if renew:  # one caller is asked; should its renewal never begin, another is asked after the pause
                    self._renewal_not_before = now + RENEWAL_PAUSE
                return Use(grant, renew)
            return self._board()

    def force(self) -> Lead | Follow:
        """Ask for a new login even though the old one may still be good."""
        with self._lock:
            self._grant = None
            return self._board()

    def depart(self) -> bool:
        """Begin a renewal; ``False`` if a login is under way already."""
        with self._lock:
            if self._flying:
                return False
            self._take_off()
            return True

    def granted(self, credential: Secret) -> Grant:
        """Note a login's result; everybody who waits goes on."""
        with self._lock:
            self._generation += 1
            self._grant = Grant(credential, self._generation, self._clock.monotonic() + self._lifetime)
            self._failure = None
            self._renewal_not_before = float("-inf")
            self._land()
            return self._grant

    def failed(self, error: ChaobiaoError | None) -> None:
        """Note that a login failed, or (``None``) was given up: then one of those who wait takes over."""
        with self._lock:
            if error is not None:
                self._failure = (self._flight, error)
            # Knocking again and again with a password that is no longer right would lock the account.
            hopeless = isinstance(error, CredentialError)
            self._renewal_not_before = float("inf") if hopeless else self._clock.monotonic() + RENEWAL_PAUSE
            self._land()

    def failure_of(self, flight: int) -> ChaobiaoError | None:
        """Answer the error with which the login that somebody followed failed, or a later one, if none has succeeded.

        Whoever wakes up late must not start another login where a newer one has already failed in between.
        """
        with self._lock:
            return self._failure[1] if self._failure is not None and self._failure[0] >= flight else None

    def abandon(self, step: Follow) -> None:
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
        self._flying = False
        self._followers = []

    def _board(self) -> Lead | Follow:
        if self._flying:
            waiter = self._clock.waiter()
            self._followers.append(waiter)
            return Follow(waiter, self._flight)
        self._take_off()
        return Lead(self._flight)

    def _take_off(self) -> None:
        self._flight += 1
        self._flying = True

    def _land(self) -> None:
        self._flying = False
        followers, self._followers = self._followers, []
        for waiter in followers:
            waiter.wake()

    @property
    def seconds_left(self) -> float | None:
        """How long the current grant is good for, or ``None`` without one."""
        with self._lock:
            return None if self._grant is None else self._grant.expires - self._clock.monotonic()
