"""The accounts of the prepaid platform, and their tokens."""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from chaobiao_mock.clock import WorldClock

#: The account in the documents' sample token.
DEMO_USERNAME: Final = "khcs"
DEMO_PASSWORD: Final = "123456"  # noqa: S105  # published by the vendor
#: Seconds.
TOKEN_LIFETIME: Final = 2 * 3600.0


@attrs.frozen
class Account:
    """An account. ``api`` is the API permission; ``forbidden`` are paths that it may not call (code 1009)."""

    username: str
    password: str = attrs.field(repr=False)
    api: bool = True
    forbidden: frozenset[str] = frozenset()


#: The accounts of a world without others.
DEMO_ACCOUNTS: Final = (
    Account(DEMO_USERNAME, DEMO_PASSWORD),
    Account("web-only", "123456", api=False),
    Account("recharge-only", "123456", forbidden=frozenset({"/meter/meterInstruct"})),
)


@attrs.frozen
class SavedAccounts:
    """The accounts and tokens in a snapshot."""

    accounts: list[Account]
    #: Each token's account, and when it was issued.
    tokens: dict[str, tuple[str, float]] = attrs.field(repr=False)
    replaced: list[str] = attrs.field(repr=False)


class Accounts:
    """All accounts, and the tokens that were issued to them."""

    def __init__(self, clock: WorldClock, accounts: Iterable[Account] = DEMO_ACCOUNTS) -> None:
        self._clock = clock
        self._accounts = {account.username: account for account in accounts}
        self._tokens: dict[str, tuple[str, float]] = {}
        self._replaced: set[str] = set()

    def __iter__(self) -> Iterator[Account]:
        return iter([*self._accounts.values()])

    def add(self, account: Account) -> None:
        """Add an account."""
        self._accounts[account.username] = account

    def sessions(self, most: int) -> list[tuple[str, float, float, bool]]:
        """Return the newest tokens without their text, the oldest first: account, age, remaining seconds, replaced."""
        now = self._clock.monotonic()
        return [
            (owner, now - at, at + TOKEN_LIFETIME - now, token in self._replaced)
            for token, (owner, at) in [*self._tokens.items()][-most:]
        ]

    def find(self, username: str) -> Account | None:
        """Return an account, or ``None``."""
        return self._accounts.get(username)

    def issue(self, account: Account, *, end_others: bool) -> str:
        """Issue a token: base64 of account, password and time. ``end_others`` ends the account's earlier tokens."""
        if end_others:
            self._replaced |= {token for token, (owner, _) in self._tokens.items() if owner == account.username}
        content = {
            "admin_user_name": account.username,
            "api_password": account.password,
            "time": int(self._clock.now().timestamp()),
        }
        token = base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()
        self._replaced.discard(token)
        self._tokens[token] = (account.username, self._clock.monotonic())
        return token

    def check_token(self, token: str, username: str, replaced_code: int) -> int:
        """Return 200, or the code with which a token is refused."""
        issued = self._tokens.get(token)
        if issued is None:
            return 1006
        owner, at = issued
        if token in self._replaced:
            return replaced_code
        if owner != username:
            return 1009
        return 1007 if self._clock.monotonic() - at >= TOKEN_LIFETIME else 200

    def revoke(self, username: str | None = None) -> None:
        """Drop the tokens of an account, or all, as a restarted server does."""
        self._tokens = {token: issued for token, issued in self._tokens.items() if username not in (None, issued[0])}

    def saved(self) -> SavedAccounts:
        """Return what a snapshot keeps."""
        return SavedAccounts([*self], dict(self._tokens), sorted(self._replaced))

    def restore(self, saved: SavedAccounts) -> None:
        """Return to a snapshot."""
        self._accounts = {account.username: account for account in saved.accounts}
        self._tokens = dict(saved.tokens)
        self._replaced = set(saved.replaced)
