"""The generated plant: machines with their meters, products, batches and outputs. Documented rows come first."""

from typing import TYPE_CHECKING, Final

from chaobiao.energy import Machine, Meter
from chaobiao_mock.energy.series import points_of

if TYPE_CHECKING:
    from chaobiao_mock.energy.state import Tables

DEPARTMENTS: Final = ("东车间", "西车间", "动力车间")
#: The Chinese names of the kinds of energy, by code, and the units.
ENERGY_NAMES: Final = {
    "0": "电",
    "1": "自来水",
    "2": "中水",
    "3": "热水",
    "4": "软水",
    "5": "中压蒸汽",
    "6": "低压蒸汽",
    "7": "空气",
    "8": "天然气",
}


def fill(tables: "Tables", meters: int, seed: int) -> None:
    """Fill the tables with the documented rows and a generated plant with so many meters."""
    for index in range(max(meters // 2, 1)):
        machine = tables.machines.add(
            Machine(
                name=f"机器{index + 1}",
                department=DEPARTMENTS[index % len(DEPARTMENTS)],
                image_url="",
                equipment_code="00",
                equipment_unit_code=f"{index % 99 + 1:02d}",
            )
        )
        for kind in ("0", str(1 + index % 8)):
            tables.meters.add(
                Meter(
                    name=f"{machine.name}{ENERGY_NAMES[kind]}表",
                    kind=kind,
                    machine=machine.name,
                    department=machine.department,
                    is_virtual=False,
                    is_total=False,
                    is_counted=True,
                    is_manual=False,
                    formula="",
                    remarks="",
                    machine_id=machine.id,
                    parameters=",".join(points_of(kind)),
                )
            )
