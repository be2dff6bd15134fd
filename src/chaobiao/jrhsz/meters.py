"""Meters, and commands to them."""

from datetime import datetime

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation
from chaobiao.jrhsz.codes import Gate, Instruction, MeterKind, NetworkState
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.paged import JrhszPage


@frozen
class Meter(Record):
    """A meter, as meter 4.2 shows it."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the meter's project.", example="zc")
    device_id: str | None = cell(
        "deviceId",
        "设备ID",
        "Id of the device, for meters.instruct; in the samples equal to the meter number.",
        example="202005005292",
    )
    device_name: str | None = cell("deviceName", "设备名称", "Name of the device; in the samples equal to its id.")
    table_no: str | None = cell(
        "tableNo", "表号", "Number of the meter, by which readings and consumption are listed.", example="190620833464"
    )
    table_address: str | None = cell("tableAddress", "表地址", "Place of the meter.", example="7栋")
    kind: MeterKind | None = cell(
        "tableType",
        "表类型",
        "Code of the kind of meter; the sample spells the key tableType, the table typeType.",
        aliases=("typeType",),
        example="2",
    )
    online_at: datetime | None = cell("onlineAt", "最近上线时间", "Time at which the meter last went online.")
    network: NetworkState | None = cell("netStatis", "设备当前状态", "Whether the meter is online.", example="不在线")
    gate: Gate | None = cell("gate", "阀门状态", "State of the valve or breaker.", example="跳闸")
    user_code: str | None = cell("user_code", "用户编码", "Code of the meter's resident.", example="2022040001")
    user_name: str | None = cell("user_name", "用户名称", "Name of the resident.", example="101")
    house_number: str | None = cell("house_number", "门牌号", "House number of the resident.", example="101")


@post("/meter/meterList", section="meter 4.2", call="meters.list", title="设备信息")
@frozen
class ListMeters(JrhszPage[Meter]):
    """List all meters of the project."""


@post(
    "/meter/meterInstruct",
    section="meter 4.6",
    call="meters.instruct",
    title="设备指令下发",
    effect=Effect.COMMAND,
    look_up="meters.latest_readings",
)
@frozen
class InstructMeter(ObjectOperation[Acknowledgement]):
    """Send a command to a meter: disconnect, reconnect, or take a reading.

    This cuts off or restores a resident's water or electricity. When no response arrives, the call raises
    :class:`OutcomeUnknown` and is never repeated: check the state with meters.latest_readings.
    """

    device_id: str = arg(
        "deviceId",
        "表设备id",
        "Id of one device, the device_id of meters.list.",
        kw_only=False,
        check=checks.single_code,
        example="202005005292",
    )
    instruction: Instruction = arg(
        "type",
        "指令",
        "The command: DISCONNECT (1), RECONNECT (2) or READ (3).",
        kw_only=False,
        check=checks.one_of(Instruction),
    )

    @property
    def reference(self) -> str:
        """The device id and the command."""
        return f"{self.device_id} {self.instruction.name}"
