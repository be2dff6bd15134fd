"""Machines with their images, and meters."""

import re
from decimal import Decimal
from typing import Final

from chaobiao._contract.upload import Upload
from chaobiao.energy import (
    CreatedMeter,
    CreateMachine,
    CreateMeter,
    DeleteMachine,
    DeleteMeter,
    ListMachines,
    ListMeters,
    Machine,
    Meter,
    UpdateMachine,
    UpdateMeter,
    UploadMachineImage,
)
from chaobiao_mock.energy.registers import parse_formula, renamed
from chaobiao_mock.energy.resources import Resource, contains
from chaobiao_mock.energy.series import points_of
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import WRONG, Table, evolve
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Handlers

#: Where the images of machines are.
IMAGES: Final = "/media/machines"


def _machine_written(state: EnergyState, old: Machine | None, machine: Machine) -> None:
    """Let the meters of a machine show its name and department."""
    meters = state.tables.meters
    for meter in meters if old is not None else ():
        if meter.machine_id == machine.id and meter.id is not None:
            meters.replace(meter.id, evolve(meter, machine=machine.name, department=machine.department))


def _checked_meter(state: EnergyState, meter: Meter, _: object) -> Meter:
    machine = state.tables.machines.get(meter.machine_id or 0)
    if meter.is_virtual and not is_computable(state.tables.meters, meter):
        raise Refused(WRONG, "参数 Meter_Formula 须为以 + 或 - 连接的仪表名称，且不能循环引用")
    if meter.id is not None and re.search("[+-]", meter.name or "") and _is_in_formula(state, meter.id):
        raise Refused(WRONG, "公式使用了该仪表，参数 Meter_Name 不能含有 + 或 -")
    measures = not (meter.is_virtual or meter.is_manual)
    return evolve(
        meter,
        machine=machine.name,
        department=machine.department,
        parameters=tuple(points_of(meter.kind or "")) if measures else (),
    )


def is_computable(meters: Table[Meter], meter: Meter) -> bool:
    """Tell whether a formula can be read, and does not lead back to its own meter."""
    formulas, seen = [meter.formula or ""], {meter.id}
    while formulas:
        parts = parse_formula(formulas.pop(), meters)
        if not parts:
            return False
        for _, key in parts:
            if key == meter.id:
                return False
            part = meters.get(key)
            if part.is_virtual and key not in seen:
                seen.add(key)
                formulas.append(part.formula or "")
    return True


def _is_in_formula(state: EnergyState, key: int) -> bool:
    meters = state.tables.meters
    formulas = (parse_formula(meter.formula or "", meters) for meter in meters if meter.is_virtual)
    return any(key == part for formula in formulas for _, part in formula or ())


def _meter_written(state: EnergyState, old: Meter | None, meter: Meter) -> CreatedMeter | None:
    if old is None:
        state.registers.install(meter.id or 0, state.now())
        return CreatedMeter(id=meter.id)
    if old.name != meter.name:  # formulas name meters
        for other in state.tables.meters:
            if other.is_virtual and other.id is not None:
                formula = renamed(other.formula or "", old.name or "", meter.name or "")
                state.tables.meters.replace(other.id, evolve(other, formula=formula))
    return None


handlers = Handlers(
    {
        **Resource(
            record=Machine,
            table=lambda tables: tables.machines,
            list=ListMachines,
            create=CreateMachine,
            update=UpdateMachine,
            delete=DeleteMachine,
            defaults={"image_url": ""},
            written=_machine_written,
        ).handlers(),
        **Resource(
            record=Meter,
            table=lambda tables: tables.meters,
            list=ListMeters,
            create=CreateMeter,
            update=UpdateMeter,
            delete=DeleteMeter,
            defaults={
                "remarks": "",
                "amount_before": Decimal("0.00"),
                "is_virtual": False,
                "formula": "",
                "is_total": False,
                "is_counted": False,
                "is_manual": False,
            },
            filters={"machine": contains("machine")},
            check=_checked_meter,
            written=_meter_written,
        ).handlers(),
    }
)


@handlers.serves(UploadMachineImage)
def upload_image(state: EnergyState, op: UploadMachineImage) -> None:
    machine = state.tables.machines.find(op.machine_id)
    if machine is None or machine.id is None or not isinstance(op.image, Upload):
        raise Refused(WRONG, "参数 Meter_Superior_id 须为机器的主键")
    state.images.pop((machine.image_url or "").rpartition("/")[2], None)
    state.last_image += 1
    name = f"machine{machine.id}-{state.last_image}.{op.image.content_type.rpartition('/')[2]}"
    state.images[name] = op.image
    state.tables.machines.replace(machine.id, evolve(machine, image_url=f"{IMAGES}/{name}"))


def find_image(state: EnergyState, name: str) -> Upload | None:
    """Return the image at an address below :data:`IMAGES`."""
    return state.images.get(name)
