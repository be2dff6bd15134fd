"""The safe recharge pays once, within a bound, or says what to look up."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from types import ModuleType

import pytest

from chaobiao import Jrhsz
from chaobiao_mock import Fault, MockServer

RESIDENT = "2022040001"


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that the example made, none of them for real."""
    return []


@pytest.fixture
def recharging(
    example: Callable[[str], ModuleType],
    server: MockServer,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> ModuleType:
    """The example, and the mock server that it meets."""
    module = example("recharge_safely")
    monkeypatch.setattr(module, "recharge_once", partial(module.recharge_once, sleep=pauses.append))
    return module


def lose(server: MockServer, *carried_out: bool) -> None:
    """Cut off the next responses to recharges, which are carried out or not."""
    for done in carried_out:
        server.world.faults.add(Fault("/user/Prestore", "cut", phase="after_commit" if done else "before_parsing"))


def balance() -> Decimal:
    """The resident's balance."""
    with Jrhsz() as client:
        [meter] = client.residents.get(RESIDENT)
    assert meter.balance is not None
    return meter.balance


@pytest.mark.parametrize(
    ("lost", "confirmed", "waited"),
    [
        ([], "accepted at attempt 1", []),
        ([True], "the response was lost, but the payment is in the list", [2]),
        ([False], "accepted at attempt 2", [2]),
        ([False, True], "the response was lost, but the payment is in the list", [2, 10]),
        ([False, False], "accepted at attempt 3", [2, 10]),
    ],
)
def test_the_money_is_booked_once(
    recharging: ModuleType,
    server: MockServer,
    pauses: list[float],
    capsys: pytest.CaptureFixture[str],
    lost: list[bool],
    confirmed: str,
    waited: list[float],
) -> None:
    """Whatever responses get lost, the balance rises once; a rerun with the same number changes nothing."""
    before = balance()
    lose(server, *lost)
    assert recharging.main(["A-1"]) == 0
    assert f"order A-1: {confirmed}\n" in capsys.readouterr().out
    assert balance() == before + 10
    assert pauses == waited
    assert recharging.main(["A-1"]) == 0
    assert capsys.readouterr().out.count("has this number already") == 2
    assert balance() == before + 10


def test_it_gives_up_after_three_attempts(
    recharging: ModuleType, server: MockServer, pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """Three lost attempts end it, with growing pauses; the operator reads which order to look up, exit code 1."""
    before = balance()
    lose(server, False, False, False)
    assert recharging.main(["A-2"]) == 1
    assert len(server.world.journal.of("recharges.create")) == 3
    assert pauses == [2, 10, 30]
    told = capsys.readouterr()
    assert "order A-2: unknown" in told.out
    assert "A-2" in told.err
    assert RESIDENT in told.err
    assert balance() == before


def test_a_lookup_that_fails_leaves_the_order_unconfirmed(
    recharging: ModuleType, server: MockServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the list of payments cannot be read, nothing is sent again."""
    lose(server, True)
    server.world.faults.add(Fault("/user/GetPaymentList", "code", code=1001))
    assert recharging.main(["A-3"]) == 1
    assert len(server.world.journal.of("recharges.create")) == 1
    assert "A-3" in capsys.readouterr().err


def test_each_run_has_a_number_of_its_own(recharging: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an order number on the command line, two runs are two payments, each announced before it is sent."""
    before = balance()
    assert recharging.main([]) == recharging.main([]) == 0
    announced = [line for line in capsys.readouterr().out.splitlines() if "yuan for resident" in line]
    assert len(set(announced)) == 2
    assert balance() == before + 20
