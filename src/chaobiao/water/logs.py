"""Who did what, and what is scheduled."""

from datetime import datetime
from typing import ClassVar

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, operation
from chaobiao._wire.scalars import read_time_or_text
from chaobiao.water.paged import WaterPage


@frozen
class OperationLog(Record):
    """Something that an operator did (操作日志)."""

    log_type: str | None = wire("log_type", default=None, zh="日志类型", doc="Kind of entry.")
    device_code: str | None = wire("device_code", default=None, zh="设备编码", doc="Code of the device.")
    operator: str | None = wire("operator", default=None, zh="操作人", doc="Who.")
    operated_at: datetime | None = wire("operation_time", default=None, zh="操作时间", doc="When.")
    ip_address: str | None = wire("ip_address", default=None, zh="操作IP", doc="From which address.")


@frozen
class Schedule(Record):
    """A scheduled task (定时任务)."""

    user_code: str | None = wire("user_code", default=None, zh="用户编码", doc="Code of the user.")
    user_name: str | None = wire("user_name", default=None, aliases=("username",), zh="用户名", doc="Name of the user.")
    water_meter_number: str | None = wire("water_meter_number", default=None, zh="水表编号", doc="Number of the meter.")
    operation_type: str | None = wire("operation_type", default=None, zh="操作类型", doc="What is to be done.")
    execution_status: str | None = wire("execution_status", default=None, zh="执行状态", doc="How it went.")
    execution_count: int | None = wire(
        "execution_count",
        default=None,
        number=True,
        zh="执行次数",
        doc="How often it ran; the sample has a word here, which is kept in ``unreadable``.",
    )
    created_at: datetime | None = wire("created_at", default=None, zh="创建时间", doc="When it was made.")
    execution_time: datetime | str | None = wire(
        "execution_time",
        default=None,
        read=read_time_or_text,
        zh="执行时间",
        doc='When it runs: a time where it has 13 digits, else the text as it came (the sample has "6767").',
    )


@operation("GET", "/opt", section="4", call="operation_logs.list", effect=Effect.READ, title="操作日志模块")
@frozen
class ListOperationLogs(WaterPage[OperationLog]):
    """List what operators did."""

    past: ClassVar[bool] = True
    operation_type: str | None = wire(
        "opt_type", default=None, check=checks.optional(checks.text), zh="操作类型", doc="Part of the kind."
    )


@operation("GET", "/schedule", section="5", call="schedules.list", effect=Effect.READ, title="定时任务模块")
@frozen
class ListSchedules(WaterPage[Schedule]):
    """List scheduled tasks."""

    collector_code: str | None = wire(
        "coll_code",
        default=None,
        check=checks.optional(checks.text),
        zh="采集器编码",
        doc="Part of the collector's code.",
    )
    water_meter_number: str | None = wire(
        "watcher_num",
        default=None,
        check=checks.optional(checks.text),
        zh="水表编号",
        doc="Part of the meter's number.",
    )
