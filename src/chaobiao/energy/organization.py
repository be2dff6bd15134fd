"""The organisation that is uploaded to the provincial platform (用能单位基础信息), with its parts."""

from decimal import Decimal
from typing import Any

from chaobiao._contract import checks
from chaobiao._contract.fields import Record, cell, frozen
from chaobiao.energy.codecs import KEPT_TIME_INDEX, Index
from chaobiao.energy.codes import ConsumeLevel, Field, Scope, StatType
from chaobiao.errors import InvalidArgument


@frozen
class CollectItem(Record):
    """What is collected from a meter for the provincial platform (采集数据项配置)."""

    name: str | None = cell(
        "name", "采集数据项指标名称", "Name, chosen by the user.", example="全厂-二次能源-电力-购进已消费"
    )
    meter_id: int | None = cell(
        "Meter_id", "对应表的主键", "Id of the meter.", check=checks.whole(0), number=True, example=12
    )
    process_code: str | None = cell("processCode", "生产工序", 'Code of the process; "00" if not given.', example="00")
    process_unit_code: str | None = cell(
        "processUnitCode", "工序单元", "Code of the unit of the process.", example="00"
    )
    equipment_code: str | None = cell(
        "equipmentCode", "重点耗能设备类型", "Type of key energy-consuming equipment.", example="00"
    )
    equipment_unit_code: str | None = cell(
        "equipmentUnitCode", "重点耗能设备编号", "Number of the equipment.", example="00"
    )
    energy_code: str | None = cell(
        "Energy_Code",
        "能源编码",
        "Code of the energy, from province.base_data.",
        required=True,
        check=checks.text,
        example="013300",
    )
    coal_factor: Decimal | None = cell(
        "Real_zbckz", "能源实际折标系数", "Factor to coal equivalent.", check=checks.number, example="0.7143"
    )
    usage_code: str | None = cell(
        "dataUsageCode",
        "用途编码",
        "Code of the usage, from province.base_data.",
        required=True,
        check=checks.text,
        example="11",
    )
    input_type: str | None = cell(
        "inputType",
        "数据采集来源",
        "Code of the source, from province.base_data.",
        required=True,
        check=checks.text,
        example="1",
    )
    stat_type: StatType | None = cell(
        "statType", "采集频率", "How often it is collected.", required=True, check=checks.one_of(StatType), example="1"
    )
    system_name: str | None = cell("collectSystemName", "采集系统名称", "Name of the collecting system.")
    remark: str | None = cell("remark", "备注", "Remarks.")
    scope: Scope | None = cell(
        "scope", "范围", "What it covers.", required=True, check=checks.one_of(Scope), number=True, example=1
    )


@frozen
class Enterprise(Record):
    """The enterprise (用能单位信息)."""

    name: str | None = cell("name", "单位名称", "Name.", required=True, check=checks.text)
    type_code: str | None = cell(
        "typeCode", "单位类型", "Code of its legal form.", required=True, check=checks.text, example="159"
    )
    type_name: str | None = cell("typeName", "单位类型名", "Its legal form.")
    industry_code: str | None = cell(
        "industryCode", "行业编码", "Code of its industry.", required=True, check=checks.text, example="C3120"
    )
    region_code: str | None = cell(
        "regionCode", "区域编码", "Code of its region, six digits.", required=True, check=checks.text, example="410481"
    )
    region_name: str | None = cell("regionName", "地区名", "Name of its region.")
    is_central: bool | None = cell(
        "center", "是否央企", "Whether the central government owns it.", required=True, check=checks.flag
    )
    converts_energy: bool | None = cell(
        "jgzh", "是否能源加工转换类企业", "Whether it converts energy.", required=True, check=checks.flag
    )
    consume_level: ConsumeLevel | None = cell(
        "energyConsumeLevel",
        "年综合能源消费量",
        "Its yearly consumption, as a code.",
        required=True,
        check=checks.one_of(ConsumeLevel),
        number=True,
        example=4,
    )
    latitude: Decimal | None = cell(
        "latitude",
        "用能单位主要厂址中心纬度",
        "Latitude of its main site.",
        required=True,
        check=checks.number,
        number=True,
    )
    longitude: Decimal | None = cell(
        "longitude",
        "用能单位主要厂址中心经度",
        "Longitude of its main site.",
        required=True,
        check=checks.number,
        number=True,
    )
    phone: str | None = cell("phone", "企业联系电话", "Phone number.", required=True, check=checks.text)
    fax: str | None = cell("fax", "传真", "Fax number.")
    email: str | None = cell("email", "电子邮箱", "E-mail address.")
    address: str | None = cell("address", "地址", "Address.")
    zip_code: str | None = cell("zipCode", "邮编", "Postal code.")
    url: str | None = cell("url", "用能单位网站地址 URL", "Web site.")
    field: Field | None = cell(
        "fieldCode", "领域编码", "The field that it works in.", check=checks.one_of(Field), example="100"
    )
    field_name: str | None = cell("fieldName", "领域名称", "Name of the field.")
    legal_person: str | None = cell("corporationName", "法人代表", "Legal representative.")
    registered_on: Index | None = cell(
        "registerDate", "注册日期", "Date of its registration.", codec=KEPT_TIME_INDEX, example="1998-10-10 00:00:00"
    )
    registered_capital: Decimal | None = cell(
        "registerPrincipal",
        "注册资金",
        "Registered capital.",
        unit="10,000 yuan",
        check=checks.number,
        number=True,
        example=10000,
    )
    energy_office: str | None = cell("energyOffice", "能管机构名称", "Office for energy management.")
    energy_official: str | None = cell("energyOfficial", "主管节能领导姓名", "Leader in charge of saving energy.")
    energy_official_position: str | None = cell("energyOfficialPosition", "主管节能领导职位", "Position of the leader.")
    energy_official_phone: str | None = cell(
        "energyOfficialPhone", "主管节能领导联系电话", "Phone number of the leader."
    )
    is_certified: bool | None = cell(
        "energyPass", "是否通过能源管理体系认证", "Whether its energy management is certified.", check=checks.flag
    )
    energy_manager: str | None = cell("energyRespName", "能管负责人姓名", "Manager of energy.")
    energy_manager_phone: str | None = cell("energyRespPhone", "能管负责人电话", "Phone number of the manager.")
    certified_on: Index | None = cell("passDate", "认证日期", "Date of the certification.", codec=KEPT_TIME_INDEX)
    certified_by: str | None = cell("passOrg", "认证机构", "Who certified it.")
    production_line: str | None = cell("productionLine", "企业主要生产线名称", "Main production line.")
    leading_product: str | None = cell("leadingProduct", "企业主导产品", "Main product.")
    remark: str | None = cell("remark", "备注", "Remarks.")


@frozen
class Group(Record):
    """The group that the enterprise belongs to (集团)."""

    name: str | None = cell("name", "集团名称", "Name.")
    address: str | None = cell("address", "集团地址", "Address.")
    remark: str | None = cell("remark", "备注", "Remarks.")


@frozen
class Process(Record):
    """A process of production (生产工序)."""

    code: str | None = cell("processCode", "生产工序编码", "Code.", example="06")
    name: str | None = cell("processName", "生产工序名称", "Name.", example="电炉工序")
    remark: str | None = cell("remark", "备注", "Remarks.")


@frozen
class ProcessUnit(Record):
    """A unit of a process (工序单元)."""

    code: str | None = cell("code", "工序单元编码", "Code.", example="01")
    name: str | None = cell("name", "工序单元名称", "Name.", example="#1 电炉")
    process_code: str | None = cell("processCode", "生产工序编码", "Code of its process.", example="06")
    commissioned_on: Index | None = cell(
        "commDate", "投产日期", "When production began.", codec=KEPT_TIME_INDEX, example="2010-10-10 00:00:00"
    )
    capacity: str | None = cell("designedCapacity", "生产能力", "What it is designed to make.")
    remark: str | None = cell("remark", "备注", "Remarks.")


@frozen
class Organization(Record):
    """The organisation with all its parts (用能单位基础信息), as section 5.3 shows it."""

    items: tuple[CollectItem, ...] | None = cell("collectItemConfig", "采集数据项配置", "What is collected.")
    enterprise: Enterprise | None = cell("enterprise", "用能单位信息", "The enterprise.")
    group: Group | None = cell("group", "集团信息", "Its group.")
    processes: tuple[Process, ...] | None = cell("process", "生产工序", "Its processes.")
    units: tuple[ProcessUnit, ...] | None = cell("processUnit", "工序单元", "The units of its processes.")

    def arguments(self) -> dict[str, Any]:
        """Return what province.upload_organization takes: ``upload_organization(**organization.arguments())``.

        Raises :class:`InvalidArgument` where something was read that would be lost: members that no table lists, or
        values that could not be read.
        """
        lost = ", ".join([*self.extra, *(name for name in self.unreadable if getattr(self, name) is None)])
        if lost:
            raise InvalidArgument(
                "organization",
                f"holds members that could not be read or are not documented ({lost}), which an upload would lose",
                f"含有无法解析或文档未列出的内容（{lost}），上传会丢失这些内容",
            )
        return {
            "items": self.items or (),
            "enterprise": self.enterprise,
            "group": self.group,
            "processes": self.processes,
            "units": self.units,
        }
