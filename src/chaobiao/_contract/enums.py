"""Enums of codes and words, which keep what no table lists: reading such a value makes a member of it."""

import enum
from typing import Any, Self


class OpenText(enum.StrEnum):
    """A code or word that is sent as text. An unlisted one is kept as a member named ``UNLISTED``."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member: Any = str.__new__(cls, value)
        member._name_, member._value_ = "UNLISTED", value
        return member  # type: ignore[no-any-return]  # built as cls two lines above

    @property
    def listed(self) -> bool:
        """Whether this is a value that the SDK knows."""
        return self.value in type(self)._value2member_map_


class OpenNumber(enum.IntEnum):
    """A code that is sent as a number. An unlisted one is kept as a member named ``UNLISTED``."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = "UNLISTED", value
        return member

    @property
    def listed(self) -> bool:
        """Whether this is a value that the SDK knows."""
        return self.value in type(self)._value2member_map_
