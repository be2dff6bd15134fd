"""Alarms (报警状态), their rules, and the messages that they have given."""

from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, ObjectOperation, RowsOperation
from chaobiao.energy.amounts import TimedPeriod
from chaobiao.energy.codecs import INTEGER_TEXT, JSON_NUMBER, TIME_INDEX, Index
from chaobiao.energy.codes import AlarmLevel, AlarmType, CountBy, NotifyWay, ReturnFormat
from chaobiao.energy.endpoint import create, delete, get, update
from chaobiao.energy.shapes import DeleteById, EnergyPage, Period
from chaobiao.errors import InvalidArgument


@frozen
class Alarm(Record):
    """An alarm (报警状态), as section 6.1 lists it."""

    id: int | None = cell("id", "主键", "Id of the alarm.", number=True, example=1)
    name: str | None = cell("Alarm_Name", "报警名称", "Name of the alarm.")
    level: AlarmLevel | None = cell("Alarm_Level", "报警级别", "How serious it is.", number=True, example=2)
    type: AlarmType | None = cell("Alarm_Type", "报警类型", "What it watches.", number=True, example=1)
    notify_way: NotifyWay | None = cell("Alarm_Notify", "通知方式", "How people are notified.", number=True, example=1)
    notify_address: str | None = cell("Notify_Address", "通知地址", "Phone number, e-mail address or WeChat name.")


@frozen
class AlarmForm(ObjectOperation[Acknowledgement]):
    """What can be set of an alarm."""

    name: str = arg("Alarm_Name", "报警名称", "Name of the alarm; must be new.", check=checks.text)
    type: AlarmType = arg("Alarm_Type", "报警类型", "What it watches.", check=checks.one_of(AlarmType), example=1)
    level: AlarmLevel = arg("Alarm_Level", "报警级别", "How serious it is.", check=checks.one_of(AlarmLevel), example=2)
    notify_way: NotifyWay = arg(
        "Alarm_Notify", "通知方式", "How people are notified.", check=checks.one_of(NotifyWay), example=1
    )
    notify_address: str = arg(
        "Notify_Address",
        "通知地址",
        "Phone number, e-mail address or WeChat name; empty for PLATFORM.",
        check=checks.any_text,
        example="",
    )

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@get("/api_3/alarm_status", section="6.1", call="alarms.list", title="获取报警状态")
@frozen
class ListAlarms(EnergyPage[Alarm]):
    """List the alarms."""


@create("/api_3/alarm_status", section="6.2", call="alarms.create", title="添加报警状态", look_up="alarms.list")
@frozen
class CreateAlarm(AlarmForm):
    """Create an alarm. It watches nothing until it has a rule; its id is in alarms.list."""


@update("/api_3/alarm_status", section="6.3", call="alarms.update", title="修改报警状态")
@frozen
class UpdateAlarm(AlarmForm):
    """Change an alarm."""

    id: int = arg("id", "主键", "Id of the alarm, from alarms.list.", kw_only=False, check=checks.whole(0))


@delete("/api_3/alarm_status", section="6.4", call="alarms.delete", title="删除报警状态")
@frozen
class DeleteAlarm(DeleteById):
    """Delete an alarm. A server may raise StillInUse while it has rules."""


@frozen
class AlarmRule(Record):
    """A rule of an alarm (报警状态规则), as section 6.5 lists it."""

    id: int | None = cell("id", "主键", "Id of the rule.", number=True, example=1)
    name: str | None = cell("Rule_Name", "规则名称", "Name of the rule.")
    alarm_id: int | None = cell("Alarm_id", "报警主键id", "Id of its alarm.", number=True, example=1)
    meter_id: int | None = cell("Meter_id", "仪表主键id", "Id of the meter that it watches.", number=True, example=12)
    parameter: str | None = cell(
        "Meter_Parameter", "判断测点", "Measuring point, for alarms of a parameter.", example="UA"
    )
    lower_limit: Decimal | None = cell("LowerLimit", "下限", "A value below it gives an alarm.", number=True)
    upper_limit: Decimal | None = cell("UpperLimit", "上限", "A value above it gives an alarm.", number=True)


@frozen
class Limits:
    """A lower and an upper limit."""

    lower_limit: Decimal | int | float | str = arg(
        "LowerLimit", "下限", "Lower limit.", check=checks.number, codec=JSON_NUMBER, example=0
    )
    upper_limit: Decimal | int | float | str = arg(
        "UpperLimit",
        "上限",
        "Upper limit, not below the lower one.",
        check=checks.number,
        codec=JSON_NUMBER,
        example=100,
    )

    def __attrs_post_init__(self) -> None:
        if Decimal(self.lower_limit) > Decimal(self.upper_limit):
            raise InvalidArgument(
                "lower_limit",
                "must not be above {other}; swap them",
                "不能大于 {other}，请交换两者",
                other="upper_limit",
            )


@frozen
class AlarmRuleForm(Limits, ObjectOperation[Acknowledgement]):
    """What can be set of a rule."""

    name: str = arg("Rule_Name", "规则名称", "Name of the rule.", check=checks.text)
    alarm_id: int = arg("Alarm_id", "报警主键id", "Id of the alarm, from alarms.list.", check=checks.whole(0))
    meter_id: int = arg("Meter_id", "仪表主键id", "Id of the meter, from meters.list.", check=checks.whole(0))
    parameter: str | None = arg(
        "Meter_Parameter",
        "判断测点",
        "Measuring point: required if the alarm's type is PARAMETER, and only then.",
        default=None,
        check=checks.text,
    )

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@get("/api_3/alarm_status_rules", section="6.5", call="alarm_rules.list", title="获取报警状态规则")
@frozen
class ListAlarmRules(EnergyPage[AlarmRule]):
    """List the rules of alarms."""

    alarm_id: int | None = arg(
        "Alarm_id",
        "报警状态主键id",
        "Only rules of this alarm.",
        default=None,
        check=checks.whole(0),
        codec=INTEGER_TEXT,
    )


@create(
    "/api_3/alarm_status_rules",
    section="6.6",
    call="alarm_rules.create",
    title="添加报警状态规则",
    look_up="alarm_rules.list",
)
@frozen
class CreateAlarmRule(AlarmRuleForm):
    """Create a rule: the alarm is given for values outside the limits. Its id is in alarm_rules.list."""


@update("/api_3/alarm_status_rules", section="6.7", call="alarm_rules.update", title="修改报警状态规则")
@frozen
class UpdateAlarmRule(AlarmRuleForm):
    """Change a rule."""

    id: int = arg("id", "主键", "Id of the rule, from alarm_rules.list.", kw_only=False, check=checks.whole(0))


@delete("/api_3/alarm_status_rules", section="6.8", call="alarm_rules.delete", title="删除报警状态规则")
@frozen
class DeleteAlarmRule(DeleteById):
    """Delete a rule."""


@frozen
class AlarmMessage(Record):
    """A message that an alarm has given (报警记录), as section 6.9 lists it. Names are those of its time."""

    id: int | None = cell("id", "主键", "Id of the message.", number=True, example=1)
    alarm: str | None = cell("Alarm_Name", "报警名称", "Name of the alarm.")
    rule: str | None = cell("Rule_Name", "报警规则名称", "Name of the rule.")
    meter: str | None = cell("Meter_Name", "仪表名称", "Name of the meter.")
    machine: str | None = cell("Meter_Superior", "机器名称", "Name of the machine.")
    type: AlarmType | None = cell("Alarm_Type", "报警类型", "What the alarm watches.", number=True)
    level: AlarmLevel | None = cell("Alarm_Level", "报警级别", "How serious it is.", number=True)
    content: str | None = cell("Alarm_Content", "报警内容", "What happened.")
    time: datetime | None = cell("Alarm_Time", "报警时间", "Time of the message.", example="2019-04-01 13:53:59")


@get("/api_3/alarm_message", section="6.9", call="alarm_messages.list", title="获取报警记录")
@frozen
class ListAlarmMessages(Period, EnergyPage[AlarmMessage]):
    """List the messages that alarms have given.

    The document gives the verb DELETE for this read. The client sends GET, which destroys nothing whatever the server
    means; ``EnergyDialect(alarm_message_verb="DELETE")`` sends what is documented.
    """

    meter: str | None = arg("Meter_Name", "仪表", "Only messages of this meter.", default=None, check=checks.text)
    machine: str | None = arg(
        "Meter_Superior", "机器", "Only messages of this machine.", default=None, check=checks.text
    )
    type: AlarmType | None = arg(
        "Alarm_Type", "报警类型", "Only alarms of this type.", default=None, check=checks.one_of(AlarmType)
    )
    level: AlarmLevel | None = arg(
        "Alarm_Level", "报警级别", "Only alarms of this level.", default=None, check=checks.one_of(AlarmLevel)
    )
    rule: str | None = arg("Rule_Name", "规则名称", "Only messages of this rule.", default=None, check=checks.text)


@frozen
class AlarmCount(Record):
    """A number of alarm messages (报警个数), as section 6.10 lists it."""

    time: Index | None = cell(
        "Time", "时间下标", "Step of the period that is counted.", codec=TIME_INDEX, example="2019-04-01 13:00:00"
    )
    count: int | None = cell("Total_Amount", "个数", "Number of messages.", number=True, example=3)
    level: AlarmLevel | None = cell("Alarm_Level", "报警级别", "Level, if counted by it.", number=True)
    type: AlarmType | None = cell("Alarm_Type", "报警类型", "Type, if counted by it.", number=True)
    notify_way: NotifyWay | None = cell(
        "Alarm_Notify", "通知方式", "Way of notification, if counted by it.", number=True
    )


@get("/api_3/alarm_statistic_nums", section="6.10", call="alarm_messages.counts", title="获取报警个数的统计(年月日)")
@frozen
class CountAlarmMessages(TimedPeriod, RowsOperation[AlarmCount]):
    """Count the messages of a period: all, or by level, type or way of notification."""

    count_by: CountBy = arg(
        "Statistic_Method", "统计方式", "What messages are counted by.", check=checks.one_of(CountBy), example=1
    )
    return_format: ReturnFormat = arg(
        "Return_Format",
        "返回格式",
        "One total, or a number for each step of the period.",
        check=checks.one_of(ReturnFormat),
        example=1,
    )
