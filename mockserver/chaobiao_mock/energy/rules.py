"""Alarms with their rules, and the rules for the states of machines."""

from chaobiao.energy import (
    Alarm,
    AlarmRule,
    AlarmType,
    CreateAlarm,
    CreateAlarmRule,
    CreateOeeRule,
    DeleteAlarm,
    DeleteAlarmRule,
    DeleteOeeRule,
    ListAlarmRules,
    ListAlarms,
    ListOeeRules,
    OeeRule,
    UpdateAlarm,
    UpdateAlarmRule,
    UpdateOeeRule,
)
from chaobiao_mock.energy.resources import Resource, measuring_point
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import WRONG, evolve
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Handlers


def _checked_alarm(state: EnergyState, alarm: Alarm, _: object) -> Alarm:
    """The rules of an alarm have a measuring point or not: its type must not change that."""
    needed = alarm.type is AlarmType.PARAMETER
    for rule in state.tables.alarm_rules if alarm.id is not None else ():
        if rule.alarm_id == alarm.id and bool(rule.parameter) != needed:
            raise Refused(WRONG, "报警已有规则，不能修改 Alarm_Type")
    return alarm


def _checked_alarm_rule(state: EnergyState, rule: AlarmRule, op: AlarmRule) -> AlarmRule:
    if state.tables.alarms.get(rule.alarm_id or 0).type is AlarmType.PARAMETER:
        if not rule.parameter:
            raise Refused(WRONG, "Alarm_Type 为 2 时，参数 Meter_Parameter 必填")
        measuring_point(state, rule)
        return rule
    if op.parameter is not None:
        raise Refused(WRONG, "参数 Meter_Parameter 仅在 Alarm_Type 为 2 时有效")
    return evolve(rule, parameter=None)


def _checked_oee_rule(state: EnergyState, rule: OeeRule, _: object) -> OeeRule:
    if state.tables.meters.get(rule.meter_id or 0).machine_id != rule.machine_id:
        raise Refused(WRONG, "参数 Meter_id 须为该机器的仪表")
    measuring_point(state, rule)
    return rule


handlers = Handlers(
    {
        **Resource(
            record=Alarm,
            table=lambda tables: tables.alarms,
            list=ListAlarms,
            create=CreateAlarm,
            update=UpdateAlarm,
            delete=DeleteAlarm,
            check=_checked_alarm,
        ).handlers(),
        **Resource(
            record=AlarmRule,
            table=lambda tables: tables.alarm_rules,
            list=ListAlarmRules,
            create=CreateAlarmRule,
            update=UpdateAlarmRule,
            delete=DeleteAlarmRule,
            check=_checked_alarm_rule,
        ).handlers(),
        **Resource(
            record=OeeRule,
            table=lambda tables: tables.oee_rules,
            list=ListOeeRules,
            create=CreateOeeRule,
            update=UpdateOeeRule,
            delete=DeleteOeeRule,
            check=_checked_oee_rule,
        ).handlers(),
    }
)
