"""Operation logs and scheduled tasks. They tell of the same installations, payments and readings as the histories."""

from collections.abc import Iterator
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.water import ListOperationLogs, ListSchedules, OperationLog, Schedule
from chaobiao_mock.pagination import Span
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water import documented
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.flows import watch_status
from chaobiao_mock.water.pagination import page_of_keys, page_of_spans
from chaobiao_mock.water.state import WaterState

handlers = Handlers()

INSTALLED: Final = "开户"
PAID: Final = "充值"
READ: Final = "定时抄表"


@handlers.serves(ListOperationLogs)
def list_operation_logs(state: WaterState, op: ListOperationLogs) -> Page[OperationLog]:
    fleet, accounts = state.fleet, state.accounts
    part = op.operation_type or ""
    shown = [row for _, row in documented.OPERATION_LOGS if part in (row.log_type or "")]

    def log(device: int, number: int) -> OperationLog:
        user = fleet.user_of(device)
        return OperationLog(
            log_type=PAID if number else INSTALLED,
            device_code=fleet.device_code(device),
            operator=fleet.user_name(user) if number else "管理员",
            operated_at=accounts.paid_at(device, number - 1) if number else fleet.start,
            ip_address=f"10.{user >> 16 & 255}.{user >> 8 & 255}.{user & 255}" if number else "10.0.0.1",
        )

    def spans() -> Iterator[Span]:
        """Number 0 is a device's installation, the others its payments."""
        first, with_payments = int(part not in INSTALLED), part in PAID
        now = state.clock.now()
        month = fleet.month_of(now)
        seconds = fleet.seconds_into(month, now)
        for device in range(fleet.devices) if with_payments or not first else ():
            yield device, first, 1 - first + (accounts.payments(device, month, seconds) if with_payments else 0)

    return page_of_spans(op, shown, spans(), log)


@handlers.serves(ListSchedules)
def list_schedules(state: WaterState, op: ListSchedules) -> Page[Schedule]:
    """Every device has one task: to be read each day. It ran as often as there are readings."""
    fleet = state.fleet
    seconds = fleet.seconds(state.clock.now())

    def schedule(device: int) -> Schedule:
        user = fleet.user_of(device)
        return Schedule(
            user_code=fleet.user_code(user),
            user_name=fleet.user_name(user),
            water_meter_number=fleet.device_code(device),
            operation_type=READ,
            execution_status=watch_status(state, device),
            execution_count=fleet.collections(device, seconds),
            created_at=fleet.start,
            execution_time=fleet.collected_at(device, fleet.due(device, seconds)),
        )

    chosen = DeviceFilter(device_code=op.water_meter_number, collector_code=op.collector_code)
    return page_of_keys(op, state.documented(documented.SCHEDULES, chosen), fleet.find_devices(chosen), schedule)
