"""The mock server of the documentation's tests, on which nothing waits for real, and the examples as modules."""

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.conftest import clock, server

__all__ = ["clock", "server"]  # fixtures

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Load an example by its name, without running it."""
    monkeypatch.syspath_prepend(EXAMPLES)  # where examples find the modules that they share

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def charts(example: Callable[[str], ModuleType]) -> ModuleType:
    """The module that draws pages; ``example`` makes it importable."""
    return import_module("_charts")


@pytest.fixture
def chinese(charts: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page in Chinese. Without a Chinese font its characters are boxes, and warnings that say so are expected."""
    with warnings.catch_warnings():
        if charts.find_chinese_font() is None:
            monkeypatch.setattr(charts, "CHINESE_FONTS", ("DejaVu Sans",))
            warnings.filterwarnings("ignore", message="Glyph")
        yield


@pytest.fixture
def no_chinese(charts: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without a Chinese font."""
    monkeypatch.setattr(charts, "CHINESE_FONTS", ())


@pytest.fixture(params=["chinese", "no_chinese"])
def either(request: pytest.FixtureRequest) -> None:
    """A system with a Chinese font, and one without."""
    request.getfixturevalue(request.param)
