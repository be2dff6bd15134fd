"""The directives ``{error-tree}``, ``{codes} FAMILY`` and ``{retry-table}``: the errors page's tables, by the code."""

import inspect
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chaobiao import errors
from chaobiao._call.retry import Outcome, Step, decide
from chaobiao._contract.operation import Effect
from chaobiao._families import family as find_family

STEPS = {
    Step.RETRY: "retry",
    Step.RETRY_TO_DEADLINE: "retry until the deadline",
    Step.RENEW: "log in again once, retry once",
    Step.RAISE: "raise",
    Step.RAISE_UNKNOWN: "**raise OutcomeUnknown**",
}
OUTCOMES = {
    Outcome.NOT_SENT: "provably not sent",
    Outcome.TOO_FAST: "refused: too fast (1011, 4201, HTTP 429)",
    Outcome.SESSION: "refused: session (1006, 1007, 4101)",
    Outcome.REFUSED: "refused: anything else",
    Outcome.UNKNOWN: "sent, outcome unknown",
}
EFFECTS = {
    Effect.READ: "read",
    Effect.UPDATE: "update by id",
    Effect.DELETE: "delete by id",
    Effect.CREATE: "create",
    Effect.MONEY: "money (`recharges.create`)",
    Effect.COMMAND: "command (`meters.instruct`)",
    Effect.SESSION: "login",
}


class _Written(SphinxDirective):
    """A directive that writes Markdown."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(__file__)
        return self.parse_text_to_nodes("\n".join(self.lines()))

    def lines(self) -> Iterator[str]:
        """Return the lines to write."""
        raise NotImplementedError


class ErrorTree(_Written):
    """The classes as they inherit from one another, each with the first sentence of its docstring."""

    def lines(self) -> Iterator[str]:
        yield from _branch(errors.ChaobiaoError, 0)


def _branch(kind: type[errors.ChaobiaoError], depth: int) -> Iterator[str]:
    sentence = (inspect.getdoc(kind) or "").split("\n\n")[0]
    yield f"{'  ' * depth}- {_link(kind)}: {' '.join(sentence.split()).replace('``', '`')}"
    for child in kind.__subclasses__():
        yield from _branch(child, depth + 1)


class Codes(_Written):
    """The codes of one family, in English and Chinese."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        yield from ("| code | error | what happened | what to do |", "| --- " * 4 + "|")
        for code, (outcome, kind, meaning, meaning_zh) in find_family(self.arguments[0]).codes.items():
            create = decide(Effect.CREATE, outcome) is Step.RAISE_UNKNOWN
            error = f"{_link(kind)}; create: {_link(errors.OutcomeUnknown)}" if create else _link(kind)
            yield f"| {code} | {error} | {meaning}<br>{meaning_zh} | {kind.hint}<br>{kind.hint_zh} |"


class RetryTable(_Written):
    """What the client does after an attempt, for every effect and every outcome."""

    def lines(self) -> Iterator[str]:
        yield "| effect | " + " | ".join(OUTCOMES[outcome] for outcome in Outcome) + " |"
        yield "| --- " * (len(Outcome) + 1) + "|"
        for effect in Effect:
            steps = (STEPS[decide(effect, outcome)] for outcome in Outcome)
            yield f"| {EFFECTS[effect]} | " + " | ".join(steps) + " |"


def _link(kind: type[errors.ChaobiaoError]) -> str:
    return f"{{py:class}}`~chaobiao.{kind.__name__}`"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("error-tree", ErrorTree)
    app.add_directive("codes", Codes)
    app.add_directive("retry-table", RetryTable)
    return {"parallel_read_safe": True}
