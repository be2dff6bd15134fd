"""The list of the supported families. No other file lists them."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chaobiao._contract.family import Family

NAMES: Final = ("jrhsz", "water", "energy")


def family(name: str) -> "Family":
    """Return the descriptor of the family with this name. Raises ``ValueError`` for an unknown name."""
    if name not in NAMES:
        raise ValueError(
            f"unknown family {name!r}: choose one of {', '.join(NAMES)}"
            f" / 未知的接口系列 {name!r}，可选：{'、'.join(NAMES)}"
        )
    descriptor: Family = import_module(f"chaobiao.{name}").FAMILY
    return descriptor


def families() -> "tuple[Family, ...]":
    """Return the descriptors of all families."""
    return tuple(family(name) for name in NAMES)
