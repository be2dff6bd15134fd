"""The packages that the mock needs beside those of the SDK, and what to say where they are missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Final

#: What the extra ``mock`` installs.
PACKAGES: Final = ("starlette", "uvicorn")
ENGLISH: Final = 'the mock needs packages that are not installed: pip install "chaobiao[mock]"'
CHINESE: Final = '模拟服务需要另行安装：pip install "chaobiao[mock]"'


def are_installed() -> bool:
    """Tell whether the extra is installed."""
    return all(find_spec(name) is not None for name in PACKAGES)


@contextmanager
def explain_missing() -> Iterator[None]:
    """Say what to install where an import fails because the extra is missing. Raises :class:`ImportError`."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in PACKAGES:
            raise
        raise ImportError(f"{ENGLISH} / {CHINESE}", name=error.name) from None
