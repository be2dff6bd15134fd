"""One call, from its arrival to the journal: what a world does with it, and what its faults change."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import attrs

from chaobiao._contract.family import Kind
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Effect, Page, PagedOperation
from chaobiao_mock.faults import Fault, Target
from chaobiao_mock.hints import hint_for
from chaobiao_mock.journal import ANSWER_LENGTH, STRUCK, Entry
from chaobiao_mock.registry import Arguments, Call, Handler, MockFamily, Reply
from chaobiao_mock.world import World


class _Stopped(Exception):  # no error: the request was valid and goes no further
    """A fault stops a request before it takes effect."""


@attrs.define
class Handling:
    """A call that is being handled."""

    world: World
    family: MockFamily
    call: Call
    arguments: Arguments
    fault: Fault | None
    arrived: float
    #: Whether the request took effect.
    carried_out: bool = False

    def reply(self) -> Reply:
        """Execute the call as far as its fault lets it, and return what the server sends if the fault lets it."""
        world, family, fault = self.world, self.family, self.fault
        state, protocol = world.states[family.name], family.protocol
        if fault is not None and fault.kind == "revoke":
            protocol.revoke(state, self.arguments.account)
        elif fault is not None and not fault.takes_effect:
            if fault.phase == "before_commit":
                try:
                    return protocol.respond(state, self.call, self.arguments, {self.call.operation: _stop})
                except _Stopped:
                    pass
            if fault.phase == "before_parsing" or self.arguments.refused is None:
                return self._refusal(fault)
        reply = protocol.respond(state, self.call, self.arguments, self._handlers())
        self.carried_out = reply.code == family.success
        if self.carried_out and fault is not None and fault.kind == "code":
            return self._refusal(fault)
        return reply

    def _refusal(self, fault: Fault) -> Reply:
        return self.family.protocol.refusal(self.world.states[self.family.name], fault.code)

    def _handlers(self) -> Mapping[Kind, Handler]:
        handlers, operation = self.family.handlers, self.call.operation
        if (
            self.fault is None
            or self.fault.kind not in ("repeat", "shift")
            or not issubclass(operation, PagedOperation)
        ):
            return handlers
        change = _repeated if self.fault.kind == "repeat" else _shifted
        return {operation: change(handlers[operation])}

    def record(self, reply: Reply, answer: bytes) -> Entry:
        """Write the call into the journal."""
        world = self.world
        operation: Any = self.call.operation
        hidden = _hidden_names(self.family, operation)
        secret = operation.spec.effect is Effect.SESSION
        entry = Entry(
            number=world.journal.next_number(),
            at=self.arrived,
            time=world.clock.now(),
            wall_time=world.clock.wall_time(),
            family=self.family,
            kind=operation,
            account=self.arguments.account,
            arguments={name: STRUCK if name in hidden else value for name, value in self.arguments.values.items()},
            code=reply.code,
            status=reply.status,
            answer=STRUCK if secret else answer[: 4 * ANSWER_LENGTH].decode(errors="ignore")[:ANSWER_LENGTH],
            reason=reply.reason,
            hint=("", "") if reply.code == self.family.success else hint_for(self.call),
            fault=None if self.fault is None else self.fault.kind,
            carried_out=self.carried_out,
        )
        world.journal.add(entry)
        return entry


@lru_cache(maxsize=512)
def _hidden_names(family: MockFamily, operation: Any) -> frozenset[str]:
    """Return the arguments whose values the journal does not show, by wire name."""
    return family.protocol.session_names | {field.name for field in fields_of(operation) if field.secret}


def begin(world: World, family: MockFamily, call: Call) -> Handling:
    """Read a request, and find the fault that is meant for it."""
    arrived = world.clock.monotonic()
    arguments = family.protocol.read(world.states[family.name], call)
    fault = None
    if world.faults:
        spec, values = call.operation.spec, arguments.values
        meters = (str(values[name]) for name in family.protocol.meter_names if name in values)
        named = frozenset(part for text in meters for part in text.split(","))
        target = Target(family.name, spec.call, spec.path, arguments.account, named)
        fault = world.faults.next_for(target, arrived)
    return Handling(world, family, call, arguments, fault, arrived)


def _stop(_state: Any, _op: Any) -> Any:
    raise _Stopped


def _repeated(handler: Handler) -> Callable[[Any, Any], Any]:
    def handle(state: Any, op: Any) -> Any:
        page = handler(state, op.at(max(op.page - 1, 1)))
        return attrs.evolve(page, number=op.page)

    return handle


def _shifted(handler: Handler) -> Callable[[Any, Any], Any]:
    def handle(state: Any, op: Any) -> Page[Any]:
        page, following = handler(state, op), handler(state, op.at(op.page + 1))
        return Page([*page.rows[1:], *following.rows[:1]], page.total, op.page)

    return handle
