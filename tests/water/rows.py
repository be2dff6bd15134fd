"""What several tests of the water API know of its rows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from chaobiao import SHANGHAI
from chaobiao._contract.operation import PagedOperation
from chaobiao.water import FAMILY
from tests.harness.mock_server import LiveMock

#: When the worlds of these tests begin: a day on which devices have been read already, and not the first of a month.
BEGAN: Final = datetime(2023, 6, 26, 12, 0, tzinfo=SHANGHAI)
DAY: Final = timedelta(days=1)
MILLISECOND: Final = timedelta(milliseconds=1)

#: The lists that come in pages.
PAGED: Final = [kind for kind in FAMILY.operations if issubclass(kind, PagedOperation)]


def code_of(row: Any) -> str:
    """Return the code of a row's device, meter or user."""
    for name in ("device_code", "water_meter_number", "user_code"):
        if code := getattr(row, name, None):
            return str(code)
    raise AssertionError(row)


def price_of(payments: list[Any]) -> Decimal:
    """Return the price of a m³ for the user who made the payments."""
    return {"居民": Decimal("3.30"), "商业": Decimal("4.80")}[payments[0].user_type]


async def made_up(mock: LiveMock, method: str, **arguments: Any) -> list[Any]:
    """Return the made-up rows of a list: the documented ones come first, and do not move with time."""
    rows = await mock.rows(method, **arguments)
    return [row for row in rows if len(code_of(row)) in (10, 12) and code_of(row).startswith("230")]
