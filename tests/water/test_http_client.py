"""No authentication is documented: headers, auth and the base URL are the caller's, and reach the server."""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from chaobiao import AsyncWaterQuery, ConfigurationError, InvalidArgument
from tests.harness.clients import ClientUnderTest
from tests.harness.mock_server import LiveMock

EMPTY = b'{"data":[],"total":0}'


class Recorder:
    """A server that records what it is sent and returns an empty list."""

    def __init__(self) -> None:
        seen: list[tuple[str, dict[str, str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server's own naming
                seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(200)
                self.send_header("Content-Length", str(len(EMPTY)))
                self.end_headers()
                self.wfile.write(EMPTY)

            def log_message(self, format: str, *args: Any) -> None:
                """Write no log."""

        self.seen = seen
        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A recording server on a free loopback port."""
    made = Recorder()
    yield made
    made.stop()


async def test_headers_reach_the_server(recorder: Recorder, client_kind: str) -> None:
    """``headers=`` goes out with every request, and with_options() changes it for a copy."""
    headers = {"Authorization": "Bearer water", "X-Tenant": "7"}
    client = ClientUnderTest(client_kind, "water", base_url=recorder.url, headers=headers)
    await client.rows("flows.list")
    await client.with_options(headers={"X-Tenant": "8"}).rows("costs.list")
    await client.rows("regions.list")
    (_, first), (_, copy), (_, third) = recorder.seen
    assert (first["authorization"], first["x-tenant"]) == ("Bearer water", "7")
    assert "authorization" not in copy
    assert copy["x-tenant"] == "8"
    assert third["authorization"] == "Bearer water"
    await client.close()


async def test_auth_of_an_injected_client_reaches_the_server(recorder: Recorder, client_kind: str) -> None:
    """An HTTP client of the caller's keeps its own auth, headers and cookies, and stays open."""
    http: Any = (httpx.Client if client_kind == "sync" else httpx.AsyncClient)(
        auth=("meter", "reader"), headers={"X-Key": "9"}, cookies={"tenant": "blue"}, trust_env=False
    )
    client = ClientUnderTest(client_kind, "water", base_url=recorder.url, http_client=http)
    await client.rows("flows.list", device_code="1 2&3", page_size=5)
    await client.close()
    assert not http.is_closed
    await client.close_http()
    ((path, headers),) = recorder.seen
    assert headers["authorization"] == "Basic bWV0ZXI6cmVhZGVy"
    assert (headers["x-key"], headers["cookie"]) == ("9", "tenant=blue")
    assert path == "/flow?page=1&page_count=5&device_code=1+2%263"


async def test_a_base_url_may_have_a_path(recorder: Recorder, client_kind: str) -> None:
    """Documented paths, with or without a leading slash there, go below the base URL."""
    client = ClientUnderTest(client_kind, "water", base_url=recorder.url + "/api/v1/")
    for name in ("flows", "schedules", "readings", "regions"):
        await client.rows(f"{name}.list")
    assert [path.partition("?")[0] for path, _ in recorder.seen] == [
        "/api/v1/flow",
        "/api/v1/schedule",
        "/api/v1/trans",
        "/api/v1/region",
    ]
    await client.close()


def test_a_base_url_is_needed(client_kind: str) -> None:
    """No host is documented: without one there is no client, and the error names argument and variable."""
    with pytest.raises(ConfigurationError, match=r"base_url.*CHAOBIAO_WATER_BASE_URL") as caught:
        ClientUnderTest(client_kind, "water", base_url=None)
    assert caught.value.argument == "base_url"


async def test_the_base_url_may_come_from_the_environment(mock: LiveMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHAOBIAO_WATER_BASE_URL stands in for the argument."""
    monkeypatch.setenv("CHAOBIAO_WATER_BASE_URL", mock.url)
    assert len(await mock.client(base_url=None).rows("regions.list")) == 2


async def test_the_async_client_keeps_an_overall_rate(mock: LiveMock) -> None:
    """Beyond a burst of ``max_rate``, calls are spread so that there are no more than that a second."""
    moments: list[float] = []
    loop = asyncio.get_running_loop()
    async with AsyncWaterQuery(
        base_url=mock.url, max_rate=20, on_request=lambda _: moments.append(loop.time())
    ) as client:
        await asyncio.gather(*(client.regions.list().collect() for _ in range(24)))
    moments.sort()
    assert len(moments) == 24
    for call, moment in enumerate(moments[20:], 1):
        assert moment - moments[0] >= call / 20 - 0.01


@pytest.mark.parametrize("rate", [0, -1, True])
def test_an_invalid_rate_is_rejected(rate: Any) -> None:
    """``max_rate`` is a positive number."""
    with pytest.raises(InvalidArgument, match="max_rate"):
        AsyncWaterQuery(base_url="https://water.example", max_rate=rate)
