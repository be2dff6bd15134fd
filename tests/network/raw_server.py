"""A raw TCP server: a test decides byte by byte what a request gets."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

TOKEN = "dG9rZW4tb2YtYS10ZXN0"


def response(payload: Any, *headers: str) -> bytes:
    """A complete HTTP response with a JSON body."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


LOGGED_IN = response({"code": 200, "data": TOKEN, "msg": "登录成功"})
EMPTY = response({"code": 200, "data": [], "msg": "操作成功"})


class Exchange:
    """One request that came, and the connection that it came on."""

    def __init__(self, connection: socket.socket, number: int, path: str, body: bytes, head: bytes = b"") -> None:
        self.connection = connection
        #: The connection's number, from 0.
        self.number = number
        self.path = path
        self.body = body
        #: The request line and the headers.
        self.head = head

    def send(self, data: bytes) -> bool:
        """Send bytes; ``False`` once the client is gone."""
        try:
            self.connection.sendall(data)
        except OSError:
            return False
        return True


class RawServer:
    """Responds to logins with ``login``; ``handle`` gets every other request. Bytes drip until ``stopping`` is set."""

    def __init__(self, handle: Callable[[Exchange], None], login: bytes = LOGGED_IN) -> None:
        self._handle = handle
        self.login = login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.exchanges: list[Exchange] = []
        self.logins = 0
        self.stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for end in [self._listener, *self._connections]:
            with suppress(OSError):  # it has ended already
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(10)

    def before_login(self, number: int) -> None:
        """Called before the response to the n-th login, to be replaced."""

    def drip(self, exchange: Exchange, data: bytes, pause: float = 0.02) -> None:
        """Send byte by byte, and the last one again and again, until the client is gone."""
        for position in range(10**9):
            piece = data[position : position + 1] or data[-1:]
            if not exchange.send(piece) or self.stopping.wait(pause):
                return

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            self._start(self._serve, connection, len(self._connections) - 1)

    def _serve(self, connection: socket.socket, number: int) -> None:
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                try:
                    more = connection.recv(65536)
                except OSError:
                    return
                if not more:
                    return
                data += more
            head, _, data = data.partition(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower()[:15] == b"content-length:"), 0
            )
            while len(data) < length:
                try:
                    more = connection.recv(65536)
                except OSError:
                    return
                if not more:
                    return
                data += more
            exchange = Exchange(connection, number, head.split()[1].decode(), data[:length], head)
            data = data[length:]
            if exchange.path == "/user/login":
                self.logins += 1
                self.before_login(self.logins)
                exchange.send(self.login)
            else:
                self.exchanges.append(exchange)
                self._handle(exchange)
