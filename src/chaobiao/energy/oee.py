"""OEE: rules that tell a machine's state from its values, and the states that it was in."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, ObjectOperation, RowsOperation
from chaobiao.energy.alarms import Limits
from chaobiao.energy.amounts import TimedPeriod
from chaobiao.energy.codecs import INTEGER_TEXT, TIME_INDEX, Index
from chaobiao.energy.codes import ReturnFormat
from chaobiao.energy.endpoint import create, delete, get, update
from chaobiao.energy.shapes import DeleteById, EnergyPage, Period
from chaobiao.errors import InvalidArgument

#: The longest period that 7.5 takes.
LONGEST: Final = timedelta(hours=24)


@frozen
class OeeRule(Record):
    """A rule for a state (OEE规则), as section 7.1 lists it."""

    id: int | None = cell("id", "主键", "Id of the rule.", number=True, example=1)
    name: str | None = cell("Rule_Name", "规则名称", "Name of the rule.")
    status: str | None = cell("Status_Name", "状态名称", "The state that it tells.", example="运行")
    meter_id: int | None = cell(
        "Meter_id", "仪表主键", "Id of the meter whose values it reads.", number=True, example=12
    )
    parameter: str | None = cell("Meter_Parameter", "判断测点", "Measuring point.", example="IA")
    lower_limit: Decimal | None = cell("LowerLimit", "下限", "Lower limit, included.", number=True)
    upper_limit: Decimal | None = cell("UpperLimit", "上限", "Upper limit, included.", number=True)
    machine_id: int | None = cell("Meter_Superior_id", "机器", "Id of the machine.", example="3")


@frozen
class OeeRuleForm(Limits, ObjectOperation[Acknowledgement]):
    """What can be set of a rule."""

    name: str = arg("Rule_Name", "规则名称", "Name of the rule.", check=checks.text)
    status: str = arg("Status_Name", "状态名称", "The state that it tells.", check=checks.text, example="运行")
    meter_id: int = arg("Meter_id", "仪表主键id", "Id of a meter of the machine.", check=checks.whole(0))
    parameter: str = arg("Meter_Parameter", "判断测点", "Measuring point.", check=checks.text, example="IA")

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@get("/api_3/OEE_status_rules", section="7.1", call="oee_rules.list", title="获取OEE规则")
@frozen
class ListOeeRules(EnergyPage[OeeRule]):
    """List the rules for the states of machines."""


@create(
    "/api_3/OEE_status_rules", section="7.2", call="oee_rules.create", title="添加OEE规则", look_up="oee_rules.list"
)
@frozen
class CreateOeeRule(OeeRuleForm):
    """Create a rule: the machine is in the state while the value is within the limits.

    The id of the rule is in oee_rules.list.
    """

    machine_id: int = arg("Meter_Superior_id", "机器", "Id of the machine.", check=checks.whole(0), codec=INTEGER_TEXT)


@update("/api_3/OEE_status_rules", section="7.3", call="oee_rules.update", title="修改OEE规则")
@frozen
class UpdateOeeRule(OeeRuleForm):
    """Change a rule."""

    id: int = arg("id", "主键", "Id of the rule, from oee_rules.list.", kw_only=False, check=checks.whole(0))
    machine_id: int = arg("Meter_Superior_id", "机器", "Id of the machine.", check=checks.whole(0))


@delete("/api_3/OEE_status_rules", section="7.4", call="oee_rules.delete", title="删除OEE规则")
@frozen
class DeleteOeeRule(DeleteById):
    """Delete a rule."""


@frozen
class OeeRecord(Record):
    """A change of state (状态记录), as section 7.5 lists it."""

    time: datetime | None = cell("Time", "时间下标", "Time from which the state lasts.", example="2019-04-01 00:00:00")
    status: str | None = cell("Status_Name", "状态名称", "The state.", example="运行")


@get("/api_3/OEE_statistic_records", section="7.5", call="oee.records", title="获取OEE时间段内的状态记录")
@frozen
class ListOeeRecords(Period, RowsOperation[OeeRecord]):
    """List the changes of state of a machine, for 24 hours at most; the first row is the state at the start."""

    machine_id: int = arg("Meter_Superior_id", "机器", "Id of the machine.", kw_only=False, check=checks.whole(0))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.end - self.start > LONGEST:
            raise InvalidArgument(
                "end",
                "must be at most 24 hours after {other}; ask day by day",
                "距 {other} 不能超过 24 小时，请逐日查询",
                other="start",
            )


@frozen
class OeeDuration(Record):
    """How long a machine was in a state (状态时间), as section 7.6 lists it."""

    time: Index | None = cell(
        "Time", "时间下标", "Step of the period.", codec=TIME_INDEX, example="2019-04-01 13:00:00"
    )
    seconds: int | None = cell("Total_Amount", "时间总量", "How long.", number=True, unit="s", example=3600)
    status: str | None = cell("Status_Name", "状态名称", "The state.", example="运行")


@get("/api_3/OEE_statistic", section="7.6", call="oee.statistics", title="获取OEE状态时间的统计(年月日)")
@frozen
class GetOeeStatistics(TimedPeriod, RowsOperation[OeeDuration]):
    """List for how many seconds a machine was in each state."""

    return_format: ReturnFormat = arg(
        "Return_Format",
        "返回格式",
        "One total, or a number for each step of the period.",
        check=checks.one_of(ReturnFormat),
        example=1,
    )
    machine_id: int = arg("Meter_Superior_id", "机器", "Id of the machine.", kw_only=False, check=checks.whole(0))
