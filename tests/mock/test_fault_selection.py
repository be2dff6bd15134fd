"""Which calls a fault is for, how far the request comes first, and how faults are listed and removed."""

from typing import Any

import httpx
import pytest

from chaobiao_mock import Fault, World

PAY = "/user/Prestore"
LOGIN = {"admin_user_name": "khcs", "api_password": "123456"}
METERS = ("202364555511", "202005005292")


def order(body: dict[str, str], number: str) -> dict[str, Any]:
    """Return the body of a recharge."""
    return {**body, "user_code": "2022040001", "total_fee": "1.00", "out_trade_no": number}


def reading(http: httpx.Client, body: dict[str, str], meter: str) -> int:
    """Ask for the reading of a meter; return the code."""
    code: int = http.post("/meter/readMeter", json={**body, "tableNo": meter}).json()["code"]
    return code


@pytest.mark.parametrize("name", ["recharges.create", "jrhsz:recharges.create", PAY, "*"])
def test_operations_by_name(world: World, http: httpx.Client, body: dict[str, str], name: str) -> None:
    """By client method, with the family or without, by path, or all."""
    world.faults.add(Fault(name, "code", code=1011))
    assert http.post(PAY, json=order(body, "a")).json()["code"] == 1011
    assert http.post(PAY, json=order(body, "a")).json()["code"] == 200


def test_one_account(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A fault for one account is not met by another one."""
    world.faults.add(Fault("login", "code", code=1011, account="recharge-only"))
    codes = [
        http.post("/user/login", json={**LOGIN, "admin_user_name": name}).json()["code"]
        for name in ("khcs", "recharge-only", "khcs")
    ]
    assert codes == [200, 1011, 200]


def test_one_meter(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """A fault for one meter is met by calls that name it, alone or among others."""
    world.faults.add(Fault("*", "code", code=1001, meter=METERS[0], times=9))
    assert [reading(http, body, meter) for meter in METERS] == [1001, 200]
    assert http.post("/meter/meterInstruct", json={**body, "deviceId": METERS[0], "type": "1"}).json()["code"] == 1001
    assert reading(http, body, METERS[0]) == 1001


def test_the_nth_call(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The calls before are counted and left alone."""
    fault = world.faults.add(Fault("buildings.list", "code", code=1011, nth=3, times=2))
    assert [http.post("/user/getBuildCode", json=body).json()["code"] for _ in range(5)] == [200, 200, 1011, 1011, 200]
    assert (fault.seen, fault.happened) == (4, 2)


def test_chance_follows_the_seed(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Half of the calls fail, and the same ones after a reset."""

    def run() -> list[int]:
        world.faults.add(Fault("login", "code", code=1011, probability=0.5, times=1000))
        return [http.post("/user/login", json=LOGIN).json()["code"] for _ in range(40)]

    first = run()
    assert 5 < first.count(1011) < 35
    world.reset()
    assert run() == first


def test_a_fault_ends_with_its_time(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """It ends when the world's clock has passed its end, and not before."""
    world.faults.add(Fault("login", "code", code=1011, times=99, expires_after=60), world.clock.monotonic())
    assert http.post("/user/login", json=LOGIN).json()["code"] == 1011
    world.clock.advance(59)
    assert http.post("/user/login", json=LOGIN).json()["code"] == 1011
    world.clock.advance(2)
    assert http.post("/user/login", json=LOGIN).json()["code"] == 200


@pytest.mark.parametrize(
    ("phase", "malformed", "stranger", "booked"),
    [
        ("before_parsing", 1005, 1005, False),
        ("before_authentication", 1001, 1005, False),
        ("before_commit", 1001, 1006, False),
        ("after_commit", 1001, 1006, True),
    ],
)
def test_phases(
    world: World,
    http: httpx.Client,
    body: dict[str, str],
    phase: Any,
    malformed: int,
    stranger: int,
    booked: bool,
) -> None:
    """How far a request comes: what is wrong with it shows in the phases before, and its effect in those after."""
    for _ in range(3):
        world.faults.add(Fault("recharges.create", "code", code=1005, phase=phase))
    assert http.post(PAY, content="{").json()["code"] == malformed
    assert http.post(PAY, json=order({**body, "token": "strange"}, "a")).json()["code"] == stranger
    world.faults.clear()
    world.faults.add(Fault("recharges.create", "code", code=1005, phase=phase))
    assert http.post(PAY, json=order(body, "b")).json()["code"] == 1005
    assert http.post(PAY, json=order(body, "b")).json()["code"] == (1010 if booked else 200)
    assert [entry.carried_out for entry in world.journal.of("recharges.create")][-2:] == [booked, not booked]


def test_booked_but_refused_as_too_fast(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Any vendor code can hide a payment that was made."""
    world.faults.add(Fault("recharges.create", "code", code=1011, phase="after_commit"))
    assert http.post(PAY, json=order(body, "a")).json()["code"] == 1011
    assert http.post(PAY, json=order(body, "a")).json()["code"] == 1010


def test_a_session_that_ends_between_pages(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The token is revoked when the second page is asked for."""
    world.faults.add(Fault("meters.list", "revoke", nth=2))
    codes = [http.post("/meter/meterList", json={**body, "pageNo": page}).json()["code"] for page in (1, 2, 3)]
    assert codes == [200, 1006, 1006]


@pytest.mark.parametrize(("kind", "expected"), [("repeat", [0, 1, 2, 3]), ("shift", [5, 6, 7, 8])])
def test_pages_that_repeat_or_shift(
    world: World, http: httpx.Client, body: dict[str, str], kind: Any, expected: list[int]
) -> None:
    """The second page is the first one again, or has lost its first row to the deletion of an earlier row."""

    def numbers(page: int, size: int = 4) -> list[str]:
        found = http.post("/meter/meterList", json={**body, "pageNo": page, "pageSize": size}).json()["data"]
        return [row["tableNo"] for row in found]

    everything = numbers(1, 100)
    world.faults.add(Fault("meters.list", kind))
    assert numbers(2) == [everything[index] for index in expected]
    assert numbers(2) == everything[4:8]


def test_a_reset_connection(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The client sees a reset, with nothing or with half a response before it."""
    for phase in ("before_parsing", "mid_answer"):
        world.faults.add(Fault("login", "reset", phase=phase))  # type: ignore[arg-type]  # both are phases
        with pytest.raises(httpx.ReadError, match="reset"):
            http.post("/user/login", json=LOGIN)


def test_a_slow_response(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Latency before the request is handled, or after; drip in ten pieces; all of it arrives."""
    for kind, phase in (("latency", "before_parsing"), ("latency", "after_commit"), ("drip", "mid_answer")):
        world.faults.add(Fault("login", kind, phase=phase, seconds=0.2))  # type: ignore[arg-type]  # as listed
        with (
            pytest.raises(httpx.ReadTimeout),
            httpx.stream(
                "POST", f"{http.base_url}/user/login", json=LOGIN, timeout=httpx.Timeout(5, read=0.01), trust_env=False
            ) as response,
        ):
            response.read()
        world.faults.add(Fault("login", kind, phase=phase, seconds=0.01))  # type: ignore[arg-type]  # as above
        assert http.post("/user/login", json=LOGIN).json()["code"] == 200


def test_a_wrong_length(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """More is announced than comes."""
    world.faults.add(Fault("login", "length"))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        http.post("/user/login", json=LOGIN)


def test_a_doubled_response(world: World, http: httpx.Client) -> None:
    """The same response comes twice on one connection, and the request took effect once."""
    import socket

    host, port = http.base_url.host, http.base_url.port
    assert port is not None
    world.faults.add(Fault("login", "doubled"))
    request = b'{"admin_user_name":"khcs","api_password":"123456"}'
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(
            b"POST /user/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(request), request)
        )
        received = b""
        while received.count(b"HTTP/1.1 200") < 2 or not received.endswith(b"}"):
            received += connection.recv(65536)
    first, second = (part.partition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK\r\n")[1:])
    assert first == second
    assert len(world.journal.of("login")) == 1


def test_faults_over_http(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """They are listed with their counts, removed one by one, and cleared."""
    ids = [
        http.post("/__mock__/faults", json={"operation": name, "kind": "code", "times": 2}).json()["added"]["id"]
        for name in ("login", "buildings.list")
    ]
    http.post("/user/login", json=LOGIN)
    listed = http.get("/__mock__/faults").json()["faults"]
    assert [(fault["id"], fault["seen"], fault["happened"]) for fault in listed] == [(ids[0], 1, 1), (ids[1], 0, 0)]
    assert http.delete(f"/__mock__/faults/{ids[0]}").json()["removed"]["id"] == ids[0]
    assert http.post("/user/login", json=LOGIN).json()["code"] == 200
    for strange in (ids[0], "x", "9" * 30):
        assert http.delete(f"/__mock__/faults/{strange}").status_code == 400
    assert http.delete("/__mock__/faults").json() == {"faults": []}
    assert http.post("/user/getBuildCode", json=body).json()["code"] == 200
