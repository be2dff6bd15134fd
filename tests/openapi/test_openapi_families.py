"""A family with other verbs, JSON bodies, uploads and an envelope of its own is described by the same means."""

from types import ModuleType
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chaobiao._call.dialect import Dialect
from chaobiao._contract.family import Family, Kind
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation, operation
from chaobiao._openapi.document import Describer, describe
from chaobiao._wire.codecs import Schema
from tests.openapi.openapi_helpers import problems


@frozen
class Part(Record):
    """A part of a machine."""

    spare: bool | None = cell("Is_Spare", "是否备件", "Whether it is a spare.")


@frozen
class Machine(Record):
    """A machine and its parts."""

    id: int | None = cell("id", "主键", "Number.")
    main: Part | None = cell("Main", "主要部件", "Its main part.")
    parts: tuple[Part, ...] | None = cell("Parts", "部件", "Its parts.")


@operation("GET", "/machines", section="1", call="machines.list", effect=Effect.READ, title="获取机器")
@frozen
class ListMachines(RowsOperation[Machine]):
    """List the machines."""

    spare: bool | None = arg("Is_Spare", "是否备件", "Only spares.", default=None)


@operation("DELETE", "/machines", section="2", call="machines.delete", effect=Effect.DELETE, title="删除机器")
@frozen
class DeleteMachine(ObjectOperation[Acknowledgement]):
    """Delete a machine."""

    id: int = arg("id", "主键", "Number.")


@operation("DELETE", "/session", section="3", call="logout", effect=Effect.SESSION, title="退出")
@frozen
class Logout(ObjectOperation[Acknowledgement]):
    """Log out."""


@operation("POST", "/images", section="4", call="machines.upload", effect=Effect.UPDATE, title="上传图片")
@frozen
class Upload(ObjectOperation[Acknowledgement]):
    """Upload a picture."""

    id: int | None = arg("id", "主键", "Number.", default=None)


class PlantDialect(Dialect):
    family = "plant"
    env_prefix = "PLANT"


def plant_of(*operations: Kind) -> Family:
    """A family of these operations, whose module is made for it."""
    module = ModuleType("tests.plant.things")
    for kind in operations:
        kind.__module__ = module.__name__
        setattr(module, kind.__name__, kind)
    return Family(
        name="plant",
        title="Plant",
        title_zh="工厂",
        client="Plant",
        dialect=PlantDialect,
        modules=(module,),
        namespaces={},
    )


class PlantDescriber(Describer):
    def body_types(self, operation: Kind) -> tuple[str, ...]:
        return ("multipart/form-data",) if operation is Upload else self.content_types

    def envelope(self, operation: Kind, response: Schema | None) -> Schema:
        data = {} if response is None else {"Data": {"type": "array", "items": response}}
        return {"type": "object", "required": ["Err_No"], "properties": {"Err_No": {"type": "string"}, **data}}


def plant(*operations: Kind) -> dict[str, Any]:
    return describe(PlantDescriber(plant_of(*operations), "A plant."))


def test_one_path_may_have_several_verbs() -> None:
    """GET takes its arguments from the query, DELETE from a body, on the same path; an empty body is left out."""
    found = plant(ListMachines, DeleteMachine, Logout, Upload)
    OpenAPIV31SpecValidator(found).validate()
    machines = found["paths"]["/machines"]
    assert [parameter["schema"]["type"] for parameter in machines["get"]["parameters"]] == ["boolean"]
    assert set(machines["delete"]["requestBody"]["content"]) == {"application/json"}
    assert problems(found, "DeleteMachineRequest", {"id": 3}) == []
    assert problems(found, "DeleteMachineRequest", {})
    assert "requestBody" not in found["paths"]["/session"]["delete"]
    upload = found["paths"]["/images"]["post"]["requestBody"]
    assert set(upload["content"]) == {"multipart/form-data"}
    assert upload["required"] is False


def test_records_may_hold_records() -> None:
    """Records inside records are described in full, single ones and lists."""
    found = plant(ListMachines)
    good = {"Err_No": "0", "Data": [{"id": "3", "Main": None, "Parts": [{"Is_Spare": "1"}, {"Is_Spare": True}]}]}
    assert problems(found, "ListMachinesResponse", good) == []
    assert problems(found, "ListMachinesResponse", {"Err_No": "0", "Data": [{"Main": {"Is_Spare": []}}]})
    assert problems(found, "ListMachinesResponse", {"Err_No": "0", "Data": [{"Parts": [{"Is_Spare": []}]}]})


def test_two_operations_cannot_share_a_verb_of_a_path() -> None:
    """A second operation on one verb and path is refused, naming both, where it would hide the first."""

    @operation("DELETE", "/machines", section="5", call="machines.clear", effect=Effect.DELETE, title="清空")
    @frozen
    class ClearMachines(ObjectOperation[Acknowledgement]):
        """Delete all machines."""

    with pytest.raises(ValueError, match=r"machines\.delete and machines\.clear are both delete"):
        plant(DeleteMachine, ClearMachines)


def test_a_type_without_a_description_is_refused() -> None:
    """An argument or field of a type that nobody taught the document raises instead of being guessed at."""

    @frozen
    class Odd(Record):
        """A record with a field that no reader knows."""

        raw: bytes | None = cell("raw")

    @operation("GET", "/odd", section="6", call="odd.list", effect=Effect.READ, title="其他")
    @frozen
    class ListOdd(RowsOperation[Odd]):
        """List what is odd."""

    @operation("GET", "/odd", section="6", call="odd.find", effect=Effect.READ, title="其他")
    @frozen
    class FindOdd(ObjectOperation[Acknowledgement]):
        """Find what is odd."""

        raw: bytes = arg("raw")

    for kind in (ListOdd, FindOdd):
        with pytest.raises(TypeError, match="no codec for raw"):
            plant(kind)


def test_the_base_leaves_the_envelope_to_the_family() -> None:
    """A family that describes no envelope can't be described."""
    bare = Describer(plant_of(Logout), "d")
    with pytest.raises(NotImplementedError):
        describe(bare)
