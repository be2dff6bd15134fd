"""Recharge residents whose balance is low, and never pay twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from chaobiao import AsyncJrhsz, DuplicateOrder, Jrhsz, OutcomeUnknown


@dataclass
class Result:
    """What became of a run, by resident."""

    recharged: list[str] = field(default_factory=list)
    #: Their recharge may have been carried out. Run again with the same name: it uses the same order numbers.
    unknown: list[str] = field(default_factory=list)


def top_up(client: Jrhsz, residents: Iterable[str], *, below: Decimal, amount: Decimal, run: str) -> Result:
    """Recharge each resident whose balance is below a limit. ``run`` names the run, such as its date."""
    result = Result()
    for number in residents:
        [resident] = client.residents.get(number)
        if resident.balance is None or resident.balance >= below:
            continue
        try:
            client.recharges.create(number, amount=amount, order_number=f"{run}-{number}")
        except OutcomeUnknown:
            result.unknown.append(number)
        except DuplicateOrder:  # an earlier run with this name has carried it out
            pass
        else:
            result.recharged.append(number)
    return result


async def count_meters(client: AsyncJrhsz) -> int:
    """Count all meters of the platform."""
    return len(await client.meters.list().collect())
