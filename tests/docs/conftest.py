"""A mock server for the code on the pages, on which nothing waits for real.

The pages say nothing of clocks, so the clock that clients and mock fall back on is replaced by one virtual clock:
intervals are kept by the client and enforced by the mock as they are for a reader, in no time.
"""

import os
from collections.abc import Iterator
from datetime import datetime

import pytest

import chaobiao._client.base
import chaobiao_mock.clock
from chaobiao import SHANGHAI, VirtualClock
from chaobiao_mock import MockServer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    """The clock in place of the system's, beginning now."""
    found = VirtualClock(datetime.now(SHANGHAI))
    monkeypatch.setattr(chaobiao._client.base, "SYSTEM_CLOCK", found)
    monkeypatch.setattr(chaobiao_mock.clock, "SYSTEM_CLOCK", found)
    return found


@pytest.fixture
def server(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[MockServer]:
    """A mock server where the environment says that the platforms are; the environment's changes are undone."""
    with MockServer() as running:
        settings = {
            "CHAOBIAO_JRHSZ_BASE_URL": running.url,
            "CHAOBIAO_JRHSZ_USERNAME": "khcs",
            "CHAOBIAO_JRHSZ_PASSWORD": "123456",
            "CHAOBIAO_WATER_BASE_URL": running.url,
            "CHAOBIAO_ENERGY_BASE_URL": running.url,
            "CHAOBIAO_ENERGY_USERNAME": "zhangwei",
            "CHAOBIAO_ENERGY_PASSWORD": "Energy2019",
        }
        monkeypatch.setattr(os, "environ", {**os.environ, **settings})
        yield running
