"""What hooks and logs are told of a call."""

import logging
from typing import Literal

from chaobiao._call.events import CallEvent, Hook
from chaobiao._call.messages import Accepted, Rejected
from chaobiao._call.options import Options
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Spec
from chaobiao.errors import ChaobiaoError

log = logging.getLogger("chaobiao")


class Reporter:
    """Tells hooks and the log of one call: never a body, a token or a password."""

    __slots__ = ("_options", "_spec", "waited")

    def __init__(self, operation: Kind, options: Options) -> None:
        self._spec: Spec = operation.spec
        self._options = options
        #: The seconds that the call spent waiting for its turn, or is about to spend before it is repeated.
        self.waited = 0.0

    def request(self, attempt: int) -> None:
        """Before an attempt is sent."""
        self._tell("request", self._options.on_request, attempt)

    def response(self, attempt: int, verdict: Accepted[object] | Rejected, duration: float) -> None:
        """After an attempt."""
        error = verdict.error if isinstance(verdict, Rejected) else None
        code = verdict.code if isinstance(verdict, Accepted) else verdict.error.code
        outcome = "ok" if error is None else type(error).__name__
        self._tell("response", self._options.on_response, attempt, code, duration, outcome)

    def retry(self, attempt: int, error: ChaobiaoError) -> None:
        """Before an attempt is repeated."""
        self._tell("retry", self._options.on_retry, attempt, error.code, None, type(error).__name__)

    def given_up(self, reference: str | None) -> None:
        """A request that must not be repeated was given up after it was sent."""
        log.warning(
            "%s was cancelled after it was sent; whether it was carried out is unknown (%s)",
            self._spec.call,
            reference,
            extra={"operation": self._spec.call, "section": self._spec.section},
        )

    def _tell(
        self,
        kind: Literal["request", "response", "retry"],
        hook: Hook | None,
        attempt: int,
        code: int | None = None,
        duration: float | None = None,
        outcome: str | None = None,
    ) -> None:
        if hook is None and not log.isEnabledFor(logging.DEBUG):
            return
        spec = self._spec
        event = CallEvent(kind, spec.call, spec.section, attempt, self.waited, code, duration, outcome)
        facts = {"operation": spec.call, "section": spec.section, "attempt": attempt, "wait": self.waited}
        log.debug(
            "%s %s (%s) attempt %d wait %.3f code %s duration %s %s",
            kind,
            spec.call,
            spec.section,
            attempt,
            self.waited,
            code,
            duration,
            outcome,
            extra={**facts, "code": code, "duration": duration},
        )
        if hook is not None:
            try:
                hook(event)
            except Exception:  # a hook may raise anything
                # A hook watches. Its failure must not hide that a recharge went through.
                log.exception("the on_%s hook failed for %s", kind, spec.call)
