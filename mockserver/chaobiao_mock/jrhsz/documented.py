"""What the vendor's documents show: their sample buildings, residents, meters and rows, repaired where damaged."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from chaobiao.clock import SHANGHAI
from chaobiao.jrhsz import (
    Building,
    CameraReading,
    Consumption,
    ImageStatus,
    MeterKind,
    Payment,
    Reading,
    Resident,
    ResidentConsumption,
    TimeOfUseReading,
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


BUILDINGS: Final = (
    Building(name="一栋电", build_code="gzfh-1-d"),
    Building(name="二栋电", build_code="gzfh-2-d"),
    Building(name="三栋水", build_code="gzfh-3-s"),
    Building(name="四栋水", build_code="gzfh-4-s"),
    Building(name="测试", build_code="gzfh"),
)

#: Addresses as (address, building); the sample gives the building's short name where a code is promised.
ADDRESSES: Final = (("一栋一层", "一栋"), ("一栋二层", "一栋"), ("一栋三层", "一栋"))

#: Residents with their building and address.
RESIDENTS: Final = (
    (Resident(user_code="2022040001", user_name="101", house_number="101"), "gzfh-1-d", "一栋一层"),
    (Resident(user_code="2022040002", user_name="102"), "gzfh-1-d", "一栋一层"),
    (Resident(user_code="ceshi1", user_name="ceshi1", house_number="位置1"), "gzfh", "7栋"),
    (Resident(user_code="ceshi2", user_name="ceshi2", house_number="位置2"), "gzfh", "7栋"),
    (Resident(user_code="ceshi3", user_name="ceshi3", house_number="位置3"), "gzfh", "7栋"),
    (Resident(user_code="2020072806247", user_name="2020072806247"), "gzfh", "190620833464"),
)

#: Meters as (number, project, address, kind, resident, reading, read at, connected).
METERS: Final = (
    ("202005005292", "zc", "7栋", MeterKind(2), "ceshi1", "71.00", "2023-07-14 10:00:08", False),
    ("202005005194", "zc", "7栋", MeterKind(2), "ceshi2", "71.00", "2023-07-14 10:00:08", False),
    ("202005004869", "zc", "7栋", MeterKind(2), "ceshi3", "71.00", "2023-04-05 10:31:42", False),
    ("202005004984", "zc", "7栋", MeterKind(1), None, "71.00", "2023-04-06 10:30:43", False),
    ("190620833464", "zc", "190620833464", MeterKind(3), "2020072806247", "346.90", "2023-04-22 10:31:53", False),
    ("202364555511", "zc", "一栋一层", MeterKind(3), "2022040001", "3.00", "2022-04-20 21:00:04", True),
    ("2211676758", "zc", "一栋一层", MeterKind(3), "2022040002", "0.00", "2023-03-31 10:49:32", False),
    ("8408301559", "cs", "测试", MeterKind(24), None, "24863.7", "2025-07-01 00:57:05", False),
)
ONLINE_AT: Final = _at("2023-07-14 10:00:08")

#: Balances that are documented; everybody else begins with nothing.
BALANCES: Final = {"2022040001": Decimal("130.00")}

PAYMENTS: Final = {
    "2022040001": (
        Payment(
            order_number="jrh2023030716084144045",
            amount=Decimal("10.00"),
            channel="微信充值",
            paid_at=_at("2023-04-06 13:39:21"),
        ),
        Payment(
            order_number="465465165165165",
            amount=Decimal("120.00"),
            channel="微信充值",
            paid_at=_at("2023-04-06 14:38:53"),
        ),
    )
}

RESIDENT_CONSUMPTION: Final = {
    "2022040002": (
        ResidentConsumption(
            table_no="2211676758",
            reading=Decimal("0.00"),
            read_at=_at("2023-03-31 10:49:32"),
            previous_reading=Decimal("0.00"),
            previous_read_at=_at("2023-03-31 08:59:32"),
        ),
    )
}

READINGS: Final = tuple(
    Reading(
        device_id="190620833464",
        table_no="190620833464",
        reading=Decimal(reading),
        read_at=_at(moment),
        imei="",
        user_code="2020072806247",
        table_address="190620833464",
        device_name="190620833464",
    )
    for reading, moment in (("313.60", "2023-04-06 10:30:28"), ("316.03", "2023-04-07 10:30:01"))
)

CONSUMPTION: Final = tuple(
    Consumption(
        project_code="zc",
        device_id=number,
        table_no=number,
        reading=Decimal("71.00"),
        read_at=_at(moment),
        usage=Decimal(0),
        amount=Decimal(0),
        kind=MeterKind(1),
    )
    for number, moment in (("202005004869", "2023-04-05 10:31:42"), ("202005004984", "2023-04-06 10:30:43"))
)

TIME_OF_USE: Final = (
    TimeOfUseReading(
        project_code="cs",
        device_id="202005004869",
        table_no="202005004869",
        reported_at=_at("2025-07-01 00:57:05"),
        frozen_at=_at("2025-07-01 00:57:05"),
        total=Decimal("10622.5"),
        sharp=Decimal("24863.7"),
        peak=Decimal("31086.9"),
        flat=Decimal(41868),
        valley=Decimal("8403.9"),
        voltage_a=Decimal("238.90"),
        voltage_b=Decimal("238.90"),
        voltage_c=Decimal("238.90"),
        current_a=Decimal("3.78"),
        current_b=Decimal("0.21"),
        current_c=Decimal("0.12"),
        active_power=Decimal("29.50"),
        active_power_a=Decimal("29.00"),
        active_power_b=Decimal("0.20"),
        active_power_c=Decimal("0.20"),
        reactive_power=Decimal("1.90"),
        reactive_power_a=Decimal("0.00"),
        reactive_power_b=Decimal("1.30"),
        reactive_power_c=Decimal("0.50"),
    ),
)

CAMERA: Final = (
    CameraReading(
        project_code="cs",
        table_no="8408301559",
        read_at=_at("2025-07-01 00:57:05"),
        status=ImageStatus.PARSED,
        image_url="https://xxx.com/",
        reading=Decimal("24863.7"),
    ),
)
