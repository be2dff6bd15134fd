"""The provincial platform: base data, organisation, version, manual data and uploads."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from chaobiao._contract.operation import Page
from chaobiao.energy import (
    AddManualData,
    BaseData,
    GetOperationResult,
    GetOrganization,
    GetProvinceBaseData,
    GetProvinceVersion,
    ListUploads,
    OperationResult,
    Organization,
    ProvinceOperation,
    ProvinceVersion,
    StatType,
    TimeType,
    UpdateProvinceVersion,
    UploadOrganization,
    UploadRecord,
)
from chaobiao_mock.energy.platform import due_uploads
from chaobiao_mock.energy.resources import given
from chaobiao_mock.energy.series import SCALE
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import EXISTS, NO_DATA, WRONG
from chaobiao_mock.errors import Refused
from chaobiao_mock.registry import Handlers

handlers = Handlers()

#: The longest period of uploads that the mock lists; the document gives no limit, and no pages.
_LONGEST: Final = timedelta(days=366)
_CENT: Final = Decimal("0.01")
_KINDS_OF_UPLOADS: Final = len(StatType)


@handlers.serves(GetProvinceBaseData)
def base_data(state: EnergyState, _: GetProvinceBaseData) -> BaseData:
    return state.province.base_data


@handlers.serves(UploadOrganization)
def upload_organization(state: EnergyState, op: UploadOrganization) -> None:
    organization = Organization(**given(op))
    for item in organization.items or ():
        if item.meter_id is not None and item.meter_id not in state.tables.meters:
            raise Refused(WRONG, f"仪表 {item.meter_id} 不存在")
    state.province.replace(organization, state.now())
    state.province.results[ProvinceOperation.UPLOAD_ORGANIZATION] = OperationResult(succeeded=True, response="上传成功")


@handlers.serves(GetOrganization)
def organization(state: EnergyState, _: GetOrganization) -> Organization:
    return state.province.organization


@handlers.serves(GetProvinceVersion)
def version(state: EnergyState, _: GetProvinceVersion) -> ProvinceVersion:
    return state.province.version


@handlers.serves(UpdateProvinceVersion)
def update_version(state: EnergyState, op: UpdateProvinceVersion) -> None:
    state.province.update(op.enterprise_code, op.region)
    state.province.results[ProvinceOperation.UPDATE_VERSION] = OperationResult(succeeded=True, response="更新成功")


@handlers.serves(GetOperationResult)
def operation_result(state: EnergyState, op: GetOperationResult) -> OperationResult:
    found = state.province.results.get(op.operation)
    if found is None:
        raise Refused(NO_DATA)
    return found


@handlers.serves(AddManualData)
def add_manual_data(state: EnergyState, op: AddManualData) -> None:
    meter = state.tables.meters.find(op.meter_id)
    if meter is None or not meter.is_manual:
        raise Refused(WRONG, "参数 Meter_id 须为手工填报仪表的主键")
    if op.time > state.clock.now():
        raise Refused(WRONG, "参数 Date_Time 不能晚于当前时间")
    begin, end = _period(op.time, op.time_type)
    key = op.meter_id, state.second(begin), op.time_type.value
    if key in state.province.manual:
        raise Refused(EXISTS)
    state.province.manual.add(key)
    state.registers.enter(op.meter_id, state.second(begin), state.second(end), Decimal(op.amount))


def _period(time: datetime, time_type: TimeType) -> tuple[datetime, datetime]:
    """Return the day or month that holds a time."""
    begin = time.replace(hour=0, minute=0, second=0, microsecond=0)
    if time_type is TimeType.DAY:
        return begin, begin + timedelta(days=1)
    begin = begin.replace(day=1)
    return begin, (begin + timedelta(days=31)).replace(day=1)


@handlers.serves(ListUploads)
def list_uploads(state: EnergyState, op: ListUploads) -> Page[UploadRecord]:
    begin, end = max(op.start, state.origin), min(op.end, state.clock.now())
    if end - begin > _LONGEST:
        raise Refused(WRONG, f"Time_Start 至 Time_End 不能超过 {_LONGEST.days} 天")
    rows: list[UploadRecord] = []
    for moment, stat_type, first, last in due_uploads(begin, end):
        second = state.second(moment)
        data = [
            {"name": item.name or "", "value": str(_amount(state, item.meter_id, first, last))}
            for item in state.province.organization_at(second).items or ()
            if item.stat_type is stat_type and item.meter_id in state.tables.meters
        ]
        if data:
            rows.append(
                UploadRecord(
                    id=second // 3600 * _KINDS_OF_UPLOADS + int(stat_type.value) + 1,
                    original={"enterpriseCode": state.province.version.enterprise_code, "data": data},
                    target_url="https://prp.example.com/upload",
                    response={"code": "0", "message": "成功"},
                    uploaded_at=moment,
                )
            )
    return Page(rows)


def _amount(state: EnergyState, key: int | None, begin: datetime, end: datetime) -> Decimal:
    meter = state.tables.meters.find(key)
    amount = 0 if meter is None else state.registers.amount(meter, state.second(begin), state.second(end))
    return (Decimal(amount) / SCALE).quantize(_CENT)
