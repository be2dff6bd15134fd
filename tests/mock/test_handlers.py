"""Every documented operation is served, and nothing else; a handler can be replaced for one world."""

from typing import Any

import httpx
import pytest

from chaobiao import WaterQuery, jrhsz, water
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Operation, Page
from chaobiao._families import families
from chaobiao_mock import MockServer, World
from chaobiao_mock.registry import mock_families

OPERATIONS = [operation for family in families() for operation in family.operations]


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    """The mock's half of each family carries out what the SDK's half declares, no more and no less."""
    served = {each.name: set(each.handlers) for each in mock_families()}
    assert served == {family.name: set(family.operations) for family in families()}
    assert {name: len(handlers) for name, handlers in served.items()} == {"jrhsz": 16, "water": 7}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.spec.path)
def test_every_path_is_reached(world: World, http: httpx.Client, operation: type[Operation[Any]]) -> None:
    """A call of each path with its verb arrives at its operation, whatever becomes of it there."""
    response = http.request(operation.spec.method, operation.spec.path)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert isinstance(response.json(), dict)
    (entry,) = world.journal
    assert (entry.operation, entry.path) == (operation.spec.call, operation.spec.path)


def test_a_handler_can_be_replaced_for_one_world() -> None:
    """One world returns what the caller's own handler makes, while another is as it was."""

    def two_regions(state: Any, op: water.ListRegions) -> Page[water.Region]:
        return Page([water.Region(id=1, name="甲"), water.Region(id=2, name="乙")])

    changed = [each.with_handlers({water.ListRegions: two_regions}) for each in mock_families() if each.name == "water"]
    with MockServer(World(families=changed)) as server, MockServer() as other:
        with WaterQuery(base_url=server.url) as client:
            assert [region.name for region in client.regions.list()] == ["甲", "乙"]
        with WaterQuery(base_url=other.url) as client:
            assert next(iter(client.regions.list())).name == "山东省"
        assert httpx.post(server.url + "/user/login", trust_env=False).status_code == 404  # it serves water alone


@pytest.mark.parametrize("operation", [jrhsz.Login, int])
def test_a_handler_of_another_family_is_refused(operation: Kind) -> None:
    """Replacing an operation that the family does not have names it."""
    (found,) = (each for each in mock_families() if each.name == "water")
    with pytest.raises(ValueError, match=f"{operation.__name__} is no operation of water"):
        found.with_handlers({operation: lambda state, op: None})
