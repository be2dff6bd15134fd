"""Past readings and past payments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.water import ListPayments, ListReadings, PastPayment, PastReading
from chaobiao.water.paged import WaterHistory
from chaobiao_mock.pagination import Span
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water import documented
from chaobiao_mock.water.documented import Place
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.flows import last_month
from chaobiao_mock.water.pagination import page_of_spans
from chaobiao_mock.water.state import WaterState, hundredths, tenths

handlers = Handlers()

R = TypeVar("R")

_INSTANT = timedelta(microseconds=1)


def _who(op: WaterHistory[Any]) -> DeviceFilter:
    return DeviceFilter(device_code=op.device_code, user_code=op.user_code, user_name=op.user_name, address=op.address)


def _period(state: WaterState, op: WaterHistory[Any]) -> tuple[datetime, datetime]:
    """The last moment before the period asked for, and its last moment: what is past, at most."""
    now = state.clock.now()
    return (op.start or state.fleet.start) - _INSTANT, min(op.end or now, now)


def _shown(state: WaterState, op: WaterHistory[Any], rows: tuple[tuple[Place, Any], ...]) -> list[Any]:
    return [
        row
        for row in state.documented(rows, _who(op))
        if (op.start is None or op.start <= row.collected_at) and (op.end is None or row.collected_at <= op.end)
    ]


@handlers.serves(ListReadings)
def list_readings(state: WaterState, op: ListReadings) -> Page[PastReading]:
    fleet = state.fleet

    def reading(device: int, number: int) -> PastReading:
        user = fleet.user_of(device)
        at = fleet.collected_at(device, number)
        register = fleet.register(device, number)
        return PastReading(
            user_name=fleet.user_name(user),
            house_number=fleet.house_number(user),
            device_code=fleet.device_code(device),
            settle_flow=tenths(fleet.register(device, fleet.month_begin(number))),
            total_flow=tenths(register),
            last_month_flow=tenths(last_month(state, device, number)),
            balance=hundredths(state.accounts.balance(device, at)),
            battery_voltage=hundredths(max(360 - number // 30, 300)),
            status="正常",
            collected_at=at,
            latest_31_day_usage=tenths(register - fleet.register(device, number - 31)),
        )

    def spans() -> Iterator[Span]:
        before, last = (fleet.seconds(moment) for moment in _period(state, op))
        for device in fleet.find_devices(_who(op)):
            first = fleet.collections(device, before)
            yield device, first, fleet.collections(device, last) - first

    return page_of_spans(op, _shown(state, op, documented.READINGS), spans(), reading)


@handlers.serves(ListPayments)
def list_payments(state: WaterState, op: ListPayments) -> Page[PastPayment]:
    fleet, accounts = state.fleet, state.accounts

    def payment(device: int, number: int) -> PastPayment:
        user = fleet.user_of(device)
        at, amount = accounts.paid_at(device, number), accounts.amount(device, number)
        surplus = accounts.account_balance(user, at)
        return PastPayment(
            user_name=fleet.user_name(user),
            device_code=fleet.device_code(device),
            user_code=fleet.user_code(user),
            address=fleet.address(user),
            user_type="商业" if fleet.is_business(user) else "居民",
            price_mode="单一价格",
            payment_method=accounts.method(device, number),
            account_balance=hundredths(surplus - amount),
            amount_recharged=hundredths(amount),
            surplus_balance=hundredths(surplus),
            recharge_status="成功",
            collected_at=at,
        )

    def spans() -> Iterator[Span]:
        before, last = _period(state, op)
        first_month, month = fleet.month_of(before), fleet.month_of(last)
        into_first = fleet.seconds_into(first_month, before)
        into_last = fleet.seconds_into(month, last)
        for device in fleet.find_devices(_who(op)):
            first = accounts.payments(device, first_month, into_first)
            yield device, first, accounts.payments(device, month, into_last) - first

    return page_of_spans(op, _shown(state, op, documented.PAYMENTS), spans(), payment)
