"""What a turn in a queue costs, with few and with many calls waiting in it."""

from measure import Result, compare, cpu_time

from chaobiao._call.pacing import Pacer
from chaobiao.clock import VirtualClock

LENGTHS = (100, 10_000)
TURNS = 500


def measure(quick: bool) -> list[Result]:
    """Measure the turns of a queue from which one call goes, and which one call joins, at each turn."""
    rounds = 3 if quick else 15
    few, many = (_Queue(length) for length in LENGTHS)
    samples = [(cpu_time(many.turn, TURNS), cpu_time(few.turn, TURNS)) for _ in range(rounds)]
    found = compare(samples)
    return [
        Result(
            f"a turn with {LENGTHS[1]:,} calls waiting, CPU, against {LENGTHS[0]} waiting",
            found.ratio,
            budget=1.5,
            spread=found.spread,
            detail=f"{found.ours * 1e6:.1f} µs against {found.theirs * 1e6:.1f} µs",
        )
    ]


class _Queue:
    def __init__(self, length: int) -> None:
        self._clock = VirtualClock()
        self._pacer = Pacer(self._clock, 2.0, 0.1)
        self._waiting = [self._pacer.join() for _ in range(length)]
        self._first = 0

    def turn(self) -> None:
        """Let the first call go, and another one join."""
        ticket = self._waiting[self._first]
        while wait := self._pacer.claim(ticket, 30.0)[0]:
            self._clock.advance(wait)
        self._pacer.sent(ticket)
        self._pacer.responded(ticket)
        self._waiting.append(self._pacer.join())
        self._first += 1
