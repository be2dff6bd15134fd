"""The provincial platform (省平台), to which the system reports."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, arg, cell, frozen
from chaobiao._contract.operation import Acknowledgement, Effect, ObjectOperation, RowsOperation
from chaobiao._wire.codecs import JSON_OR_TEXT, NUMERIC_FLAG
from chaobiao.energy.codes import ProvinceOperation, TimeType
from chaobiao.energy.endpoint import create, get, update
from chaobiao.energy.organization import CollectItem, Enterprise, Group, Organization, Process, ProcessUnit
from chaobiao.energy.shapes import Period
from chaobiao.errors import InvalidArgument


@frozen
class BaseCode(Record):
    """A code of the provincial platform with its name."""

    code: str | None = cell("code", "编码", "Code.", example="11")
    name: str | None = cell("name", "名称", "Name.", example="购进已消费")


@frozen
class BaseItem(Record):
    """A kind of energy of the provincial platform (采集数据项)."""

    code: str | None = cell("code", "能源编码", "Code of the energy.", example="023300")
    name: str | None = cell("name", "名称", "Name.", example="电力")
    unit: str | None = cell("unit", "单位", "Unit.", example="千瓦时")
    coal_factor: Decimal | None = cell("zbckz", "折标系数", "Factor to coal equivalent.", example="0.7143")


@frozen
class BaseData(Record):
    """The codes of the provincial platform (省平台基础数据), as section 5.1 shows them."""

    sources: tuple[BaseCode, ...] | None = cell("collectSystemType", "数据采集来源", "Sources of data.")
    usages: tuple[BaseCode, ...] | None = cell("collectItemUsage", "采集数据项数据用途", "Usages of data.")
    items: tuple[BaseItem, ...] | None = cell("collectItem", "采集数据项", "Kinds of energy.")


@get("/api_3/PRP_base_infos", section="5.1", call="province.base_data", title="获取省平台基础数据")
@frozen
class GetProvinceBaseData(ObjectOperation[BaseData]):
    """Return the codes of the provincial platform."""


@update(
    "/api_3/PRP_organization_infos",
    section="5.2",
    call="province.upload_organization",
    title="上传用能单位基础信息",
    look_up="province.organization",
)
@frozen
class UploadOrganization(ObjectOperation[Acknowledgement]):
    """Upload the organisation; it replaces the one there is.

    The server accepts it at once; province.operation_result tells later whether the provincial platform took it. To
    change what there is, read it with province.organization, and pass ``**organization.arguments()`` with changes.
    """

    items: Iterable[CollectItem] = arg(
        "collectItemConfig", "采集数据项配置", "What is collected.", check=checks.documents(CollectItem)
    )
    enterprise: Enterprise = arg("enterprise", "用能单位信息", "The enterprise.", check=checks.document(Enterprise))
    group: Group | None = arg("group", "集团信息", "Its group.", default=None, check=checks.document(Group))
    processes: Iterable[Process] | None = arg(
        "process", "生产工序", "Its processes.", default=None, check=checks.documents(Process)
    )
    units: Iterable[ProcessUnit] | None = arg(
        "processUnit", "工序单元", "The units of its processes.", default=None, check=checks.documents(ProcessUnit)
    )


@get("/api_3/PRP_organization_infos", section="5.3", call="province.organization", title="获取用能单位基础信息")
@frozen
class GetOrganization(ObjectOperation[Organization]):
    """Return the organisation with all its parts."""


@frozen
class ProvinceVersion(Record):
    """The versions that the system has of the provincial platform's data (版本信息), as section 5.4 lists them."""

    registry_version: str | None = cell("regVersion", "注册服务版本信息", "Version of the registry.")
    dictionary_version: str | None = cell("dicVersion", "基础数据版本信息", "Version of the base data.")
    needs_update: bool | None = cell(
        "requireUpdate", "是否需要更新", "Whether the data must be updated.", number=True, codec=NUMERIC_FLAG, example=1
    )
    device_id: str | None = cell("deviceID", "设备序列号", "Serial number of the device.")
    enterprise_code: str | None = cell("enterpriseCode", "社会信用代码", "Unified social credit code.")
    region: str | None = cell("region", "行政区划代码", "Code of the county.")


@get("/api_3/PRP_version", section="5.4", call="province.version", title="获取版本信息")
@frozen
class GetProvinceVersion(ObjectOperation[ProvinceVersion]):
    """Return the versions of the provincial platform's data."""


@create(
    "/api_3/PRP_version",
    section="5.5",
    call="province.update_version",
    title="更新版本数据(更新后平台基础数据会变化)",
    effect=Effect.UPDATE,
)
@frozen
class UpdateProvinceVersion(ObjectOperation[Acknowledgement]):
    """Update the data of the provincial platform, which changes the base data.

    The server accepts it at once; province.operation_result tells later whether it succeeded.
    """

    enterprise_code: str = arg("enterpriseCode", "社会信用代码", "Unified social credit code.", check=checks.text)
    region: str = arg("region", "行政区划代码", "Code of the county.", check=checks.text, example="410481")


@create(
    "/api_3/PRP_manual_energy_measure_datas",
    section="5.6",
    call="province.add_manual_data",
    title="添加填报数据",
    look_up="consumption.details",
)
@frozen
class AddManualData(ObjectOperation[Acknowledgement]):
    """Enter the amount of a manual meter for a day or a month.

    A second amount for the same meter, time and type raises AlreadyExists.
    """

    meter_id: int = arg("Meter_id", "对应表的主键", "Id of a manual meter.", kw_only=False, check=checks.whole(0))
    time: datetime = arg(
        "Date_Time",
        "数据时间",
        "Time of the amount; for a month, its first moment.",
        check=checks.moment,
        example="2019-04-01 00:00:00",
    )
    time_type: TimeType = arg("Date_Type", "时间类型", "MONTH or DAY.", check=checks.one_of(TimeType), example="3")
    amount: Decimal | int | float | str = arg("Data_Amount", "数据", "The amount.", check=checks.number, example="12.5")

    def __attrs_post_init__(self) -> None:
        if self.time_type is TimeType.YEAR:
            raise InvalidArgument("time_type", "must be MONTH or DAY", "必须是 MONTH 或 DAY")
        if self.time_type is TimeType.MONTH and self.time != self.time.replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        ):
            raise InvalidArgument(
                "time",
                "must be the first moment of the month where {other} is MONTH; another one would count twice",
                "在 {other} 为 MONTH 时必须是该月的第一刻，否则会重复计量",
                other="time_type",
            )

    @property
    def reference(self) -> str:
        """The meter and the time."""
        return f"meter {self.meter_id}, {self.time:%F %T}"


@frozen
class UploadRecord(Record):
    """What was uploaded to the provincial platform (采集数据上传记录), as section 5.7 lists it."""

    id: int | None = cell("id", "主键", "Id of the record.", number=True, example=1)
    original: Any = cell("Original_Data", "上传的原始数据", "What was uploaded, as JSON.", codec=JSON_OR_TEXT)
    target_url: str | None = cell("Target_Url", "目标地址", "Where it was uploaded to.")
    response: Any = cell(
        "Response_Data", "上传时返回的原始数据", "What the platform returned, as JSON.", codec=JSON_OR_TEXT
    )
    uploaded_at: datetime | None = cell(
        "Upload_Time", "上传的时间", "When it was uploaded.", example="2019-04-01 13:53:59"
    )


@get("/api_3/PRP_uploaded_energy_measure_datas", section="5.7", call="province.uploads", title="获取采集数据上传记录")
@frozen
class ListUploads(Period, RowsOperation[UploadRecord]):
    """List what was uploaded to the provincial platform."""


@frozen
class OperationResult(Record):
    """The result of an operation on the provincial platform (操作结果), as section 5.8 lists it."""

    succeeded: bool | None = cell("Result", "结果", "Whether it succeeded.", number=True, codec=NUMERIC_FLAG, example=1)
    response: Any = cell("Response_Data", "上传时返回的原始数据", "What the platform returned.", codec=JSON_OR_TEXT)


@get("/api_3/PRP_operation_result", section="5.8", call="province.operation_result", title="获取省平台操作结果")
@frozen
class GetOperationResult(ObjectOperation[OperationResult]):
    """Return the result of the newest operation of a kind; NotFound may mean that it has not finished."""

    operation: ProvinceOperation = arg(
        "Operation_Type",
        "操作类型",
        "Which operation.",
        kw_only=False,
        check=checks.one_of(ProvinceOperation),
        example=1,
    )
