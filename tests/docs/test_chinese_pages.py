"""What the Chinese pages list by hand is complete and true."""

import re

from chaobiao import errors
from chaobiao._call.retry import Outcome, Step, decide
from chaobiao._contract.operation import Effect
from tests.docs.pages import DOCS

ERRORS = (DOCS / "zh" / "errors.md").read_text("utf-8")
STEPS = {
    "重试": Step.RETRY,
    "重试直到时限": Step.RETRY_TO_DEADLINE,
    "重新登录一次，重试一次": Step.RENEW,
    "抛出": Step.RAISE,
    "**抛出 OutcomeUnknown**": Step.RAISE_UNKNOWN,
}


def cells(text: str) -> list[list[str]]:
    """The rows of a page's tables, without headings and rules."""
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\|.*\|$", text, re.MULTILINE)]


def test_every_error_class_is_explained() -> None:
    """The table of error classes has each class once, a group's base before its members."""
    listed = [match[1] for row in cells(ERRORS) if (match := re.fullmatch(r"`([A-Z]\w+)`", row[0]))]

    def below(kind: type[errors.ChaobiaoError]) -> set[str]:
        return {name for child in kind.__subclasses__() for name in (child.__name__, *below(child))}

    assert len(listed) == len(set(listed))
    assert set(listed) == below(errors.ChaobiaoError)
    groups = {group.__name__: below(group) for group in errors.ChaobiaoError.__subclasses__()}
    starts = [listed.index(group) for group in groups] + [len(listed)]
    assert starts == sorted(starts)
    for (_, members), begin, end in zip(groups.items(), starts, starts[1:], strict=False):
        assert set(listed[begin + 1 : end]) == members


def test_the_table_of_retries_is_what_the_client_does() -> None:
    """Each cell of the Chinese table is the step that the client takes."""
    table = [[STEPS[cell] for cell in row[1:]] for row in cells(ERRORS) if row[-1] in STEPS]
    assert table == [[decide(effect, outcome) for outcome in Outcome] for effect in Effect]
