"""The words of a server in an error: cut to a length that fits a log, and without secrets."""

from collections.abc import Callable

import pytest

from chaobiao import ChaobiaoError, OperationFailed
from chaobiao._contract.secret import Secret
from chaobiao.jrhsz import ListBuildings, Login
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer

Connect = Callable[..., ClientUnderTest]


def refusal(words: str) -> dict[str, object]:
    return {"code": 1001, "msg": words}


async def test_long_words_are_cut(connect: Connect) -> None:
    """A thousand characters are kept; of more, the first thousand and a mark."""
    for length in (1000, 1001, 100_000):
        with pytest.raises(OperationFailed) as caught:
            await connect(FakeServer(refusal("x" * length))).send(ListBuildings())
        assert caught.value.vendor_message == "x" * 1000 + ("…" if length > 1000 else "")


async def test_a_secret_where_words_are_cut_leaves_no_part(connect: Connect) -> None:
    """Words are cut after striking: of a password on the thousandth character nothing is left."""
    for before in range(990, 1001):
        words = "." * before + "canary-password" + "." * 100
        with pytest.raises(OperationFailed) as caught:
            await connect(FakeServer(refusal(words)), password="canary-password").send(ListBuildings())
        kept = caught.value.vendor_message
        assert kept is not None
        assert set(kept) <= set(".*…")


async def test_of_many_secrets_in_long_words_no_part_is_left(connect: Connect) -> None:
    """A server that repeats the password for longer than its words are looked at leaves no part of it either."""
    with pytest.raises(OperationFailed) as caught:
        await connect(FakeServer(refusal("canary-password" * 1000)), password="canary-password").send(ListBuildings())
    kept = caught.value.vendor_message
    assert kept is not None
    assert set(kept) <= {"*", "…"}


async def test_secret_arguments_are_struck_out(connect: Connect) -> None:
    """An argument that is secret is not quoted, though it is not the client's own password."""
    server = FakeServer(refusal("no account has another-password"), login=None)
    with pytest.raises(ChaobiaoError) as caught:
        await connect(server).send(Login("another-account", Secret("another-password")))
    assert caught.value.vendor_message == "no account has ***"


async def test_token_and_password_are_struck_out(connect: Connect) -> None:
    """A token that is no base64 of the password, and the password, are not quoted."""
    token = {"code": 200, "data": "opaque-token-4711", "msg": "操作成功"}
    server = FakeServer(refusal("neither opaque-token-4711 nor canary-password"), login=token)
    with pytest.raises(OperationFailed) as caught:
        await connect(server, password="canary-password").send(ListBuildings())
    assert caught.value.vendor_message == "neither *** nor ***"
