"""Carry one operation through: take a turn, log in, encode, send, decode, classify; then return, retry or raise.

Written once for sync and async, as a generator of effects. It does no I/O and awaits nothing: a driver performs each
effect and sends its result back in. Closing the generator (a cancelled task, an interrupt) gives every place back.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar, cast

import attrs

from chaobiao._call.effects import Admit, Context, Effects, Transmit, Wait
from chaobiao._call.messages import Accepted, Failure, Rejected, Request, Response
from chaobiao._call.pacing import Ticket
from chaobiao._call.redaction import strike_out
from chaobiao._call.reporting import Reporter
from chaobiao._call.retry import Attempts, Outcome, Step, decide
from chaobiao._call.session import Grant
from chaobiao._contract.fields import fields_of
from chaobiao._contract.operation import Acknowledgement, Effect, Operation
from chaobiao._contract.secret import Secret
from chaobiao.errors import (
    ChaobiaoError,
    DeadlineExceeded,
    InvalidArgument,
    NoResponse,
    NotFound,
    NotSent,
    OutcomeUnknown,
    TooFast,
    UnreadableResponse,
    WaitTooLong,
)

T = TypeVar("T")

#: How much of a server's words an error keeps, in characters.
_MOST_WORDS: Final = 1000


#: Returns the login to call under, after logging in where that is needed.
Authorize = Callable[[], Effects[Grant | None]]


class Call(Generic[T]):
    """One call: the loop of its attempts.

    ``authorize`` gives the login to call under. A login itself has none; its ``keep`` is told how long the next step
    may take, so that those who wait for it know that it goes on.
    """

    def __init__(
        self,
        context: Context,
        operation: Operation[T],
        deadline: float,
        authorize: Authorize | None = None,
        keep: Callable[[float], None] | None = None,
    ) -> None:
        self._context = context
        self._operation = operation = context.decode.numbering.applied(operation)
        self._deadline = deadline
        self._authorize = authorize
        self._keep = keep
        self._clock = context.clock
        self._options = context.options
        self._effect = operation.spec.effect
        self._attempts = Attempts(context.options.stop, context.options.wait, context.clock.monotonic())
        self._report = Reporter(type(operation), context.options)
        #: Whether the policy, rather than the deadline, has ended the attempts.
        self.exhausted = False
        self._renewed = False
        self._unanswered = False
        self._ticket: Ticket | None = None
        self._was_sent = False
        self._turned_away = False
        self._last: ChaobiaoError | None = None
        interval = context.dialect.interval_of(operation) if context.options.paced else None
        self._pacer = (
            None if interval is None else context.pacers.of(operation.spec.path, interval, context.options.margin)
        )

    def run(self) -> Effects[T]:
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
            if self._effect is Effect.DELETE and self._unanswered and _is_gone(verdict):
                verdict = Accepted(Acknowledgement())  # an attempt that got no response has deleted it
            if isinstance(verdict, Accepted):
                return self._value(verdict.value, grant)
            error = self._completed(verdict, grant)
            renewed = self._renewed or grant is None
            limited = self._operation.spec.interval is not None
            step = decide(self._effect, verdict.outcome, renewed=renewed, paced=self._options.paced, limited=limited)
            match step:
                case Step.RENEW:
                    self._renewed = True
                    self._report.retry(self._attempts.number, error)
                case Step.RETRY | Step.RETRY_TO_DEADLINE if (yield from self._pause(step, verdict.outcome, error)):
                    self._last = error
                case Step.RAISE_UNKNOWN:
                    raise self._unknown(error)
                case _:
                    raise error

    def _value(self, value: Any, grant: Grant | None) -> T:
        if self._pacer is not None and self._ticket is not None:
            self._pacer.went_well(self._ticket)
        if isinstance(value, Acknowledgement):
            value = Acknowledgement(self._harmless(value.message, grant), repeated=self._unanswered)
        return cast("T", value)

    def _completed(self, verdict: Rejected, grant: Grant | None) -> ChaobiaoError:
        """Note what a refusal says of pace and session, and return the error with all that is known."""
        outcome, spec = verdict.outcome, self._operation.spec
        error = verdict.error.located(operation=spec.call, section=spec.section, attempts=self._attempts.number)
        error.vendor_message = self._harmless(error.vendor_message, grant)
        if outcome is Outcome.TOO_FAST:
            wait = self._context.dialect.interval_after_refusal(self._operation)
            error.located(wait=wait if self._pacer is None else self._pacer.push_back())
        if outcome is Outcome.SESSION and grant is not None and self._context.session is not None:
            self._context.session.invalidate(grant.generation)
        self._unanswered = self._unanswered or outcome is Outcome.UNKNOWN
        self._turned_away = outcome in (Outcome.TOO_FAST, Outcome.SESSION)
        return error

    def _attempt(self, grant: Grant | None) -> Effects[Accepted[Any] | Rejected]:
        context, operation, clock = self._context, self._operation, self._clock
        remaining = self._deadline - clock.monotonic()
        if remaining <= 0:
            self._give_turn_back()
            raise self._too_late()
        request = self._written(grant)
        timeout = min(self._options.timeout, remaining)
        self._attempts.number += 1
        self._was_sent = False
        self._report.request(self._attempts.number)
        if self._keep is not None:
            self._keep(timeout)
        started = clock.monotonic()
        exclusive = not self._effect.repeatable
        responded = False
        try:
            received = yield Transmit(request, timeout, self._options.max_response_bytes, exclusive, self._sent)
            responded = True
        finally:
            if not self._was_sent:
                self._give_turn_back()
            elif not responded and exclusive:
                self._report.given_up(operation.reference)
        duration = clock.monotonic() - started
        if isinstance(received, Response):
            if self._pacer is not None and self._ticket is not None:
                self._pacer.responded(self._ticket)
            try:
                verdict = context.dialect.classify(operation, received, context.decode)
            except UnreadableResponse as error:  # strict reading
                error.__context__ = None  # its frames, and those below, hold the whole response
                verdict = Rejected(Outcome.REFUSED, error.with_traceback(None))
        else:
            verdict = Rejected(received.outcome, _error_of(received))
        self._report.response(self._attempts.number, verdict, duration)
        return verdict

    def _sent(self) -> None:
        """The request leaves now."""
        self._was_sent = True
        if self._pacer is not None and self._ticket is not None:
            self._pacer.sent(self._ticket)

    def _give_turn_back(self) -> None:
        if self._pacer is not None and self._ticket is not None:
            self._pacer.leave(self._ticket)

    def _written(self, grant: Grant | None) -> Request:
        context, request = self._context, None
        username = context.credentials.username if context.credentials else None
        with suppress(UnicodeEncodeError):  # the error would carry the whole text, token included
            request = context.dialect.request(self._operation, username, grant.credential if grant else None)
        if request is None:
            self._give_turn_back()
            raise InvalidArgument(
                "an argument",
                "holds an unpaired surrogate, which is no character and cannot be sent",
                "含有孤立的代理项（不完整的字符），无法发送",
                operation=self._operation.spec.call,
                section=self._operation.spec.section,
            )
        if self._options.headers:
            request = attrs.evolve(request, headers=[*request.headers, *self._options.headers.items()])
        return request

    def _take_turn(self) -> Effects[Grant | None]:
        """Wait for the endpoint's turn, and return the login to call under: the newest one when the turn comes."""
        pacer, clock = self._pacer, self._clock
        if pacer is None:
            return None if self._authorize is None else (yield from self._authorize())
        remaining = self._deadline - clock.monotonic()
        ahead = pacer.wait_ahead(first=self._turned_away)
        if ahead > remaining:
            raise self._wait_too_long(ahead, remaining)
        joined = clock.monotonic()
        ticket = self._ticket = pacer.join(first=self._turned_away)
        try:
            while True:
                # The login comes before the turn is taken, or the turn would be lost to it; and the place in the queue
                # is kept meanwhile, for every call behind it needs the same login.
                grant = None if self._authorize is None else (yield from self._authorize())
                remaining = self._deadline - clock.monotonic()
                if remaining <= 0:  # the login took it all: the turn is left to others
                    raise self._too_late()
                wait, certain = pacer.claim(ticket, min(self._options.timeout, remaining))
                if wait == 0:
                    break
                if certain and wait > remaining:
                    raise self._too_late()
                wait = min(wait, remaining)
                if self._keep is not None:
                    self._keep(wait + self._options.timeout)
                yield Wait(ticket.waiter, wait)
        except BaseException:
            pacer.leave(ticket)
            raise
        self._report.waited = clock.monotonic() - joined
        return grant

    def _pause(self, step: Step, outcome: Outcome, error: ChaobiaoError) -> Effects[bool]:
        """Wait before the next attempt; return whether there is one."""
        now = self._clock.monotonic()
        pause = self._attempts.next_wait(step, error, now)
        if pause is None:
            self.exhausted = True
            return False
        if outcome is Outcome.TOO_FAST and self._options.wait is None:
            # The pacer, pushed back, holds the call as long as it takes; without one the call waits here.
            pause = 0.0 if self._pacer is not None else max(pause, cast("TooFast", error).wait or 0.0)
        if now + pause >= self._deadline:
            return False
        self._report.waited = pause
        self._report.retry(self._attempts.number, error)
        self._attempts.slept += pause
        if pause > 0:
            if self._keep is not None:
                self._keep(pause + self._options.timeout)
            yield Wait(self._clock.waiter(), pause)
        return True

    def _unknown(self, error: ChaobiaoError) -> OutcomeUnknown:
        unknown = OutcomeUnknown(
            f"sent, but {error.message}; it may have been carried out, and was not repeated",
            f"请求已发出，但{error.message_zh}；可能已经执行，未自动重发",
            code=error.code,
            vendor_message=error.vendor_message,
            reference=self._operation.reference,
            **self._facts(),
        )
        if look_up := self._operation.spec.look_up:
            unknown.hint = f"Look the result up ({look_up}) before you repeat the call."
            unknown.hint_zh = f"请先查询结果（{look_up}），确认后再决定是否重发。"
        unknown.__cause__ = error.__cause__
        return unknown

    def _too_late(self) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"the deadline of {self._options.deadline:g} s passed before the request could be sent",
            f"在 {self._options.deadline:g} 秒的时限内未能发出请求",
            **self._facts(),
        )

    def _wait_too_long(self, ahead: float, remaining: float) -> WaitTooLong:
        return WaitTooLong(
            f"its turn comes in {ahead:.2f} s at the earliest, after the deadline ({remaining:.2f} s left)",
            f"最早 {ahead:.2f} 秒后才轮到该调用，已超过时限（剩余 {remaining:.2f} 秒）",
            wait=ahead,
            **self._facts(),
        )

    def _facts(self) -> dict[str, Any]:
        spec = self._operation.spec
        return {"operation": spec.call, "section": spec.section, "attempts": self._attempts.number}

    def _harmless(self, words: str | None, grant: Grant | None) -> str | None:
        """The vendor's words without token, password and other secrets, cut to a length that fits a log."""
        if not words:
            return words
        secrets = [*grant.credential.parts] if grant else []
        if self._context.credentials is not None:
            secrets.append(self._context.credentials.password)
        arguments = (getattr(self._operation, field.python_name) for field in fields_of(type(self._operation)))
        secrets += [value for value in arguments if isinstance(value, Secret)]
        # What is cut off is cut off after striking, so that no half of a secret is left.
        looked_at = 4 * _MOST_WORDS
        struck = strike_out(words[:looked_at], secrets)
        if len(words) > looked_at:  # a secret may end beyond it; an escape is twelve times as long at the most
            longest = max((len(secret.reveal()) for secret in secrets), default=0)
            struck = struck[: max(len(struck) - 12 * longest, 0)] + "…"
        return struck if len(struck) <= _MOST_WORDS else struck[:_MOST_WORDS] + "…"


def _is_gone(verdict: Accepted[Any] | Rejected) -> bool:
    return isinstance(verdict, Rejected) and isinstance(verdict.error, NotFound)


def _error_of(failure: Failure) -> ChaobiaoError:
    if failure.outcome is Outcome.NOT_SENT:
        error: ChaobiaoError = NotSent(failure.reason, failure.reason_zh)
    else:
        error = NoResponse(failure.reason, failure.reason_zh)
    error.__cause__ = failure.cause
    return error
