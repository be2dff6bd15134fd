"""Readings and consumption of meters."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, frozen, wire
from chaobiao._contract.operation import Effect, operation
from chaobiao.jrhsz.codes import ConsumptionKind, Gate, ImageStatus, MeterKind
from chaobiao.jrhsz.paged import JrhszPage, JrhszPeriod


@frozen
class LatestReading(Record):
    """The newest reading that a meter has reported."""

    device_id: str | None = wire("deviceId", default=None, zh="设备ID", doc="The device.")
    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reading: Decimal | None = wire("reading", default=None, unit="m³ or kWh", zh="读数", doc="The reading.")
    read_at: datetime | None = wire("readTime", default=None, zh="读数时间", doc="When it was read.")
    gate: Gate | None = wire("gate", default=None, zh="阀门状态", doc="State of the valve or breaker.")


@frozen
class Reading(Record):
    """A reading from a meter's history."""

    device_id: str | None = wire("deviceId", default=None, zh="设备ID", doc="The device.")
    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reading: Decimal | None = wire("reading", default=None, unit="m³ or kWh", zh="读数", doc="The reading.")
    read_at: datetime | None = wire("readTime", default=None, zh="读数时间", doc="When it was read.")
    imei: str | None = wire("imei", default=None, zh="imei", doc="IMEI of the modem; often empty.")
    user_code: str | None = wire("user_code", default=None, zh="用户编码", doc="Code of the resident.")
    table_address: str | None = wire("tableAddress", default=None, zh="表地址", doc="Where the meter is.")
    device_name: str | None = wire("deviceName", default=None, zh="表名称", doc="Name of the device.")


@frozen
class Consumption(Record):
    """What a meter used up to a reading, and what that cost."""

    project_code: str | None = wire("project_code", default=None, zh="项目编码", doc="Code of the project.")
    device_id: str | None = wire("deviceId", default=None, zh="设备ID", doc="The device.")
    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reading: Decimal | None = wire("reading", default=None, unit="m³ or kWh", zh="读数", doc="The reading.")
    read_at: datetime | None = wire("readTime", default=None, zh="读数时间", doc="When it was read.")
    usage: Decimal | None = wire(
        "dosage", default=None, unit="m³ or kWh", zh="用量", doc="Used since the reading before."
    )
    amount: Decimal | None = wire(
        "amout",
        default=None,
        aliases=("amount",),
        unit="yuan",
        zh="消费金额",
        doc="Its cost; the sample spells it amout, the table amount.",
    )
    kind: MeterKind | None = wire("type", default=None, number=True, zh="表类型", doc="Kind of meter.")


@frozen
class TimeOfUseReading(Record):
    """A time-of-use reading (尖峰平谷): energy by tariff period, and the electrical state at that moment."""

    project_code: str | None = wire("project_code", default=None, zh="项目编码", doc="Code of the project.")
    device_id: str | None = wire("deviceId", default=None, zh="设备ID", doc="The device.")
    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    reported_at: datetime | None = wire("createTime", default=None, zh="上报时间", doc="When it was reported.")
    frozen_at: datetime | None = wire(
        "freezeTime", default=None, zh="日冻结时间", doc="The daily freeze it belongs to."
    )
    total: Decimal | None = wire(
        "positiveActivePower", default=None, number=True, unit="kWh", zh="总读数", doc="Total reading."
    )
    sharp: Decimal | None = wire(
        "positiveActivePower1", default=None, number=True, unit="kWh", zh="尖读数", doc="Sharp-peak reading (尖)."
    )
    peak: Decimal | None = wire(
        "positiveActivePower2", default=None, number=True, unit="kWh", zh="峰读数", doc="Peak reading (峰)."
    )
    flat: Decimal | None = wire(
        "positiveActivePower3", default=None, number=True, unit="kWh", zh="平读数", doc="Flat reading (平)."
    )
    valley: Decimal | None = wire(
        "positiveActivePower4", default=None, number=True, unit="kWh", zh="谷读数", doc="Valley reading (谷)."
    )
    voltage_a: Decimal | None = wire("voltA", default=None, unit="V", zh="电压A", doc="Voltage, phase A.")
    voltage_b: Decimal | None = wire("voltB", default=None, unit="V", zh="电压B", doc="Voltage, phase B.")
    voltage_c: Decimal | None = wire("voltC", default=None, unit="V", zh="电压C", doc="Voltage, phase C.")
    current_a: Decimal | None = wire("electricA", default=None, unit="A", zh="电流A", doc="Current, phase A.")
    current_b: Decimal | None = wire("electricB", default=None, unit="A", zh="电流B", doc="Current, phase B.")
    current_c: Decimal | None = wire("electricC", default=None, unit="A", zh="电流C", doc="Current, phase C.")
    active_power: Decimal | None = wire(
        "totalActivePower", default=None, unit="kW", zh="总有功功率", doc="Active power; the document gives no unit."
    )
    active_power_a: Decimal | None = wire("activePowerA", default=None, unit="kW", zh="有功功率A", doc="Phase A.")
    active_power_b: Decimal | None = wire("activePowerB", default=None, unit="kW", zh="有功功率B", doc="Phase B.")
    active_power_c: Decimal | None = wire("activePowerC", default=None, unit="kW", zh="有功功率C", doc="Phase C.")
    reactive_power: Decimal | None = wire(
        "totalReactivePower", default=None, unit="kvar", zh="总无功功率", doc="Reactive power; no unit documented."
    )
    reactive_power_a: Decimal | None = wire("reactivePowerA", default=None, unit="kvar", zh="无功功率A", doc="Phase A.")
    reactive_power_b: Decimal | None = wire("reactivePowerB", default=None, unit="kvar", zh="无功功率B", doc="Phase B.")
    reactive_power_c: Decimal | None = wire("reactivePowerC", default=None, unit="kvar", zh="无功功率C", doc="Phase C.")


@frozen
class CameraReading(Record):
    """A reading that was taken from a picture of the dial."""

    project_code: str | None = wire("project_code", default=None, zh="项目编码", doc="Code of the project.")
    table_no: str | None = wire("tableNo", default=None, zh="表编号", doc="Number of the meter.")
    read_at: datetime | None = wire("imageReadTime", default=None, zh="抄表时间", doc="When the picture was taken.")
    status: ImageStatus | None = wire("imageStatus", default=None, zh="解析状态", doc="Whether it could be read.")
    image_url: str | None = wire("imageUrl", default=None, zh="图像地址", doc="Where the picture is.")
    reading: Decimal | None = wire(
        "basicReading", default=None, number=True, unit="m³", zh="读数", doc="The reading taken from it."
    )


@operation(
    "POST",
    "/meter/readMeter",
    section="meter 4.3",
    call="meters.latest_readings",
    effect=Effect.READ,
    interval=2,
    title="抄表信息",
)
@frozen
class ListLatestReadings(JrhszPage[LatestReading]):
    """Read the newest reading of one meter, or of all."""

    table_no: str | None = wire(
        "tableNo", default=None, check=checks.optional(checks.single_code), zh="表编号", doc="Only this meter."
    )


@operation(
    "POST",
    "/meter/readMeterList",
    section="meter 4.4",
    call="meters.readings",
    effect=Effect.READ,
    interval=2,
    title="抄表记录",
)
@frozen
class ListReadings(JrhszPeriod[Reading]):
    """List the readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = wire(
        "tableNo",
        default=None,
        check=checks.optional(checks.several_codes),
        zh="表号",
        doc="Only this meter, or these.",
    )


@operation(
    "POST",
    "/meter/readMeterDataList",
    section="meter 4.5",
    call="meters.consumption",
    effect=Effect.READ,
    interval=2,
    title="消费记录",
)
@frozen
class ListConsumption(JrhszPeriod[Consumption]):
    """List consumption and cost, record by record or day by day."""

    kind: ConsumptionKind = wire(
        "type",
        default=ConsumptionKind.REALTIME,
        required=True,
        check=checks.one_of(ConsumptionKind),
        zh="类型",
        doc="REALTIME 1 (documented), DAILY 2 (inferred).",
    )
    table_no: str | None = wire(
        "tableNo", default=None, check=checks.optional(checks.single_code), zh="表号", doc="Only this meter."
    )


@operation(
    "POST",
    "/meter/peaksValleysRead",
    section="meter 4.7",
    call="meters.time_of_use_readings",
    effect=Effect.READ,
    interval=2,
    title="尖峰平谷抄表记录",
)
@frozen
class ListTimeOfUseReadings(JrhszPeriod[TimeOfUseReading]):
    """List time-of-use readings of one meter, of several, or of all."""

    table_no: str | Iterable[str] | None = wire(
        "tableNo",
        default=None,
        check=checks.optional(checks.several_codes),
        zh="表号",
        doc="Only this meter, or these.",
    )


@operation(
    "POST",
    "/meter/cameraRead",
    section="meter 4.8",
    call="meters.camera_readings",
    effect=Effect.READ,
    interval=2,
    title="摄像头水表抄表记录",
)
@frozen
class ListCameraReadings(JrhszPeriod[CameraReading]):
    """List the readings of camera water meters."""

    table_no: str | Iterable[str] | None = wire(
        "tableNo",
        default=None,
        check=checks.optional(checks.several_codes),
        zh="表号",
        doc="Only this meter, or these.",
    )
