"""The water query API: regions, flows, costs, logs, schedules, readings and payments (7 endpoints)."""

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
