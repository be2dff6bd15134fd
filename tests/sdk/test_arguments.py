"""Arguments that break a rule are refused before anything is sent, in words that name them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao import InvalidArgument
from chaobiao.jrhsz import ConsumptionKind, Instruction, InstructMeter, ListMeters, Recharge
from tests.sdk.driver import Driver, FakeServer

Connect = Callable[..., Driver]
#: A slow machine says nothing about the code.
QUICK = settings(max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

BEGIN, END = datetime(2023, 4, 6), datetime(2023, 4, 8)
PERIOD = {"begin": BEGIN, "end": END}
RECHARGE: dict[str, Any] = {"user_code": "1", "amount": "1.00", "order_number": "o"}
COMMAND: dict[str, Any] = {"device_id": "1", "instruction": "1"}
OK = {"code": 200, "data": []}

CODES: list[Any] = [1, 2022040001, "", " ", " 1", "1\n", None, ["1"]]
AMOUNTS: list[Any] = [
    1.5,
    10.0,
    True,
    None,
    [],
    "",
    "abc",
    "1_000",
    "NaN",
    "Infinity",
    Decimal("sNaN"),
    "0",
    0,
    "-1.00",
    "10.001",
    Decimal("0.001"),
    "1e-999999",
    10**15,
    10**5000,
]
WHOLE: list[Any] = [0, -1, 1.0, "1", True, [], 10**5000 * -1]
TIMES: list[Any] = ["2023-04-06", date(2023, 4, 6), 1680710400, None]

#: Method, good arguments, the argument that is tried, and the values that are refused.
RULES: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("residents.get", {}, "user_code", CODES),
    ("residents.list", {}, "build_code", [value for value in CODES if value is not None]),
    ("addresses.list", {}, "build_code", [1, ""]),
    ("addresses.rooms", {"address": "一栋一层"}, "build_code", [1, ""]),
    ("addresses.rooms", {}, "address", ["", 1, None]),
    ("recharges.create", RECHARGE, "user_code", CODES),
    ("recharges.create", RECHARGE, "order_number", CODES),
    ("recharges.create", RECHARGE, "amount", AMOUNTS),
    ("recharges.list", {"user_code": "1", **PERIOD}, "user_code", CODES),
    ("recharges.list", {"user_code": "1", **PERIOD}, "begin", TIMES),
    ("recharges.list", {"user_code": "1", **PERIOD}, "end", TIMES),
    ("recharges.list", {"user_code": "1", **PERIOD}, "page", WHOLE),
    ("residents.consumption", {"user_code": "1", **PERIOD}, "page_size", [1001, 0]),
    ("meters.list", {}, "page", WHOLE),
    ("meters.list", {}, "page_size", [*WHOLE, 1001, 10**6, 10**5000]),
    ("meters.latest_readings", {}, "table_no", ["1,2", ["1"], ("1", "2"), 1, ""]),
    ("meters.latest_readings", {}, "page_size", [1001]),
    ("meters.readings", PERIOD, "table_no", [[], "", "1,,2", "1, 2", ["1,2"], [1], 1, ["1", ""]]),
    ("meters.readings", PERIOD, "page_size", [1001]),
    ("meters.consumption", PERIOD, "table_no", ["1,2", ["1", "2"]]),
    ("meters.consumption", PERIOD, "kind", ["3", 1, True, None, "REALTIME"]),
    ("meters.time_of_use_readings", PERIOD, "table_no", [[], ["1,2"]]),
    ("meters.camera_readings", PERIOD, "table_no", [[], ["1,2"]]),
    ("meters.instruct", COMMAND, "device_id", [*CODES, "1,2"]),
    ("meters.instruct", COMMAND, "instruction", ["0", "4", 1, True, None, "DISCONNECT", ConsumptionKind.REALTIME]),
]
WATER_RULES: list[tuple[str, dict[str, Any], str, list[Any]]] = [
    ("flows.list", {}, "region_id", [-1, "1212", True, 1.0]),
    ("flows.list", {}, "page", WHOLE),
    ("flows.list", {}, "page_size", WHOLE),
    ("flows.list", {}, "device_code", ["", 1]),
    ("flows.list", {}, "watch_status", ["", 1]),
    ("costs.list", {}, "user_name", ["", 1]),
    ("operation_logs.list", {}, "operation_type", ["", 1]),
    ("schedules.list", {}, "collector_code", ["", 1]),
    ("schedules.list", {}, "water_meter_number", ["", 78]),
    ("readings.list", {}, "start", [1685548800000, "2023-06-01", date(2023, 6, 1)]),
    ("payments.list", {}, "end", [1685548800000, "2023-06-01", date(2023, 6, 1)]),
    ("payments.list", {}, "address", ["", 1]),
]


def cases(rules: list[tuple[str, dict[str, Any], str, list[Any]]]) -> Any:
    return pytest.mark.parametrize(
        ("method", "good", "name", "values"), rules, ids=[f"{method}-{name}" for method, _, name, _ in rules]
    )


async def refused(driver: Driver, method: str, arguments: dict[str, Any], name: str) -> InvalidArgument:
    """Call, and hold the error to its promises."""
    with pytest.raises(InvalidArgument) as caught:
        await driver.call(method, **arguments)
    error = caught.value
    assert error.argument == name
    assert name in error.message
    assert name in error.message_zh
    assert re.search("[\u4e00-\u9fff]", error.message_zh)
    assert len(str(error)) < 600
    return error


@cases(RULES)
async def test_refused_before_anything_is_sent(
    method: str, good: dict[str, Any], name: str, values: list[Any], connect: Connect
) -> None:
    """Each bad value raises InvalidArgument that names the argument in both languages; no call, no login."""
    server = FakeServer(OK)
    driver = connect(server)
    for value in values:
        await refused(driver, method, {**good, name: value}, name)
    assert (server.logins, server.requests) == ([], [])


@cases(WATER_RULES)
async def test_refused_by_the_water_client_too(
    method: str, good: dict[str, Any], name: str, values: list[Any], connect: Connect
) -> None:
    """The same of the water API's arguments."""
    server = FakeServer(OK)
    driver = connect(server, "water")
    for value in values:
        await refused(driver, method, {**good, name: value}, name)
    assert server.requests == []


@pytest.mark.parametrize(
    ("family", "method", "names"),
    [("jrhsz", "meters.readings", ("begin", "end")), ("water", "payments.list", ("start", "end"))],
)
async def test_a_period_that_ends_before_it_begins_is_refused(
    family: str, method: str, names: tuple[str, str], connect: Connect
) -> None:
    """begin after end names begin and shows both; the same moment is a period."""
    server = FakeServer(OK)
    driver = connect(server, family)
    error = await refused(driver, method, {names[0]: END, names[1]: BEGIN}, names[0])
    assert "2023-04-08 00:00:00" in error.message
    assert names[1] in error.message
    assert server.requests == []
    await driver.collect(method, **{names[0]: BEGIN, names[1]: BEGIN})
    assert len(server.requests) == 1


async def test_periods_compare_across_time_zones(connect: Connect) -> None:
    """01:00 UTC is later than 08:30 in Shanghai: zones are converted, not cut off, and sent as China Standard Time."""
    server = FakeServer(OK)
    driver = connect(server)
    begin = datetime(2023, 4, 6, 1, tzinfo=UTC)
    await refused(driver, "meters.readings", {"begin": begin, "end": datetime(2023, 4, 6, 8, 30)}, "begin")
    await driver.collect("meters.readings", begin=begin, end=datetime(2023, 4, 6, 9, 30))
    assert (server.bodies[0]["BeginDate"], server.bodies[0]["EndDate"]) == (
        "2023-04-06 09:00:00",
        "2023-04-06 09:30:00",
    )


@pytest.mark.parametrize(
    ("given_", "sent"),
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
async def test_amounts_are_sent_with_two_decimals(given_: Any, sent: str, connect: Connect) -> None:
    """However an exact amount is written, total_fee is yuan and fen as text."""
    server = FakeServer({"code": 200, "msg": "充值成功"})
    await connect(server).call("recharges.create", **{**RECHARGE, "amount": given_})
    assert server.bodies[0]["total_fee"] == sent


@QUICK
@given(fen=st.integers(1, 10**17 - 1))
def test_no_fen_is_lost(fen: int) -> None:
    """Every amount of whole fen below 10^15 yuan is kept exactly."""
    amount = Decimal(fen).scaleb(-2)
    assert Recharge("1", amount=amount, order_number="o").amount == amount
    assert Recharge("1", amount=str(amount), order_number="o").amount == amount


@QUICK
@given(amount=st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_is_exact_or_refused(amount: Decimal) -> None:
    """Nothing but InvalidArgument comes of a bad amount, and nothing is rounded."""
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
        given_ = ",".join(numbers) if make is str else make(numbers)
        await connect(server).collect(method, table_no=given_, **PERIOD)
        assert server.bodies[0]["tableNo"] == ",".join(numbers)


@pytest.mark.parametrize("given_", [*Instruction, "1", "2", "3"])
async def test_instructions_are_members_or_their_codes(given_: Any, connect: Connect) -> None:
    """Instruction.DISCONNECT and "1" are the same on the wire."""
    server = FakeServer({"code": 200, "msg": "操作成功"})
    await connect(server).call("meters.instruct", "202005004869", given_)
    assert server.bodies[0]["type"] == Instruction(given_).value
    assert InstructMeter("202005004869", given_).instruction is Instruction(given_)


async def test_pages_are_asked_for_as_given(connect: Connect) -> None:
    """page and page_size go out as numbers, up to the documented 1000."""
    server = FakeServer(OK)
    driver = connect(server)
    await driver.collect("meters.list", page=3, page_size=1000)
    assert (server.bodies[0]["pageNo"], server.bodies[0]["pageSize"]) == (3, 1000)


def test_operations_are_frozen_values() -> None:
    """Operations compare by value, hash, and cannot be changed after their checks."""
    one = Recharge("1", amount=1, order_number="o")
    assert one == Recharge("1", amount="1.00", order_number="o")
    assert hash(one) == hash(Recharge("1", amount="1.00", order_number="o"))
    with pytest.raises(AttributeError):
        one.amount = 2  # type: ignore[misc]  # what is tested
    with pytest.raises(InvalidArgument):
        ListMeters(page_size=5).at(0)


def test_amounts_do_not_depend_on_the_caller_s_decimal_context() -> None:
    """A program that reckons with six digits can pay in more than that."""
    with localcontext() as context:
        context.prec = 6
        assert Recharge("2022040001", amount="123456.78", order_number="order-1").amount == Decimal("123456.78")
