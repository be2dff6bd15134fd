"""Operation logs and scheduled tasks, which agree with the installations, payments and readings of the histories."""

from collections.abc import Iterator
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.water import ListOperationLogs, ListSchedules, OperationLog, Schedule
from chaobiao_mock.pagination import Span, rows_of, rows_of_spans
from chaobiao_mock.registry import Handlers
from chaobiao_mock.water.fleet import DeviceFilter
from chaobiao_mock.water.flows import watch_status
from chaobiao_mock.water.pagination import page_of
from chaobiao_mock.water.state import WaterState

handlers = Handlers()

INSTALLED: Final = "开户"
PAID: Final = "充值"
READ: Final = "定时抄表"


@handlers.serves(ListOperationLogs)
def list_operation_logs(state: WaterState, op: ListOperationLogs) -> Page[OperationLog]:
    fleet, ledger = state.fleet, state.ledger
    part = op.operation_type or ""
    documented = [sample.row for sample in state.documented.operation_logs if part in (sample.row.log_type or "")]

    def log(entry: tuple[int, int]) -> OperationLog:
        device, number = entry
        user = fleet.user_of(device)
        return OperationLog(
            log_type=PAID if number else INSTALLED,
            device_code=fleet.device_code(device),
            operator=fleet.user_name(user) if number else "管理员",
            operated_at=ledger.paid_at(device, number - 1) if number else fleet.start,
            ip_address=f"10.{user >> 16 & 255}.{user >> 8 & 255}.{user & 255}" if number else "10.0.0.1",
        )

    def spans() -> Iterator[Span]:
        """Entry 0 of a device is its installation, the others are its payments."""
        first, with_payments = int(part not in INSTALLED), part in PAID
        now = state.clock.now()
        month = fleet.month_of(now)
        seconds = fleet.seconds_into(month, now)
        for device in range(fleet.device_count) if with_payments or not first else ():
            yield device, first, 1 - first + (ledger.payment_count(device, month, seconds) if with_payments else 0)

    return page_of(op, [rows_of(documented), rows_of_spans(spans()).map(log)])


@handlers.serves(ListSchedules)
def list_schedules(state: WaterState, op: ListSchedules) -> Page[Schedule]:
    """Every device has one task, its daily reading. The task was executed once for each reading in the history."""
    fleet = state.fleet
    seconds = fleet.seconds_since_start(state.clock.now())

    def schedule(device: int) -> Schedule:
        user = fleet.user_of(device)
        return Schedule(
            user_code=fleet.user_code(user),
            user_name=fleet.user_name(user),
            water_meter_number=fleet.device_code(device),
            operation_type=READ,
            execution_status=watch_status(state, device),
            execution_count=fleet.collection_count(device, seconds),
            created_at=fleet.start,
            execution_time=fleet.collected_at(device, fleet.due(device, seconds)),
        )

    device_filter = DeviceFilter(device_code=op.water_meter_number, collector_code=op.collector_code)
    documented = state.matching(state.documented.schedules, device_filter)
    return page_of(op, [rows_of(documented), rows_of(fleet.find_devices(device_filter)).map(schedule)])
