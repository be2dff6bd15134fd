"""Recharges: money arrives once, exactly, and is listed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import DuplicateOrder, InvalidArgument, OperationFailed, OutcomeUnknown
from chaobiao.jrhsz import Recharge
from tests.harness.clients import ClientUnderTest, resolve
from tests.harness.mock_server import LiveMock, at

RESIDENT = "2026000003"


async def balance_of(client: ClientUnderTest, resident: str) -> Decimal:
    """Return a resident's balance."""
    balance: Decimal = (await client.rows("residents.get", resident))[0].balance
    return balance


async def recent(mock: LiveMock, client: ClientUnderTest, resident: str) -> list[Any]:
    """Return a resident's payments since the world began."""
    return await client.rows("recharges.list", resident, begin=at("2026-01-01 08:00:00"), end=mock.now)


@pytest.mark.parametrize("amount", [Decimal("0.01"), "88.80", 100, Decimal("123456.78")])
async def test_the_balance_rises_by_exactly_the_amount(mock: LiveMock, amount: Any) -> None:
    """While time stands still, the balance rises by the amount to the cent."""
    client = mock.client(paced=False)
    mock.set_quirks(paced="no")
    before = await balance_of(client, RESIDENT)
    acknowledged = await client.call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert acknowledged.message == "充值成功"
    assert await balance_of(client, RESIDENT) - before == Decimal(amount)


async def test_a_recharge_is_in_the_list(mock: LiveMock) -> None:
    """It is listed with its order number, amount and time, for this resident only."""
    client = mock.client()
    await client.call("recharges.create", RESIDENT, amount="88.80", order_number="order-1")
    paid_at = mock.now
    (payment,) = await recent(mock, client, RESIDENT)
    assert (payment.order_number, payment.amount) == ("order-1", Decimal("88.80"))
    assert payment.paid_at == paid_at
    assert await recent(mock, client, "2026000004") == []


async def test_a_duplicate_order_is_refused_and_not_counted(mock: LiveMock) -> None:
    """A second recharge of one number raises, changes no balance and is not listed."""
    client = mock.client(paced=False)
    mock.set_quirks(paced="no")
    await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    before = await balance_of(client, RESIDENT)
    with pytest.raises(DuplicateOrder) as caught:
        await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    assert caught.value.reference == "order-1"
    assert await balance_of(client, RESIDENT) == before
    assert len(await recent(mock, client, RESIDENT)) == 1


@pytest.mark.parametrize("order_number", ["order-1", "465465165165165", "made up"])
async def test_order_numbers_are_global(mock: LiveMock, order_number: str) -> None:
    """A number that any resident has used, even before the world began, is refused for all residents."""
    client = mock.client()
    await client.call("recharges.create", "2022040001", amount=10, order_number="order-1")
    if order_number == "made up":
        period = {"begin": at("2025-01-01 00:00:00"), "end": mock.now}
        order_number = (await client.rows("recharges.list", "2026000007", **period))[0].order_number
    with pytest.raises(DuplicateOrder):
        await client.call("recharges.create", RESIDENT, amount=10, order_number=order_number)


async def test_a_recharge_of_an_unknown_resident_leaves_the_order_number_free(mock: LiveMock) -> None:
    """A recharge of an unknown resident is refused; the same number can be used for a known one."""
    client = mock.client()
    with pytest.raises(OperationFailed):
        await client.call("recharges.create", "no-such-resident", amount=10, order_number="order-1")
    await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")


async def test_the_period_includes_both_ends(mock: LiveMock) -> None:
    """A payment at the first or last second of a period belongs to it; one second off, it does not."""
    client = mock.client()
    second = timedelta(seconds=1)
    first, last = at("2023-04-06 13:39:21"), at("2023-04-06 14:38:53")

    async def found(begin: Any, end: Any) -> int:
        return len(await client.rows("recharges.list", "2022040001", begin=begin, end=end))

    assert await found(first, last) == 2
    assert await found(first + second, last) == 1
    assert await found(first, last - second) == 1
    assert await found(first + second, last - second) == 0


async def test_the_list_is_paged(mock: LiveMock) -> None:
    """Page by page, oldest first, with the total of all."""
    client = mock.client()
    period = {"begin": at("2024-06-01 00:00:00"), "end": mock.now}
    listing = await client.call("recharges.list", RESIDENT, page_size=5, **period)
    paid = [payment.paid_at for payment in await resolve(listing.collect())]
    assert len(paid) == listing.total == 12
    assert paid == sorted(paid)
    assert len(mock.world.journal.of("recharges.list")) == 3


async def test_a_recharge_whose_response_is_lost_is_listed(mock: LiveMock) -> None:
    """The money arrived but the response was lost: OutcomeUnknown names the order, which is listed once."""
    client = mock.client()
    mock.add_fault(Recharge, "cut", phase="after_commit")
    with pytest.raises(OutcomeUnknown) as caught:
        await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    assert caught.value.reference == "order-1"
    assert [payment.order_number for payment in await recent(mock, client, RESIDENT)] == ["order-1"]
    assert len(mock.world.journal.of("recharges.create")) == 1


@pytest.mark.parametrize("amount", [1.5, 0, "-1", "0.001", "1e3x", True])
async def test_bad_amounts_are_rejected_before_sending(mock: LiveMock, amount: Any) -> None:
    """Floats, zero, negative amounts and fractions of a cent are never sent."""
    with pytest.raises(InvalidArgument) as caught:
        await mock.client().call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert caught.value.argument == "amount"
    assert len(mock.world.journal) == 0


@pytest.mark.parametrize("total_fee", ["0", "-1", "0.001", "abc", [1], {"a": 1}])
def test_the_server_refuses_bad_amounts_too(raw: LiveMock, total_fee: Any) -> None:
    """A bad amount that is sent by hand is refused, and nothing is paid in."""
    body = raw.authorised(user_code=RESIDENT, total_fee=total_fee, out_trade_no="order-1")
    assert raw.post("/user/Prestore", body)["code"] == 1001
    assert not raw.state.ledger.used("order-1")
