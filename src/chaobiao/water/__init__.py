"""The water query and statistics API (水务管理查询统计): regions, flows, costs, logs, tasks, history; 7 endpoints.

Its document has six chapters, with two endpoints in the first. A section is cited as the position of its endpoint, from
1 to 7.
"""

from typing import TYPE_CHECKING

from chaobiao._lazy import lazy_names

if TYPE_CHECKING:
    from chaobiao.water.dialect import WaterDialect
    from chaobiao.water.family import FAMILY
    from chaobiao.water.flows import Cost, Flow, ListCosts, ListFlows
    from chaobiao.water.history import ListPayments, ListReadings, PastPayment, PastReading
    from chaobiao.water.logs import ListOperationLogs, ListSchedules, OperationLog, Schedule
    from chaobiao.water.regions import ListRegions, Region

__all__ = [
    "FAMILY",
    "Cost",
    "Flow",
    "ListCosts",
    "ListFlows",
    "ListOperationLogs",
    "ListPayments",
    "ListReadings",
    "ListRegions",
    "ListSchedules",
    "OperationLog",
    "PastPayment",
    "PastReading",
    "Region",
    "Schedule",
    "WaterDialect",
]

__getattr__, __dir__ = lazy_names(__name__, ("dialect", "flows", "history", "logs", "regions", "family"))
