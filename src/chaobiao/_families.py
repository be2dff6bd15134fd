"""The families there are. This is the one list of them."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chaobiao._contract.family import Family

NAMES: Final = ("jrhsz", "water")


def family(name: str) -> "Family":
    """Return a family's descriptor. Raises ``ValueError`` for an unknown one."""
    if name not in NAMES:
        raise ValueError(
            f"unknown family {name!r}: choose one of {', '.join(NAMES)}"
            f" / 未知的接口系列 {name!r}，可选：{'、'.join(NAMES)}"
        )
    found: Family = import_module(f"chaobiao.{name}").FAMILY
    return found


def families() -> "tuple[Family, ...]":
    """Return the descriptors of all families."""
    return tuple(family(name) for name in NAMES)
