"""The rows of every list of the platform, to compare two interpretations; and the meters and residents they show."""

from datetime import timedelta
from typing import Any

from chaobiao.jrhsz import FAMILY
from tests.harness.clients import ClientUnderTest
from tests.harness.mock_server import LiveMock
from tests.harness.operations import READS, required_arguments
from tests.jrhsz.documented import PERIOD

EMPTY = {"code": 200, "data": [], "msg": "操作成功", "totalCount": 0}
RESIDENT, POWER, WATER = "2026000000", "202600000000", "202600000001"

#: Arguments that find rows, where neither the sample's nor the last two days do.
FOUND_BY: dict[str, dict[str, Any]] = {
    "addresses.rooms": {"address": "一栋一层"},
    "residents.get": {"user_code": RESIDENT},
    "residents.consumption": {"user_code": RESIDENT},
    "recharges.list": {"user_code": "2022040001", **PERIOD},
}


async def all_lists(mock: LiveMock, client: ClientUnderTest) -> dict[str, list[Any]]:
    """Return the rows of every list of the platform at one moment; nothing is paced meanwhile."""
    mock.set_quirks(paced="no")
    client = client.with_options(paced=False)
    period = {"begin": mock.now - timedelta(days=2), "end": mock.now}
    found: dict[str, list[Any]] = {}
    for kind in READS:
        if kind in FAMILY.operations:
            required = required_arguments(kind)
            arguments = {**required, **(period if "begin" in required else {}), **FOUND_BY.get(kind.spec.call, {})}
            found[kind.spec.call] = await client.rows(kind.spec.call, **arguments)
    return found


def differing(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> list[str]:
    """Return the methods whose rows differ; whole lists side by side would take a minute to print."""
    return [method for method, rows in one.items() if rows != other[method]]
