"""Wrong arguments of any operation are rejected before anything is sent, in words that name them.

The wrong values follow from an argument's check and type, so that a new operation needs no lists here.
"""

import enum
import pickle
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import attrs
import pytest

from chaobiao import InvalidArgument
from chaobiao._contract import checks
from chaobiao._contract.family import Kind
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import Effect
from chaobiao._contract.secret import Secret
from chaobiao._wire.codecs import kinds_of
from tests.harness.clients import ClientUnderTest
from tests.harness.concurrency import outcome_of
from tests.harness.fake_server import FakeServer
from tests.harness.operations import (
    CALLS,
    OPERATIONS,
    example,
    family_of,
    finds_out_numbering,
    for_each,
    name_of,
    sample_of,
    success,
)

Connect = Callable[..., ClientUnderTest]

_CODES: Final[list[Any]] = [1, 2022040001, "", " ", " 1", "1\n", ["1"]]
#: Values that a check rejects, for the checks that are the same for all arguments.
WRONG: Final[tuple[tuple[Any, list[Any]], ...]] = (
    (checks.code, _CODES),
    (checks.single_code, [*_CODES, "1,2", ["1", "2"], ("1", "2")]),
    (checks.several_codes, [1, [], "", "1,,2", "1, 2", ["1,2"], [1], ["1", ""]]),
    (checks.text, ["", 1, True, []]),
    (checks.texts, ["a", 1, [""], [1]]),
    (checks.secret, ["", 1, b"secret"]),
    (checks.flag, [0, 1, "1", "True"]),
    (checks.moment, ["2023-04-06", date(2023, 4, 6), 1680710400, 1685548800000]),
    (
        checks.amount,
        [
            *[1.5, 10.0, True, [], "", "abc", "1_000", "NaN", "Infinity", Decimal("sNaN")],
            *["0", 0, "-1.00", "10.001", Decimal("0.001"), "1e-999999", 10**15, 10**5000],
        ],
    ),
)
ARGUMENTS: Final = [(kind, field) for kind in OPERATIONS for field in fields_of(kind)]


def times_of(kind: Kind) -> list[str]:
    """Return the names of an operation's arguments that are times."""
    return [field.python_name for field in fields_of(kind) if datetime in kinds_of(field.type)]


PERIODS: Final = [kind for kind in CALLS if len(times_of(kind)) == 2]


def wrong_values(field: WireField) -> list[Any]:
    """Return values that an argument must reject."""
    found = [object(), *next((values for check, values in WRONG if check is field.check), [])]
    if field.default is not None:
        found.append(None)
    kinds = kinds_of(field.type)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            known = [member.value for member in kind]
            others = [True, 1.5, [], "", *range(-1, 12), *map(str, range(-1, 12)), *(member.name for member in kind)]
            found += [value for value in others if value not in known or isinstance(value, bool)]
            found.append(enum.Enum("Other", {"A": known[0]})["A"])
    if int in kinds and Decimal not in kinds and field.check is not None:
        found += ["1", 1.0, True, []]
        for bound, beyond in (("minimum", -1), ("maximum", 1)):
            if bound in field.check.bounds:
                found += [field.check.bounds[bound] + beyond, beyond * 10**5000]
    return found


def assert_helpful(error: InvalidArgument, field: WireField) -> None:
    """Check that the error names the argument, in English and Chinese, and stays short."""
    assert (error.argument, error.wire_name) == (field.python_name, field.name)
    assert field.python_name in error.message
    assert field.python_name in error.message_zh
    assert re.search("[\u4e00-\u9fff]", error.message_zh)
    assert len(str(error)) < 600


@pytest.mark.parametrize(
    ("kind", "field"), ARGUMENTS, ids=[f"{name_of(kind)}-{field.python_name}" for kind, field in ARGUMENTS]
)
async def test_wrong_values_are_rejected_before_sending(kind: Kind, field: WireField, connect: Connect) -> None:
    """Each wrong value raises InvalidArgument, which names the argument; no call and no login is sent."""
    server = FakeServer(success(kind))
    client = connect(server, family_of(kind).name)
    arguments = sample_of(kind).arguments
    by_hand = kind.spec.effect is Effect.SESSION  # its client method takes the account from the client
    for value in wrong_values(field):
        wrong = {**arguments, field.python_name: value}
        error = await outcome_of(lambda wrong=wrong: kind(**wrong) if by_hand else client.call(kind.spec.call, **wrong))
        assert isinstance(error, InvalidArgument), value
        assert_helpful(error, field)
    assert (server.logins, server.requests) == ([], [])


@for_each(PERIODS)
async def test_a_period_that_ends_before_it_begins_is_rejected(kind: Kind, connect: Connect) -> None:
    """The error names the start, and shows the end and both times; a period of one moment is sent."""
    begin, end = times_of(kind)
    server = FakeServer(success(kind, total=0))
    client = connect(server, family_of(kind).name)
    moment, arguments = datetime(2023, 4, 6), sample_of(kind).arguments
    with pytest.raises(InvalidArgument) as caught:
        await client.call(kind.spec.call, **{**arguments, begin: moment + timedelta(days=2), end: moment})
    assert caught.value.argument == begin
    for words in (caught.value.message, caught.value.message_zh):
        assert end in words
        assert "2023-04-08 00:00:00 > 2023-04-06 00:00:00" in words
    assert server.requests == []
    await client.rows(kind.spec.call, **{**arguments, begin: moment, end: moment})
    assert len(server.requests) == 1 + finds_out_numbering(kind)


@for_each(OPERATIONS)
def test_operations_are_frozen_values(kind: Kind) -> None:
    """Operations compare and hash by value, and cannot be changed after their checks."""
    one: Any = example(kind)
    assert one == example(kind)
    assert hash(one) == hash(example(kind))
    for field in attrs.fields(kind):
        with pytest.raises(AttributeError):
            setattr(one, field.name, None)


@for_each(OPERATIONS)
def test_operations_can_be_pickled_unless_they_hold_a_secret(kind: Kind) -> None:
    """An operation can be handed to another process, but a password cannot; its repr does not show one either."""
    one: Any = example(kind)
    secrets = [value for field in attrs.fields(kind) if isinstance(value := getattr(one, field.name), Secret)]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        if secrets:
            with pytest.raises(TypeError):
                pickle.dumps(one, protocol)
        else:
            assert pickle.loads(pickle.dumps(one, protocol)) == one
    for secret in secrets:
        assert secret.reveal() not in repr(one)
