"""The water query API: regions, flows, costs, logs, schedules, readings and payments (7 endpoints)."""

from typing import Any

from chaobiao._contract.operation import Operation
from chaobiao.water.dialect import WaterDialect
from chaobiao.water.flows import Cost, Flow, ListCosts, ListFlows
from chaobiao.water.history import ListPayments, ListReadings, PastPayment, PastReading
from chaobiao.water.logs import ListOperationLogs, ListSchedules, OperationLog, Schedule
from chaobiao.water.regions import ListRegions, Region

#: Every operation of the family, in the order of the document.
OPERATIONS: tuple[type[Operation[Any]], ...] = (
    ListRegions,
    ListFlows,
    ListCosts,
    ListOperationLogs,
    ListSchedules,
    ListReadings,
    ListPayments,
)

__all__ = [
    "OPERATIONS",
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
