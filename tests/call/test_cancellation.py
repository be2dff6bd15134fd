"""A call that ends after it was sent, before its response came."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chaobiao.jrhsz import ListBuildings
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer
from tests.live.calls import recharge

Connect = Callable[..., ClientUnderTest]

OK = {"code": 200, "data": [], "msg": "操作成功", "totalCount": 0}


@pytest.mark.parametrize("operation", [recharge("order-7"), ListBuildings()], ids=["money", "read"])
async def test_a_payment_that_is_given_up_after_it_was_sent_is_logged(
    operation: Any, connect: Connect, client_kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An interrupted recharge leaves its order number in the log, for it may have been carried out; a read does not."""
    arrived = asyncio.Event()

    def reply(request: httpx.Request) -> Any:
        if client_kind == "sync":
            raise KeyboardInterrupt
        arrived.set()
        return asyncio.Event().wait()

    client = connect(FakeServer(reply))
    with caplog.at_level(logging.WARNING, logger="chaobiao"):
        if client_kind == "sync":
            with pytest.raises(KeyboardInterrupt):
                await client.send(operation)
        else:
            call = asyncio.create_task(client.send(operation))
            await arrived.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == (not operation.spec.effect.repeatable)
    assert all("order-7" in line and "unknown" in line for line in logged)
