"""Statistics of output: energy, coal equivalent and time of outputs agree with the outputs and with consumption."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao.energy import EnergyKind, GroupBy, OutputAmount, ReturnFormat, SummaryBy, TimeType
from chaobiao_mock.energy.coal import COAL_FACTORS
from tests.energy.plant import BEGAN, DAY, HOUR, Plant
from tests.harness.mock_server import LiveMock, at
from tests.harness.samples import sample_named

MAY = at("2026-05-04 00:00:00")
ELECTRICITY = EnergyKind.ELECTRICITY
#: Half of the last digit that statistics show.
ROUNDING, ROUNDING_PER_UNIT = Decimal("0.00005"), Decimal("0.0000005")
#: Product, machine, batch, amount, first hour in May and length in hours: some overlap, one crosses the present.
OUTPUTS = (
    (0, 0, 0, 800, 8, 8),
    (1, 0, 0, 100, 12, 8),
    (1, 0, 1, 350, 20, 4),
    (0, 1, 0, 77, 8, 31),
    (2, 1, 1, 0, 8, 8),
    (2, 1, 1, 0, 45, 3),
    (1, 1, 1, 1000, 880, 40),
)


class ProducingPlant(Plant):
    """A plant with products, batches and outputs of two machines."""

    def __init__(self, mock: LiveMock) -> None:
        super().__init__(mock)
        client = self.client
        for output in client.outputs.list().collect():
            client.outputs.delete(output.id or 0)
        self.two = [meter for meter in self.meters() if meter.kind == "0"]
        self.names = list(dict.fromkeys(meter.machine or "" for meter in self.two))[:2]
        machines = {machine.name: machine.id or 0 for machine in self.machines()}
        self.ids = [machines[name] for name in self.names]
        for name in ("甲", "乙", "丙"):
            client.products.create(name=name, unit="件")
        for name in ("一批", "二批"):
            client.batches.create(name=name, start=MAY, end=MAY + 60 * DAY)
        self.products = [row.id or 0 for row in client.products.list() if row.name in ("甲", "乙", "丙")]
        self.batches = [row.id or 0 for row in client.batches.list() if row.name in ("一批", "二批")]
        for values in OUTPUTS:
            self.output(*values)

    def form(self, product: int, machine: int, batch: int, amount: int, hour: int, length: int) -> dict[str, Any]:
        """Return the arguments for an output."""
        return {
            "product_id": self.products[product],
            "machine_id": self.ids[machine],
            "batch_id": self.batches[batch],
            "amount": amount,
            "start": MAY + hour * HOUR,
            "end": MAY + (hour + length) * HOUR,
        }

    def output(self, *values: int) -> None:
        """Enter an output."""
        self.client.outputs.create(**self.form(*values))

    def statistics(
        self,
        amount_type: OutputAmount,
        summary_by: SummaryBy = SummaryBy.NOTHING,
        start: datetime = MAY,
        end: datetime = BEGAN + 9 * DAY,
        **arguments: Any,
    ) -> dict[Any, Decimal]:
        """Return amounts by product, machine and step."""
        rows = self.client.outputs.statistics(
            **{
                "time_type": TimeType.DAY,
                "return_format": ReturnFormat.TOTAL,
                "start": start,
                "end": end,
                "amount_type": amount_type,
                "summary_by": summary_by,
                **with_kind(amount_type),
                **arguments,
            }
        )
        return {(row.product, row.machine, row.time): row.amount or Decimal(0) for row in rows}

    def batch(self, name: str, amount_type: OutputAmount, summary_by: SummaryBy, **more: Any) -> dict[Any, Decimal]:
        """Return amounts of a batch by product and machine."""
        rows = self.client.batches.statistics(
            name, amount_type=amount_type, summary_by=summary_by, **with_kind(amount_type), **more
        )
        assert all(row.batch == name for row in rows)
        return {(row.product, row.machine): row.amount or Decimal(0) for row in rows}

    def consumed(self, machine: int, start: datetime, end: datetime) -> dict[str, Decimal]:
        """Return what a machine consumed by kind of energy, as 3.1 says."""
        totals = self.totals(start, end, GroupBy.MACHINE, names=self.names[machine])
        return {kind: amount for (_, _, kind), amount in totals.items()}


def with_kind(amount_type: OutputAmount) -> dict[str, Any]:
    """Return the kind of energy where the amount needs one."""
    needed = amount_type in (OutputAmount.ENERGY, OutputAmount.ENERGY_PER_UNIT)
    return {"energy_kind": ELECTRICITY} if needed else {}


def close(found: Any, expected: Any, rows: int = 1, digit: Decimal = ROUNDING) -> bool:
    """Tell whether two amounts differ by no more than the rounding of so many rows and of one sum."""
    return bool(abs(found - expected) <= digit * (rows + 1))


@pytest.fixture
def plant(live_mock: Callable[..., LiveMock]) -> ProducingPlant:
    """A plant whose last output is still being made."""
    return ProducingPlant(live_mock("energy", meters=16, start=BEGAN))


def test_outputs_have_the_energy_of_their_machine(plant: ProducingPlant) -> None:
    """Outputs have together what their machine consumed; while two are made, each has a part by what it makes."""
    energy = plant.statistics(OutputAmount.ENERGY)
    together = sum(amount for (_, machine, _), amount in energy.items() if machine == plant.names[0])
    assert close(together, plant.consumed(0, MAY + 8 * HOUR, MAY + 24 * HOUR)[ELECTRICITY], 2)
    start, end = MAY + 12 * HOUR, MAY + 16 * HOUR
    made = plant.statistics(OutputAmount.OUTPUT, start=start, end=end, machine=plant.names[0])
    assert [*made.values()] == [400, 50]
    found = plant.statistics(OutputAmount.ENERGY, start=start, end=end, machine=plant.names[0])
    consumed = plant.consumed(0, start, end)[ELECTRICITY]
    assert close(found["甲", plant.names[0], start], consumed * 8 / Decimal(9))
    assert close(found["乙", plant.names[0], start], consumed / Decimal(9))


async def test_sums_agree(plant: ProducingPlant) -> None:
    """For any period: products, machines and steps have the same sums; the rest follows from output and energy."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        first=st.integers(-3_600, 60 * 3_600) | st.integers(880 * 3_600, 960 * 3_600),
        length=st.integers(1, 80 * 3_600),
        time_type=st.sampled_from(TimeType),
    )
    def ask(first: int, length: int, time_type: TimeType) -> None:
        start = MAY + timedelta(seconds=first)
        period: dict[str, Any] = {"start": start, "end": start + timedelta(seconds=length), "time_type": time_type}
        sums: dict[OutputAmount, dict[Any, Decimal]] = {}
        for amount_type in (OutputAmount.OUTPUT, OutputAmount.ENERGY, OutputAmount.COMPOSITE_ENERGY):
            each = sums[amount_type] = plant.statistics(amount_type, **period)
            whole = sum(each.values())
            for summary_by in (SummaryBy.PRODUCT, SummaryBy.MACHINE):
                found = plant.statistics(amount_type, summary_by, **period)
                assert close(sum(found.values()), whole, len(each) + len(found))
                steps = plant.statistics(amount_type, summary_by, **period, return_format=ReturnFormat.DETAILS)
                for product, machine, _ in found:
                    parts = [amount for (a, b, _), amount in steps.items() if (a, b) == (product, machine)]
                    assert close(sum(parts), found[product, machine, start], len(parts))
        for number, name in enumerate(plant.names):
            consumed = plant.consumed(number, period["start"], period["end"])
            coal = sum(COAL_FACTORS[kind] * amount for kind, amount in consumed.items())
            for amount_type, limit in ((OutputAmount.ENERGY, consumed["0"]), (OutputAmount.COMPOSITE_ENERGY, coal)):
                used = [amount for (_, machine, _), amount in sums[amount_type].items() if machine == name]
                assert sum(used) <= limit + ROUNDING * len(used)
        made = sums[OutputAmount.OUTPUT]
        for amount_type, energy in (
            (OutputAmount.ENERGY_PER_UNIT, sums[OutputAmount.ENERGY]),
            (OutputAmount.COMPOSITE_ENERGY_PER_UNIT, sums[OutputAmount.COMPOSITE_ENERGY]),
        ):
            for key, ratio in plant.statistics(amount_type, **period).items():
                error = ROUNDING * (1 + ratio) / made[key] if made[key] else Decimal("Infinity")
                assert abs(energy[key] - ratio * made[key]) <= (error + ROUNDING_PER_UNIT) * made[key]

    ask()


def test_composite_energy_is_the_sum_of_kinds_times_factors(plant: ProducingPlant) -> None:
    """While one output alone is made, its coal equivalent is that of all that the machine consumed."""
    start, end = MAY + 20 * HOUR, MAY + 24 * HOUR
    (found,) = plant.statistics(OutputAmount.COMPOSITE_ENERGY, start=start, end=end, machine=plant.names[0]).values()
    consumed = plant.consumed(0, start, end)
    assert len([amount for amount in consumed.values() if amount]) > 1
    assert close(found, sum(COAL_FACTORS[kind] * amount for kind, amount in consumed.items()))
    (electricity,) = (item for item in plant.client.province.base_data().items or () if item.name == "电力")
    assert electricity.coal_factor == COAL_FACTORS[ELECTRICITY]


def test_what_is_not_made_yet_has_no_energy(plant: ProducingPlant) -> None:
    """An output that is being made has the energy used up to now, and more later, but its whole amount at once."""
    start, end = MAY + 880 * HOUR, MAY + 920 * HOUR
    assert start < plant.mock.now < end
    arguments: dict[str, Any] = {"start": start, "end": end, "machine": plant.names[1]}
    (now,) = plant.statistics(OutputAmount.ENERGY, **arguments).values()
    assert now == plant.consumed(1, start, plant.mock.now)[ELECTRICITY]
    plant.mock.advance(2 * DAY)
    (later,) = plant.statistics(OutputAmount.ENERGY, **arguments).values()
    assert later == plant.consumed(1, start, end)[ELECTRICITY] > now
    assert [*plant.statistics(OutputAmount.OUTPUT, **arguments).values()] == [1000]


def test_only_counted_meters_have_a_part(plant: ProducingPlant) -> None:
    """Virtual, total and uncounted meters add nothing; a meter that is counted no longer takes its part away."""
    before = plant.statistics(OutputAmount.ENERGY)
    own = next(meter for meter in plant.two if meter.machine == plant.names[0])
    for name, special in (
        ("总表", {"is_total": True}),
        ("虚拟表", {"is_virtual": True, "formula": own.name}),
        ("不统计", {"is_counted": False}),
    ):
        plant.create(name, machine_id=plant.ids[0], **special)
    assert plant.statistics(OutputAmount.ENERGY) == before
    for meter in plant.two:
        if meter.machine == plant.names[0]:
            plant.update(meter, is_counted=False)
    after = plant.statistics(OutputAmount.ENERGY)
    assert {amount for (_, machine, _), amount in after.items() if machine == plant.names[0]} == {0}
    assert all(after[key] == before[key] for key in after if key[1] == plant.names[1])


def test_changing_outputs_changes_statistics(plant: ProducingPlant) -> None:
    """A longer, larger output has more energy and a larger amount; a deleted one is in no statistic."""
    product, machine = "乙", plant.names[0]
    (output, *_) = (row for row in plant.client.outputs.list() if row.amount == 350)
    before = plant.statistics(OutputAmount.OUTPUT)
    energy = plant.statistics(OutputAmount.ENERGY)
    plant.client.outputs.update(output.id or 0, **plant.form(1, 0, 1, 700, 20, 20))
    changed = plant.statistics(OutputAmount.OUTPUT)
    assert changed[product, machine, MAY] == before[product, machine, MAY] + 350
    more = plant.consumed(0, MAY + 24 * HOUR, MAY + 40 * HOUR)[ELECTRICITY]
    found = plant.statistics(OutputAmount.ENERGY)[product, machine, MAY]
    assert close(found, energy[product, machine, MAY] + more, 2)
    plant.client.outputs.delete(output.id or 0)
    assert plant.statistics(OutputAmount.OUTPUT)[product, machine, MAY] == before[product, machine, MAY] - 350


def test_order_and_limit(plant: ProducingPlant) -> None:
    """Rows are sorted by amount as the request says, and no more of them are returned than it wants."""
    amounts = list(plant.statistics(OutputAmount.OUTPUT).values())
    ordered = list(plant.statistics(OutputAmount.OUTPUT, is_ordered=True, ascending=True).values())
    assert ordered == sorted(amounts) != amounts
    falling = plant.statistics(OutputAmount.OUTPUT, is_ordered=True, ascending=False, limit=3)
    assert [*falling.values()] == ordered[::-1][:3]
    assert len(plant.statistics(OutputAmount.OUTPUT, limit=1)) == 1
    assert plant.statistics(OutputAmount.OUTPUT, product="无此产品") == {}


def test_amounts_are_whole_where_they_can_be(plant: ProducingPlant) -> None:
    """On the wire a whole amount is an integer, another one a fraction with at most four decimal places, or six."""
    plant.mock.log_in()
    period = {"Time_Start": "2026-05-04 09:00:00", "Time_End": "2026-05-05 00:00:00", "Time_Type": "3"}
    types = {"Summary_Type": 0, "Return_Format": 1, "Energy_Type": "0"}
    for amount_type, places in ((1, 4), (4, 6)):
        given = {**types, "Amount_Type": amount_type}
        if amount_type == 1:
            del given["Energy_Type"]
        rows = plant.mock.envelope("outputs.statistics", **period, **given)["Data"]
        amounts = [row["Total_Amount"] for row in rows]
        assert all(amount == round(amount, places) for amount in amounts)
        assert {type(amount) for amount in amounts} == ({int, float} if amount_type == 1 else {float})


def test_batches(plant: ProducingPlant) -> None:
    """A batch has the amounts of its outputs: by nothing, product, machine or batch they add up to the same."""
    for name in ("一批", "二批"):
        for amount_type in (OutputAmount.OUTPUT, OutputAmount.ENERGY, OutputAmount.COMPOSITE_ENERGY):
            (whole,) = plant.batch(name, amount_type, SummaryBy.BATCH).items()
            assert whole[0] == ("", "")
            for summary_by in (SummaryBy.NOTHING, SummaryBy.PRODUCT, SummaryBy.MACHINE):
                found = plant.batch(name, amount_type, summary_by)
                assert close(sum(found.values()), whole[1], len(found))
                assert {bool(product) for product, _ in found} == {summary_by is not SummaryBy.MACHINE}
                assert {bool(machine) for _, machine in found} == {summary_by is not SummaryBy.PRODUCT}
    first, second = (plant.batch(name, OutputAmount.OUTPUT, SummaryBy.BATCH)["", ""] for name in ("一批", "二批"))
    assert [first, second] == [977, 1350]
    energies = [plant.batch(name, OutputAmount.ENERGY, SummaryBy.BATCH)["", ""] for name in ("一批", "二批")]
    assert close(sum(energies), sum(plant.statistics(OutputAmount.ENERGY).values()), 8)
    assert (
        plant.client.batches.statistics("无此批", amount_type=OutputAmount.OUTPUT, summary_by=SummaryBy.BATCH).collect()
        == []
    )


def test_efficiency_is_output_by_hour(plant: ProducingPlant) -> None:
    """The hours of a batch are those of its outputs, overlaps counted twice."""
    assert plant.batch("一批", OutputAmount.EFFICIENCY, SummaryBy.MACHINE) == {
        ("", plant.names[0]): Decimal(900) / 16,
        ("", plant.names[1]): round(Decimal(77) / 31, 4),
    }
    found = plant.batch("二批", OutputAmount.EFFICIENCY, SummaryBy.PRODUCT, is_ordered=True, ascending=False)
    assert [*found] == [("乙", ""), ("丙", "")]
    assert found["丙", ""] == 0
    assert ("丙", "") not in plant.batch("二批", OutputAmount.ENERGY_PER_UNIT, SummaryBy.PRODUCT), (
        "divided by no output"
    )


def test_the_document_s_efficiency(live_mock: Callable[..., LiveMock]) -> None:
    """The sample of 8.14 follows from the outputs that the sample of 8.5 shows."""
    mock = live_mock("energy", meters=0, start=BEGAN)
    mock.log_in()
    sample = sample_named("energy", "batches.statistics")
    found = mock.envelope("batches.statistics", **sample.content["request"]["query"])
    assert found["Data"] == sample.response["Data"]
