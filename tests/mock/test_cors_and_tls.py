"""The server for browsers and over https: --cors and --certfile."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chaobiao import Jrhsz, OutcomeUnknown, VirtualClock
from chaobiao_mock import Fault, MockServer, World
from tests.mock.test_command import MODULE, started, url_in

PAGE = "http://localhost:3000"
CERTIFICATE, KEY = (str(Path(__file__).parent / "certificates" / name) for name in ("certificate.pem", "key.pem"))
PREFLIGHT = {
    "origin": PAGE,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
}


@pytest.fixture
def open_to_page() -> Iterator[httpx.Client]:
    """A server that one origin may call."""
    with MockServer(cors=[PAGE]) as server, httpx.Client(base_url=server.url, trust_env=False) as http:
        yield http


@pytest.mark.parametrize("base", ["", "/w/shop"])
def test_a_page_of_the_origin_may_call_every_family(open_to_page: httpx.Client, base: str) -> None:
    """In every world the preflight is allowed and the response may be read, with cookies."""
    open_to_page.post("/__mock__/worlds", json={"name": "shop"})
    asked = open_to_page.options(f"{base}/user/login", headers=PREFLIGHT)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == PAGE
    assert "POST" in asked.headers["access-control-allow-methods"]
    found = open_to_page.post(f"{base}/user/login", json={}, headers={"origin": PAGE})
    assert found.json()["code"] == 1008
    assert found.headers["access-control-allow-origin"] == PAGE
    assert found.headers["access-control-allow-credentials"] == "true"


def test_pages_of_other_origins_get_no_permission(open_to_page: httpx.Client) -> None:
    """The headers without which a browser hides the response are missing."""
    other = {**PREFLIGHT, "origin": "http://other.example"}
    assert open_to_page.options("/user/login", headers=other).status_code == 400
    found = open_to_page.post("/user/login", json={}, headers={"origin": "http://other.example"})
    assert "access-control-allow-origin" not in found.headers


@pytest.mark.parametrize("path", ["/__mock__/clock", "/w/default/__mock__/clock", "/"])
def test_the_mocks_own_endpoints_stay_closed(open_to_page: httpx.Client, path: str) -> None:
    """The origin that may call the families is refused there, and gets no permission."""
    asked = open_to_page.options(path, headers={**PREFLIGHT, "access-control-request-method": "GET"})
    assert asked.status_code in (404, 405)
    found = open_to_page.get(path, headers={"origin": PAGE})
    assert found.status_code == 403
    assert not [name for name in found.headers if name.startswith("access-control")]


def test_without_the_option_no_page_gets_permission(http: httpx.Client, world: World) -> None:
    """A server has no CORS headers unless it is told to."""
    found = http.post("/user/login", json={}, headers={"origin": PAGE})
    assert not [name for name in found.headers if name.startswith("access-control")]


def test_every_origin_by_a_star() -> None:
    """With * any page may call; cookies are then not sent by browsers."""
    with MockServer(cors=["*"]) as server, httpx.Client(base_url=server.url, trust_env=False) as http:
        found = http.post("/user/login", json={}, headers={"origin": "https://any.example"})
    assert found.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in found.headers


def test_the_command_serves_https_to_a_page() -> None:
    """--certfile, --keyfile and --cors of a real process: https with the certificate, plain http is refused."""
    options = ["--certfile", CERTIFICATE, "--keyfile", KEY, "--cors", PAGE, "--cors", "http://127.0.0.1:5173"]
    with started(*MODULE, "--port", "0", *options) as (_, printed):
        url = url_in(printed)
        assert url.startswith("https://")
        with httpx.Client(base_url=url, verify=ssl.create_default_context(cafile=CERTIFICATE), trust_env=False) as http:
            assert http.get("/__mock__/health").json()["status"] == "ok"
            assert http.get("/__mock__/world").json()["base_url"] == url
            assert http.get("/__mock__/clock", headers={"origin": url}).status_code == 200
            found = http.post("/user/login", json={}, headers={"origin": "http://127.0.0.1:5173"})
            assert found.headers["access-control-allow-origin"] == "http://127.0.0.1:5173"
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http"), trust_env=False)


@pytest.mark.parametrize("kind", ["cut", "reset"])
@pytest.mark.parametrize("phase", ["after_commit", "mid_answer"])
def test_connection_faults_happen_over_https_too(kind: str, phase: str) -> None:
    """A recharge whose response is lost over https has an unknown outcome, and is booked once."""
    clock = VirtualClock()
    secure = httpx.Client(verify=ssl.create_default_context(cafile=CERTIFICATE), trust_env=False)
    with (
        MockServer(World(clock=clock), certfile=CERTIFICATE, keyfile=KEY) as server,
        secure,
        Jrhsz("khcs", "123456", base_url=server.url, clock=clock, http_client=secure) as client,
    ):
        server.world.faults.add(Fault("recharges.create", kind, phase=phase))  # type: ignore[arg-type]  # both are parametrised with valid values
        with pytest.raises(OutcomeUnknown):
            client.recharges.create("ceshi1", amount=50, order_number="A-1")
        [entry] = server.world.journal.of("recharges.create")
    assert entry.carried_out
