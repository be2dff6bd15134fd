"""What a driver carries through: one operation, or a login."""

from typing import Any, TypeVar

from chaobiao._call.call import Call
from chaobiao._call.effects import Context, Effects
from chaobiao._call.login import authorize, log_in_anew
from chaobiao._call.login import log_out as end_session
from chaobiao._contract.operation import Operation

T = TypeVar("T")


def run_call(context: Context, operation: Operation[T]) -> Effects[T]:
    """Carry an operation through within the client's deadline."""
    deadline = context.clock.monotonic() + context.options.deadline
    dialect = context.dialect
    needed = dialect.needs_session(operation) and (
        context.credentials is not None or not dialect.takes_session(operation)
    )
    call = Call(context, operation, deadline, (lambda: authorize(context, deadline)) if needed else None)
    return (yield from call.run())


def log_out(context: Context, operation: Operation[Any]) -> Effects[None]:
    """End the session, on the server too."""
    yield from end_session(context, operation, context.clock.monotonic() + context.options.deadline)


def log_in(context: Context) -> Effects[None]:
    """Log in now, whatever the current session is good for."""
    yield from log_in_anew(context, context.clock.monotonic() + context.options.deadline)
