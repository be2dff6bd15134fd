"""Faults: what goes wrong on purpose goes wrong exactly as asked for."""

from typing import Any

import httpx
import pytest

from chaobiao_mock import Fault, World, create_app
from tests.harness.mock_server import LiveMock

PATH = "/user/Prestore"


def order(body: dict[str, str], number: str = "order-1") -> dict[str, Any]:
    """Return the body of a recharge."""
    return {**body, "user_code": "2022040001", "total_fee": "1.00", "out_trade_no": number}


def test_a_code(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A vendor code in the family's own envelope, listed or not."""
    world.faults.add(Fault(PATH, "code", code=1005))
    world.faults.add(Fault(PATH, "code", code=7777))
    responses = [http.post(PATH, json=order(body)).json() for _ in range(3)]
    assert responses == [
        {"code": 1005, "msg": "密码错误"},
        {"code": 7777, "msg": "系统异常"},
        {"code": 200, "msg": "充值成功"},
    ]


def test_a_status(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """An HTTP status with a page of HTML, as a gateway sends it."""
    world.faults.add(Fault(PATH, "status", status=502))
    response = http.post(PATH, json=order(body))
    assert response.status_code == 502
    assert response.headers["content-type"].startswith("text/html")


def test_garbage(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A complete response whose body is half a JSON text."""
    world.faults.add(Fault(PATH, "garbage"))
    response = http.post(PATH, json=order(body))
    assert response.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        response.json()


def test_a_cut(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Less than was promised, then a closed connection."""
    world.faults.add(Fault(PATH, "cut"))
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(PATH, json=order(body))


def test_a_hang(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """No response comes, and the server serves other requests meanwhile and afterwards."""
    world.faults.add(Fault(PATH, "hang"))
    with pytest.raises(httpx.ReadTimeout):
        http.post(PATH, json=order(body), timeout=httpx.Timeout(10, read=0.1))
    assert http.post(PATH, json=order(body)).json()["code"] == 200


def test_a_large_response(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """As many bytes as asked for."""
    world.faults.add(Fault(PATH, "large", size=3_000_000))
    assert 3_000_000 < len(http.post(PATH, json=order(body)).content) < 3_000_100


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("kind", ["code", "status", "garbage", "cut", "large"])
def test_whether_the_request_took_effect(
    world: World, http: httpx.Client, body: dict[str, str], kind: Any, carried_out: bool
) -> None:
    """With carried_out the money arrives and only the response is lost; without it nothing happened."""
    world.faults.add(Fault(PATH, kind, phase="after_commit" if carried_out else "before_parsing"))
    try:
        http.post(PATH, json=order(body))
    except httpx.RemoteProtocolError:
        assert kind == "cut"
    assert http.post(PATH, json=order(body)).json()["code"] == (1010 if carried_out else 200)


def test_how_often(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A fault affects as many calls as it says, of its endpoint only; then the next fault follows."""
    world.faults.add(Fault("/user/getBuildCode", "code", times=2, code=1001))
    world.faults.add(Fault("/user/getBuildCode", "code", code=1007))
    assert http.post("/user/getAddress", json=body).json()["code"] == 200
    codes = [http.post("/user/getBuildCode", json=body).json()["code"] for _ in range(4)]
    assert codes == [1001, 1001, 1007, 200]


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body(world: World, http: httpx.Client, body: dict[str, str], status: int) -> None:
    """What HTTP sends without a body comes without one, and the connection goes on."""
    world.faults.add(Fault(PATH, "status", status=status))
    response = http.post(PATH, json=order(body))
    assert (response.status_code, response.content) == (status, b"")
    assert http.post(PATH, json=order(body)).json()["code"] == 200


def test_a_code_in_the_form_of_the_quirk(mock: LiveMock, http: httpx.Client, body: dict[str, str]) -> None:
    """Where a platform writes codes as text, a code that was asked for is text as well."""
    mock.set_quirks(code="text")
    mock.world.faults.add(Fault(PATH, "code", code=1005))
    assert http.post(PATH, json=order(body)).json()["code"] == "1005"


def test_a_code_of_the_water_api_is_its_refusal(world: World, http: httpx.Client) -> None:
    """The water API documents no codes: a refusal is HTTP 400 in words."""
    path = next(operation.spec.path for operation in world.families[1].family.operations)
    world.faults.add(Fault(path, "code", code=1001))
    response = http.get(path)
    assert (response.status_code, set(response.json())) == (400, {"error", "error_zh"})


async def test_in_process_a_cut_is_the_same_error() -> None:
    """Without a connection, httpx raises for a cut and a reset what it raises on a socket; the request took effect."""
    world = World()
    for kind in ("cut", "reset"):
        world.faults.add(Fault("login", kind, phase="after_commit"))  # type: ignore[arg-type]  # both are kinds
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post("/user/login", json={"admin_user_name": "khcs", "api_password": "123456"})
            world.clock.advance(2.0)  # the interval
    assert [entry.carried_out for entry in world.journal] == [True, True]
