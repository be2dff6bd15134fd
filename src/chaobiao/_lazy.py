"""Public names that are loaded on first use (PEP 562), so that a program pays only for the classes that it uses."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

_MISSING = object()


def lazy_names(package: str, modules: Sequence[str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a package whose ``__all__`` these modules define.

    A name is looked for in the modules in their order, so the ones that are cheap to load stand first.
    """

    def get(name: str) -> Any:
        public = sys.modules[package]
        if name in public.__all__:
            for module in modules:
                found = getattr(import_module(f"{package}.{module}"), name, _MISSING)
                if found is not _MISSING:
                    setattr(public, name, found)
                    return found
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def names() -> list[str]:
        public = sys.modules[package]
        return sorted({*vars(public), *public.__all__})

    return get, names
