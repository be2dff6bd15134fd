"""Pacing and session as one machine: whatever happens in whatever order, the promises hold."""

import asyncio
import threading
from collections import Counter
from typing import Any

import attrs
import hypothesis
import tenacity
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chaobiao import CallEvent, ChaobiaoError, OutcomeUnknown
from chaobiao.jrhsz import Recharge
from chaobiao_mock import MockServer
from chaobiao_mock.clock import WorldClock
from tests.live.people import BUILDINGS, INTERVAL, METERS, Place, WatchedClock, crowd, gaps, sending

LOGIN, MONEY = "/user/login", "/user/Prestore"
READS = {"/user/getBuildCode": BUILDINGS, "/meter/meterList": METERS}
PATHS = (LOGIN, MONEY, *READS)
COLOURS = st.sampled_from(["sync", "async"])
#: Moments are multiples of 1/4 s, so that sums of floats are exact, and a difference of 2 s is one of 2.0.
MOMENTS = st.sampled_from([0.25, 1.0, 1.75, 2.0, 3.5, 60.0, 6500.0, 7190.0, 7200.0, 20_000.0])
#: What a server answers when it has not looked at the request: sending again is no second time.
NOT_LOOKED_AT = (1006, 1007, 1009, 1011)


class Traffic(RuleBasedStateMachine):
    """Callers of both colours on one account, a server that fails and forgets, and another process beside them."""

    live: MockServer

    def __init__(self) -> None:
        super().__init__()
        self.clock = WatchedClock()
        world = self.live.world
        world.settings = attrs.evolve(world.settings, quirks=())
        world.clock = WorldClock(self.clock)
        world.reset()
        self.place = Place(self.live.url, world, self.clock)
        self.loop = asyncio.new_event_loop()
        self.lock = threading.Lock()
        self.sent: dict[str, list[float]] = {}
        self.logging_in = 0
        self.most_logins = 0
        self.others = False
        self.orders = 0
        options: dict[str, Any] = {
            "wait": tenacity.wait_fixed(0.5),
            "timeout": 5.0,
            "on_request": self.on_request,
            "on_response": self.on_response,
        }
        self.clients: dict[str, Any] = {colour: self.place.connect(colour, **options) for colour in ("sync", "async")}

    def on_request(self, event: CallEvent) -> None:
        with self.lock:
            self.sent.setdefault(event.operation, []).append(self.clock.monotonic())
            if event.operation == "login":
                self.logging_in += 1
                self.most_logins = max(self.most_logins, self.logging_in)

    def on_response(self, event: CallEvent) -> None:
        with self.lock:
            if event.operation == "login":
                self.logging_in -= 1

    def run(self, calls: list[tuple[Any, Any]]) -> list[Any]:
        """Let them all call at once; every one ends in a value, a typed error or its own interruption."""
        found: list[Any] = self.loop.run_until_complete(asyncio.wait_for(crowd(self.clock, calls), 60))
        for each in found:
            assert not isinstance(each, BaseException) or isinstance(
                each, ChaobiaoError | KeyboardInterrupt | asyncio.CancelledError
            ), repr(each)
        return found

    @rule(paths=st.lists(st.tuples(st.sampled_from(sorted(READS)), COLOURS), min_size=1, max_size=5))
    def read(self, paths: list[tuple[str, str]]) -> None:
        self.run([(self.clients[colour], sending(READS[path])) for path, colour in paths])

    @rule(colour=COLOURS)
    def log_in(self, colour: str) -> None:
        self.run([(self.clients[colour], lambda client: client.login())])

    @rule(colour=COLOURS)
    def pay(self, colour: str) -> None:
        self.orders += 1
        number = f"order-{self.orders}"
        before = len(self.place.world.journal.of("recharges.create"))
        order = Recharge("2022040001", amount=1, order_number=number)
        (found,) = self.run([(self.clients[colour], sending(order))])
        entries = self.place.world.journal.of("recharges.create")[before:]
        looked_at = [entry for entry in entries if entry.fault not in (None, "code") or entry.code not in NOT_LOOKED_AT]
        assert len(looked_at) <= 1, entries
        if isinstance(found, OutcomeUnknown):
            assert found.reference == number
        now = self.place.world.clock.now()
        payments = self.place.world.states["jrhsz"].ledger.payments(
            "2022040001", now.replace(year=now.year - 1), now.replace(year=now.year + 1)
        )
        booked = Counter(payment.order_number for payment in payments)[number]
        assert booked <= 1
        if not isinstance(found, BaseException):
            assert booked == 1

    @rule(colour=COLOURS, path=st.sampled_from(sorted(READS)), after=st.integers(0, 3))
    def interrupt_one_of_four(self, colour: str, path: str, after: int) -> None:
        self.clock.interrupt(after)
        self.run([(self.clients[colour], sending(READS[path]))] * 4)
        self.clock.interrupt(10**9)  # nobody any more

    @rule(seconds=MOMENTS)
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def forget_tokens(self) -> None:
        self.place.world.states["jrhsz"].accounts.revoke()

    @rule()
    def expire_tokens(self) -> None:
        self.place.world.clock.advance(7200.0)  # the server's clock runs ahead

    @rule(path=st.sampled_from(sorted(READS)))
    def another_process(self, path: str) -> None:
        self.others = True
        self.place.elsewhere(path)

    @rule(
        path=st.sampled_from(PATHS),
        kind=st.sampled_from(["cut", "status", "garbage", "code"]),
        code=st.sampled_from([1001, 1006, 1007, 1009, 1011, 4711]),
        times=st.integers(1, 5),
        carried_out=st.booleans(),
    )
    def break_something(self, path: str, kind: str, code: int, times: int, carried_out: bool) -> None:
        self.place.fault(path, kind, code=code, times=times, carried_out=carried_out and kind != "code")

    @rule()
    def repair(self) -> None:
        self.place.world.faults.clear()

    @invariant()
    def the_interval_is_kept(self) -> None:
        """No two calls of an endpoint are sent within its interval; alone on the account, none is refused for it."""
        for operation, times in self.sent.items():
            if operation != "recharges.create":
                assert min(gaps(times), default=INTERVAL) >= INTERVAL, (operation, times)
        if not self.others:
            early = [entry for entry in self.place.world.journal if entry.code == 1011 and entry.fault is None]
            assert early == []

    @invariant()
    def one_login_at_a_time(self) -> None:
        """However many callers there are, at most one login is under way."""
        assert self.most_logins <= 1

    @invariant()
    def nothing_is_left_behind(self) -> None:
        """Between the rules nobody queues, nobody logs in, and nobody waits for a login."""
        context = self.clients["sync"]._context
        for thread in list(self.clients["sync"]._background):
            thread.join(30)
        background = list(self.clients["async"]._background)
        if background:
            self.loop.run_until_complete(asyncio.wait(background, timeout=30))
        assert [endpoint for endpoint, pacer in context.pacers._pacers.items() if pacer._queue] == []
        assert context.session._until == float("-inf")
        assert not context.session._followers
        assert self.logging_in == 0

    def teardown(self) -> None:
        self.place.world.faults.clear()
        self.clock.advance(100.0)
        try:
            # Whatever happened before, everybody is served again.
            calls = [(client, sending(operation)) for client in self.clients.values() for operation in READS.values()]
            assert [each for each in self.run(calls) if isinstance(each, BaseException)] == []
        finally:
            self.loop.run_until_complete(self.place.close())
            self.loop.close()


def test_the_promises_hold_in_any_order(live: MockServer) -> None:
    """Calls, payments, interruptions, faults, expiry and other processes in any order break no promise."""
    machine = type("LiveTraffic", (Traffic,), {"live": live})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        machine,
        settings=hypothesis.settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
