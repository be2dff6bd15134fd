"""Who did what, and what is scheduled."""

from datetime import datetime
from typing import ClassVar

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._wire.codecs import TIME_OR_TEXT
from chaobiao.water.endpoint import get
from chaobiao.water.paged import WaterPage


@frozen
class OperationLog(Record):
    """Something that an operator did (操作日志)."""

    log_type: str | None = cell("log_type", "日志类型", "Kind of entry.")
    device_code: str | None = cell("device_code", "设备编码", "Code of the device.", example="123456789")
    operator: str | None = cell("operator", "操作人", "Who.")
    operated_at: datetime | None = cell("operation_time", "操作时间", "When.")
    ip_address: str | None = cell("ip_address", "操作IP", "From which address.")


@frozen
class Schedule(Record):
    """A scheduled task (定时任务)."""

    user_code: str | None = cell("user_code", "用户编码", "Code of the user.", example="123456789")
    user_name: str | None = cell("user_name", "用户名", "Name of the user.", aliases=("username",))
    water_meter_number: str | None = cell("water_meter_number", "水表编号", "Number of the meter.")
    operation_type: str | None = cell("operation_type", "操作类型", "What is to be done.")
    execution_status: str | None = cell("execution_status", "执行状态", "How it went.")
    execution_count: int | None = cell(
        "execution_count",
        "执行次数",
        "How often it ran; the sample has a word here, which is kept in ``unreadable``.",
        number=True,
    )
    created_at: datetime | None = cell("created_at", "创建时间", "When it was made.", example="1687709763000")
    execution_time: datetime | str | None = cell(
        "execution_time",
        "执行时间",
        'When it runs: a time where it has 13 digits, else the text as it came (the sample has "6767").',
        codec=TIME_OR_TEXT,
        example="6767",
    )


@get("/opt", section="4", call="operation_logs.list", title="操作日志模块")
@frozen
class ListOperationLogs(WaterPage[OperationLog]):
    """List what operators did."""

    past: ClassVar[bool] = True
    operation_type: str | None = arg("opt_type", "操作类型", "Part of the kind.", default=None, check=checks.text)


@get("/schedule", section="5", call="schedules.list", title="定时任务模块")
@frozen
class ListSchedules(WaterPage[Schedule]):
    """List scheduled tasks."""

    collector_code: str | None = arg(
        "coll_code", "采集器编码", "Part of the collector's code.", default=None, check=checks.text
    )
    water_meter_number: str | None = arg(
        "watcher_num", "水表编号", "Part of the meter's number.", default=None, check=checks.text
    )
