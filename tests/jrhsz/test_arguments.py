"""What the prepaid platform's arguments become on the wire: times, amounts, several meters, commands."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao import InvalidArgument
from chaobiao.jrhsz import Instruction, InstructMeter, Recharge
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer

Connect = Callable[..., ClientUnderTest]
#: A slow machine is no failure of the code.
QUICK = settings(max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

PERIOD = {"begin": datetime(2023, 4, 6), "end": datetime(2023, 4, 8)}
RECHARGE: dict[str, Any] = {"user_code": "1", "amount": "1.00", "order_number": "o"}
OK = {"code": 200, "data": []}


async def test_periods_compare_across_time_zones(connect: Connect) -> None:
    """01:00 UTC is later than 08:30 in Shanghai: zones are converted, and sent as China Standard Time."""
    server = FakeServer(OK)
    client = connect(server)
    begin = datetime(2023, 4, 6, 1, tzinfo=UTC)
    with pytest.raises(InvalidArgument, match="begin"):
        await client.rows("meters.readings", begin=begin, end=datetime(2023, 4, 6, 8, 30))
    await client.rows("meters.readings", begin=begin, end=datetime(2023, 4, 6, 9, 30))
    assert (server.arguments[0]["BeginDate"], server.arguments[0]["EndDate"]) == (
        "2023-04-06 09:00:00",
        "2023-04-06 09:30:00",
    )


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("1", "1.00"),
        (1, "1.00"),
        ("10.5", "10.50"),
        (Decimal("0.01"), "0.01"),
        (Decimal("1E+2"), "100.00"),
        ("1.0000", "1.00"),
        (10**15 - 1, "999999999999999.00"),
    ],
)
async def test_amounts_are_sent_with_two_decimals(value: Any, sent: str, connect: Connect) -> None:
    """However an exact amount is written, total_fee is yuan and fen as text."""
    server = FakeServer({"code": 200, "msg": "充值成功"})
    await connect(server).call("recharges.create", **{**RECHARGE, "amount": value})
    assert server.arguments[0]["total_fee"] == sent


@QUICK
@given(fen=st.integers(1, 10**17 - 1))
def test_amounts_keep_every_fen(fen: int) -> None:
    """Every amount of whole fen below 10^15 yuan is kept exactly."""
    amount = Decimal(fen).scaleb(-2)
    assert Recharge("1", amount=amount, order_number="o").amount == amount
    assert Recharge("1", amount=str(amount), order_number="o").amount == amount


@QUICK
@given(amount=st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_is_exact_or_rejected(amount: Decimal) -> None:
    """A bad amount raises InvalidArgument and nothing else, and no amount is rounded."""
    try:
        kept = Recharge("1", amount=amount, order_number="o").amount
    except InvalidArgument:
        return
    assert kept == amount > 0


@pytest.mark.parametrize("make", [str, list, tuple, iter], ids=["joined", "list", "tuple", "generator"])
@pytest.mark.parametrize("numbers", [["1"], ["1", "2", "3"]], ids=["one", "several"])
async def test_several_table_numbers_are_joined_by_commas(make: Any, numbers: list[str], connect: Connect) -> None:
    """readings, time-of-use and camera readings take one number or several, in any iterable."""
    for method in ("meters.readings", "meters.time_of_use_readings", "meters.camera_readings"):
        server = FakeServer(OK)
        table_no = ",".join(numbers) if make is str else make(numbers)
        await connect(server).rows(method, table_no=table_no, **PERIOD)
        assert server.arguments[0]["tableNo"] == ",".join(numbers)


@pytest.mark.parametrize("value", [*Instruction, "1", "2", "3"])
async def test_instructions_are_members_or_their_codes(value: Any, connect: Connect) -> None:
    """Instruction.DISCONNECT and "1" are the same on the wire."""
    server = FakeServer({"code": 200, "msg": "操作成功"})
    await connect(server).call("meters.instruct", "202005004869", value)
    assert server.arguments[0]["type"] == Instruction(value).value
    assert InstructMeter("202005004869", value).instruction is Instruction(value)


async def test_pages_are_asked_for_as_given(connect: Connect) -> None:
    """page and page_size are sent as numbers, up to the documented 1000."""
    server = FakeServer(OK)
    client = connect(server)
    await client.rows("meters.list", page=3, page_size=1000)
    assert (server.arguments[0]["pageNo"], server.arguments[0]["pageSize"]) == (3, 1000)


def test_amounts_do_not_depend_on_the_decimal_context() -> None:
    """A program that computes with six digits can pay in more than that."""
    with localcontext() as context:
        context.prec = 6
        assert Recharge("2022040001", amount="123456.78", order_number="order-1").amount == Decimal("123456.78")
