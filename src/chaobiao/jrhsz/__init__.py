"""The prepaid meter platform jrhsz: residents, recharges, meters, readings and valve commands (16 endpoints)."""

from typing import Any

from chaobiao._contract.operation import Operation
from chaobiao.jrhsz.buildings import Address, Building, ListAddresses, ListBuildings, ListRoomsAtAddress
from chaobiao.jrhsz.codes import Commodity, ConsumptionKind, Gate, ImageStatus, Instruction, MeterKind, NetworkState
from chaobiao.jrhsz.dialect import CODES, JrhszDialect
from chaobiao.jrhsz.login import Login
from chaobiao.jrhsz.meters import InstructMeter, ListMeters, Meter
from chaobiao.jrhsz.readings import (
    CameraReading,
    Consumption,
    LatestReading,
    ListCameraReadings,
    ListConsumption,
    ListLatestReadings,
    ListReadings,
    ListTimeOfUseReadings,
    Reading,
    TimeOfUseReading,
)
from chaobiao.jrhsz.recharges import ListRecharges, Payment, Recharge
from chaobiao.jrhsz.residents import (
    GetResident,
    ListResidentConsumption,
    ListResidents,
    Resident,
    ResidentConsumption,
    ResidentMeter,
)

#: Every operation of the family, in the order of the documents.
OPERATIONS: tuple[type[Operation[Any]], ...] = (
    Login,
    ListBuildings,
    ListResidents,
    GetResident,
    Recharge,
    ListRecharges,
    ListResidentConsumption,
    ListAddresses,
    ListRoomsAtAddress,
    ListMeters,
    ListLatestReadings,
    ListReadings,
    ListConsumption,
    InstructMeter,
    ListTimeOfUseReadings,
    ListCameraReadings,
)

__all__ = [
    "CODES",
    "OPERATIONS",
    "Address",
    "Building",
    "CameraReading",
    "Commodity",
    "Consumption",
    "ConsumptionKind",
    "Gate",
    "GetResident",
    "ImageStatus",
    "InstructMeter",
    "Instruction",
    "JrhszDialect",
    "LatestReading",
    "ListAddresses",
    "ListBuildings",
    "ListCameraReadings",
    "ListConsumption",
    "ListLatestReadings",
    "ListMeters",
    "ListReadings",
    "ListRecharges",
    "ListResidentConsumption",
    "ListResidents",
    "ListRoomsAtAddress",
    "ListTimeOfUseReadings",
    "Login",
    "Meter",
    "MeterKind",
    "NetworkState",
    "Payment",
    "Reading",
    "Recharge",
    "Resident",
    "ResidentConsumption",
    "ResidentMeter",
    "TimeOfUseReading",
]
