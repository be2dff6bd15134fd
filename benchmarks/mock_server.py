"""The mock: its start, its memory, and its requests per second compared with a bare Starlette route."""

import json
import socket
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import samples
from measure import Result, compare
from servers import bare, mock, running

CONNECTIONS = 8
NUMBER = samples.LATEST["tableNo"]


def measure(quick: bool) -> list[Result]:
    """Measure start, memory and throughput."""
    return [*_start(3 if quick else 9), _throughput(*((20, 10) if quick else (60, 25)))]


def _start(times: int) -> list[Result]:
    seconds: list[float] = []
    memory: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        with running(*mock()) as (process, url):
            _log_in(url)
            seconds.append(time.perf_counter() - began)
            time.sleep(0.2)
            memory.append(_resident(process))
    return [
        Result(
            "mock: first response after the start of its process",
            min(seconds),
            unit=" s",
            budget=0.5,
            spread=f"{min(seconds):.2f} to {max(seconds):.2f} s, median {statistics.median(seconds):.2f} s",
            detail=f"best of {times} starts; wall time from the start of the process to the response to a login",
        ),
        Result(
            "mock: idle memory",
            statistics.median(memory),
            unit=" MiB",
            budget=60,
            detail="resident memory after one response, with the default fleet",
        ),
    ]


def _log_in(url: str) -> str:
    body = json.dumps({"admin_user_name": "khcs", "api_password": "123456"}).encode()
    request = urllib.request.Request(f"{url}/user/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        token: str = json.load(response)["data"]
        return token


def _resident(process: "subprocess.Popen[str]") -> float:
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmRSS:")[2].split()[0]) / 1024
    printed = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process.pid)], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(printed.stdout) / 1024


class Load:
    """Several connections, each with one request in progress."""

    def __init__(self, url: str, token: str) -> None:
        body = json.dumps({"token": token, "admin_user_name": "khcs", "tableNo": NUMBER}).encode()
        server = urlsplit(url)
        self._request = (
            f"POST /meter/readMeter HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        self._connections = [
            socket.create_connection((server.hostname, server.port), timeout=30) for _ in range(CONNECTIONS)
        ]

    def seconds(self, times: int) -> float:
        """Return the wall seconds of one request, averaged over ``times`` requests on each connection."""
        began = time.perf_counter()
        for _ in range(times):
            for connection in self._connections:
                connection.sendall(self._request)
            for connection in self._connections:
                _read(connection)
        return (time.perf_counter() - began) / (times * CONNECTIONS)

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            connection.close()


def _read(connection: socket.socket) -> None:
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, rest = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    size = len(rest)
    while size < length:
        size += len(connection.recv(65536))
    assert head.startswith(b"HTTP/1.1 200")


def _throughput(rounds: int, times: int) -> Result:
    with running(*mock("--quirk", "paced=no")) as (_, ours), running(*bare()) as (_, theirs):
        loads = Load(ours, _log_in(ours)), Load(theirs, samples.TOKEN)
        for load in loads:
            load.seconds(times)
        found = compare([(loads[0].seconds(times), loads[1].seconds(times)) for _ in range(rounds)])
        for load in loads:
            load.close()
    low, middle, high = found.quartiles
    return Result(
        "mock: requests per second of readMeter, against a bare Starlette route",
        1 / found.ratio,
        budget=0.5,
        at_least=True,
        spread=f"median {1 / middle:.2f}, half of the rounds {1 / high:.2f} to {1 / low:.2f}",
        detail=f"{1 / found.ours:.0f} against {1 / found.theirs:.0f} requests per second, {CONNECTIONS} connections",
    )
