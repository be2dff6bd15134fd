"""The handlers of the families; one can be replaced for one world."""

from typing import Any

import httpx
import pytest

from chaobiao import WaterQuery, jrhsz, water
from chaobiao._contract.family import Kind
from chaobiao._contract.operation import Page
from chaobiao._families import families
from chaobiao_mock import MockServer, World
from chaobiao_mock.registry import mock_families


def test_every_operation_has_a_handler_and_every_handler_an_operation() -> None:
    """The mock's half of each family carries out what the SDK's half declares, no more and no less."""
    served = {each.name: set(each.handlers) for each in mock_families()}
    assert served == {family.name: set(family.operations) for family in families()}


def test_a_handler_can_be_replaced_for_one_world() -> None:
    """One world returns what the caller's own handler returns; another world is unchanged."""

    def two_regions(state: Any, op: water.ListRegions) -> Page[water.Region]:
        return Page([water.Region(id=1, name="甲"), water.Region(id=2, name="乙")])

    changed = [each.with_handlers({water.ListRegions: two_regions}) for each in mock_families() if each.name == "water"]
    with MockServer(World(families=changed)) as server, MockServer() as other:
        with WaterQuery(base_url=server.url) as client:
            assert [region.name for region in client.regions.list()] == ["甲", "乙"]
        with WaterQuery(base_url=other.url) as client:
            assert next(iter(client.regions.list())).name == "山东省"
        assert httpx.post(server.url + "/user/login", trust_env=False).status_code == 404  # water is all it serves


@pytest.mark.parametrize("operation", [jrhsz.Login, int])
def test_a_handler_of_another_family_is_refused(operation: Kind) -> None:
    """Replacing an operation that the family does not have raises an error that names it."""
    (found,) = (each for each in mock_families() if each.name == "water")
    with pytest.raises(ValueError, match=f"{operation.__name__} is no operation of water"):
        found.with_handlers({operation: lambda state, op: None})
