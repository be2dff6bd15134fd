"""Coal equivalent (折标系数): what one unit of a kind of energy counts in composite energy consumption (综合能耗)."""

from decimal import Decimal
from typing import Final

#: Kilograms of coal equivalent for one unit, by the code of the kind of energy. Electricity is as the document's base
#: data (5.1) show it; the others are close to GB/T 2589.
COAL_FACTORS: Final = {
    "0": Decimal("0.7143"),
    "1": Decimal("0.2571"),
    "2": Decimal("0.1286"),
    "3": Decimal("5.7000"),
    "4": Decimal("0.4857"),
    "5": Decimal("131.4000"),
    "6": Decimal("128.6000"),
    "7": Decimal("0.0400"),
    "8": Decimal("1.3300"),
}
