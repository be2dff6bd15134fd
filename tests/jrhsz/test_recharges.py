"""Recharges: money arrives once, exactly, and is on record."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chaobiao import DuplicateOrder, InvalidArgument, OperationFailed, OutcomeUnknown
from chaobiao.jrhsz import Payment
from chaobiao_mock import Fault
from tests.jrhsz.platform import SAMPLES, LiveDriver, Platform, at
from tests.sdk.driver import settle

RESIDENT = "2026000003"


async def balance_of(client: LiveDriver, resident: str) -> Decimal:
    """A resident's balance."""
    balance: Decimal = (await client.rows("residents.get", resident))[0].balance
    return balance


async def recent(platform: Platform, client: LiveDriver, resident: str) -> list[Any]:
    """A resident's payments since the world began."""
    return await client.rows("recharges.list", resident, begin=at("2026-01-01 08:00:00"), end=platform.now)


async def test_the_documented_payments(platform: Platform) -> None:
    """The sample's two payments, verbatim."""
    assert await platform.client().rows("recharges.list", "2022040001", **SAMPLES) == [
        Payment(
            order_number="jrh2023030716084144045",
            amount=Decimal("10.00"),
            channel="微信充值",
            paid_at=at("2023-04-06 13:39:21"),
        ),
        Payment(
            order_number="465465165165165",
            amount=Decimal("120.00"),
            channel="微信充值",
            paid_at=at("2023-04-06 14:38:53"),
        ),
    ]


@pytest.mark.parametrize("amount", [Decimal("0.01"), "88.80", 100, Decimal("123456.78")])
async def test_the_balance_rises_by_exactly_the_amount(platform: Platform, amount: Any) -> None:
    """Time standing still, the balance rises by the amount to the cent."""
    client = platform.client(paced=False)
    platform.quirks(paced="no")
    before = await balance_of(client, RESIDENT)
    said = await client.call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert said.message == "充值成功"
    assert await balance_of(client, RESIDENT) - before == Decimal(amount)


async def test_a_recharge_is_in_the_list(platform: Platform) -> None:
    """It is listed with its order number, amount and time, for this resident only."""
    client = platform.client()
    await client.call("recharges.create", RESIDENT, amount="88.80", order_number="order-1")
    paid_at = platform.now
    (payment,) = await recent(platform, client, RESIDENT)
    assert (payment.order_number, payment.amount) == ("order-1", Decimal("88.80"))
    assert payment.paid_at == paid_at
    assert await recent(platform, client, "2026000004") == []


async def test_a_duplicate_order_is_refused_and_not_counted(platform: Platform) -> None:
    """A second recharge of one number raises, changes no balance and is not listed."""
    client = platform.client(paced=False)
    platform.quirks(paced="no")
    await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    before = await balance_of(client, RESIDENT)
    with pytest.raises(DuplicateOrder) as caught:
        await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    assert caught.value.reference == "order-1"
    assert await balance_of(client, RESIDENT) == before
    assert len(await recent(platform, client, RESIDENT)) == 1


@pytest.mark.parametrize("order_number", ["order-1", "465465165165165", "made up"])
async def test_order_numbers_are_global(platform: Platform, order_number: str) -> None:
    """A number that anybody used, even before the world began, is used up for everybody."""
    client = platform.client()
    await client.call("recharges.create", "2022040001", amount=10, order_number="order-1")
    if order_number == "made up":
        period = {"begin": at("2025-01-01 00:00:00"), "end": platform.now}
        order_number = (await client.rows("recharges.list", "2026000007", **period))[0].order_number
    with pytest.raises(DuplicateOrder):
        await client.call("recharges.create", RESIDENT, amount=10, order_number=order_number)


async def test_an_unknown_resident_is_refused_and_the_order_number_stays_free(platform: Platform) -> None:
    """A recharge for nobody is refused; the same number can be used for somebody."""
    client = platform.client()
    with pytest.raises(OperationFailed):
        await client.call("recharges.create", "nobody", amount=10, order_number="order-1")
    await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")


async def test_the_period_includes_both_ends(platform: Platform) -> None:
    """A payment at the first or last second of a period belongs to it; one second off, it does not."""
    client = platform.client()
    second = timedelta(seconds=1)
    first, last = at("2023-04-06 13:39:21"), at("2023-04-06 14:38:53")

    async def found(begin: Any, end: Any) -> int:
        return len(await client.rows("recharges.list", "2022040001", begin=begin, end=end))

    assert await found(first, last) == 2
    assert await found(first + second, last) == 1
    assert await found(first, last - second) == 1
    assert await found(first + second, last - second) == 0


async def test_the_list_is_paged(platform: Platform) -> None:
    """Page by page, oldest first, with the total of all."""
    client = platform.client()
    period = {"begin": at("2024-06-01 00:00:00"), "end": platform.now}
    listing = await client.call("recharges.list", RESIDENT, page_size=5, **period)
    paid = [payment.paid_at for payment in await settle(listing.collect())]
    assert len(paid) == listing.total == 12
    assert paid == sorted(paid)
    assert len(platform.world.journal.of("recharges.list")) == 3


async def test_a_lost_answer_leaves_the_truth_in_the_list(platform: Platform) -> None:
    """The money arrived though the answer did not: OutcomeUnknown names the order, which is listed exactly once."""
    client = platform.client()
    platform.world.faults.add(Fault("/user/Prestore", "cut", carried_out=True))
    with pytest.raises(OutcomeUnknown) as caught:
        await client.call("recharges.create", RESIDENT, amount=10, order_number="order-1")
    assert caught.value.reference == "order-1"
    assert [payment.order_number for payment in await recent(platform, client, RESIDENT)] == ["order-1"]
    assert len(platform.world.journal.of("recharges.create")) == 1


@pytest.mark.parametrize("amount", [1.5, 0, "-1", "0.001", "1e3x", True])
async def test_bad_amounts_are_refused_before_sending(platform: Platform, amount: Any) -> None:
    """Floats, nothing, debts and fractions of a cent never reach the server."""
    with pytest.raises(InvalidArgument) as caught:
        await platform.client().call("recharges.create", RESIDENT, amount=amount, order_number="order-1")
    assert caught.value.argument == "amount"
    assert len(platform.world.journal) == 0


@pytest.mark.parametrize("total_fee", ["0", "-1", "0.001", "abc", [1], {"a": 1}])
def test_the_server_refuses_bad_amounts_too(raw: Platform, total_fee: Any) -> None:
    """Whoever sends a bad amount by hand is told, and nothing is paid in."""
    body = raw.authorised(user_code=RESIDENT, total_fee=total_fee, out_trade_no="order-1")
    assert raw.post("/user/Prestore", body)["code"] == 1001
    assert not raw.world.states["jrhsz"].ledger.used("order-1")
