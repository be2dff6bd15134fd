"""The prepaid platform jrhsz (智能抄表系统平台): residents, recharges, meters, readings and commands; 16 endpoints.

The vendor has two documents for it. Sections are cited as "recharge 4.3" (充值对接) and "meter 4.3" (抄表系统管理对接).
"""

from typing import TYPE_CHECKING

from chaobiao._lazy import lazy_names

if TYPE_CHECKING:
    from chaobiao.jrhsz.buildings import Address, Building, ListAddresses, ListBuildings, ListRoomsAtAddress
    from chaobiao.jrhsz.codes import Commodity, ConsumptionKind, Gate, ImageStatus, Instruction, MeterKind, NetworkState
    from chaobiao.jrhsz.dialect import CODES, JrhszDialect
    from chaobiao.jrhsz.family import FAMILY
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

__all__ = [
    "CODES",
    "FAMILY",
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

__getattr__, __dir__ = lazy_names(
    __name__, ("codes", "dialect", "buildings", "login", "meters", "readings", "recharges", "residents", "family")
)
