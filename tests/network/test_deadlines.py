"""An attempt ends by its time-out and a call by its deadline, however slowly a server sends."""

import asyncio
import socket
import threading
import time
from typing import Any

import httpx
import pytest
import tenacity

from chaobiao import CallEvent, ChaobiaoError, NotSent, WrongPassword
from tests.network.raw_server import EMPTY, LOGGED_IN, Exchange, RawServer, response
from tests.network.test_responses import KINDS, close, connect, done

HEAD = b"HTTP/1.1 200 OK\r\n"
#: What a server sends byte by byte, the last byte again and again: none of it ever ends.
DRIPS = {
    "headers": HEAD + b"X-Slow: ",
    "the status line": b"HTTP/1.1 200 O",
    "chunk extensions": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;extension=",
    "a body": HEAD + b"Content-Length: 100000000\r\n\r\n ",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n ",
    "trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Slow: ",
}


async def spent(client: Any) -> tuple[float, Any]:
    """Read once; return the seconds that it took, and the error."""
    started = time.monotonic()
    with pytest.raises(ChaobiaoError) as caught:
        await done(client.buildings.list().collect())
    return time.monotonic() - started, caught.value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", DRIPS.values(), ids=DRIPS)
async def test_a_drip_ends_with_the_time_out(kind: str, data: bytes) -> None:
    """With half a second for one attempt, a server that never stops sending is given up after that."""
    with RawServer(lambda exchange: server.drip(exchange, data)) as server:
        client = connect(kind, server.url, timeout=0.5, stop=tenacity.stop_after_attempt(1))
        await done(client.login())
        seconds, error = await spent(client)
        await close(client)
    assert 0.4 < seconds < 3.0
    assert "0.5 s" in str(error)


@pytest.mark.parametrize("body", ["a body", "chunks"])
async def test_a_body_that_drips_through_the_callers_own_client_ends_with_the_time_out(body: str) -> None:
    """A client of the caller's own has a time-out for each piece; the attempt as a whole ends all the same."""
    with httpx.Client() as http, RawServer(lambda exchange: server.drip(exchange, DRIPS[body])) as server:
        client = connect("sync", server.url, timeout=0.5, stop=tenacity.stop_after_attempt(1), http_client=http)
        client.login()
        seconds, error = await spent(client)
    assert 0.4 < seconds < 3.0
    assert "0.5 s" in str(error)


@pytest.mark.parametrize("kind", KINDS)
async def test_interim_responses_end_with_the_time_out(kind: str) -> None:
    """A server that says 100 Continue again and again is given up as well."""

    def handle(exchange: Exchange) -> None:
        while exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n") and not server.stopping.wait(0.02):
            pass

    with RawServer(handle) as server:
        client = connect(kind, server.url, timeout=0.5, stop=tenacity.stop_after_attempt(1))
        await done(client.login())
        seconds, _ = await spent(client)
        await close(client)
    assert 0.4 < seconds < 3.0


@pytest.mark.parametrize("kind", KINDS)
async def test_the_deadline_bounds_all_attempts(kind: str) -> None:
    """A second for a call is a second, though each attempt might have had more."""
    with RawServer(lambda exchange: server.drip(exchange, DRIPS["headers"])) as server:
        client = connect(kind, server.url, timeout=0.4, wait=tenacity.wait_none(), stop=tenacity.stop_never)
        await done(client.login())
        seconds, _ = await spent(client.with_options(deadline=1.0))
        await close(client)
    assert 0.8 < seconds < 3.0


@pytest.mark.filterwarnings("ignore:http.*plain http")
async def test_a_slow_look_up_of_the_name_ends_with_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that takes its time costs the attempt's time and no more, and nothing was sent."""
    release = threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        release.wait(30)
        raise OSError("released")

    client = connect("sync", "http://meters.localhost:1", timeout=0.3, stop=tenacity.stop_after_attempt(1))
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    started = time.monotonic()
    try:
        with pytest.raises(NotSent, match=r"meters\.localhost was not resolved in time|could not be reached"):
            client.login()
        assert time.monotonic() - started < 3.0
    finally:
        release.set()
        client.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_many_calls_at_a_dead_port_end_together(kind: str) -> None:
    """Thirty recharges for a server that is not there share one login's failure, and each says that it was not sent."""
    reserved = socket.socket()  # it does not listen, so connections are refused, and no other server gets the port
    reserved.bind(("127.0.0.1", 0))
    port = reserved.getsockname()[1]
    client = connect(kind, f"http://127.0.0.1:{port}", wait=tenacity.wait_fixed(0.05))
    logins: list[CallEvent] = []
    client = client.with_options(paced=True, on_request=logins.append)

    def call(number: int) -> Any:
        return client.recharges.create("1", amount="1", order_number=str(number))

    started = time.monotonic()
    calls = [asyncio.to_thread(call, number) if kind.startswith("sync") else call(number) for number in range(30)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    await close(client)
    reserved.close()
    assert {type(each) for each in found} == {NotSent}
    assert time.monotonic() - started < 10.0
    assert {event.operation for event in logins} == {"login"}
    assert len(logins) < 30  # four attempts of a leader; a caller that comes after its failure leads once more


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refused_password_is_remembered(kind: str) -> None:
    """Five calls in a loop with a wrong password make one login; login() tries again."""
    refused = response({"code": 1005, "msg": "密码错误"})
    with RawServer(lambda exchange: exchange.send(EMPTY) and None, login=refused) as server:
        client = connect(kind, server.url)
        for _ in range(5):
            with pytest.raises(WrongPassword):
                await done(client.buildings.list().collect())
        assert server.logins == 1
        server.login = LOGGED_IN
        await done(client.login())
        assert server.logins == 2
        assert await done(client.buildings.list().collect()) == []
        await close(client)


@pytest.mark.parametrize("transport", ["httpx", "pyreqwest"])
async def test_a_recharge_that_is_cancelled_is_logged(transport: str, caplog: pytest.LogCaptureFixture) -> None:
    """A task that is cancelled raises no error of ours; the order number of its recharge is in the log."""
    came = threading.Event()

    def hold(exchange: Exchange) -> None:
        came.set()
        server.stopping.wait(30)

    with RawServer(hold) as server:
        client = connect(f"async, {transport}", server.url)
        task = asyncio.create_task(client.recharges.create("1", amount="1", order_number="order-17"))
        assert await asyncio.to_thread(came.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await close(client)
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert line == (
        "recharges.create was cancelled after it was sent; whether it was carried out is unknown (order-17)"
    )
