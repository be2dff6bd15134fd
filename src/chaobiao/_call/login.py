"""Log in for a call: use the grant there is, lead a login, or follow one that is under way."""

from contextlib import suppress
from typing import TypeVar

from chaobiao._call.call import Call
from chaobiao._call.effects import Context, Detach, Effects, Wait
from chaobiao._call.session import Follower, Grant, Leader, Refused, Session, Use
from chaobiao._contract.operation import Operation
from chaobiao._contract.secret import Secret
from chaobiao.errors import (
    ChaobiaoError,
    ConfigurationError,
    DeadlineExceeded,
    NoResponse,
    NotSent,
    SessionRefused,
    TooFast,
    WaitTooLong,
)

T = TypeVar("T")

#: Errors with which a login ends for lack of time, not for what the server says of the account.
_OWN_TIME = (DeadlineExceeded, WaitTooLong, TooFast)


def authorize(context: Context, deadline: float) -> Effects[Grant]:
    """Return the newest grant, after a login where there is none; start its renewal where that is due."""
    session = session_of(context)
    while True:
        step = session.look(context.options.timeout)
        if isinstance(step, Use):
            if step.renew:
                yield Detach(_renew(context, session))
            return step.grant
        if isinstance(step, Refused):
            raise _copy(step.error)
        if isinstance(step, Leader):
            yield from _lead(context, session, step, deadline)
        else:
            yield from _follow(context, session, step, deadline)


def log_in_anew(context: Context, deadline: float) -> Effects[None]:
    """Log in now, whatever the current session is good for."""
    session = session_of(context)
    step: Use | Leader | Follower | Refused = session.force(context.options.timeout)
    while isinstance(step, Follower):  # its leader may give up: then one of those who wait takes over
        yield from _follow(context, session, step, deadline)
        step = session.look(context.options.timeout)
    if isinstance(step, Refused):
        raise _copy(step.error)
    if isinstance(step, Leader):
        yield from _lead(context, session, step, deadline)


def log_out(context: Context, operation: Operation[T], deadline: float) -> Effects[None]:
    """End the session that there is. Without one there is nothing to do: a login merely to log out makes no sense."""
    grant = session_of(context).end()
    if grant is None:
        return

    def held() -> Effects[Grant]:
        return grant
        yield  # makes it a generator, as other authorizations are

    with suppress(SessionRefused):  # the session had ended already
        yield from Call(context, operation, deadline, held).run()


def session_of(context: Context) -> Session:
    """Return the client's session. Raises :class:`ConfigurationError` for a client without an account."""
    if context.session is None or context.credentials is None:
        prefix = context.dialect.env_prefix
        raise ConfigurationError(
            f"username and password are needed: pass them, or set {prefix}_USERNAME and {prefix}_PASSWORD",
            f"缺少账号或密码：请传入 username 与 password，或设置环境变量 {prefix}_USERNAME 与 {prefix}_PASSWORD",
            argument="username",
        )
    return context.session


def _lead(context: Context, session: Session, leader: Leader, deadline: float) -> Effects[None]:
    """Log in for every caller that waits."""
    failure: ChaobiaoError | None = None
    succeeded = False
    try:
        assert context.credentials is not None  # noqa: S101  # session_of() has checked it
        operation: Operation[Secret] = context.dialect.login(context.credentials)
        call = Call(context, operation, deadline, keep=lambda seconds: session.keep(leader.login, seconds))
        try:
            credential = yield from call.run()
        except ChaobiaoError as error:
            # An unanswered login, or one that ran out of its own time, says nothing of the account: the next caller
            # tries. A server that can't be reached is the same for all.
            own = isinstance(error, (*_OWN_TIME, NoResponse)) or (isinstance(error, NotSent) and not call.exhausted)
            failure = None if own else error
            raise
        session.granted(leader.login, credential)
        succeeded = True
    finally:
        if not succeeded:
            # The session outlives this call's frames, so it gets a copy.
            session.failed(leader.login, None if failure is None else _copy(failure))


def _renew(context: Context, session: Session) -> Effects[None]:
    """Log in ahead of time, unless a login is under way."""
    leader = session.start_renewal(context.options.timeout)
    if leader is not None:
        deadline = context.clock.monotonic() + context.options.deadline
        yield from _lead(context, session, leader, deadline)


def _follow(context: Context, session: Session, step: Follower, deadline: float) -> Effects[None]:
    """Wait for the login of another caller, and share its failure."""
    remaining = deadline - context.clock.monotonic()
    if remaining <= 0:
        raise DeadlineExceeded(
            "the deadline passed while waiting for a login", "等待登录时已超过时限", operation="login"
        )
    yield Wait(step.waiter, min(remaining, step.seconds))
    failure = session.failure_of(step.login)
    if failure is not None:
        raise _copy(failure)


def _copy(error: ChaobiaoError) -> ChaobiaoError:
    """A copy of a shared error, so that each caller's traceback is its own."""
    rebuild, arguments = error.__reduce__()
    copy: ChaobiaoError = rebuild(*arguments)
    return copy
