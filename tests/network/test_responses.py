"""A response belongs to its request, whatever a server or a gateway sends beside it."""

import asyncio
import inspect
import json
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest

import chaobiao
from chaobiao import OperationFailed, OutcomeUnknown
from tests.harness.clients import TRANSPORTS
from tests.network.raw_server import EMPTY, Exchange, RawServer, response

#: The kinds of clients, and what they send their requests with.
KINDS = ["sync", "async", "sync, pyreqwest", "async, pyreqwest"]
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def connect(kind: str, url: str, **options: Any) -> Any:
    """A client without pacing, on real time."""
    kind, _, transport = kind.partition(", ")
    if transport:
        options["transport"] = transport
    client = {"sync": chaobiao.Jrhsz, "async": chaobiao.AsyncJrhsz}[kind]
    return client("account", "password", base_url=url, paced=False, **options)


async def done(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def close(client: Any) -> None:
    await done(client.aclose() if hasattr(client, "aclose") else client.close())


def chunked(payload: Any) -> bytes:
    """A response whose body comes in chunks."""
    body = json.dumps(payload).encode()
    parts = [body[:10], body[10:]]
    return CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


DOUBLED = {
    "with a length": EMPTY * 2,
    "in chunks": chunked({"code": 200, "data": []}) * 2,
    "after an interim response": b"HTTP/1.1 102 Processing\r\n\r\n" + EMPTY * 2,
    "by a few bytes": EMPTY + b"HTTP/1.1 200 OK\r\n",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", DOUBLED.values(), ids=DOUBLED)
async def test_a_doubled_response_is_not_taken_for_the_next_one(kind: str, first: bytes) -> None:
    """A read with two responses in one segment does not turn the next recharge's refusal into a success."""

    def handle(exchange: Exchange) -> None:
        exchange.send(response({"code": 1001, "msg": "失败"}) if exchange.path == "/user/Prestore" else first)

    with RawServer(handle) as server:
        client = connect(kind, server.url)
        await done(client.buildings.list().collect())
        with pytest.raises(OperationFailed):
            await done(client.recharges.create("1", amount="1", order_number="o"))
        assert await done(client.residents.list().collect()) == []
        await close(client)
        read, recharge, later = (exchange.number for exchange in server.exchanges)
        assert len({read, recharge, later}) == 3, "a connection with surplus bytes was used again"


@pytest.mark.parametrize("kind", KINDS)
async def test_reads_share_a_connection(kind: str) -> None:
    """Ordinary responses, with a length or in chunks, keep their connection."""
    responses = [EMPTY, chunked({"code": 200, "data": []}), EMPTY]
    with RawServer(lambda exchange: exchange.send(responses.pop()) and None) as server:
        client = connect(kind, server.url)
        for _ in range(3):
            await done(client.buildings.list().collect())
        await close(client)
        assert len({exchange.number for exchange in server.exchanges}) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_money_never_meets_a_connection_that_the_server_closes(kind: str) -> None:
    """A server that closes each connection after one response costs no recharge its outcome."""

    def handle(exchange: Exchange) -> None:
        exchange.send(response({"code": 200, "msg": "充值成功"}))
        exchange.connection.close()

    with RawServer(handle) as server:
        client = connect(kind, server.url)
        for number in range(20):
            acknowledged = await done(client.recharges.create("1", amount="1", order_number=str(number)))
            assert acknowledged.message == "充值成功"
        await close(client)
        assert len({exchange.number for exchange in server.exchanges}) == 20


class Held:
    """A handler that holds recharges until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        self.go_on.wait(30)
        exchange.send(response({"code": 200, "msg": "充值成功"}))


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_closing_an_async_client_lets_recharges_end(transport: str) -> None:
    """aclose() while twenty recharges are under way waits for their responses: twenty acknowledgements."""
    held = Held()
    with RawServer(held) as server:
        client = connect("async", server.url, transport=transport)
        await client.login()
        calls = [client.recharges.create("1", amount="1", order_number=str(number)) for number in range(20)]
        recharges = [asyncio.ensure_future(call) for call in calls]
        await until(lambda: len(server.exchanges) == 20)
        closing = asyncio.ensure_future(client.aclose())
        await asyncio.sleep(0)
        assert not closing.done()
        held.go_on.set()
        found = await asyncio.gather(*recharges, return_exceptions=True)
        await closing
    assert [getattr(each, "message", each) for each in found] == ["充值成功"] * 20


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_closing_a_sync_client_lets_recharges_end(transport: str) -> None:
    """close() while twenty recharges are under way: twenty acknowledgements."""
    held = Held()
    found: list[Any] = []
    with RawServer(held) as server:
        client = connect("sync", server.url, transport=transport)
        client.login()

        def recharge(number: int) -> None:
            try:
                found.append(client.recharges.create("1", amount="1", order_number=str(number)).message)
            except chaobiao.ChaobiaoError as error:
                found.append(error)

        threads = [threading.Thread(target=recharge, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        await until(lambda: len(server.exchanges) == 20)
        client.close()
        held.go_on.set()
        for thread in threads:
            await asyncio.to_thread(thread.join, 30)
    assert found == ["充值成功"] * 20


async def until(what: Callable[[], bool]) -> None:
    """Let the event loop turn until something has happened in the server's threads."""
    async with asyncio.timeout(30):
        while not what():  # noqa: ASYNC110  # the server's threads can't set this loop's events
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unpacked_body_is_bounded_while_it_is_unpacked(kind: str) -> None:
    """A few kilobytes that unpack to a gigabyte end at max_response_bytes, and nothing of that size is ever made."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(b" " * 2**20) for _ in range(200)) + packer.flush()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with RawServer(lambda exchange: exchange.send(head + body) and None) as server:
        client = connect(kind, server.url, max_response_bytes=8 * 2**20)
        await done(client.login())
        tracemalloc.start()
        with pytest.raises(OutcomeUnknown, match="larger than 8388608 bytes"):
            await done(client.recharges.create("1", amount="1", order_number="o"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        await close(client)
    assert peak < 40 * 2**20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "gzip\r\nContent-Encoding: gzip"])
async def test_encodings_that_were_not_asked_for_are_refused(kind: str, encoding: str) -> None:
    """A body packed twice, or in a way that was not offered, is not unpacked."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with RawServer(lambda exchange: exchange.send(head) and None) as server:
        client = connect(kind, server.url)
        with pytest.raises(OutcomeUnknown, match="compressed in a way that was not asked for"):
            await done(client.recharges.create("1", amount="1", order_number="o"))
        await close(client)
