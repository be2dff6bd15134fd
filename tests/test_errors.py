"""The error tree: its shape, its words, and that errors can be pickled."""

import copy
import pickle
import re
from typing import Any

import pytest

import chaobiao
from chaobiao import errors

TREE = {
    "ArgumentError": [
        "InvalidArgument",
        "ConfigurationError",
        "ParameterMissing",
        "ParameterRefused",
        "NotFound",
        "AlreadyExists",
        "StillInUse",
        "ClientClosed",
    ],
    "CredentialError": ["UnknownAccount", "WrongPassword", "SessionRefused", "PermissionRefused"],
    "RetryLater": ["TooFast", "WaitTooLong", "DeadlineExceeded", "NotSent"],
    "NeedsReconciliation": ["OutcomeUnknown", "DuplicateOrder"],
    "VendorFault": [
        "OperationFailed",
        "UnknownCode",
        "HttpStatusError",
        "IncompleteList",
        "NoResponse",
        "UnreadableResponse",
    ],
    "HttpStatusError": ["ServerUnavailable"],
}
#: The facts that a class adds to those that all errors carry.
FACTS: dict[str, dict[str, Any]] = {
    "InvalidArgument": {"argument": "page_size", "other": "page", "missing": False, "wire_name": "pageSize"},
    "ConfigurationError": {"argument": "base_url"},
    "TooFast": {"wait": 2.0},
    "WaitTooLong": {"wait": 12.5},
    "DeadlineExceeded": {"wait": None},
    "NotSent": {"wait": None},
    "OutcomeUnknown": {"reference": "order-1"},
    "DuplicateOrder": {"reference": "order-1"},
    "UnreadableResponse": {"row": 3, "field": "readTime"},
    "IncompleteList": {"rows": 20, "total": 50, "page": 3},
}
#: What an error says; of an argument it says the rule.
WORDS = {False: ("it did not work", "没有成功"), True: ("must be a whole number", "必须是整数")}
RETRYABLE = {
    "RetryLater",
    "SessionRefused",
    "NoResponse",
    "ServerUnavailable",
    "IncompleteList",
    *TREE["RetryLater"],
}
LEAVES = [name for names in TREE.values() for name in names if name not in TREE]
every_error = pytest.mark.parametrize("name", [*TREE, *LEAVES])


def make(name: str) -> chaobiao.ChaobiaoError:
    """An error with every fact that it can carry."""
    kind = getattr(errors, name)
    made: chaobiao.ChaobiaoError = kind(
        *(["page_size"] if name == "InvalidArgument" else []),
        *WORDS[name == "InvalidArgument"],
        operation="recharges.create",
        section="recharge 4.5",
        code=1001,
        vendor_message="失败",
        attempts=2,
        **{
            fact: value
            for fact, value in FACTS.get(name, {}).items()
            if fact != "argument" or name != "InvalidArgument"
        },
    )
    return made


def test_the_tree_is_the_documented_one() -> None:
    """Every class is where the tree says, no class is missing from it, and the docstring draws each."""
    found = {
        name: [
            child.__name__ for child in getattr(errors, name).__subclasses__() if child.__module__ == errors.__name__
        ]
        for name in TREE
    }
    assert {name: set(children) for name, children in found.items()} == {n: set(c) for n, c in TREE.items()}
    assert {kind.__name__ for kind in chaobiao.ChaobiaoError.__subclasses__()} == set(TREE) - {"HttpStatusError"}
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted([*TREE, *LEAVES])


@every_error
def test_errors_can_be_imported_from_the_package(name: str) -> None:
    """Each class that a caller may want to catch is exported at the top."""
    assert getattr(chaobiao, name) is getattr(errors, name)
    assert name in chaobiao.__all__


def test_argument_errors_are_value_errors() -> None:
    """``except ValueError`` catches wrong arguments, and ``except RuntimeError`` calls of a closed client."""
    assert issubclass(chaobiao.InvalidArgument, ValueError)
    assert issubclass(chaobiao.ConfigurationError, ValueError)
    assert issubclass(chaobiao.ClientClosed, RuntimeError)


@every_error
def test_errors_are_in_both_languages(name: str) -> None:
    """str() has the place, the code, both messages, the vendor's words and both hints; hints come in pairs."""
    error = make(name)
    text = str(error)
    for part in ("recharges.create", "recharge 4.5", "[1001]", *WORDS[name == "InvalidArgument"], "«失败»"):
        assert part in text
    assert bool(error.hint) == bool(error.hint_zh)
    assert error.hint in text
    assert error.hint_zh in text
    if error.hint:
        assert not re.search("[\u4e00-\u9fff]", error.hint)
        assert re.search("[\u4e00-\u9fff]", error.hint_zh)


def test_an_error_with_one_wording_prints_it_once() -> None:
    """Where English and Chinese are the same, the words are printed once."""
    error = chaobiao.VendorFault("broken")
    assert str(error) == "broken"
    assert error.message_zh == "broken"


@every_error
def test_errors_pickle_with_every_fact(name: str) -> None:
    """pickle and copy keep the class, the words and all facts, of any protocol."""
    error = make(name)
    copies = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for other in [*copies, copy.copy(error), copy.deepcopy(error)]:
        assert type(other) is type(error)
        assert vars(other) == vars(error)
        assert str(other) == str(error)
        assert other.args == error.args
        for fact, value in FACTS.get(name, {}).items():
            assert getattr(other, fact) == value


@every_error
def test_errors_say_whether_a_retry_could_help(name: str) -> None:
    """Only waits, refused sessions and reads without a response can succeed later without a change."""
    assert getattr(errors, name).retryable == (name in RETRYABLE)
    assert issubclass(getattr(errors, name), errors.RETRYABLE) == (name in RETRYABLE)


def test_located_fills_in_what_is_missing_only() -> None:
    """located() adds where an error occurred, and does not overwrite facts that the error already has."""
    error = chaobiao.NoResponse("cut off", code=500).located(
        operation="meters.list", section="meter 4.2", code=0, attempts=4
    )
    assert (error.operation, error.section, error.code, error.attempts) == ("meters.list", "meter 4.2", 500, 4)
