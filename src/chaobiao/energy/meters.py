"""Meters (仪表): real, virtual and manual ones."""

from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, ObjectOperation
from chaobiao._wire.codecs import FLAG, NUMERIC_FLAG
from chaobiao.energy.codecs import CLEARABLE_NUMBER, INTEGER_TEXT, JOINED_TEXTS
from chaobiao.energy.endpoint import create, delete, get, update
from chaobiao.energy.shapes import DeleteById, EnergyPage


@frozen
class Meter(Record):
    """A meter (仪表), as section 2.3 lists it."""

    id: int | None = cell("id", "主键id", "Id of the meter.", number=True, example=12)
    name: str | None = cell("Meter_Name", "仪表名", "Name of the meter.", example="染色工业水表")
    kind: str | None = cell("Meter_Type", "仪表类型", "Kind of meter; the document lists no values.")
    machine: str | None = cell("Meter_Superior", "所属机器", "Name of the machine that it belongs to.", example="机器1")
    department: str | None = cell("Meter_Department", "所属部门", "Department of the machine.", example="东车间")
    remarks: str | None = cell("Meter_Remarks", "仪表描述", "Remarks.")
    amount_before: Decimal | None = cell(
        "Meter_TotalAmount", "换表前累计总量", "Total of the meter that stood here before it."
    )
    is_virtual: bool | None = cell(
        "Meter_IsVirtual", "是否为虚拟表", "Whether its amounts are computed from other meters.", codec=FLAG
    )
    formula: str | None = cell("Meter_Formula", "虚拟表计算公式", "Formula of a virtual meter.")
    is_total: bool | None = cell(
        "Meter_IsTotal", "是否为总表", "Whether it measures what other meters do too.", codec=FLAG
    )
    is_counted: bool | None = cell("Meter_IsCount", "是否统计", "Whether statistics take it in.", codec=FLAG)
    is_manual: bool | None = cell(
        "Is_HandWork", "是否手工填报", "Whether its amounts are entered by people.", number=True, codec=NUMERIC_FLAG
    )
    machine_id: int | None = cell("Meter_Superior_id", "机器的ID", "Id of its machine.", number=True, example=3)
    parameters: tuple[str, ...] | None = cell(
        "Meter_Parameter",
        "表的瞬时参数",
        "Instantaneous values that it measures; the server joins them by commas.",
        codec=JOINED_TEXTS,
        example="UA,UB,UC",
    )


@frozen
class CreatedMeter(Record):
    """The id of a meter that was created."""

    id: int | None = cell("id", "主键id", "Id of the meter.", number=True, example=12)


@frozen
class MeterForm:
    """What can be set of a meter."""

    name: str = arg("Meter_Name", "仪表名", "Name of the meter; must be new.", check=checks.text)
    kind: str = arg("Meter_Type", "仪表类型", "Kind of meter; the document lists no values.", check=checks.text)
    remarks: str | None = arg("Meter_Remarks", "仪表备注", "Remarks.", default=None, check=checks.any_text)
    amount_before: Decimal | int | str | None = arg(
        "Meter_TotalAmount",
        "换表前累计总量",
        "Total of the meter that stood here before it.",
        default=None,
        check=checks.clearable_number,
        codec=CLEARABLE_NUMBER,
    )
    is_virtual: bool | None = arg(
        "Meter_IsVirtual",
        "是否为虚拟表",
        "Whether its amounts are computed from other meters; the server's default is False.",
        default=None,
        check=checks.flag,
        codec=FLAG,
    )
    formula: str | None = arg(
        "Meter_Formula",
        "虚拟表计算公式",
        "Formula of a virtual meter: names of meters joined by + and -.",
        default=None,
        check=checks.any_text,
    )
    is_total: bool | None = arg(
        "Meter_IsTotal",
        "是否为总表",
        "Whether it measures what other meters do too; the server's default is False.",
        default=None,
        check=checks.flag,
        codec=FLAG,
    )
    is_counted: bool | None = arg(
        "Meter_IsCount",
        "是否统计",
        "Whether statistics take it in; the server's default is False.",
        default=None,
        check=checks.flag,
        codec=FLAG,
    )
    is_manual: bool | None = arg(
        "Is_HandWork",
        "是否手工填报",
        "Whether its amounts are entered by people; the server's default is False.",
        default=None,
        check=checks.flag,
        codec=NUMERIC_FLAG,
    )

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@create("/api_3/meters", section="2.1", call="meters.create", title="新增仪表", look_up="meters.list")
@frozen
class CreateMeter(MeterForm, ObjectOperation[CreatedMeter]):
    """Create a meter and return its id. Statistics take it in only with ``is_counted=True``."""

    machine_id: int = arg(
        "Meter_Superior_id",
        "所属机器的id",
        "Id of its machine, from machines.list.",
        check=checks.whole(0),
        codec=INTEGER_TEXT,
    )


@update("/api_3/meters", section="2.2", call="meters.update", title="修改仪表")
@frozen
class UpdateMeter(MeterForm, ObjectOperation[Acknowledgement]):
    """Change a meter. What is not given stays as it is; an empty text clears a field."""

    id: int = arg("id", "主键", "Id of the meter, from meters.list.", kw_only=False, check=checks.whole(0))
    machine_id: int = arg(
        "Meter_Superior_id", "所属机器的id", "Id of its machine, from machines.list.", check=checks.whole(0)
    )


@get("/api_3/meters", section="2.3", call="meters.list", title="获取仪表信息")
@frozen
class ListMeters(EnergyPage[Meter]):
    """List the meters."""

    id: int | None = arg("id", "仪表主键", "Only the meter with this id.", default=None, check=checks.whole(0))
    kind: str | None = arg("Meter_Type", "仪表类型", "Only meters of this kind.", default=None, check=checks.text)
    machine: str | None = arg(
        "Meter_Superior",
        "所属机器的名称",
        "Only meters of the machine with this name.",
        default=None,
        check=checks.text,
    )
    is_manual: bool | None = arg(
        "Is_HandWork",
        "是否手工填报",
        "Only manual meters, or only others.",
        default=None,
        check=checks.flag,
        codec=NUMERIC_FLAG,
    )
    is_counted: bool | None = arg(
        "Meter_IsCount",
        "是否需要统计",
        "Only meters that statistics take in, or only others.",
        default=None,
        check=checks.flag,
        codec=NUMERIC_FLAG,
    )

    @property
    def single(self) -> bool:
        return self.id is not None


@delete("/api_3/meters", section="2.4", call="meters.delete", title="删除仪表")
@frozen
class DeleteMeter(DeleteById):
    """Delete a meter. A server may raise StillInUse while rules or formulas refer to it."""
