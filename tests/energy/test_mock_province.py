"""The provincial platform of the mock."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import attrs
import pytest

from chaobiao import AlreadyExists, EnergyManager, NotFound, ParameterRefused
from chaobiao.energy import CollectItem, Organization, ProvinceOperation, Scope, StatType, TimeType
from tests.energy.names import MANUAL_METER, METER, WATER_METER
from tests.harness.mock_server import LiveMock

DAY = timedelta(days=1)


def item(name: str, meter: int, stat_type: StatType) -> CollectItem:
    """Return an item to collect."""
    return CollectItem(
        name=name,
        meter_id=meter,
        energy_code="013300",
        usage_code="11",
        input_type="1",
        stat_type=stat_type,
        scope=Scope.PLANT,
    )


def collected(energy: EnergyManager, *items: CollectItem) -> Organization:
    """Upload the organisation with these items only, and return it as it is read."""
    energy.province.upload_organization(**{**energy.province.organization().arguments(), "items": items})
    return energy.province.organization()


def test_the_organisation_is_replaced_as_a_whole(energy: EnergyManager) -> None:
    """Reading and writing back changes nothing; parts that are left out are gone; an unknown meter is 4103."""
    before = energy.province.organization()
    energy.province.upload_organization(**before.arguments())
    assert energy.province.organization() == before
    with pytest.raises(ParameterRefused, match="9999"):
        collected(energy, item("电", 9_999, StatType.DAY))
    assert energy.province.organization() == before
    assert before.enterprise is not None
    enterprise = attrs.evolve(cast("Any", before.enterprise), is_central=True, name="另一企业")
    energy.province.upload_organization(items=[], enterprise=enterprise)
    found = energy.province.organization()
    assert (found.items, found.group, found.processes, found.enterprise) == ((), None, None, enterprise)


def test_base_data_change_with_their_version(energy: EnergyManager) -> None:
    """An update raises the version, which needs no further update, and adds kinds of energy."""
    version, data = energy.province.version(), energy.province.base_data()
    with pytest.raises(NotFound):
        energy.province.operation_result(ProvinceOperation.UPDATE_VERSION)
    energy.province.update_version(enterprise_code="91320400MA1EXAMPLE", region="320400")
    updated = energy.province.version()
    assert (version.needs_update, updated.needs_update, updated.region) == (True, False, "320400")
    assert updated.dictionary_version != version.dictionary_version
    items = energy.province.base_data().items or ()
    assert items[: len(data.items or ())] == data.items
    assert len(items) > len(data.items or ())
    result = energy.province.operation_result(ProvinceOperation.UPDATE_VERSION)
    assert (result.succeeded, result.response) == (True, "更新成功")
    assert energy.province.operation_result(ProvinceOperation.UPLOAD_ORGANIZATION).response == "上传成功"


def test_uploads_come_with_time(raw: LiveMock, energy: EnergyManager) -> None:
    """Each item is uploaded as often as its kind says, with what its meter counted; a change counts from then on."""
    raw.restart(start=datetime(2026, 6, 30, 12))
    start = raw.now
    collected(energy, item("日电", METER, StatType.DAY), item("月水", WATER_METER, StatType.MONTH))
    assert [*energy.province.uploads(start=start, end=start + 3 * DAY)] == []
    raw.advance(DAY)
    collected(energy, item("时电", METER, StatType.REALTIME), item("日电", METER, StatType.DAY))
    raw.advance(DAY)
    rows = [*energy.province.uploads(start=start, end=start + 3 * DAY)]
    assert len({row.id for row in rows}) == len(rows)
    meters, hour, six = raw.state.tables.meters, DAY / 24, DAY / 4
    midnight = start + DAY / 2
    month = midnight.replace(month=6)
    expected = [
        (midnight + six, "日电", METER, midnight - DAY, midnight),
        (midnight + six, "月水", WATER_METER, month, midnight),
        *((moment, "时电", METER, moment - hour, moment) for moment in (start + DAY + n * hour for n in range(24))),
    ]
    daily = midnight + DAY + six
    expected.insert(2 + 19, (daily, "日电", METER, daily - six - DAY, daily - six))
    for row, (moment, name, meter, begin, end) in zip(rows, expected, strict=True):
        amount = Decimal(raw.state.registers.amount(meters.get(meter), raw.state.second(begin), raw.state.second(end)))
        assert (row.uploaded_at, [row.original["data"][0]["name"]]) == (moment, [name])
        assert Decimal(row.original["data"][0]["value"]) == (amount / 10_000).quantize(Decimal("0.01"))
    assert any(Decimal(row.original["data"][0]["value"]) for row in rows)


def test_long_periods_of_uploads_are_refused(raw: LiveMock, energy: EnergyManager) -> None:
    """Rows without pages are limited by the length of the period."""
    with pytest.raises(ParameterRefused, match="366"):
        energy.province.uploads(start=raw.now - 400 * DAY, end=raw.now).collect()
    assert len([*energy.province.uploads(start=raw.now - 366 * DAY, end=raw.now)]) == 366


def test_manual_data_are_entered_once(raw: LiveMock, energy: EnergyManager) -> None:
    """Only a manual meter takes them, once for each meter, period and kind of period; its register counts them."""
    day = datetime(2026, 5, 3)
    energy.province.add_manual_data(MANUAL_METER, time=day, time_type=TimeType.DAY, amount="12.5")
    energy.province.add_manual_data(MANUAL_METER, time=day.replace(day=1), time_type=TimeType.MONTH, amount="310")
    for repeated in (day, day + timedelta(hours=5)):
        with pytest.raises(AlreadyExists):
            energy.province.add_manual_data(MANUAL_METER, time=repeated, time_type=TimeType.DAY, amount="1")
    with pytest.raises(ParameterRefused, match="Date_Time"):
        energy.province.add_manual_data(MANUAL_METER, time=raw.now + DAY, time_type=TimeType.DAY, amount="1")
    for wrong in (METER, 9_999):
        with pytest.raises(ParameterRefused, match="Meter_id"):
            energy.province.add_manual_data(wrong, time=day, time_type=TimeType.DAY, amount="1")
    meter = raw.state.tables.meters.get(MANUAL_METER)
    second = raw.state.second(day.replace(tzinfo=raw.now.tzinfo))
    assert raw.state.registers.amount(meter, second, second + 86_400) == 225_000  # 12.5, and a 31st of 310
    assert raw.state.registers.amount(meter, second - 2 * 86_400, second + 29 * 86_400) == 3_225_000
