"""The mock's own endpoints: for programs on this machine, or with the token; never for a page in a browser."""

import httpx
import pytest

from chaobiao_mock import MockServer, World

ADMIN = [
    ("GET", "/__mock__/journal"),
    ("POST", "/__mock__/reset"),
    ("GET", "/__mock__/clock"),
    ("POST", "/__mock__/faults"),
]


@pytest.mark.parametrize(("method", "path"), ADMIN)
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "mock.example"},  # a name that was made to point here
        {"origin": "https://page.example"},
        {"origin": "null"},
        {"origin": "http://localhost:1"},
    ],
)
def test_a_web_page_is_refused(
    world: World, http: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    """Whatever it asks for, the request is refused in both languages, and the world stays as it is."""
    world.clock.advance(100.0)
    before = world.clock.now()
    response = http.request(method, path, headers=headers)
    assert response.status_code == 403
    assert set(response.json()) == {"error", "error_zh"}
    assert world.clock.now() == before


def test_a_page_of_the_mock_itself_is_served(http: httpx.Client, world: World) -> None:
    """A request with the server's own origin goes on."""
    origin = str(http.base_url).rstrip("/")
    assert http.get("/__mock__/clock", headers={"origin": origin}).status_code == 200


def test_the_api_itself_takes_any_host(http: httpx.Client, world: World) -> None:
    """An application under test may call the mock by any name."""
    assert http.post("/user/login", json={}, headers={"host": "imrapi.example"}).json()["code"] == 1008


def test_a_token_opens_it_to_other_machines() -> None:
    """With a token, requests without it are refused wherever they come from, and those with it go on."""
    with MockServer(admin_token="letmein") as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        assert client.get("/__mock__/clock").status_code == 403
        assert client.get("/__mock__/clock", headers={"authorization": "Bearer wrong"}).status_code == 403
        good = {"authorization": "Bearer letmein", "host": "mock.example"}
        assert client.get("/__mock__/clock", headers=good).status_code == 200
