"""Readings and consumption of meters."""

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
    """The newest reading that a meter has reported."""

    device_id: str | None = cell("deviceId", "设备ID", "The device.", example="202005005292")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "The reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "When it was read.", example="2023-04-22 10:31:53")
    gate: Gate | None = cell("gate", "阀门状态", "State of the valve or breaker.", example="跳闸")


@frozen
class Reading(Record):
    """A reading from a meter's history."""

    device_id: str | None = cell("deviceId", "设备ID", "The device.", example="202005005292")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "The reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "When it was read.", example="2023-04-22 10:31:53")
    imei: str | None = cell("imei", "imei", "IMEI of the modem; often empty.")
    user_code: str | None = cell("user_code", "用户编码", "Code of the resident.", example="2022040001")
    table_address: str | None = cell("tableAddress", "表地址", "Where the meter is.", example="7栋")
    device_name: str | None = cell("deviceName", "表名称", "Name of the device.")


@frozen
class Consumption(Record):
    """What a meter used up to a reading, and what that cost."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the project.", example="zc")
    device_id: str | None = cell("deviceId", "设备ID", "The device.", example="202005005292")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reading: Decimal | None = cell("reading", "读数", "The reading.", unit="m³ or kWh", example="346.90")
    read_at: datetime | None = cell("readTime", "读数时间", "When it was read.", example="2023-04-22 10:31:53")
    usage: Decimal | None = cell("dosage", "用量", "Used since the reading before.", unit="m³ or kWh")
    amount: Decimal | None = cell(
        "amout",
        "消费金额",
        "Its cost; the sample spells it amout, the table amount.",
        unit="yuan",
        aliases=("amount",),
        example="0",
    )
    kind: MeterKind | None = cell("type", "表类型", "Kind of meter.", number=True)


@frozen
class TimeOfUseReading(Record):
    """A time-of-use reading (尖峰平谷): energy by tariff period, and the electrical state at that moment."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the project.", example="zc")
    device_id: str | None = cell("deviceId", "设备ID", "The device.", example="202005005292")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    reported_at: datetime | None = cell("createTime", "上报时间", "When it was reported.")
    frozen_at: datetime | None = cell("freezeTime", "日冻结时间", "The daily freeze it belongs to.")
    total: Decimal | None = cell(
        "positiveActivePower", "总读数", "Total reading.", number=True, unit="kWh", example=10622.5
    )
    sharp: Decimal | None = cell("positiveActivePower1", "尖读数", "Sharp-peak reading (尖).", number=True, unit="kWh")
    peak: Decimal | None = cell("positiveActivePower2", "峰读数", "Peak reading (峰).", number=True, unit="kWh")
    flat: Decimal | None = cell("positiveActivePower3", "平读数", "Flat reading (平).", number=True, unit="kWh")
    valley: Decimal | None = cell("positiveActivePower4", "谷读数", "Valley reading (谷).", number=True, unit="kWh")
    voltage_a: Decimal | None = cell("voltA", "电压A", "Voltage, phase A.", unit="V", example="238.90")
    voltage_b: Decimal | None = cell("voltB", "电压B", "Voltage, phase B.", unit="V")
    voltage_c: Decimal | None = cell("voltC", "电压C", "Voltage, phase C.", unit="V")
    current_a: Decimal | None = cell("electricA", "电流A", "Current, phase A.", unit="A", example="3.78")
    current_b: Decimal | None = cell("electricB", "电流B", "Current, phase B.", unit="A")
    current_c: Decimal | None = cell("electricC", "电流C", "Current, phase C.", unit="A")
    active_power: Decimal | None = cell(
        "totalActivePower", "总有功功率", "Active power; the document gives no unit.", unit="kW"
    )
    active_power_a: Decimal | None = cell("activePowerA", "有功功率A", "Phase A.", unit="kW")
    active_power_b: Decimal | None = cell("activePowerB", "有功功率B", "Phase B.", unit="kW")
    active_power_c: Decimal | None = cell("activePowerC", "有功功率C", "Phase C.", unit="kW")
    reactive_power: Decimal | None = cell(
        "totalReactivePower", "总无功功率", "Reactive power; no unit documented.", unit="kvar"
    )
    reactive_power_a: Decimal | None = cell("reactivePowerA", "无功功率A", "Phase A.", unit="kvar")
    reactive_power_b: Decimal | None = cell("reactivePowerB", "无功功率B", "Phase B.", unit="kvar")
    reactive_power_c: Decimal | None = cell("reactivePowerC", "无功功率C", "Phase C.", unit="kvar")


@frozen
class CameraReading(Record):
    """A reading that was taken from a picture of the dial."""

    project_code: str | None = cell("project_code", "项目编码", "Code of the project.", example="zc")
    table_no: str | None = cell("tableNo", "表编号", "Number of the meter.", example="190620833464")
    read_at: datetime | None = cell("imageReadTime", "抄表时间", "When the picture was taken.")
    status: ImageStatus | None = cell("imageStatus", "解析状态", "Whether it could be read.", example="解析正常")
    image_url: str | None = cell("imageUrl", "图像地址", "Where the picture is.")
    reading: Decimal | None = cell(
        "basicReading", "读数", "The reading taken from it.", number=True, unit="m³", example=24863.7
    )


@post("/meter/readMeter", section="meter 4.3", call="meters.latest_readings", title="抄表信息")
@frozen
class ListLatestReadings(JrhszPage[LatestReading]):
    """Read the newest reading of one meter, or of all."""

    table_no: str | None = arg(
        "tableNo", "表编号", "Only this meter.", default=None, check=checks.single_code, example="190620833464"
    )

    @property
    def single(self) -> bool:
        """One meter has one newest reading; the document shows it beside a total of 52."""
        return self.table_no is not None


@post("/meter/readMeterList", section="meter 4.4", call="meters.readings", title="抄表记录")
@frozen
class ListReadings(JrhszPeriod[Reading]):
    """List the readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = arg(
        "tableNo",
        "表号",
        "Only this meter, or these.",
        default=None,
        check=checks.several_codes,
        example="190620833464",
    )


@post("/meter/readMeterDataList", section="meter 4.5", call="meters.consumption", title="消费记录")
@frozen
class ListConsumption(JrhszPeriod[Consumption]):
    """List consumption and cost, record by record or day by day."""

    kind: ConsumptionKind = arg(
        "type",
        "类型",
        "REALTIME 1 (documented), DAILY 2 (inferred).",
        default=ConsumptionKind.REALTIME,
        required=True,
        check=checks.one_of(ConsumptionKind),
    )
    table_no: str | None = arg(
        "tableNo", "表号", "Only this meter.", default=None, check=checks.single_code, example="190620833464"
    )


@post("/meter/peaksValleysRead", section="meter 4.7", call="meters.time_of_use_readings", title="尖峰平谷抄表记录")
@frozen
class ListTimeOfUseReadings(JrhszPeriod[TimeOfUseReading]):
    """List time-of-use readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = arg(
        "tableNo",
        "表号",
        "Only this meter, or these.",
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
        "Only this meter, or these.",
        default=None,
        check=checks.several_codes,
        example="190620833464",
    )
