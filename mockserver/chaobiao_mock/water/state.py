"""The state of the water API."""

from datetime import datetime

from chaobiao_mock.clock import WorldClock


class WaterState:
    """What one world's water API knows."""

    def __init__(self, clock: WorldClock, meters: int, seed: int, began: datetime) -> None:
        self.clock = clock
