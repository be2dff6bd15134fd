"""Operation logs and scheduled tasks."""

from datetime import datetime
from typing import ClassVar

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._wire.codecs import TIME_OR_TEXT
from chaobiao.water.endpoint import get
from chaobiao.water.paged import WaterPage


@frozen
class OperationLog(Record):
    """An entry of the operation log (操作日志), as section 4 shows it."""

    log_type: str | None = cell("log_type", "日志类型", "Kind of log entry.")
    device_code: str | None = cell("device_code", "设备编码", "Code of the device.", example="123456789")
    operator: str | None = cell("operator", "操作人", "Name of the operator.")
    operated_at: datetime | None = cell("operation_time", "操作时间", "Time of the operation.")
    ip_address: str | None = cell("ip_address", "操作IP", "IP address that the operation came from.")


@frozen
class Schedule(Record):
    """A scheduled task (定时任务), as section 5 shows it."""

    user_code: str | None = cell("user_code", "用户编码", "Code of the user.", example="123456789")
    user_name: str | None = cell("user_name", "用户名", "Name of the user.", aliases=("username",))
    water_meter_number: str | None = cell("water_meter_number", "水表编号", "Number of the water meter.")
    operation_type: str | None = cell("operation_type", "操作类型", "Kind of operation that the task runs.")
    execution_status: str | None = cell("execution_status", "执行状态", "State of the execution.")
    execution_count: int | None = cell(
        "execution_count",
        "执行次数",
        "Number of executions; the sample shows a word, which is kept in ``unreadable``.",
        number=True,
    )
    created_at: datetime | None = cell(
        "created_at", "创建时间", "Time at which the task was created.", example="1687709763000"
    )
    execution_time: datetime | str | None = cell(
        "execution_time",
        "执行时间",
        'Time of the execution; text where it is no timestamp of 13 digits (the sample shows "6767").',
        codec=TIME_OR_TEXT,
        example="6767",
    )


@get("/opt", section="4", call="operation_logs.list", title="操作日志模块")
@frozen
class ListOperationLogs(WaterPage[OperationLog]):
    """List the operation log."""

    past: ClassVar[bool] = True
    operation_type: str | None = arg(
        "opt_type", "操作类型", "Kind of operation, or a part of it.", default=None, check=checks.text
    )


@get("/schedule", section="5", call="schedules.list", title="定时任务模块")
@frozen
class ListSchedules(WaterPage[Schedule]):
    """List scheduled tasks."""

    collector_code: str | None = arg(
        "coll_code",
        "采集器编码",
        "Code of the collector that gathers the meters' data, or a part of it.",
        default=None,
        check=checks.text,
    )
    water_meter_number: str | None = arg(
        "watcher_num", "水表编号", "Number of the water meter, or a part of it.", default=None, check=checks.text
    )
