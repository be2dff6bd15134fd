"""Passwords and tokens, held so that nothing shows them by accident."""

from typing import Any


class Secret:
    """A value that must not leak: it has no readable repr, refuses to be pickled, and gives itself up only to reveal().

    A token of the prepaid platform is base64 of the password, so tokens are held like passwords.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> "tuple[Any, ...]":
        raise TypeError("a Secret cannot be pickled or copied: reveal() it where it is needed / 密钥不能被序列化")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self
