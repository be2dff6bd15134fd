"""Statistics of output and of its energy (8.9, 8.14).

The energy of an output is what its machine consumes in its span, by meters that are counted, up to now. Where outputs
of one machine overlap, each has a part of the energy in proportion to what it makes in that time. An output that
crosses the asked period counts by its share of time.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import Final, TypeVar

import attrs

from chaobiao._contract.operation import Page
from chaobiao.energy import (
    BatchStatistic,
    EnergyKind,
    GetBatchStatistics,
    GetOutputStatistics,
    Meter,
    Output,
    OutputAmount,
    OutputStatistic,
    SummaryBy,
)
from chaobiao.energy.products import Statistics
from chaobiao_mock.decimals import with_places
from chaobiao_mock.energy.coal import COAL_FACTORS
from chaobiao_mock.energy.limits import AMOUNT_PLACES
from chaobiao_mock.energy.registers import StepAmounts
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.steps import check_rows, parts
from chaobiao_mock.registry import Handlers

handlers = Handlers()

M = TypeVar("M", Meter, Output)

_KIND: Final = (OutputAmount.ENERGY, OutputAmount.ENERGY_PER_UNIT)
#: Amounts per unit of output are small: they have more decimal places.
_PLACES: Final = {OutputAmount.ENERGY_PER_UNIT: 6, OutputAmount.COMPOSITE_ENERGY_PER_UNIT: 6}


#: Energy in the smallest unit: a number of ten-thousandths, times a factor in ten-thousandths.
_UNIT: Final[int] = 10 ** (2 * AMOUNT_PLACES)


@attrs.frozen
class Span:
    """When an output was made, in seconds."""

    begin: int
    end: int
    output: Output
    amount: int

    @property
    def pace(self) -> Fraction:
        """The output of one second."""
        return Fraction(self.amount, self.end - self.begin)


class Sum:
    """What pieces of outputs add up to. Few fractions are made: they are slow."""

    def __init__(self) -> None:
        #: Output times seconds, by the length of the whole output.
        self._amounts: Counter[int] = Counter()
        self._energy: int | Fraction = 0
        self._seconds = 0

    def add(self, span: Span, seconds: int, energy: int | Fraction) -> None:
        """Add so many seconds of an output."""
        self._amounts[span.end - span.begin] += span.amount * seconds
        self._energy += energy
        self._seconds += seconds

    def value(self, amount_type: OutputAmount) -> Fraction | None:
        """Return the amount that is asked for; ``None`` where it is divided by no output."""
        energy = Fraction(self._energy) / _UNIT
        if amount_type in (OutputAmount.ENERGY, OutputAmount.COMPOSITE_ENERGY):
            return energy
        amount = sum((Fraction(part, seconds) for seconds, part in self._amounts.items()), Fraction(0))
        if amount_type is OutputAmount.OUTPUT:
            return amount
        if amount_type is OutputAmount.EFFICIENCY:
            return amount * Fraction(3_600, self._seconds)
        return energy / amount if amount else None


#: Names of product and machine, and the position of a step.
Key = tuple[str, str, int]


@handlers.serves(GetOutputStatistics)
def output_statistics(state: EnergyState, op: GetOutputStatistics) -> Page[OutputStatistic]:
    """Only steps with output are listed."""
    steps = parts(op.time_type, op.start, op.end, op.return_format)
    edges = [*(state.second(begin) for _, begin, _ in steps), state.second(op.end)]
    found = _values(state, op, edges, None, _columns(op.summary_by))
    found.sort(key=lambda item: item[0][2])
    rows = [
        OutputStatistic(product=product, machine=machine, time=steps[step][0], amount=amount)
        for (product, machine, step), amount in _ordered(op, found)
    ]
    check_rows(len(rows))
    return Page(rows)


@handlers.serves(GetBatchStatistics)
def batch_statistics(state: EnergyState, op: GetBatchStatistics) -> Page[BatchStatistic]:
    batch = state.tables.batches.named(op.batch)
    if batch is None:
        return Page([])
    spans = _spans(state, (output for output in state.tables.outputs if output.batch_id == batch.id))
    edges = [min((span.begin for span in spans), default=0), max((span.end for span in spans), default=0)]
    found = _values(state, op, edges, batch.id, _columns(op.summary_by))
    return Page(
        [
            BatchStatistic(batch=op.batch, product=product, machine=machine, amount=amount)
            for (product, machine, _), amount in _ordered(op, found)
        ]
    )


def _columns(summary_by: SummaryBy) -> Callable[[str, str, int], Key]:
    """Return what amounts are added up by; names are empty where amounts are not divided by them."""
    by_product = summary_by in (SummaryBy.NOTHING, SummaryBy.PRODUCT)
    by_machine = summary_by in (SummaryBy.NOTHING, SummaryBy.MACHINE)
    return lambda product, machine, step: (product if by_product else "", machine if by_machine else "", step)


def _ordered(op: Statistics, found: list[tuple[Key, Decimal]]) -> list[tuple[Key, Decimal]]:
    """Amounts ascend unless the request says otherwise: the document names no default."""
    if op.is_ordered:
        found.sort(key=itemgetter(1), reverse=op.ascending is False)
    return found[: op.limit]


def _values(
    state: EnergyState, op: Statistics, edges: Sequence[int], batch: int | None, key_of: Callable[[str, str, int], Key]
) -> list[tuple[Key, Decimal]]:
    """Return the amount that is asked for, by product, machine and step."""
    tables = state.tables
    factors = _factors(op.amount_type, op.energy_kind)
    products = {product.id: product.name or "" for product in tables.products if op.product in (None, product.name)}
    outputs = by_machine(tables.outputs)
    meters = by_machine(
        meter for meter in tables.meters if meter.is_counted and not (meter.is_virtual or meter.is_total)
    )
    sums: dict[Key, Sum] = {}
    for machine in tables.machines:
        if op.machine not in (None, machine.name) or machine.id not in outputs:
            continue
        asked = {
            output.id
            for output in outputs[machine.id]
            if output.product_id in products and batch in (None, output.batch_id)
        }
        spans = _spans(state, outputs[machine.id]) if asked else []
        for span, begin, end, energy in _pieces(state, meters.get(machine.id, []), spans, edges, factors):
            if span.output.id in asked:
                key = key_of(products[span.output.product_id], machine.name or "", bisect_right(edges, begin) - 1)
                total = sums.get(key)
                if total is None:
                    total = sums[key] = Sum()
                total.add(span, end - begin, energy)
    places = _PLACES.get(op.amount_type, AMOUNT_PLACES)
    values = ((key, total.value(op.amount_type)) for key, total in sums.items())
    return [(key, with_places(round(value * 10**places), places, 0)) for key, value in values if value is not None]


def by_machine(rows: Iterable[M]) -> dict[int | None, list[M]]:
    """Return outputs or meters by machine."""
    found: dict[int | None, list[M]] = {}
    for row in rows:
        found.setdefault(row.machine_id, []).append(row)
    return found


def _factors(amount_type: OutputAmount, kind: EnergyKind | None) -> Mapping[str, Decimal]:
    """Return what one unit of each kind of energy counts."""
    if amount_type in (OutputAmount.OUTPUT, OutputAmount.EFFICIENCY):
        return {}
    return {kind or "": Decimal(1)} if amount_type in _KIND else COAL_FACTORS


def _spans(state: EnergyState, outputs: Iterable[Output]) -> list[Span]:
    return [
        Span(state.second(output.start), state.second(output.end), output, output.amount or 0)
        for output in outputs
        if output.start is not None and output.end is not None
    ]


def _pieces(
    state: EnergyState,
    meters: Sequence[Meter],
    spans: Iterable[Span],
    edges: Sequence[int],
    factors: Mapping[str, Decimal],
) -> Iterator[tuple[Span, int, int, int | Fraction]]:
    """Yield the outputs of a machine in pieces, in which no output and no step begins, with begin, end and energy."""
    waiting = sorted(
        (span for span in spans if span.begin < edges[-1] and span.end > edges[0]), key=lambda span: -span.begin
    )
    if not waiting:
        return
    begin, end = max(edges[0], waiting[-1].begin), min(edges[-1], max(span.end for span in waiting))
    cuts = {*edges, *(span.begin for span in waiting), *(span.end for span in waiting)}
    seconds = sorted(second for second in cuts if begin <= second <= end)
    active: list[Span] = []
    for (low, high), energy in zip(pairwise(seconds), _energy(state, meters, seconds, factors), strict=True):
        while waiting and waiting[-1].begin <= low:
            active.append(waiting.pop())
        active = [span for span in active if span.end > low]
        if len(active) == 1:
            yield active[0], low, high, energy
            continue
        paces = [span.pace for span in active]
        whole = sum(paces)
        for span, pace in zip(active, paces, strict=True):
            yield span, low, high, energy * (pace / whole if whole else Fraction(1, len(active)))


def _energy(
    state: EnergyState, meters: Sequence[Meter], seconds: Sequence[int], factors: Mapping[str, Decimal]
) -> list[int]:
    """Return the energy that meters count from each second to the next one."""
    now = state.now()
    amounts = StepAmounts(state.registers, [min(second, now) for second in seconds])
    found = [0] * (len(seconds) - 1)
    for kind, factor in factors.items():
        counting = [meter for meter in meters if meter.kind == kind]
        if counting:
            unit = int(factor.scaleb(AMOUNT_PLACES))
            found = [before + unit * amount for before, amount in zip(found, amounts.of(counting), strict=True)]
    return found
