"""Meters, and what they can be told to do."""

from datetime import datetime

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, operation
from chaobiao.jrhsz.codes import Gate, Instruction, MeterKind, NetworkState
from chaobiao.jrhsz.paged import JrhszPage


@frozen
class Meter(Record):
    """A meter of the project."""

    project_code: str | None = wire("project_code", default=None, zh="项目编码", doc="Code of the project.")
    device_id: str | None = wire("deviceId", default=None, zh="设备ID", doc="The device, for meters.instruct.")
    device_name: str | None = wire("deviceName", default=None, zh="设备名称", doc="Name of the device.")
    table_no: str | None = wire("tableNo", default=None, zh="表号", doc="Number of the meter.")
    table_address: str | None = wire("tableAddress", default=None, zh="表地址", doc="Where it is.")
    kind: MeterKind | None = wire(
        "tableType",
        default=None,
        aliases=("typeType",),
        zh="表类型",
        doc="Kind of meter; the table spells it typeType.",
    )
    online_at: datetime | None = wire("onlineAt", default=None, zh="最近上线时间", doc="When it was last in contact.")
    network: NetworkState | None = wire("netStatis", default=None, zh="设备当前状态", doc="Whether it is in contact.")
    gate: Gate | None = wire("gate", default=None, zh="阀门状态", doc="State of the valve or breaker.")
    user_code: str | None = wire("user_code", default=None, zh="用户编码", doc="Code of the resident.")
    user_name: str | None = wire("user_name", default=None, zh="用户名称", doc="Name of the resident.")
    house_number: str | None = wire("house_number", default=None, zh="门牌号", doc="House number.")


@operation(
    "POST",
    "/meter/meterList",
    section="meter 4.2",
    call="meters.list",
    effect=Effect.READ,
    interval=2,
    title="设备信息",
)
@frozen
class ListMeters(JrhszPage[Meter]):
    """List all meters of the project."""


@operation(
    "POST",
    "/meter/meterInstruct",
    section="meter 4.6",
    call="meters.instruct",
    effect=Effect.COMMAND,
    interval=2,
    title="设备指令下发",
)
@frozen
class InstructMeter(ObjectOperation[Acknowledgement]):
    """Tell a meter to disconnect, to reconnect, or to take a reading.

    This cuts or restores somebody's water or electricity. When the answer gets lost, the call raises
    :class:`OutcomeUnknown` and is never repeated: read the state back with meters.latest_readings.
    """

    device_id: str = wire(
        "deviceId", kw_only=False, required=True, check=checks.single_code, zh="表设备id", doc="The device."
    )
    instruction: Instruction = wire(
        "type",
        kw_only=False,
        required=True,
        check=checks.one_of(Instruction),
        zh="指令",
        doc="What to do: DISCONNECT 1, RECONNECT 2, READ 3.",
    )

    @property
    def reference(self) -> str:
        """The device and what it was told."""
        return f"{self.device_id} {self.instruction.name}"
