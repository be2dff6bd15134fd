"""Servers for the benchmarks, each in a process of its own on a free loopback port.

``python servers.py fixed`` serves raw HTTP/1.1 and reads no more of a request than its path; ``python servers.py bare``
is a Starlette application with one route; ``python servers.py relay URL MILLISECONDS`` passes bytes on to another
server, half of the time late in each direction. All print their URL.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import samples

HERE = Path(__file__).parent


class Fixed(asyncio.Protocol):
    """Sends a prepared response for every request, head and body in one write."""

    bodies: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, rest = self._received.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._received = rest[length:]
            self._transport.write(self.bodies[head.split(b" ", 2)[1]])


def _http(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


async def _fixed() -> None:
    Fixed.bodies = {
        b"/user/login": _http(samples.login_response()),
        b"/meter/readMeter": _http(samples.latest_response()),
    }
    # asyncio sets TCP_NODELAY on the connections of such a server
    server = await asyncio.get_running_loop().create_server(Fixed, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def _bare() -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from chaobiao_mock.serving import bind, url_of

    payload = {"code": 200, "data": samples.LATEST, "msg": "操作成功", "totalCount": 1}

    async def latest(request: Request) -> JSONResponse:
        await request.json()
        return JSONResponse(payload)

    listener = bind("127.0.0.1", 0)
    print(url_of(listener), flush=True)
    config = uvicorn.Config(  # the same settings as in chaobiao_mock.serving
        Starlette(routes=[Route("/meter/readMeter", latest, methods=["POST"])]),
        log_level="warning",
        access_log=False,
        lifespan="off",
        loop="asyncio",
        http="h11",
        ws="none",
    )
    uvicorn.Server(config).run(sockets=[listener])


async def _relay(url: str, latency: float) -> None:
    target = urlsplit(url)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while data := await reader.read(65536):
            loop.call_later(latency / 2, writer.write, data)
        loop.call_later(latency / 2, writer.close)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server; yield its process and its URL, which it prints in its first line."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def fixed() -> Sequence[str]:
    """Return the command of the server with prepared responses."""
    return (str(HERE / "servers.py"), "fixed")


def bare() -> Sequence[str]:
    """Return the command of the bare Starlette route."""
    return (str(HERE / "servers.py"), "bare")


def relay(url: str, milliseconds: float) -> Sequence[str]:
    """Return the command of the relay that makes a server's responses late."""
    return (str(HERE / "servers.py"), "relay", url, str(milliseconds))


def mock(*options: str) -> Sequence[str]:
    """Return the command of the mock."""
    return ("-m", "chaobiao_mock", "--port", "0", "--quiet", *options)


if __name__ == "__main__":
    if sys.argv[1] == "fixed":
        asyncio.run(_fixed())
    elif sys.argv[1] == "relay":
        asyncio.run(_relay(sys.argv[2], float(sys.argv[3]) / 1000))
    else:
        _bare()
