"""Rates (费率), and the settings that say where years, months and days begin."""

from datetime import timedelta
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, ObjectOperation, RowsOperation
from chaobiao._wire.codecs import INVERTED_FLAG
from chaobiao.energy.codecs import CLEARABLE_NUMBER, INTEGER_TEXT, OFFSET
from chaobiao.energy.endpoint import get, update


@frozen
class Rate(Record):
    """A rate (费率), as section 4.2 lists it."""

    id: int | None = cell("id", "主键", "Id of the rate.", number=True, example=1)
    name: str | None = cell("Rate_Name", "费率名称", "Name of the rate.", example="峰")
    kind: str | None = cell("Rate_Type", "费率类型", "Kind of rate; the document lists no values.")
    value: Decimal | None = cell("Rate_Value", "费率值", "Price of a unit.", example="0.85")
    is_segmented: bool | None = cell(
        "isSegmentation",
        "是否分段",
        "Whether the price changes with the time; on the wire 0 means yes.",
        codec=INVERTED_FLAG,
    )
    segment_begin: str | None = cell("Seg_Begin", "开始时间", "Begin of the segment; the document gives no format.")
    segment_begin_rate: Decimal | None = cell("Seg_Begin_Rate", "开始计费值", "Price at the begin of the segment.")
    segment_end: str | None = cell("Seg_End", "结束时间", "End of the segment; the document gives no format.")
    segment_end_rate: Decimal | None = cell("Seg_End_Rate", "结束计费值", "Price at the end of the segment.")
    unit: str | None = cell("Rate_Unit", "计费单位", "Unit of the price.", example="元/kWh")


@frozen
class Settings(Record):
    """Where years, months and days begin and end (个性化设置), as section 4.3 lists it."""

    year_start: int | None = cell(
        "Year_Start", "年开始月", "First month: 1 is January, -1 January of last year.", example="1"
    )
    year_end: int | None = cell(
        "Year_End", "年结束月", "Month of the end: 1 is January of next year, -1 of this year.", example="1"
    )
    month_start: int | None = cell(
        "Month_Start", "月开始天", "First day: 1 is the first, -1 the first of last month.", example="1"
    )
    month_end: int | None = cell(
        "Month_End", "月结束天", "Day of the end: 1 is the first of next month, -1 of this month.", example="1"
    )
    day_start: timedelta | None = cell(
        "Day_Start", "天开始时", "Begin of a day, from its midnight; may be negative.", codec=OFFSET, example="07:30:00"
    )
    day_end: timedelta | None = cell(
        "Day_End", "天结束时", "End of a day, from its midnight; may be negative.", codec=OFFSET, example="07:30:00"
    )


@update("/api_3/rate", section="4.1", call="rates.update", title="费率修改")
@frozen
class UpdateRate(ObjectOperation[Acknowledgement]):
    """Change a rate. The rates are a fixed set: none can be created or deleted. An empty text clears a field."""

    id: int = arg("id", "主键", "Id of the rate, from rates.list.", kw_only=False, check=checks.whole(0))
    name: str = arg("Rate_Name", "费率名称", "Name of the rate.", check=checks.text)
    kind: str = arg("Rate_Type", "费率类型", "Kind of rate; the document lists no values.", check=checks.text)
    value: Decimal | int | str | None = arg(
        "Rate_Value", "费率值", "Price of a unit.", default=None, check=checks.clearable_number, codec=CLEARABLE_NUMBER
    )
    is_segmented: bool = arg(
        "isSegmentation",
        "是否分段",
        "Whether the price changes with the time; sent as 0 for yes.",
        check=checks.flag,
        codec=INVERTED_FLAG,
    )
    segment_begin: str | None = arg(
        "Seg_Begin", "开始时间", "Begin of the segment.", default=None, check=checks.any_text
    )
    segment_begin_rate: Decimal | int | str | None = arg(
        "Seg_Begin_Rate",
        "开始计费值",
        "Price at the begin of the segment.",
        default=None,
        check=checks.clearable_number,
        codec=CLEARABLE_NUMBER,
    )
    segment_end: str | None = arg("Seg_End", "结束时间", "End of the segment.", default=None, check=checks.any_text)
    segment_end_rate: Decimal | int | str | None = arg(
        "Seg_End_Rate",
        "结束计费值",
        "Price at the end of the segment.",
        default=None,
        check=checks.clearable_number,
        codec=CLEARABLE_NUMBER,
    )
    unit: str = arg("Rate_Unit", "计费单位", "Unit of the price.", check=checks.text, example="元/kWh")


@get("/api_3/rate", section="4.2", call="rates.list", title="费率查询")
@frozen
class ListRates(RowsOperation[Rate]):
    """List the rates."""


@get("/api_3/personalise", section="4.3", call="settings.get", title="查询个性化设置")
@frozen
class GetSettings(ObjectOperation[Settings]):
    """Return where years, months and days begin and end."""


@update("/api_3/personalise", section="4.4", call="settings.update", look_up="settings.get", title="修改个性化设置")
@frozen
class UpdateSettings(ObjectOperation[Acknowledgement]):
    """Set where years, months and days begin and end.

    The month or day 0 lies in the documented ranges and has no meaning: it is rejected before it is sent.
    """

    year_start: int = arg(
        "Year_Start",
        "年开始月",
        "First month, -12 to 12 without 0: 1 is January of this year, -1 January of last year.",
        check=checks.signed(12),
        codec=INTEGER_TEXT,
        example="1",
    )
    year_end: int = arg(
        "Year_End",
        "年结束月",
        "Month of the end, -12 to 12 without 0: 1 is January of next year, -1 January of this year.",
        check=checks.signed(12),
        codec=INTEGER_TEXT,
        example="1",
    )
    month_start: int = arg(
        "Month_Start",
        "月开始天",
        "First day, -31 to 31 without 0: 1 is the first of this month, -1 the first of last month.",
        check=checks.signed(31),
        codec=INTEGER_TEXT,
        example="1",
    )
    month_end: int = arg(
        "Month_End",
        "月结束天",
        "Day of the end, -31 to 31 without 0: 1 is the first of next month, -1 the first of this month.",
        check=checks.signed(31),
        codec=INTEGER_TEXT,
        example="1",
    )
    day_start: timedelta = arg(
        "Day_Start",
        "天开始时",
        "Begin of a day, less than 24 hours from its midnight.",
        check=checks.day_offset,
        codec=OFFSET,
    )
    day_end: timedelta = arg(
        "Day_End",
        "天结束时",
        "End of a day, less than 24 hours from its midnight.",
        check=checks.day_offset,
        codec=OFFSET,
    )
