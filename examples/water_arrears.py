"""Who owes for water, and in which region: the water query API in a few lines.

The address comes from CHAOBIAO_WATER_BASE_URL. The vendor documents no authentication; if yours wants some, pass
``headers={"Authorization": ...}`` or your own ``http_client``.
"""

import sys
from collections.abc import Iterable

from console import table

from chaobiao import WaterQuery
from chaobiao.water import Region


def leaves(regions: Iterable[Region]) -> Iterable[Region]:
    """The cities below the provinces."""
    for region in regions:
        if region.children:
            yield from leaves(region.children)
        else:
            yield region


def main() -> int:
    rows: list[tuple[object, ...]] = []
    with WaterQuery() as client:
        for city in leaves(client.regions.list()):
            costs = client.costs.list(region_id=city.id).collect()
            owing = [cost for cost in costs if cost.arrears_balance]
            owed = sum(cost.arrears_balance or 0 for cost in owing)
            rows.append((city.name, len(costs), len(owing), owed))
    table(["city 城市", "users 用户", "in arrears 欠费", "yuan 元"], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
