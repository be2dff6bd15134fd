"""Consumption of energy, and values of measuring points."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import RowsOperation
from chaobiao._wire.codecs import SEVERAL_CODES
from chaobiao.energy.amounts import Amounts, Steps, TimedPeriod
from chaobiao.energy.codes import EnergyKind
from chaobiao.energy.endpoint import get


@frozen
class ConsumptionTotal(Record):
    """The consumption of one owner in the whole period (总耗能), as section 3.1 lists it."""

    owner: str | None = cell(
        "Meter_Superior",
        "仪表上级名称",
        "Machine or department; empty where amounts are not added up by it.",
        example="机器1",
    )
    meter: str | None = cell("Meter_Name", "仪表名称", "Meter; empty where amounts are not divided by meter.")
    kind: EnergyKind | None = cell("Ene_Type", "能源类型", "Kind of energy.", example="0")
    kind_name: str | None = cell("Ene_Name", "能源名称", "Chinese name of the kind of energy.", example="电")
    amount: Decimal | None = cell("Total_Amount", "总量", "Amount, in the unit of the kind of energy.", example="10.00")


@frozen
class ConsumptionPoint(Record):
    """The consumption of one owner in one step of the period (详细耗能), as section 3.2 lists it."""

    time: datetime | None = cell("Time", "时间点", "Start of the step.", example="2019-04-01 13:00:00")
    owner: str | None = cell(
        "Meter_Superior",
        "仪表上级名称",
        "Machine or department; empty where amounts are not added up by it.",
        example="机器1",
    )
    meter: str | None = cell("Meter_Name", "仪表名称", "Meter; empty where amounts are not divided by meter.")
    kind: EnergyKind | None = cell("Ene_Type", "能源类型", "Kind of energy.", example="0")
    kind_name: str | None = cell("Ene_Name", "能源名称", "Chinese name of the kind of energy.", example="电")
    amount: Decimal | None = cell(
        "Total_Amount", "该时间段内的总量", "Amount in the step, in the unit of the kind of energy.", example="10.00"
    )


@frozen
class Measurement(Record):
    """The value of a measuring point at one time (测点数据), as section 3.3 lists it."""

    time: datetime | None = cell(
        "TIme",
        "时间点",
        "Time of the value; the document spells the key TIme.",
        aliases=("Time",),
        example="2019-04-01 13:53:59",
    )
    name: str | None = cell("Measure_Name", "测点名称", "Name of the measuring point.", example="UA")
    value: Decimal | None = cell(
        "Measure_Value",
        "该时间点的值",
        "The value; the average of a step where months or days are asked for.",
        example="220.5",
    )


@get("/api_3/allenergy", section="3.1", call="consumption.totals", title="查询能源总耗能")
@frozen
class ListConsumptionTotals(Amounts, TimedPeriod, RowsOperation[ConsumptionTotal]):
    """List the consumption of the whole period."""


@get("/api_3/detailenergy", section="3.2", call="consumption.details", title="查询详细能源耗能")
@frozen
class ListConsumptionDetails(Amounts, Steps, RowsOperation[ConsumptionPoint]):
    """List the consumption of each step of the period: one point for each step, owner and kind of energy."""


@get("/api_3/measure", section="3.3", call="measurements.list", title="测点数据查询")
@frozen
class ListMeasurements(Steps, RowsOperation[Measurement]):
    """List values of the measuring points of a meter; averages where years or months are asked for."""

    meter: str = arg(
        "Meter_Name", "仪表名称", "Name of the meter.", kw_only=False, check=checks.text, example="染色工业水表"
    )
    names: str | Iterable[str] | None = arg(
        "Measure_Name",
        "测点名称",
        "Names of measuring points; without it, all.",
        default=None,
        check=checks.several_codes,
        codec=SEVERAL_CODES,
    )
