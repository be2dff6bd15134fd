"""Pacing and sessions as one state machine: whatever happens in whatever order, the promises hold."""

import asyncio
import threading
from collections import Counter
from typing import Any

import hypothesis
import tenacity
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chaobiao import CallEvent, ChaobiaoError, OutcomeUnknown
from chaobiao.jrhsz import ListBuildings, ListMeters, Login, Recharge
from tests.harness.clients import CLIENT_KINDS
from tests.harness.concurrency import gaps, run_concurrently, sending
from tests.harness.mock_server import LiveMock
from tests.live.calls import INTERVAL, RESIDENT, call_from_another_process, recharge

READS = (ListBuildings, ListMeters)
KINDS = st.sampled_from(CLIENT_KINDS)
#: How far the difference of two times of some 100,000 s, after a few additions, may be from the exact one, in seconds.
ROUNDING = 1e-6
SPANS = st.sampled_from([0.25, 1.0, 1.75, 2.0, 3.5, 60.0, 6500.0, 7190.0, 7200.0, 20_000.0])
#: The codes of refusals before the request is processed: to send it again is no second time.
NOT_PROCESSED = (1006, 1007, 1009, 1011)


class Traffic(RuleBasedStateMachine):
    """Sync and async callers of one account, a server that fails and forgets tokens, and another process."""

    mock: LiveMock

    def __init__(self) -> None:
        super().__init__()
        self.mock.restart()
        self.clock = self.mock.clock
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
        self.clients = {kind: self.mock.client(client_kind=kind, **options) for kind in CLIENT_KINDS}

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
        """Make all calls at once; each ends in a value, a typed error or its own interruption."""
        found: list[Any] = self.loop.run_until_complete(asyncio.wait_for(run_concurrently(self.clock, calls), 60))
        for each in found:
            assert not isinstance(each, BaseException) or isinstance(
                each, ChaobiaoError | KeyboardInterrupt | asyncio.CancelledError
            ), repr(each)
        return found

    @rule(reads=st.lists(st.tuples(st.sampled_from(READS), KINDS), min_size=1, max_size=5))
    def read(self, reads: list[tuple[Any, str]]) -> None:
        self.run([(self.clients[kind], sending(read())) for read, kind in reads])

    @rule(kind=KINDS)
    def log_in(self, kind: str) -> None:
        self.run([(self.clients[kind], lambda client: client.login())])

    @rule(kind=KINDS)
    def pay(self, kind: str) -> None:
        self.orders += 1
        number = f"order-{self.orders}"
        before = len(self.mock.world.journal.of("recharges.create"))
        (found,) = self.run([(self.clients[kind], sending(recharge(number)))])
        entries = self.mock.world.journal.of("recharges.create")[before:]
        processed = [entry for entry in entries if entry.fault not in (None, "code") or entry.code not in NOT_PROCESSED]
        assert len(processed) <= 1, entries
        if isinstance(found, OutcomeUnknown):
            assert found.reference == number
        now = self.mock.world.clock.now()
        payments = self.mock.state.ledger.payments(
            RESIDENT, now.replace(year=now.year - 1), now.replace(year=now.year + 1)
        )
        booked = Counter(payment.order_number for payment in payments)[number]
        assert booked <= 1
        if not isinstance(found, BaseException):
            assert booked == 1

    @rule(kind=KINDS, read=st.sampled_from(READS), after=st.integers(0, 3))
    def interrupt_one_of_four(self, kind: str, read: Any, after: int) -> None:
        self.clock.interrupt(after)
        self.run([(self.clients[kind], sending(read()))] * 4)
        self.clock.interrupt(10**9)  # no other

    @rule(seconds=SPANS)
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def forget_tokens(self) -> None:
        self.mock.state.accounts.revoke()

    @rule()
    def expire_tokens(self) -> None:
        self.mock.world.clock.advance(7200.0)  # the server's clock runs ahead

    @rule(read=st.sampled_from(READS))
    def another_process(self, read: Any) -> None:
        self.others = True
        call_from_another_process(self.mock, read())

    @rule(
        operation=st.sampled_from([Login, Recharge, *READS]),
        kind=st.sampled_from(["cut", "status", "garbage", "code"]),
        code=st.sampled_from([1001, 1006, 1007, 1009, 1011, 4711]),
        times=st.integers(1, 5),
        carried_out=st.booleans(),
    )
    def add_fault(self, operation: Any, kind: str, code: int, times: int, carried_out: bool) -> None:
        self.mock.add_fault(
            operation,
            kind,
            code=code,
            times=times,
            phase="after_commit" if carried_out and kind != "code" else "before_parsing",
        )

    @rule()
    def clear_faults(self) -> None:
        self.mock.world.faults.clear()

    @invariant()
    def the_interval_is_kept(self) -> None:
        """No two calls of an endpoint are sent within its interval; without other processes, none is refused for it."""
        for operation, times in self.sent.items():
            if operation != "recharges.create":
                assert min(gaps(times), default=INTERVAL) >= INTERVAL - ROUNDING, (operation, times)
        if not self.others:
            early = [entry for entry in self.mock.world.journal if entry.code == 1011 and entry.fault is None]
            assert early == []

    @invariant()
    def one_login_at_a_time(self) -> None:
        """At most one login is under way, however many callers there are."""
        assert self.most_logins <= 1

    @invariant()
    def nothing_is_left_behind(self) -> None:
        """Between the rules no caller queues, logs in or waits for a login."""
        context = self.clients["sync"].client._context
        for thread in list(self.clients["sync"].client._background):
            thread.join(30)
        background = list(self.clients["async"].client._background)
        if background:
            self.loop.run_until_complete(asyncio.wait(background, timeout=30))
        assert [endpoint for endpoint, pacer in context.pacers._pacers.items() if pacer._queue] == []
        assert context.session._until == float("-inf")
        assert not context.session._followers
        assert self.logging_in == 0

    def teardown(self) -> None:
        self.mock.world.faults.clear()
        self.clock.advance(100.0)
        try:
            # Whatever happened before, every call succeeds again.
            calls = [(client, sending(read())) for client in self.clients.values() for read in READS]
            assert [each for each in self.run(calls) if isinstance(each, BaseException)] == []
        finally:
            self.loop.run_until_complete(self.mock.close())
            self.loop.close()


def test_the_promises_hold_in_any_order(async_mock: LiveMock) -> None:
    """Calls, payments, interruptions, faults, expiry and other processes break no promise, in any order."""
    machine = type("LiveTraffic", (Traffic,), {"mock": async_mock})
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
