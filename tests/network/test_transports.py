"""What httpx and pyreqwest have in common: what counts as sent, and that a client adds nothing of its own."""

import asyncio
import importlib.util
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest
import tenacity

import chaobiao
from chaobiao import ConfigurationError, NoResponse, NotSent, OutcomeUnknown
from chaobiao._client.attempt import Attempt
from chaobiao._client.pyreqwest_http import _Abandoned, _Content
from tests.harness.clients import CLIENT_KINDS
from tests.network.raw_server import EMPTY, Exchange, RawServer, response
from tests.network.test_responses import KINDS, close, connect, done, until

leaving = Attempt.leaving
ONCE = tenacity.stop_after_attempt(1)
DONE = response({"code": 200, "msg": "充值成功"})
WATER = response({"data": [], "total": 0})


def recharge(client: Any) -> Any:
    return client.recharges.create("1", amount="1", order_number="o")


def water(kind: str, url: str, **options: Any) -> Any:
    """A client whose calls are GET requests without login."""
    kind, _, transport = kind.partition(", ")
    client = chaobiao.WaterQuery if kind == "sync" else chaobiao.AsyncWaterQuery
    chosen: Any = transport or "httpx"
    return client(base_url=url, transport=chosen, **options)


def reset(exchange: Exchange) -> None:
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()


def cut(exchange: Exchange) -> None:
    exchange.send(DONE[:-3])
    exchange.connection.close()


ENDINGS: dict[str, Callable[[Exchange], Any]] = {
    "closed": lambda exchange: exchange.connection.close(),
    "reset": reset,
    "cut": cut,
    "garbage": lambda exchange: exchange.send(b"no HTTP at all\r\n\r\n"),
    "no response": lambda exchange: None,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_recharge_that_left_is_unknown_and_was_sent_once(kind: str, ending: str) -> None:
    """However the response is lost after the request, the outcome is unknown, and nothing below sends it again."""
    with RawServer(lambda exchange: ENDINGS[ending](exchange) and None) as server:
        client = connect(kind, server.url)
        await done(client.login())
        with pytest.raises(OutcomeUnknown) as caught:
            await done(recharge(client.with_options(timeout=0.5)))
        await close(client)
        assert len(server.exchanges) == 1
        assert server.url not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_read_on_a_used_connection_is_sent_once_an_attempt(kind: str, ending: str) -> None:
    """A kept connection that ends under a request does not make a transport repeat it."""

    def handle(exchange: Exchange) -> None:
        if len(server.exchanges) == 1:
            exchange.send(EMPTY)
        else:
            ENDINGS[ending](exchange)

    with RawServer(handle) as server:
        client = connect(kind, server.url, stop=ONCE)
        assert await done(client.buildings.list().collect()) == []
        with pytest.raises(NoResponse):
            await done(client.with_options(timeout=0.5).buildings.list().collect())
        await close(client)
        assert [exchange.number for exchange in server.exchanges] == [0, 0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("trouble", ["refused", "no such name", "no TLS"])
@pytest.mark.filterwarnings("ignore:http.*plain http")
async def test_without_a_connection_nothing_was_sent(kind: str, method: str, trouble: str) -> None:
    """A refused connection, an unknown name and a failed TLS handshake prove that nothing was sent; no URL is shown."""
    with RawServer(lambda exchange: None) as server:
        other = socket.create_server(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.close()
        url = {
            "refused": f"http://127.0.0.1:{port}",
            "no such name": "http://meters.invalid",
            "no TLS": server.url.replace("http:", "https:"),
        }[trouble]
        # The raw server reads a handshake and sends nothing, so that one ends by the connection.
        client = water(kind, url, stop=ONCE) if method == "GET" else connect(kind, url, stop=ONCE)
        call = client.flows.list().collect if method == "GET" else client.login
        if trouble == "no TLS":
            task = asyncio.ensure_future(asyncio.to_thread(call) if kind.startswith("sync") else call())
            await until(lambda: len(server._connections) > 0)
            server._connections[0].shutdown(socket.SHUT_RDWR)
            with pytest.raises(NotSent) as caught:
                await task
        else:
            with pytest.raises(NotSent) as caught:
                await done(call())
        await close(client)
        assert url not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_handshake_without_end_is_not_sent(kind: str) -> None:
    """A connection that is not ready when the attempt ends has carried nothing."""
    with RawServer(lambda exchange: None) as server:
        client = connect(kind, server.url.replace("http:", "https:"), timeout=0.4, stop=ONCE)
        with pytest.raises(NotSent):
            await done(client.login())
        await close(client)


async def test_a_cancelled_handshake_closes_its_socket() -> None:
    """A call that is cancelled while its connection is set up leaves nothing open while the client lives on."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        client = connect("async", f"https://127.0.0.1:{listener.getsockname()[1]}")
        task = asyncio.ensure_future(client.login())
        connection, _ = await loop.sock_accept(listener)
        with connection:
            assert await loop.sock_recv(connection, 65536)  # the client's half of the handshake
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(10):
                assert await loop.sock_recv(connection, 65536) == b""
        await close(client)


@pytest.mark.parametrize("kind", KINDS)
async def test_redirects_and_cookies_are_left_alone(kind: str) -> None:
    """A redirect is an error, its target sees nothing, and a cookie is not sent back."""
    seen: list[Exchange] = []

    def handle(exchange: Exchange) -> None:
        exchange.send(
            b"HTTP/1.1 302 Found\r\nLocation: "
            + other.url.encode()
            + b"/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        )

    with RawServer(seen.append) as other, RawServer(handle) as server:
        client = connect(kind, server.url, stop=ONCE)
        for _ in range(2):
            with pytest.raises(chaobiao.HttpStatusError):
                await done(client.buildings.list().collect())
        await close(client)
        assert not seen
        assert not any(b"cookie" in exchange.head.lower() for exchange in server.exchanges)


@pytest.mark.parametrize("kind", KINDS)
async def test_requests_look_the_same(kind: str) -> None:
    """Both transports send the same headers, the length of the content among them, and the caller's own."""
    with RawServer(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = connect(kind, server.url, headers={"X-Site": "é", "accept": "*/*"})
        await done(client.buildings.list().collect())
        await close(client)
        (exchange,) = server.exchanges
    lines = exchange.head.split(b"\r\n")[1:]
    assert len(lines) == 7
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    assert headers.pop(b"user-agent").startswith(b"chaobiao/")
    assert headers == {
        b"host": server.url[7:].encode(),
        b"accept": b"*/*",
        b"accept-encoding": b"gzip, deflate",
        b"content-type": b"application/json",
        b"content-length": str(len(exchange.body)).encode(),
        b"x-site": "é".encode(),
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_headers_that_are_not_ascii_cost_no_response(kind: str) -> None:
    """A response with a Chinese header is read like any other."""
    with RawServer(
        lambda exchange: exchange.send(response({"code": 200, "msg": "好"}, "X-Note: 抄表")) and None
    ) as server:
        client = connect(kind, server.url)
        assert (await done(recharge(client))).message == "好"
        await close(client)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:http.*plain http")
async def test_the_proxy_is_the_one_that_the_environment_names(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """http_proxy takes the requests, with its password, unless no_proxy names the server."""
    with RawServer(lambda exchange: exchange.send(WATER) and None) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//user:word@"))
        client = water(kind, "http://meters.invalid", stop=ONCE)
        await done(client.flows.list().collect())
        await close(client)
        assert proxy.exchanges[0].path.startswith("http://meters.invalid/")
        assert b"\r\nproxy-authorization: basic dxnlcjp3b3jk" in proxy.exchanges[0].head.lower()
        monkeypatch.setenv("no_proxy", "meters.invalid")
        client = water(kind, "http://meters.invalid", stop=ONCE)
        with pytest.raises(NotSent):
            await done(client.flows.list().collect())
        await close(client)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_tunnel_that_a_proxy_refuses_carried_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """https_proxy gets a CONNECT without the request; if it refuses, nothing was sent to the server."""
    refused = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with RawServer(lambda exchange: exchange.send(refused) and None) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        client = connect(kind, "https://meters.invalid", stop=ONCE)
        with pytest.raises(NotSent):
            await done(client.login())
        await close(client)
        (exchange,) = proxy.exchanges
        assert exchange.head.startswith(b"CONNECT meters.invalid:443 ")
        assert exchange.body == b""


@pytest.mark.parametrize("kind", KINDS)
async def test_doubled_responses_to_many_reads(kind: str) -> None:
    """Each of many reads gets its own response, though each response is followed by a wrong one."""

    def handle(exchange: Exchange) -> None:
        rows = [{"build_code": str(len(server.exchanges))}]
        wrong = response({"code": 200, "data": [{"build_code": "wrong"}]})
        exchange.send(response({"code": 200, "data": rows}) + wrong)

    with RawServer(handle) as server:
        client = connect(kind, server.url)
        for number in range(1, 101):
            (building,) = await done(client.buildings.list().collect())
            assert building.build_code == str(number)
        await close(client)


def test_content_that_was_given_up_does_not_leave() -> None:
    """A caller that gives up before the connection is ready keeps the request from being sent, and nothing is noted."""
    sent: list[str] = []
    content = _Content(Attempt(1.0, lambda: sent.append("sent")), b"money")
    content.abandon()
    with pytest.raises(_Abandoned):
        next(content)
    assert sent == []


def test_content_that_leaves_is_noted_before_it_is_given_up() -> None:
    """Once the content was taken, the attempt counts as sent, also for a caller that gives up meanwhile."""
    sent: list[str] = []
    content = _Content(Attempt(1.0, lambda: sent.append("sent")), b"money")
    content._settled["leaves"] = True  # the other thread has begun to take it
    content.abandon()
    assert sent == ["sent"]
    assert next(content) == b"money"


def test_other_transports_are_rejected() -> None:
    """A transport that does not exist, or beside the caller's own client, is an error at construction."""
    for client in (chaobiao.Jrhsz, chaobiao.AsyncJrhsz, chaobiao.WaterQuery, chaobiao.AsyncWaterQuery):
        make: Any = client
        with pytest.raises(ConfigurationError, match=r'"httpx" or "pyreqwest"') as caught:
            make(base_url="https://x.example", transport="curl")
        assert "必须是" in caught.value.message_zh
        with pytest.raises(ConfigurationError, match="exclude each other"):
            make(base_url="https://x.example", transport="pyreqwest", http_client=object())


@pytest.mark.parametrize("kind", CLIENT_KINDS)
def test_a_missing_package_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyreqwest, its transport is an error at construction that says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r'pip install "chaobiao\[fast\]"') as caught:
        connect(f"{kind}, pyreqwest", "https://x.example")
    assert "安装" in caught.value.message_zh


async def test_pyreqwest_works_in_one_event_loop_after_another() -> None:
    """A client that was used in one loop is used in the next, over the same connection."""
    with RawServer(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = connect("async, pyreqwest", server.url)

        def call() -> list[Any]:
            return asyncio.run(client.buildings.list().collect())

        for _ in range(2):
            assert await asyncio.to_thread(call) == []
        await close(client)
        assert {exchange.number for exchange in server.exchanges} == {0}


@pytest.mark.parametrize("kind", CLIENT_KINDS)
async def test_head_and_content_leave_at_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request with content is written once, whole, and its attempt counts as sent at that moment."""
    written: list[Attempt] = []
    monkeypatch.setattr(Attempt, "leaving", lambda attempt: written.append(attempt) or leaving(attempt))
    with RawServer(lambda exchange: exchange.send(EMPTY) and None) as server:
        client = connect(kind, server.url)
        assert await done(client.buildings.list().collect()) == []
        await close(client)
    assert len(written) == len(set(written)) == 2  # the login and the read
