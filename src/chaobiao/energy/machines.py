"""Machines (机器), which meters belong to."""

from pathlib import Path
from typing import BinaryIO

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.file_checks import image
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation
from chaobiao._contract.upload import Upload
from chaobiao.energy.endpoint import create, delete, get, update
from chaobiao.energy.shapes import DeleteById, EnergyPage

#: The largest image that is sent, in bytes; the document gives no limit.
LARGEST_IMAGE = 10 * 1024 * 1024


@frozen
class Machine(Record):
    """A machine (机器), as section 2.5 lists it."""

    id: int | None = cell("id", "主键", "Id of the machine.", number=True, example=3)
    name: str | None = cell("Meter_Superior", "机器名", "Name of the machine.", example="机器1")
    department: str | None = cell("Meter_Department", "机器所属部门", "Department.", example="东车间")
    image_url: str | None = cell("Machine_Image_Url", "机器图片", "Address of its image.")
    equipment_code: str | None = cell("equipmentCode", "重点耗能设备类型", "Type of key energy-consuming equipment.")
    equipment_unit_code: str | None = cell("equipmentUnitCode", "重点耗能设备编号", "Number of the equipment.")


@frozen
class MachineForm:
    """What can be set of a machine."""

    name: str = arg("Meter_Superior", "机器名", "Name of the machine; must be new.", check=checks.text)
    department: str = arg("Meter_Department", "机器所属部门", "Department.", check=checks.text)
    equipment_code: str = arg(
        "equipmentCode",
        "重点耗能设备类型",
        "Type of key energy-consuming equipment, as the provincial platform codes it.",
        check=checks.any_text,
        example="00",
    )
    equipment_unit_code: str = arg(
        "equipmentUnitCode", "重点耗能设备编号", "Number of the equipment.", check=checks.any_text, example="00"
    )

    @property
    def reference(self) -> str:
        """The name."""
        return self.name


@get("/api_3/metersuperiors", section="2.5", call="machines.list", title="获取所有机器")
@frozen
class ListMachines(EnergyPage[Machine]):
    """List the machines."""

    id: int | None = arg("id", "主键", "Only the machine with this id.", default=None, check=checks.whole(0))
    department: str | None = arg(
        "Meter_Department", "部门", "Only machines of this department.", default=None, check=checks.text
    )

    @property
    def single(self) -> bool:
        return self.id is not None


@create("/api_3/metersuperiors", section="2.6", call="machines.create", title="增加机器", look_up="machines.list")
@frozen
class CreateMachine(MachineForm, ObjectOperation[Acknowledgement]):
    """Create a machine; its id is in machines.list."""


@update("/api_3/metersuperiors", section="2.7", call="machines.update", title="修改机器")
@frozen
class UpdateMachine(MachineForm, ObjectOperation[Acknowledgement]):
    """Change a machine. An empty text clears a field."""

    id: int = arg("id", "主键", "Id of the machine, from machines.list.", kw_only=False, check=checks.whole(0))


@delete("/api_3/metersuperiors", section="2.8", call="machines.delete", title="删除机器")
@frozen
class DeleteMachine(DeleteById):
    """Delete a machine. A server may raise StillInUse while meters, rules or outputs refer to it."""


@create(
    "/api_3/metersuperior_image",
    section="2.9",
    call="machines.upload_image",
    title="上传机器图片",
    effect=Effect.UPDATE,
    look_up="machines.list",
)
@frozen
class UploadMachineImage(ObjectOperation[Acknowledgement]):
    """Upload the image of a machine; it replaces the one there is. Machines show its address."""

    machine_id: int = arg("Meter_Superior_id", "机器主键", "Id of the machine.", kw_only=False, check=checks.whole(0))
    image: Upload | bytes | Path | BinaryIO = arg(
        "Machine_Image",
        "机器图片",
        "The image: bytes, a Path, a file opened in binary mode, or an Upload; PNG, JPEG, GIF, BMP or WebP.",
        check=image(LARGEST_IMAGE),
    )

    @property
    def reference(self) -> str:
        """The id of the machine."""
        return str(self.machine_id)
