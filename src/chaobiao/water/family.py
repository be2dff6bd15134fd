"""The descriptor of the water query API."""

from typing import Final

from chaobiao._contract.family import Family, Namespace
from chaobiao.water import flows, history, logs, regions
from chaobiao.water.dialect import WaterDialect

FAMILY: Final = Family(
    name="water",
    title="water query and statistics API",
    title_zh="水务查询统计接口",
    client="WaterQuery",
    dialect=WaterDialect,
    modules=(regions, flows, logs, history),
    namespaces={
        "regions": Namespace("Regions (区域), as a tree.", "区域（树形结构）"),
        "flows": Namespace("Flow records (流水): the volumes that devices metered.", "流水：各设备的计量水量"),
        "costs": Namespace("Costs (费用): balances and arrears of users.", "费用：各用户的余额与欠费"),
        "operation_logs": Namespace("Operation logs (操作日志): what operators did.", "操作日志"),
        "schedules": Namespace("Schedules (定时任务): scheduled tasks.", "定时任务"),
        "readings": Namespace("Past readings (历史抄收).", "历史抄收"),
        "payments": Namespace("Past payments (历史缴费).", "历史缴费"),
    },
)
