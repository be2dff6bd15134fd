"""Assertions about what clients did: they hold for careful clients, and show the calls where they do not."""

from contextlib import suppress
from typing import Any

import httpx
import pytest

from chaobiao import Jrhsz, OutcomeUnknown, VirtualClock
from chaobiao_mock import Fault, Verification, VerificationFailed, World
from chaobiao_mock import journal as journal_module

PAY = "/user/Prestore"


def order(body: dict[str, str], number: str, amount: str = "1.00") -> dict[str, Any]:
    """Return the body of a recharge."""
    return {**body, "user_code": "2022040001", "total_fee": amount, "out_trade_no": number}


def test_called(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """By operation, number of calls, account and arguments; the explanation shows the calls there were."""
    http.post("/meter/meterList", json={**body, "pageIndex": 1})
    verification = Verification(world)
    verification.assert_called("meters.list")
    verification.assert_called("jrhsz:meters.list", times=1, account="khcs", arguments={"pageIndex": 1})
    verification.assert_called("buildings.list", times=0)
    with pytest.raises(VerificationFailed, match=r"called 2 times, but was called 1 times\n.*2 次.*\n  #\d+ .*khcs"):
        verification.assert_called("/meter/meterList", times=2)
    with pytest.raises(VerificationFailed, match="at least once"):
        verification.assert_called("meters.list", arguments={"pageIndex": 2})


def test_logins(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The number of logins, of all accounts or one."""
    verification = Verification(world)
    verification.assert_logins(0)
    for password in ("123456", "wrong"):
        http.post("/user/login", json={"admin_user_name": "khcs", "api_password": password})
    verification.assert_logins(2, account="khcs")
    with pytest.raises(VerificationFailed, match="1 logins, but there were 2"):
        verification.assert_logins(1)


@pytest.mark.parametrize("number", ["order-1", "order-2"])
@pytest.mark.parametrize("kind", ["cut", "reset", "status", "code", "garbage"])
def test_a_payment_that_is_made_again(
    world: World, http: httpx.Client, body: dict[str, str], kind: Any, number: str
) -> None:
    """A second request after a lost response is a double spend under a fresh number, and none under the same."""
    world.faults.add(Fault("recharges.create", kind, phase="after_commit"))
    with suppress(httpx.TransportError):
        http.post(PAY, json=order(body, "order-1"))
    verification = Verification(world)
    verification.assert_no_double_spend()
    assert http.post(PAY, json=order(body, number)).json()["code"] == (1010 if number == "order-1" else 200)
    if number == "order-1":
        verification.assert_no_double_spend()
    else:
        with pytest.raises(VerificationFailed, match=r"made twice(.|\n)*order-1(.|\n)*order-2"):
            verification.assert_no_double_spend()


def test_equal_payments_are_no_double_spend(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Two payments of the same amount whose responses arrived are two payments, also after a refused one."""
    world.faults.add(Fault("recharges.create", "cut", phase="before_commit"))
    with pytest.raises(httpx.TransportError):
        http.post(PAY, json=order(body, "order-1"))
    for number in ("order-2", "order-3"):
        assert http.post(PAY, json=order(body, number)).json()["code"] == 200
    Verification(world).assert_no_double_spend()


def test_the_books(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Balances add up, and agree with the caller's books: a missing, a wrong and a strange order are found."""
    http.post(PAY, json=order(body, "order-1", "12.50"))
    http.post("/__mock__/clock", json={"advance": 86_400})
    verification = Verification(world)
    verification.assert_books_balance()
    verification.assert_books_balance({"order-1": "12.5"})
    for books in ({}, {"order-1": 12}, {"order-1": "12.50", "order-2": 1}):
        with pytest.raises(VerificationFailed, match="in the given books"):
            verification.assert_books_balance(books)


def test_intervals(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """Two calls of one endpoint closer than its interval are found; those of two endpoints are not."""
    verification = Verification(world)
    http.post("/meter/meterList", json=body)
    http.post("/user/getBuildCode", json=body)
    verification.assert_intervals_kept()
    http.post("/meter/meterList", json=body)
    with pytest.raises(VerificationFailed, match=r"meters.list was called again after 0\.\d+ s"):
        verification.assert_intervals_kept()


def test_violations(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """All differences from the contract: unknown names, missing arguments, malformed ones."""
    verification = Verification(world)
    http.post("/meter/meterList", json=body)
    verification.assert_no_violations()
    http.post(PAY, json={**body, "total_fee": "much", "remark": 1, "user_code": "2022040001"})
    with pytest.raises(VerificationFailed) as failed:
        verification.assert_no_violations()
    (entry,) = failed.value.calls
    english = [found for found, _ in entry.violations]
    assert len(english) == 3
    assert english[0] == "remark is no argument of recharges.create"
    assert {"total_fee", "out_trade_no"} == {text.split()[0] for text in english[1:]}


def test_a_journal_that_dropped_calls_proves_nothing(
    world: World, http: httpx.Client, body: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When calls are gone, assertions fail loudly with the way out; after clearing they work again."""
    for _ in range(3):
        http.post("/user/getBuildCode", json=body)
    while len(world.journal._entries) > 1:  # as if ten thousand calls had followed
        world.journal._entries.popleft()
    assert world.journal.dropped == 2
    with pytest.raises(ValueError, match=f"2 calls are no longer in the journal, which keeps {journal_module.LENGTH}"):
        Verification(world).assert_called("buildings.list")
    response = http.post("/__mock__/verify/called", json={"operation": "buildings.list"})
    assert response.status_code == 400
    world.journal.clear()
    Verification(world).assert_called("buildings.list", times=0)


def test_assertions_over_http(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """200 where an assertion holds, else 409 with the explanation in both languages and the calls."""
    http.post("/meter/meterList", json=body)
    checks: dict[str, dict[str, Any]] = {
        "called": {"operation": "meters.list", "times": 1},
        "logins": {"times": 0},
        "intervals-kept": {},
        "no-double-spend": {},
        "no-violations": {},
        "books-balance": {"expected": {}},
    }
    for name, wanted in checks.items():
        response = http.post(f"/__mock__/verify/{name}", json=wanted)
        assert (response.status_code, response.json()) == (200, {"passed": True})
    failed = http.post("/__mock__/verify/called", json={"operation": "meters.list", "times": 2})
    assert failed.status_code == 409
    found = failed.json()
    assert found["passed"] is False
    assert found["error"]
    assert found["error_zh"]
    assert [call["operation"] for call in found["calls"]] == ["meters.list"]
    assert http.post("/__mock__/verify/books-balance", json={"expected": {"a": "much"}}).status_code == 400


def test_a_careful_client_passes(world: World, http: httpx.Client, body: dict[str, str]) -> None:
    """The SDK after a lost response: it raises, and sends nothing again."""
    world.faults.add(Fault("recharges.create", "reset", phase="after_commit"))
    with Jrhsz("khcs", "123456", base_url=str(http.base_url), clock=VirtualClock()) as client:
        with pytest.raises(OutcomeUnknown):
            client.recharges.create("2022040001", amount=1, order_number="order-1")
        verification = Verification(world)
        verification.assert_no_double_spend()
        verification.assert_called("recharges.create", times=1)
