"""The histories of readings and payments."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from chaobiao._contract.operation import Page
from chaobiao.water import ListPayments, ListReadings, PastPayment, PastReading
from chaobiao.water.paged import WaterHistory
from chaobiao_mock.decimals import hundredths, tenths
from chaobiao_mock.pagination import Span, rows_of, rows_of_spans
from chaobiao_mock.periods import in_period
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water.documented import Sample
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.flows import usage_of_last_month
from chaobiao_mock.water.pagination import page_of
from chaobiao_mock.water.state import WaterState

handlers = Handlers()

R = TypeVar("R", PastReading, PastPayment)

_MICROSECOND: Final = timedelta(microseconds=1)


def _filter_of(op: WaterHistory[Any]) -> DeviceFilter:
    return DeviceFilter(device_code=op.device_code, user_code=op.user_code, user_name=op.user_name, address=op.address)


def _period(state: WaterState, op: WaterHistory[Any]) -> tuple[datetime, datetime]:
    """Return the last moment before the requested period, and its last moment, which is never in the future."""
    now = state.clock.now()
    return (op.start or state.fleet.start) - _MICROSECOND, min(op.end or now, now)


def _documented_rows(state: WaterState, op: WaterHistory[R], samples: tuple[Sample[R], ...]) -> list[R]:
    rows = state.matching(samples, _filter_of(op))
    return [row for row in rows if in_period(row.collected_at, op.start, op.end)]


@handlers.serves(ListReadings)
def list_readings(state: WaterState, op: ListReadings) -> Page[PastReading]:
    fleet = state.fleet

    def reading(row: tuple[int, int]) -> PastReading:
        device, number = row
        user = fleet.user_of(device)
        at = fleet.collected_at(device, number)
        register = fleet.register(device, number)
        return PastReading(
            user_name=fleet.user_name(user),
            house_number=fleet.house_number(user),
            device_code=fleet.device_code(device),
            settle_flow=tenths(fleet.register(device, fleet.month_begin(number))),
            total_flow=tenths(register),
            last_month_flow=tenths(usage_of_last_month(state, device, number)),
            balance=hundredths(state.ledger.balance(device, at)),
            battery_voltage=hundredths(max(360 - number // 30, 300)),
            status="正常",
            collected_at=at,
            latest_31_day_usage=tenths(register - fleet.register(device, number - 31)),
        )

    before, last = (fleet.seconds_since_start(moment) for moment in _period(state, op))
    spans = fleet.collection_spans(fleet.find_devices(_filter_of(op)), before, last)
    documented = _documented_rows(state, op, state.documented.readings)
    return page_of(op, [rows_of(documented), rows_of_spans(spans).map(reading)])


@handlers.serves(ListPayments)
def list_payments(state: WaterState, op: ListPayments) -> Page[PastPayment]:
    fleet, ledger = state.fleet, state.ledger

    def payment(row: tuple[int, int]) -> PastPayment:
        device, number = row
        user = fleet.user_of(device)
        at, amount = ledger.paid_at(device, number), ledger.amount(device, number)
        surplus = ledger.account_balance(user, at)
        return PastPayment(
            user_name=fleet.user_name(user),
            device_code=fleet.device_code(device),
            user_code=fleet.user_code(user),
            address=fleet.address(user),
            user_type="商业" if fleet.is_business(user) else "居民",
            price_mode="单一价格",
            payment_method=ledger.method(device, number),
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
        for device in fleet.find_devices(_filter_of(op)):
            first = ledger.payment_count(device, first_month, into_first)
            yield device, first, ledger.payment_count(device, month, into_last) - first

    documented = _documented_rows(state, op, state.documented.payments)
    return page_of(op, [rows_of(documented), rows_of_spans(spans()).map(payment)])
