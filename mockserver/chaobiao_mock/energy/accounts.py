"""The users' passwords, and the sessions of those who are logged in."""

import secrets
from collections.abc import Mapping
from typing import Final

import attrs

#: The account of the samples.
DEMO_USERNAME: Final = "zhangwei"
DEMO_PASSWORD: Final = "Energy2019"  # noqa: S105  # composed for the samples
#: The names of the cookies that a login sets.
_COOKIES: Final = ("sessionid", "csrftoken")


@attrs.frozen
class SavedAccounts:
    """Passwords and sessions in a snapshot."""

    passwords: dict[int, str] = attrs.field(repr=False)
    #: The user and all cookies of each session, by its first cookie.
    sessions: dict[str, tuple[int, dict[str, str]]] = attrs.field(repr=False)


class Accounts:
    """Passwords by the ids of users, and sessions by their cookies. A session lasts until it is ended."""

    def __init__(self) -> None:
        self._passwords: dict[int, str] = {}
        self._sessions: dict[str, tuple[int, dict[str, str]]] = {}
        #: When each session began, in seconds of the world.
        self._began: dict[str, float] = {}

    def set_password(self, user: int, password: str) -> None:
        """Set the password of a user."""
        self._passwords[user] = password

    def password_of(self, user: int) -> str | None:
        """Return the password of a user."""
        return self._passwords.get(user)

    def saved(self) -> SavedAccounts:
        """Return what a snapshot keeps."""
        return SavedAccounts(dict(self._passwords), dict(self._sessions))

    def restore(self, saved: SavedAccounts) -> None:
        """Return to a snapshot."""
        self._passwords, self._sessions = dict(saved.passwords), dict(saved.sessions)

    def has_password(self, user: int, password: str) -> bool:
        """Tell whether this is the password of a user."""
        return self._passwords.get(user) == password

    def begin(self, user: int, cookies: int, now: float) -> dict[str, str]:
        """Begin a session and return its cookies. Sessions of the same user do not end each other."""
        made = {name: secrets.token_hex(16) for name in _COOKIES[: max(cookies, 1)]}
        self._sessions[made[_COOKIES[0]]] = user, made
        self._began[made[_COOKIES[0]]] = now
        return made if cookies else {}

    def user_of(self, cookies: Mapping[str, str]) -> int | None:
        """Return the user of the session with these cookies, or ``None``; every cookie of the session is needed."""
        user, needed = self._sessions.get(cookies.get(_COOKIES[0], ""), (None, {}))
        return user if all(cookies.get(name) == value for name, value in needed.items()) else None

    def end(self, cookies: Mapping[str, str]) -> tuple[str, ...]:
        """End the session with these cookies, and return their names."""
        key = cookies.get(_COOKIES[0], "")
        _, ended = self._sessions.pop(key, (0, {}))
        self._began.pop(key, None)
        return tuple(ended)

    def revoke(self, user: int) -> None:
        """End all sessions of a user, as a server that was restarted does."""
        self._sessions = {key: session for key, session in self._sessions.items() if session[0] != user}
        self._began = {key: began for key, began in self._began.items() if key in self._sessions}

    def sessions(self, most: int) -> list[tuple[int, float]]:
        """Return the newest sessions, the oldest of them first: the user, and when the session began."""
        newest = [*self._sessions][-most:]
        return [(self._sessions[key][0], self._began[key]) for key in newest]
