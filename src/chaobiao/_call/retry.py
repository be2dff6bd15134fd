"""What to do after an attempt, decided by what the operation does and what is known to have happened."""

import enum
from typing import TYPE_CHECKING

from chaobiao._contract.operation import Effect

if TYPE_CHECKING:
    from tenacity import RetryCallState
    from tenacity.stop import StopBaseT
    from tenacity.wait import WaitBaseT


class Outcome(enum.Enum):
    """What is known after an attempt that did not end well."""

    #: The request provably never reached the server.
    NOT_SENT = "not sent"
    #: The server refused because calls came too fast.
    TOO_FAST = "too fast"
    #: The server refused the session.
    SESSION = "session refused"
    #: The server understood and refused.
    REFUSED = "refused"
    #: It was sent, and nothing trustworthy came back.
    UNKNOWN = "outcome unknown"


class Step(enum.Enum):
    """What follows."""

    RETRY = "retry"
    #: Retry as long as the deadline allows, however many attempts that takes.
    RETRY_TO_DEADLINE = "retry to deadline"
    RENEW = "renew the session once and repeat once"
    RAISE = "raise"
    RAISE_UNKNOWN = "raise OutcomeUnknown"


def decide(
    effect: Effect, outcome: Outcome, *, renewed: bool = False, paced: bool = True, limited: bool = True
) -> Step:
    """Say what follows an attempt. The HTTP verb plays no part, for vendors use POST for everything.

    ``renewed``: the session was renewed for this call already, or there is none to renew. ``paced``: the client keeps
    the documented intervals; one that does not wants to see a refusal. ``limited``: an interval is documented; without
    one, that calls came too fast is one meaning of the refusal among others.
    """
    match outcome:
        case Outcome.REFUSED:
            return Step.RAISE
        case Outcome.SESSION:
            return Step.RAISE if renewed or effect is Effect.SESSION else Step.RENEW
        case Outcome.TOO_FAST:
            if not paced:
                return Step.RAISE
            return Step.RETRY_TO_DEADLINE if limited else Step.RETRY
        case Outcome.NOT_SENT:
            return Step.RETRY_TO_DEADLINE if effect is Effect.COMMAND else Step.RETRY
        case Outcome.UNKNOWN:
            return Step.RETRY if effect.repeatable else Step.RAISE_UNKNOWN


class Attempts:
    """One call's attempts under the caller's tenacity policies, or the defaults. State is never shared."""

    def __init__(self, stop: "StopBaseT | None", wait: "WaitBaseT | None", started: float) -> None:
        self._stop = stop
        self._wait = wait
        self._started = started
        self._state: RetryCallState | None = None
        self.number = 0
        self.slept = 0.0

    def next_wait(self, step: Step, error: Exception, now: float) -> float | None:
        """Return how many seconds to wait before the next attempt, or ``None`` to give up."""
        import tenacity  # only a call that failed needs it

        state = self._state
        if state is None:
            state = self._state = tenacity.RetryCallState(tenacity.Retrying(), None, (), {})
            state.start_time = self._started
        state.attempt_number = self.number
        state.idle_for = self.slept
        state.set_exception((type(error), error, error.__traceback__))
        state.outcome_timestamp = now
        wait = self._wait or tenacity.wait_random_exponential(multiplier=0.5, max=20)
        pause = max(float(wait(state)), 0.0)
        state.upcoming_sleep = pause
        stop = self._stop or (tenacity.stop_never if step is Step.RETRY_TO_DEADLINE else tenacity.stop_after_attempt(4))
        return None if stop(state) else pause
