"""Reports of consumption: as a file on the server, and as rows with the amounts of shifts."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from chaobiao._contract.calendar import Month, Year
from chaobiao._contract.fields import Record, cell, frozen
from chaobiao._contract.operation import Effect, ObjectOperation, RowsOperation
from chaobiao.energy.amounts import Amounts, Steps
from chaobiao.energy.codes import EnergyKind
from chaobiao.energy.endpoint import create

_FILE: Final = re.compile(
    r"Year_report(?P<year>\d{4})\.xlsx|Month_report(?P<month>\d{4}_\d{1,2})\.xlsx"
    r"|Day_report(?P<day>\d{4}_\d{1,2}_\d{1,2})\.xlsx",
    re.ASCII,
)


@frozen
class ReportFile(Record):
    """The file of a report (能源报表). The document describes no way to fetch it."""

    file_name: str | None = cell(
        "File_Name", "文件名称", "Name of the file, .xlsx.", example="Day_report2019_6_12.xlsx"
    )

    @property
    def covers(self) -> Year | Month | date | None:
        """What the name says that the report is about: a year, a month or a day; ``None`` for other names."""
        found = _FILE.fullmatch(self.file_name or "")
        if found is None or found.lastgroup is None:
            return None
        parts = [int(part) for part in found[found.lastgroup].split("_")]
        try:
            day = date(*parts, *[1] * (3 - len(parts)))
        except ValueError:  # a month or day that no calendar has
            return None
        match found.lastgroup:
            case "year":
                return Year(day.year)
            case "month":
                return Month(day.year, day.month)
            case _:
                return day


@frozen
class ReportDetail(Record):
    """The amount of one step of a report."""

    time: datetime | None = cell("Time", "时间", "Start of the step.", example="2019-04-01 01:30:00")
    amount: Decimal | None = cell("Total_Amount", "总量", "Amount in the step.", example="10.00")


@frozen
class ShiftAmount(Record):
    """The amount of one shift; in the sample only, not in the table."""

    name: str | None = cell("Shift_Name", "班次名称", "Name of the shift.", example="白班")
    amount: Decimal | None = cell("Shift_Amount", "班次总量", "Amount in the shift.", example="1000")


@frozen
class ReportRow(Record):
    """The consumption of one meter with its steps and shifts, as section 3.5 lists it."""

    department: str | None = cell("Meter_Department", "所属部门", "Department of the machine.", example="东车间")
    machine: str | None = cell("Meter_Superior", "仪表上级名称", "Machine of the meter.", example="机器1")
    meter: str | None = cell("Meter_Name", "仪表名称", "Meter.", example="染色工业水表")
    kind: EnergyKind | None = cell("Ene_Type", "能源类型", "Kind of energy.", example="1")
    kind_name: str | None = cell("Ene_Name", "能源名称", "Chinese name of the kind of energy.", example="自来水")
    shifts: tuple[ShiftAmount, ...] | None = cell("Shift_Amounts", "各班次总量", "Amounts of the shifts.")
    details: tuple[ReportDetail, ...] | None = cell("Detail_Amounts", "各段时间点总量", "Amounts of the steps.")


@create("/api_3/report", section="3.4", call="reports.generate", title="生成能源报表")
@frozen
class GenerateReport(Amounts, Steps, ObjectOperation[ReportFile]):
    """Let the server write a report into a file, and return the name of the file.

    The document describes no way to fetch the file.
    """

    @property
    def reference(self) -> str:
        """The period."""
        return f"{self.start:%F %T} - {self.end:%F %T}"


@create(
    "/api_3/form_detailenergy",
    section="3.5",
    call="reports.details",
    title="查询详细能源耗能--报表",
    effect=Effect.READ,
)
@frozen
class ListReportDetails(Amounts, Steps, RowsOperation[ReportRow]):
    """List the consumption of meters with the amounts of each step and of each shift. POST changes nothing here."""
