"""The server's parts: uvloop and httptools where they are installed, else asyncio's loop and h11."""

import asyncio
import sys
from types import ModuleType

import httpx
import pytest

from chaobiao_mock import MockServer


def status_of(server: MockServer) -> int:
    """Return the status of a small request."""
    return httpx.get(server.url + "/region", trust_env=False).status_code


def test_an_installed_uvloop_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's loop is the one that uvloop makes."""
    made: list[asyncio.AbstractEventLoop] = []

    def new_event_loop() -> asyncio.AbstractEventLoop:
        made.append(asyncio.new_event_loop())
        return made[-1]

    uvloop = ModuleType("uvloop")
    uvloop.new_event_loop = new_event_loop  # type: ignore[attr-defined]  # a module for this test alone
    monkeypatch.setitem(sys.modules, "uvloop", uvloop)
    with MockServer() as server:
        assert status_of(server) == 200
    assert len(made) == 1
    assert made[0].is_closed()


@pytest.mark.parametrize("absent", ["uvloop", "httptools"])
def test_a_plain_install_serves(monkeypatch: pytest.MonkeyPatch, absent: str) -> None:
    """Without either package the server responds all the same."""
    monkeypatch.setitem(sys.modules, absent, None)
    with MockServer() as server:
        assert status_of(server) == 200
