"""Readings and consumption of meters.

The document gives no units; those of the fields are assumed from what is measured.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao.jrhsz.codes import ConsumptionKind, Gate, ImageStatus, MeterKind
from chaobiao.jrhsz.endpoint import post
from chaobiao.jrhsz.paged import JrhszPage, JrhszPeriod


@frozen
class LatestReading(Record):
    """The newest reading of a meter, as meter 4.3 shows it."""

    device_id: str | None = cell(
        "deviceId", "设备ID", "Id of the device; in the sample equal to table_no.", example="202005005292"
    )
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "Reading of the meter.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "Time of the reading.", example="2023-04-22 10:31:53")
    gate: Gate | None = cell("gate", "阀门状态", "State of the valve or breaker.", example="跳闸")


@frozen
class Reading(Record):
    """A past reading of a meter, as meter 4.4 shows it."""

    device_id: str | None = cell(
        "deviceId", "设备ID", "Id of the device; in the sample equal to table_no.", example="202005005292"
    )
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "Reading of the meter.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "Time of the reading.", example="2023-04-22 10:31:53")
    imei: str | None = cell("imei", "imei", "IMEI of the device's modem; empty in the sample.")
    user_code: str | None = cell("user_code", "用户编码", "Code of the meter's resident.", example="2022040001")
    table_address: str | None = cell(
        "tableAddress", "表地址", "Place of the meter; the sample shows the meter number.", example="7栋"
    )
    device_name: str | None = cell("deviceName", "表名称", "Name of the device; in the sample equal to its id.")


@frozen
class Consumption(Record):
    """A reading with the consumption up to it and its cost (消费记录), as meter 4.5 shows it."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the meter's project.", example="zc")
    device_id: str | None = cell(
        "deviceId", "设备ID", "Id of the device; in the sample equal to table_no.", example="202005005292"
    )
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "Reading of the meter.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "Time of the reading.", example="2023-04-22 10:31:53")
    usage: Decimal | None = cell(
        "dosage", "用量", "Consumption, presumably since the previous record.", unit="m³ or kWh"
    )
    amount: Decimal | None = cell(
        "amout",
        "消费金额",
        "Cost of that consumption; the sample spells the key amout, the table amount.",
        unit="yuan",
        aliases=("amount",),
        example="0",
    )
    kind: MeterKind | None = cell("type", "表类型", "Code of the kind of meter.", number=True)


@frozen
class TimeOfUseReading(Record):
    """A time-of-use reading (尖峰平谷), as meter 4.7 shows it.

    Cumulative energy in total and by tariff period, and voltages, currents and powers at that time.
    """

    project_code: str | None = cell("project_code", "项目编码", "Code of the meter's project.", example="zc")
    device_id: str | None = cell(
        "deviceId", "设备ID", "Id of the device; in the sample equal to table_no.", example="202005005292"
    )
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reported_at: datetime | None = cell("createTime", "上报时间", "Time at which the meter reported.")
    frozen_at: datetime | None = cell(
        "freezeTime", "日冻结时间", "Time of the daily freeze, at which the meter stored these values."
    )
    total: Decimal | None = cell(
        "positiveActivePower", "总读数", "Reading of all tariff periods.", number=True, unit="kWh", example=10622.5
    )
    sharp: Decimal | None = cell(
        "positiveActivePower1", "尖读数", "Reading, critical peak (尖).", number=True, unit="kWh"
    )
    peak: Decimal | None = cell("positiveActivePower2", "峰读数", "Reading, peak (峰).", number=True, unit="kWh")
    flat: Decimal | None = cell("positiveActivePower3", "平读数", "Reading, flat (平).", number=True, unit="kWh")
    valley: Decimal | None = cell("positiveActivePower4", "谷读数", "Reading, valley (谷).", number=True, unit="kWh")
    voltage_a: Decimal | None = cell("voltA", "电压A", "Voltage of phase A.", unit="V", example="238.90")
    voltage_b: Decimal | None = cell("voltB", "电压B", "Voltage of phase B.", unit="V")
    voltage_c: Decimal | None = cell("voltC", "电压C", "Voltage of phase C.", unit="V")
    current_a: Decimal | None = cell("electricA", "电流A", "Current of phase A.", unit="A", example="3.78")
    current_b: Decimal | None = cell("electricB", "电流B", "Current of phase B.", unit="A")
    current_c: Decimal | None = cell("electricC", "电流C", "Current of phase C.", unit="A")
    active_power: Decimal | None = cell("totalActivePower", "总有功功率", "Active power of all phases.", unit="kW")
    active_power_a: Decimal | None = cell("activePowerA", "有功功率A", "Active power of phase A.", unit="kW")
    active_power_b: Decimal | None = cell("activePowerB", "有功功率B", "Active power of phase B.", unit="kW")
    active_power_c: Decimal | None = cell("activePowerC", "有功功率C", "Active power of phase C.", unit="kW")
    reactive_power: Decimal | None = cell(
        "totalReactivePower", "总无功功率", "Reactive power of all phases.", unit="kvar"
    )
    reactive_power_a: Decimal | None = cell("reactivePowerA", "无功功率A", "Reactive power of phase A.", unit="kvar")
    reactive_power_b: Decimal | None = cell("reactivePowerB", "无功功率B", "Reactive power of phase B.", unit="kvar")
    reactive_power_c: Decimal | None = cell("reactivePowerC", "无功功率C", "Reactive power of phase C.", unit="kvar")


@frozen
class CameraReading(Record):
    """A reading that was taken from a picture of a meter's dial, as meter 4.8 shows it."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the meter's project.", example="zc")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    read_at: datetime | None = cell(
        "imageReadTime", "抄表时间", "Time of the reading; presumably when the picture was taken."
    )
    status: ImageStatus | None = cell("imageStatus", "解析状态", "Whether the picture was parsed.", example="解析正常")
    image_url: str | None = cell("imageUrl", "图像地址", "URL of the picture.")
    reading: Decimal | None = cell(
        "basicReading", "读数", "Reading that was parsed from the picture.", number=True, unit="m³", example=24863.7
    )


@post("/meter/readMeter", section="meter 4.3", call="meters.latest_readings", title="抄表信息")
@frozen
class ListLatestReadings(JrhszPage[LatestReading]):
    """List the newest reading of one meter, or of every meter."""

    table_no: str | None = arg(
        "tableNo",
        "表编号",
        "Number of one meter; without it, all meters.",
        default=None,
        check=checks.single_code,
        example="190620833464",
    )

    @property
    def single(self) -> bool:
        """Whether one meter is asked for: it has one newest reading, which the document shows beside a total of 52."""
        return self.table_no is not None


@post("/meter/readMeterList", section="meter 4.4", call="meters.readings", title="抄表记录")
@frozen
class ListReadings(JrhszPeriod[Reading]):
    """List the past readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = arg(
        "tableNo",
        "表号",
        "Number of one meter, or several as an iterable or joined by commas; without it, all meters.",
        default=None,
        check=checks.several_codes,
        example="190620833464",
    )


@post("/meter/readMeterDataList", section="meter 4.5", call="meters.consumption", title="消费记录")
@frozen
class ListConsumption(JrhszPeriod[Consumption]):
    """List consumption and cost, with all records or one record per day."""

    kind: ConsumptionKind = arg(
        "type",
        "类型",
        "REALTIME (1): all records; DAILY (2): one per day, a code that is inferred, not documented.",
        default=ConsumptionKind.REALTIME,
        required=True,
        check=checks.one_of(ConsumptionKind),
    )
    table_no: str | None = arg(
        "tableNo",
        "表号",
        "Number of one meter; without it, all meters.",
        default=None,
        check=checks.single_code,
        example="190620833464",
    )


@post("/meter/peaksValleysRead", section="meter 4.7", call="meters.time_of_use_readings", title="尖峰平谷抄表记录")
@frozen
class ListTimeOfUseReadings(JrhszPeriod[TimeOfUseReading]):
    """List the time-of-use readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = arg(
        "tableNo",
        "表号",
        "Number of one meter, or several as an iterable or joined by commas; without it, all meters.",
        default=None,
        check=checks.several_codes,
        example="190620833464",
    )


@post("/meter/cameraRead", section="meter 4.8", call="meters.camera_readings", title="摄像头水表抄表记录")
@frozen
class ListCameraReadings(JrhszPeriod[CameraReading]):
    """List the readings of camera water meters."""

    table_no: str | Iterable[str] | None = arg(
        "tableNo",
        "表号",
        "Number of one meter, or several as an iterable or joined by commas; without it, all meters.",
        default=None,
        check=checks.several_codes,
        example="190620833464",
    )
