"""Passwords and tokens, wrapped so that they are not shown by accident."""

from typing import Any


class Secret:
    """A password or token. Its repr hides the value, it cannot be pickled, and only :meth:`reveal` returns the value.

    A token of the prepaid platform contains the password in base64, so tokens are protected like passwords.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value."""
        return self._value

    @property
    def parts(self) -> "tuple[Secret, ...]":
        """The secrets that it consists of, each of which texts must not show."""
        return (self,)

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> "tuple[Any, ...]":
        raise TypeError(
            "a Secret cannot be pickled; use reveal() where the value is needed"
            " / 机密值不能序列化；需要原值时请使用 reveal()"
        )

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self


def hidden(value: Secret | str) -> Secret:
    """Wrap a password or token as soon as it comes, so that no traceback shows it.

    Anything but text is returned as it is, for the argument's check to refuse.
    """
    return Secret(value) if isinstance(value, str) else value
