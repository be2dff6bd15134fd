"""The session of the energy management API: the cookies that a login sets."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from chaobiao._contract.secret import Secret


class SessionCookies(Secret):
    """The cookies of a session, each a secret of its own."""

    __slots__ = ("_cookies",)

    def __init__(self, cookies: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}={value}" for name, value in cookies.items()))
        self._cookies = dict(cookies)

    def items(self) -> dict[str, str]:
        """Return the values by name."""
        return dict(self._cookies)

    @property
    def parts(self) -> tuple[Secret, ...]:
        return (self, *(Secret(value) for value in self._cookies.values() if value))


def cookies_set_by(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the cookies that a response sets, without those that it deletes."""
    found: dict[str, str] = {}
    for header, value in headers:
        if header != "set-cookie":
            continue
        pair, *attributes = value.split(";")
        name, equals, content = pair.strip().partition("=")
        if not equals or not name.strip():
            continue
        found.pop(name.strip(), None)
        if content and not _is_deleted(attributes):
            found[name.strip()] = content.strip()
    return found


def _is_deleted(attributes: Iterable[str]) -> bool:
    given = {name.strip().lower(): value.strip() for name, _, value in (part.partition("=") for part in attributes)}
    age = given.get("max-age", "")
    if age.lstrip("-").isdigit():  # it counts more than Expires
        return int(age[:20]) <= 0
    try:
        expires = parsedate_to_datetime(given["expires"])
    except (KeyError, ValueError, TypeError):
        return False
    return expires.replace(tzinfo=expires.tzinfo or UTC) <= datetime.now(UTC)
