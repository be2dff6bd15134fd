"""Every documented operation is served, and nothing else."""

from typing import Any

import httpx
import pytest

from chaobiao import jrhsz, water
from chaobiao._contract.operation import Operation
from chaobiao_mock import World
from chaobiao_mock.families import FAMILIES
from chaobiao_mock.serves import HANDLERS

OPERATIONS = (*jrhsz.OPERATIONS, *water.OPERATIONS)


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    """All 23 operations of both families, no more and no fewer."""
    assert set(HANDLERS) == set(OPERATIONS)
    assert len(OPERATIONS) == 23


def test_every_family_is_served() -> None:
    """The mock serves what the SDK speaks."""
    assert {name: family.operations for name, family in FAMILIES.items()} == {
        "jrhsz": jrhsz.OPERATIONS,
        "water": water.OPERATIONS,
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.spec.path)
def test_every_path_is_reached(world: World, http: httpx.Client, operation: type[Operation[Any]]) -> None:
    """A call of each path with its verb arrives at its operation, whatever becomes of it there."""
    response = http.request(operation.spec.method, operation.spec.path)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert isinstance(response.json(), dict)
    (entry,) = world.journal
    assert (entry.operation, entry.path) == (operation.spec.call, operation.spec.path)
