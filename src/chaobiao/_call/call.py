"""Carry one operation through: pace, authorise, encode, send, decode, classify; then answer, retry, log in or raise.

Written once for both colours, as a generator of effects. It does no I/O and awaits nothing: a driver performs each
effect and sends its result back in. Closing the generator (a cancelled task, an interrupt) gives every place back.
"""

import logging
from contextlib import suppress
from typing import Any, Generic, TypeVar, cast

import attrs

from chaobiao._call.dialect import no_response
from chaobiao._call.effects import Admit, Context, Detach, Effects, Transmit, Wait
from chaobiao._call.events import CallEvent, Hook
from chaobiao._call.messages import Accepted, Failure, Rejected, Request, Response
from chaobiao._call.pacing import Ticket
from chaobiao._call.redaction import strike_out
from chaobiao._call.retry import Attempts, Outcome, Step, decide
from chaobiao._call.session import Follower, Grant, Leader, Session, Use
from chaobiao._contract.operation import Acknowledgement, Operation
from chaobiao._contract.secret import Secret
from chaobiao.errors import (
    ChaobiaoError,
    ConfigurationError,
    DeadlineExceeded,
    InvalidArgument,
    NoResponse,
    NotSent,
    OutcomeUnknown,
    TooFast,
    UnreadableResponse,
    WaitTooLong,
)

T = TypeVar("T")

_log = logging.getLogger("chaobiao")

_RETRIES = (Step.RETRY, Step.RETRY_TO_DEADLINE)
#: Errors that a login ends with for lack of time or connection, not for what the server says of the account.
_NO_VERDICT = (DeadlineExceeded, WaitTooLong, TooFast, NoResponse, NotSent)


def run_call(context: Context, operation: Operation[T]) -> Effects[T]:
    """Carry an operation through within the client's deadline."""
    call = _Call(context, operation, context.clock.monotonic() + context.options.deadline)
    return (yield from call.run())


def log_in(context: Context) -> Effects[None]:
    """Log in now, whatever the current session is good for."""
    session = _session_of(context)
    deadline = context.clock.monotonic() + context.options.deadline
    step: Use | Leader | Follower = session.force()
    while isinstance(step, Follower):  # its leader may give up: then one of those who wait takes over
        yield from _follow(context, session, step, deadline)
        step = session.look()
    if isinstance(step, Leader):
        yield from _log_in_for_all(context, session, deadline)


class _Call(Generic[T]):
    """One call on its way."""

    def __init__(self, context: Context, operation: Operation[T], deadline: float) -> None:
        self._context = context
        self._operation = operation
        self._deadline = deadline
        self._clock = context.clock
        self._options = context.options
        self._attempts = Attempts(context.options.stop, context.options.wait, context.clock.monotonic())
        self._renewed = False
        self._unanswered = False
        self._waited = 0.0
        self._ticket: Ticket | None = None
        self._turned_away = False
        self._last: ChaobiaoError | None = None
        interval = context.dialect.interval_of(operation) if context.options.paced else None
        self._pacer = (
            None if interval is None else context.pacers.of(operation.spec.path, interval, context.options.margin)
        )

    def run(self) -> Effects[T]:
        context, spec = self._context, self._operation.spec
        while True:
            try:
                if (yield Admit(self._deadline - self._clock.monotonic())) is False:
                    raise self._too_late()
                grant = yield from self._take_turn()
                verdict = yield from self._attempt(grant)
            except (WaitTooLong, DeadlineExceeded):
                if self._last is None:
                    raise
                # That there is no time left to repeat it says less than what went wrong.
                last, self._last = self._last, None
                raise last from last.__cause__
            if isinstance(verdict, Accepted):
                value: Any = verdict.value
                if isinstance(value, Acknowledgement):
                    value = Acknowledgement(self._harmless(value.message, grant), repeated=self._unanswered)
                return cast("T", value)
            outcome = verdict.outcome
            error = verdict.error.located(operation=spec.call, section=spec.section, attempts=self._attempts.number)
            error.vendor_message = self._harmless(error.vendor_message, grant)
            if outcome is Outcome.TOO_FAST:
                error.located(wait=context.dialect.interval_of(self._operation))
                if self._pacer is not None:
                    self._pacer.push_back()
            self._unanswered = self._unanswered or outcome is Outcome.UNKNOWN
            self._turned_away = outcome in (Outcome.TOO_FAST, Outcome.SESSION)
            step_next = decide(spec.effect, outcome)
            if outcome is Outcome.REFUSED and grant is not None and context.dialect.relogin_on(error):
                step_next = Step.RENEW
            if step_next is Step.RENEW and grant is not None and context.session is not None:
                context.session.invalidate(grant.generation)
                if not self._renewed:
                    self._renewed = True
                    self._tell(self._options.on_retry, "retry", error=error)
                    continue
            elif step_next is Step.RAISE_UNKNOWN:
                raise self._unknown(error)
            elif step_next in _RETRIES and (yield from self._pause(step_next, error)):
                self._last = error
                continue
            raise error

    def _attempt(self, grant: Grant | None) -> Effects[Accepted[Any] | Rejected]:
        context, operation, clock = self._context, self._operation, self._clock
        remaining = self._deadline - clock.monotonic()
        if remaining <= 0:
            raise self._too_late()
        request = self._written(grant)
        self._attempts.number += 1
        self._tell(self._options.on_request, "request")
        started = clock.monotonic()
        answered = False
        try:
            received = yield Transmit(request, min(self._options.timeout, remaining), self._options.max_response_bytes)
            answered = True
        finally:
            if not answered and not operation.spec.effect.repeatable:
                _log.warning(
                    "%s was given up while under way; whether it was carried out is unknown (%s)",
                    operation.spec.call,
                    operation.reference,
                    extra={"operation": operation.spec.call, "section": operation.spec.section},
                )
        duration = clock.monotonic() - started
        if isinstance(received, Response):
            if self._pacer is not None and self._ticket is not None:
                self._pacer.answered(self._ticket)
            try:
                verdict = context.dialect.classify(operation, received, context.decode)
            except UnreadableResponse as error:  # strict reading
                error.__context__ = None  # its frames, and those below, hold the whole answer
                verdict = Rejected(Outcome.REFUSED, error.with_traceback(None))
        else:
            verdict = Rejected(received.outcome, _error_of(received))
        self._tell(self._options.on_response, "answer", verdict=verdict, duration=duration)
        return verdict

    def _written(self, grant: Grant | None) -> Request:
        context, request = self._context, None
        username = context.credentials.username if context.credentials else None
        with suppress(UnicodeEncodeError):  # the error would carry the whole text, token included
            request = context.dialect.request(self._operation, username, grant.credential if grant else None)
        if request is None:
            spec = self._operation.spec
            raise InvalidArgument(
                "an argument",
                "holds an unpaired surrogate, which is no character and cannot be sent",
                "含有孤立的代理项（不完整的字符），无法发送",
                operation=spec.call,
                section=spec.section,
            )
        if self._options.headers:
            request = attrs.evolve(request, headers=[*request.headers, *self._options.headers.items()])
        return request

    def _take_turn(self) -> Effects[Grant | None]:
        """Wait for the endpoint's turn, and answer the login to call under: the newest one when the turn comes."""
        pacer = self._pacer
        if pacer is None:
            return (yield from self._authorise())
        remaining = self._deadline - self._clock.monotonic()
        ahead = pacer.wait_ahead(first=self._turned_away)
        if ahead > remaining:
            raise WaitTooLong(
                f"its turn comes in {ahead:.2f} s at the earliest, after the deadline ({remaining:.2f} s left)",
                f"最早 {ahead:.2f} 秒后才轮到该调用，已超过时限（剩余 {remaining:.2f} 秒）",
                operation=self._operation.spec.call,
                section=self._operation.spec.section,
                attempts=self._attempts.number,
                wait=ahead,
            )
        joined = self._clock.monotonic()
        ticket = self._ticket = pacer.join(first=self._turned_away)
        try:
            while True:
                # The login comes before the turn is taken, or the turn would be lost to it; and the place in the queue
                # is kept meanwhile, for everybody behind needs the same login.
                grant = yield from self._authorise()
                wait = pacer.claim(ticket)
                if wait == 0:
                    break
                remaining = self._deadline - self._clock.monotonic()
                if remaining <= 0 or (wait is not None and wait > remaining):
                    raise self._too_late()
                yield Wait(ticket.waiter, remaining if wait is None else wait)
        finally:
            pacer.leave(ticket)
        self._waited = self._clock.monotonic() - joined
        return grant

    def _authorise(self) -> Effects[Grant | None]:
        context = self._context
        if not context.dialect.needs_session(self._operation):
            return None
        session = _session_of(context)
        while True:
            step = session.look()
            if isinstance(step, Use):
                if step.renew:
                    deadline = self._clock.monotonic() + self._options.deadline
                    yield Detach(_renew(context, session, deadline))
                return step.grant
            if isinstance(step, Leader):
                yield from _log_in_for_all(context, session, self._deadline)
            else:
                yield from _follow(context, session, step, self._deadline)

    def _pause(self, step: Step, error: ChaobiaoError) -> Effects[bool]:
        """Wait before the next attempt; answer whether there is one."""
        now = self._clock.monotonic()
        if isinstance(error, TooFast) and not self._options.paced:
            return False  # whoever turned pacing off wants to see the refusal
        pause = self._attempts.next_wait(step, error, now)
        if pause is not None and isinstance(error, TooFast) and self._pacer is not None and self._options.wait is None:
            pause = 0.0  # the pacer, pushed back, holds the call as long as it takes
        if pause is None or now + pause >= self._deadline:
            return False
        self._waited = pause
        self._tell(self._options.on_retry, "retry", error=error)
        self._attempts.slept += pause
        if pause > 0:
            yield Wait(self._clock.waiter(), pause)
        return True

    def _unknown(self, error: ChaobiaoError) -> OutcomeUnknown:
        spec = self._operation.spec
        unknown = OutcomeUnknown(
            f"sent, but {error.message}; it may have been carried out, and was not repeated",
            f"请求已发出，但{error.message_zh}；可能已经执行，未自动重发",
            operation=spec.call,
            section=spec.section,
            code=error.code,
            vendor_message=error.vendor_message,
            attempts=self._attempts.number,
            reference=self._operation.reference,
        )
        unknown.__cause__ = error.__cause__
        return unknown

    def _too_late(self) -> DeadlineExceeded:
        spec = self._operation.spec
        return DeadlineExceeded(
            f"the deadline of {self._options.deadline:g} s passed before the request could be sent",
            f"在 {self._options.deadline:g} 秒的时限内未能发出请求",
            operation=spec.call,
            section=spec.section,
            attempts=self._attempts.number,
        )

    def _harmless(self, words: str | None, grant: Grant | None) -> str | None:
        """The vendor's words without token and password."""
        if not words:
            return words
        secrets = [grant.credential] if grant else []
        if self._context.credentials is not None:
            secrets.append(self._context.credentials.password)
        return strike_out(words, secrets)

    def _tell(
        self,
        hook: Hook | None,
        kind: Any,
        *,
        verdict: Accepted[Any] | Rejected | None = None,
        error: ChaobiaoError | None = None,
        duration: float | None = None,
    ) -> None:
        if hook is None and not _log.isEnabledFor(logging.DEBUG):
            return
        spec = self._operation.spec
        found = verdict.error if isinstance(verdict, Rejected) else error
        event = CallEvent(
            kind=kind,
            operation=spec.call,
            section=spec.section,
            attempt=self._attempts.number,
            wait=self._waited,
            code=verdict.code if isinstance(verdict, Accepted) else found.code if found else None,
            duration=duration,
            outcome=type(found).__name__ if found else "ok" if verdict else None,
        )
        _log.debug(
            "%s %s (%s) attempt %d wait %.3f code %s duration %s %s",
            kind,
            spec.call,
            spec.section,
            event.attempt,
            event.wait,
            event.code,
            duration,
            event.outcome,
            extra={
                "operation": spec.call,
                "section": spec.section,
                "attempt": event.attempt,
                "wait": event.wait,
                "code": event.code,
                "duration": duration,
            },
        )
        if hook is not None:
            try:
                hook(event)
            except Exception:  # noqa: BLE001  # anything
                # A hook watches. Its failure must not hide that a recharge went through.
                _log.exception("the on_%s hook failed for %s", kind, spec.call)


def _error_of(failure: Failure) -> ChaobiaoError:
    if failure.outcome is Outcome.NOT_SENT:
        error: ChaobiaoError = NotSent(failure.reason, failure.reason_zh)
    elif failure.outcome is Outcome.REFUSED:
        error = UnreadableResponse(failure.reason, failure.reason_zh)
    else:
        error = no_response(failure.reason, failure.reason_zh)
    error.__cause__ = failure.cause
    return error


def _session_of(context: Context) -> Session:
    if context.session is None or context.credentials is None:
        prefix = context.dialect.env_prefix
        raise ConfigurationError(
            f"username and password are needed: pass them, or set {prefix}_USERNAME and {prefix}_PASSWORD",
            f"缺少账号或密码：请传入 username 与 password，或设置环境变量 {prefix}_USERNAME 与 {prefix}_PASSWORD",
            argument="username",
        )
    return context.session


def _log_in_for_all(context: Context, session: Session, deadline: float) -> Effects[None]:
    """Log in as the one who does it for all."""
    failure: ChaobiaoError | None = None
    landed = False
    try:
        assert context.credentials is not None  # noqa: S101  # _session_of() has checked it
        operation: Operation[Secret] = context.dialect.login(context.credentials)
        credential = yield from _Call(context, operation, deadline).run()
        session.granted(credential)
        landed = True
    except ChaobiaoError as error:
        # Whoever had no answer in their own time says nothing about the account: let the next one try.
        failure = None if isinstance(error, _NO_VERDICT) else error
        raise
    finally:
        if not landed:
            session.failed(None if failure is None else _again(failure))  # the session outlives this call's frames


def _renew(context: Context, session: Session, deadline: float) -> Effects[None]:
    """Log in ahead of time, unless somebody else has begun to."""
    if session.start_renewal():
        yield from _log_in_for_all(context, session, deadline)


def _follow(context: Context, session: Session, step: Follower, deadline: float) -> Effects[None]:
    """Wait for somebody else's login, and share its failure."""
    remaining = deadline - context.clock.monotonic()
    if remaining <= 0:
        raise DeadlineExceeded(
            "the deadline passed while waiting for a login", "等待登录时已超过时限", operation="login"
        )
    try:
        yield Wait(step.waiter, remaining)
    finally:
        session.abandon(step)
    failure = session.failure_of(step.login_number)
    if failure is not None:
        raise _again(failure)


def _again(error: ChaobiaoError) -> ChaobiaoError:
    """A copy of a shared error, so that each caller's traceback is its own."""
    rebuild, arguments = error.__reduce__()
    copy: ChaobiaoError = rebuild(*arguments)
    return copy
