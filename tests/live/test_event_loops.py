"""One async client in several event loops, one after another, as web frameworks and task queues use it."""

import asyncio
import gc

import pytest

from chaobiao import AsyncJrhsz, AsyncWaterQuery, ClientClosed, DeadlineExceeded
from chaobiao.jrhsz import Instruction
from chaobiao_mock import MockServer, World


# The sockets of a loop that has ended can no longer be closed in good order.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_money_and_commands_go_out_once_in_the_next_loop() -> None:
    """A connection of a loop that has ended is never used: a call over it would arrive and its response be lost."""
    with MockServer(World()) as server:
        client = AsyncJrhsz("khcs", "123456", base_url=server.url)
        asyncio.run(client.residents.get("ceshi1"))
        asyncio.run(client.recharges.create("ceshi1", amount=50, order_number="A-1"))
        asyncio.run(client.meters.instruct("202364555511", Instruction.RECONNECT))
        asyncio.run(client.aclose())
        journal = server.world.journal
        assert [entry.code for entry in journal.of("recharges.create")] == [200]
        assert [entry.code for entry in journal.of("meters.instruct")] == [200]
    del client
    gc.collect()  # here, where its warnings are expected


async def test_a_call_that_waits_for_the_cap_is_not_sent_after_close() -> None:
    """A recharge that waits for max_rate when the client is closed raises ClientClosed, and nothing is booked."""
    with MockServer(World()) as server:
        client = AsyncJrhsz("khcs", "123456", base_url=server.url, max_rate=0.5)
        await client.login()
        waiting = asyncio.create_task(client.recharges.create("ceshi1", amount=50, order_number="A-1"))
        await asyncio.sleep(0)
        await client.aclose()
        with pytest.raises(ClientClosed):
            await waiting
        assert server.world.journal.of("recharges.create") == []


async def test_the_cap_keeps_to_the_deadline() -> None:
    """A call whose turn under max_rate comes after its deadline fails when the deadline has passed, not later."""
    with MockServer(World()) as server:
        async with AsyncWaterQuery(base_url=server.url, max_rate=0.02) as client:
            await client.regions.list().collect()
            async with asyncio.timeout(20):  # the cap alone would take 50 s
                with pytest.raises(DeadlineExceeded):
                    await client.with_options(deadline=0.3).regions.list().collect()
