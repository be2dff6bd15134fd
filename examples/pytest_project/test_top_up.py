"""Tests of ``top_up.py`` against the mock; the fixtures come from the plugin of ``chaobiao[mock]``."""

from decimal import Decimal

import pytest
from top_up import count_meters, top_up

from chaobiao import AsyncJrhsz, Jrhsz
from chaobiao_mock import LiveWorld, Verification, World

LIMIT, AMOUNT = Decimal(10_000), Decimal(50)


def test_a_low_balance_is_recharged(chaobiao_jrhsz: Jrhsz, chaobiao_world: World) -> None:
    [before] = chaobiao_jrhsz.residents.get("ceshi1")
    result = top_up(chaobiao_jrhsz, ["ceshi1"], below=LIMIT, amount=AMOUNT, run="monday")
    [after] = chaobiao_jrhsz.residents.get("ceshi1")
    assert result.recharged == ["ceshi1"]
    assert before.balance is not None
    assert after.balance == before.balance + AMOUNT
    Verification(chaobiao_world).assert_no_double_spend()


@pytest.mark.chaobiao(faults=[{"operation": "recharges.create", "kind": "cut", "phase": "after_commit"}])
def test_a_lost_response_does_not_cost_twice(chaobiao_jrhsz: Jrhsz, chaobiao_world: World) -> None:
    [before] = chaobiao_jrhsz.residents.get("ceshi1")
    first = top_up(chaobiao_jrhsz, ["ceshi1"], below=LIMIT, amount=AMOUNT, run="monday")
    again = top_up(chaobiao_jrhsz, ["ceshi1"], below=LIMIT, amount=AMOUNT, run="monday")
    assert (first.unknown, again.unknown, again.recharged) == (["ceshi1"], [], [])
    [after] = chaobiao_jrhsz.residents.get("ceshi1")
    assert before.balance is not None
    assert after.balance == before.balance + AMOUNT
    Verification(chaobiao_world).assert_no_double_spend()


def test_a_token_of_two_hours_is_renewed(chaobiao_jrhsz: Jrhsz, chaobiao_server: LiveWorld) -> None:
    chaobiao_jrhsz.buildings.list().collect()
    chaobiao_server.clock.advance(3 * 3600)  # takes no time: the clock is virtual
    chaobiao_jrhsz.buildings.list().collect()
    Verification(chaobiao_server.world).assert_logins(2)


@pytest.mark.chaobiao(meters=1_000, seed=7, start="2023-04-22 10:31:53", quirks={"jrhsz.data": "text"})
async def test_a_large_platform_that_sends_data_as_text(async_chaobiao_jrhsz: AsyncJrhsz) -> None:
    assert await count_meters(async_chaobiao_jrhsz) == 1_008
