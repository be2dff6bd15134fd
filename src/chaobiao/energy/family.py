"""The descriptor of the energy management API."""

from typing import Final

from chaobiao._contract.family import Family, Namespace
from chaobiao.energy import (
    alarms,
    consumption,
    login,
    machines,
    meters,
    oee,
    others,
    products,
    province,
    reports,
    settings,
    users,
)
from chaobiao.energy.dialect import CODES, EnergyDialect

FAMILY: Final = Family(
    name="energy",
    title="industrial energy management API",
    title_zh="工业能源管理接口",
    client="EnergyManager",
    dialect=EnergyDialect,
    modules=(
        login,
        users,
        meters,
        machines,
        consumption,
        reports,
        settings,
        province,
        alarms,
        oee,
        products,
        others,
    ),
    namespaces={
        "users": Namespace("Users (用户): the account that is logged in, and registration.", "用户：当前账号与注册"),
        "meters": Namespace("Meters (仪表): real, virtual and manual ones.", "仪表：实体表、虚拟表与手工填报表"),
        "machines": Namespace("Machines (机器), which meters belong to.", "机器"),
        "consumption": Namespace("Consumption of energy (能耗): totals and steps.", "能耗：总量与明细"),
        "measurements": Namespace("Values of measuring points (测点数据).", "测点数据"),
        "reports": Namespace("Reports (报表) of consumption.", "能源报表"),
        "rates": Namespace("Rates (费率).", "费率"),
        "settings": Namespace(
            "Settings (个性化设置): where years, months and days begin.", "个性化设置：年、月、日的起止"
        ),
        "province": Namespace(
            "The provincial platform (省平台): base data, organisation, uploads.",
            "省平台：基础数据、用能单位、上传记录",
        ),
        "alarms": Namespace("Alarms (报警状态).", "报警状态"),
        "alarm_rules": Namespace("Rules of alarms (报警状态规则).", "报警状态规则"),
        "alarm_messages": Namespace("Messages that alarms have given (报警记录).", "报警记录与统计"),
        "oee_rules": Namespace("Rules for the states of machines (OEE规则).", "OEE 规则"),
        "oee": Namespace("States of machines (OEE).", "OEE 状态记录与统计"),
        "products": Namespace("Products (产品).", "产品"),
        "outputs": Namespace("Outputs (产量) and their energy.", "产量与产量能耗统计"),
        "batches": Namespace("Production batches (生产批次) and their energy.", "生产批次与批次能耗统计"),
        "wechat": Namespace("The WeChat mini program (小程序).", "小程序"),
        "regions": Namespace("Provinces with their cities (省市).", "省市关系"),
    },
    codes=CODES,
)
