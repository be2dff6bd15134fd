"""How the responses to every operation are read: unknown and unreadable fields, pickling, secrets."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

import chaobiao
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import RowsOperation
from tests.harness.clients import ClientUnderTest, account_of
from tests.harness.concurrency import outcome_of
from tests.harness.fake_server import FakeServer
from tests.harness.leaks import Leaks
from tests.harness.operations import (
    ACCOUNT_CALLS,
    CALLS,
    READS,
    example,
    family_of,
    for_each,
    sample_of,
    simple_field,
    success,
)
from tests.harness.wire_formats import format_of

Connect = Callable[..., ClientUnderTest]


@for_each(READS)
async def test_oddities_are_counted_and_rejected_when_reading_strictly(kind: Kind, connect: Connect) -> None:
    """An unreadable and an unknown field cost no row and are counted; strict reading raises, and is not repeated."""
    record, field = kind.spec.returns, simple_field(kind.spec.returns)
    server = FakeServer(success(kind, [{field.name: {"no": "text"}, "unlisted": 1}]))
    client = connect(server, family_of(kind).name)
    result = await client.send(example(kind))
    found = result[0] if issubclass(kind, RowsOperation) else result
    assert getattr(found, field.python_name) is None
    assert (dict(found.unreadable), dict(found.extra)) == ({field.python_name: {"no": "text"}}, {"unlisted": 1})
    counted = {(record.__name__, "unreadable", field.python_name): 1, (record.__name__, "extra", "unlisted"): 1}
    assert dict(client.client.oddities) == counted
    before = len(server.requests)
    with pytest.raises(chaobiao.UnreadableResponse) as caught:
        await client.with_options(strict=True).send(example(kind))
    assert (caught.value.operation, caught.value.field) == (kind.spec.call, field.name)
    assert caught.value.row == (0 if issubclass(kind, RowsOperation) else None)
    assert len(server.requests) == before + 1


@for_each(CALLS)
async def test_results_can_be_pickled(kind: Kind, connect: Connect) -> None:
    """What the operation's sample is read as can be handed to another process, and is equal there."""
    server = FakeServer(sample_of(kind).response_text)
    found = await connect(server, family_of(kind).name).send(example(kind))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(found, protocol)) == found


@for_each(ACCOUNT_CALLS)
async def test_echoed_secrets_are_struck_out(kind: Kind, connect: Connect) -> None:
    """A server that repeats token and password, in words, in a row or as garbage, does not get them into an error."""
    family = family_of(kind)
    wire, account = format_of(family), account_of(family.name)
    assert account is not None
    assert wire.refusal is not None
    client = connect(FakeServer(success(kind)), family.name, strict=True)
    await client.login()
    token = client.client._context.session.look().grant.credential.reveal()
    leaks = Leaks()
    leaks.plant("password", account[1])
    leaks.plant("token", token)
    echo = f"{token} of {account[1]}"
    replies: list[Any] = [wire.refusal(echo), f'{{"token": "{echo}', echo]
    if kind in READS:
        replies.append(success(kind, [{simple_field(kind.spec.returns).name: {"echo": echo}}]))
    for reply in replies:
        other = connect(FakeServer(reply), family.name, strict=True)
        error = await outcome_of(lambda other=other: other.send(example(kind)))
        assert isinstance(error, chaobiao.ChaobiaoError), repr(error)
        leaks.check_error(error)
