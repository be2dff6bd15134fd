"""The login of one account: one at a time, however many callers wait for it, and renewed before it ends.

It does no I/O: it says what to do next, and the call does it, sync or async. A login under way is a lease: a leader
that does not move (its event loop was stopped, its thread was killed) loses it, and one of those who wait takes over.
"""

import threading
from collections import deque
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
#: A refused password is not tried again for this long: repeated logins with it would lock the account.
REFUSAL_MEMORY: Final = 300.0
#: How much longer than one attempt a leader may take between two signs of life, in seconds.
LEADER_GRACE: Final = 5.0


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
    """Log in, then tell the session with granted() or failed() which login it was."""

    login: int


@attrs.frozen
class Follower:
    """A login is under way: wait for it, ``seconds`` at most, then look again."""

    waiter: Waiter
    login: int
    seconds: float


@attrs.frozen
class Refused:
    """The server refused this account and password a short while ago."""

    error: ChaobiaoError


class Session:
    """The state of one account's login, shared by threads and tasks. ``lifetime`` is in seconds."""

    def __init__(self, clock: Clock, lifetime: float) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._generation = 0
        #: The numbers of the newest login and of the newest that succeeded, and until when the leader of the newest is
        #: taken to be at it; past: none is under way.
        self._login = self._granted = 0
        self._until = float("-inf")
        self._followers: deque[Waiter] = deque()
        #: Logins that failed. Saying so must not wait for the lock: garbage collection may close an abandoned login in
        #: a thread that holds it.
        self._ended: deque[tuple[int, ChaobiaoError | None]] = deque()
        self._failure: tuple[int, ChaobiaoError] | None = None
        self._refused_until = float("-inf")
        self._renewal_not_before = float("-inf")

    def look(self, lease: float = 30.0) -> Use | Leader | Follower | Refused:
        """Say what a caller that needs the session should do now. A caller that is told to lead has to.

        ``lease`` is how long one attempt to log in may take, in seconds.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            grant = self._grant
            if grant is not None and now < grant.expires - BLOCK_BEFORE:
                due = now >= grant.expires - RENEW_BEFORE and now >= self._renewal_not_before
                renew = due and now >= self._until
                if renew:  # one caller is asked; should its renewal never begin, another is asked after the pause
                    self._renewal_not_before = now + RENEWAL_PAUSE
                return Use(grant, renew)
            if self._failure is not None and now < self._refused_until:
                return Refused(self._failure[1])
            return self._join_login(now, lease)

    def force(self, lease: float) -> Leader | Follower:
        """Ask for a new login even though the old one may still be good, or the password was refused."""
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            self._grant = None
            self._refused_until = float("-inf")
            return self._join_login(now, lease)

    def start_renewal(self, lease: float) -> Leader | None:
        """Begin a renewal; ``None`` if a login is under way already."""
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            return None if now < self._until else self._begin_login(now, lease)

    def keep(self, login: int, lease: float) -> None:
        """Renew a leader's lease: it is about to send, or to wait for its turn."""
        with self._lock:
            if login == self._login:
                self._until = max(self._until, self._clock.monotonic() + lease + LEADER_GRACE)

    def granted(self, login: int, credential: Secret) -> None:
        """Note a login's result; every caller that waits goes on. It is too late where a newer one has succeeded."""
        with self._lock:
            now = self._clock.monotonic()
            self._tidy(now)
            if login <= self._granted:
                return
            self._granted = login
            self._generation += 1
            self._grant = Grant(credential, self._generation, now + self._lifetime)
            self._failure = None
            self._refused_until = self._renewal_not_before = float("-inf")
            if login == self._login:
                self._end_login()

    def failed(self, login: int, error: ChaobiaoError | None) -> None:
        """Note that a login failed, or (``None``) was given up: then one of those who wait takes over."""
        self._ended.append((login, error))
        if self._lock.acquire(blocking=False):  # else the holder, or the next to look, takes note
            try:
                self._tidy(self._clock.monotonic())
            finally:
                self._lock.release()

    def failure_of(self, login: int) -> ChaobiaoError | None:
        """Return the error of the login that a caller followed, or of a later one, if none has succeeded.

        A caller that wakes up late must not start another login where a newer one has already failed in between.
        """
        with self._lock:
            self._tidy(self._clock.monotonic())
            return self._failure[1] if self._failure is not None and self._failure[0] >= login else None

    def end(self) -> Grant | None:
        """Forget the grant and return it, for a caller that ends the session on the server."""
        with self._lock:
            grant, self._grant = self._grant, None
            return grant

    def invalidate(self, generation: int) -> None:
        """Forget a grant that the server refused, unless a newer one has replaced it."""
        with self._lock:
            if self._grant is not None and self._grant.generation == generation:
                self._grant = None

    def after_fork(self) -> None:
        """Forget, in a child process, the logins and the waiting that threads of its parent are busy with."""
        self._lock = threading.Lock()
        self._until = float("-inf")
        self._followers = deque()
        self._ended = deque()

    def _join_login(self, now: float, lease: float) -> Leader | Follower:
        if now < self._until:
            waiter = self._clock.waiter()
            self._followers.append(waiter)
            return Follower(waiter, self._login, self._until - now)
        return self._begin_login(now, lease)

    def _begin_login(self, now: float, lease: float) -> Leader:
        self._login += 1
        self._until = now + lease + LEADER_GRACE
        return Leader(self._login)

    def _end_login(self) -> None:
        self._until = float("-inf")
        while self._followers:
            self._followers.popleft().wake()

    def _tidy(self, now: float) -> None:
        """Take note of logins that failed."""
        while self._ended:
            login, error = self._ended.popleft()
            if isinstance(error, CredentialError) and login > self._granted:
                # Repeated logins with a password that is no longer right would lock the account.
                self._failure = (max(login, self._login), error)
                self._refused_until = now + REFUSAL_MEMORY
                self._renewal_not_before = float("inf")
            elif login == self._login:
                if error is not None:
                    self._failure = (login, error)
                self._renewal_not_before = max(self._renewal_not_before, now + RENEWAL_PAUSE)
            if login == self._login:
                self._end_login()
