"""The fixtures of the prepaid platform: accounts, buildings, residents, meters, payments, and recorded rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from chaobiao.clock import SHANGHAI
from chaobiao.jrhsz import (
    Address,
    Building,
    CameraReading,
    Consumption,
    Meter,
    MeterKind,
    Payment,
    Reading,
    Resident,
    ResidentConsumption,
    TimeOfUseReading,
)
from chaobiao_mock.decimals import hundredths
from chaobiao_mock.errors import InvalidInput
from chaobiao_mock.fixtures import sheets, values
from chaobiao_mock.fixtures.sheets import Column, Found, Row, Sheet, Tables, column_of, columns_of, field_named
from chaobiao_mock.jrhsz.accounts import Account
from chaobiao_mock.jrhsz.documented import JrhszSamples
from chaobiao_mock.jrhsz.fleet import FLOORS
from chaobiao_mock.jrhsz.meter_spec import MeterSpec
from chaobiao_mock.jrhsz.state import JrhszState

_EVER: Final = (datetime(1970, 1, 1, tzinfo=SHANGHAI), datetime(9999, 1, 1, tzinfo=SHANGHAI))
_ZERO: Final = Decimal("0.00")

_CODES: Final[Mapping[str, values.ValueKind]] = dict.fromkeys(
    ("table_no", "user_code", "build_code", "order_number", "device_id"), values.CODE
)


def _resident(**facts: Any) -> Column:
    return Column(
        name="user_code",
        zh="用户编号",
        aliases=("用户编码",),
        kind=values.CODE,
        refers_to=("residents", "user_code"),
        **facts,
    )


def _recorded(name: str, zh: str, record: type[Any], **facts: Any) -> Sheet:
    return Sheet(name=name, zh=zh, columns=columns_of(record, kinds=_CODES, **facts))


def _meter(name: str, **facts: Any) -> Column:
    return column_of(field_named(Meter, name), **facts)


_SHEETS: Final = (
    Sheet(
        name="accounts",
        zh="账号",
        unique=("username",),
        columns=(
            Column(name="username", zh="账号", kind=values.CODE, required=True),
            Column(name="password", zh="密码", kind=values.TEXT, required=True),
            Column(name="api", zh="接口权限", kind=values.TRUTH, default=True),
            Column(name="forbidden", zh="禁用接口", kind=values.CODES, default=()),
        ),
    ),
    Sheet(
        name="buildings",
        zh="楼栋",
        unique=("build_code",),
        columns=columns_of(Building, required=("name", "build_code"), kinds=_CODES),
    ),
    Sheet(
        name="residents",
        zh="用户",
        unique=("user_code",),
        columns=(
            *columns_of(Resident, required=("user_code",), kinds=_CODES),
            column_of(field_named(Address, "build_code"), kind=values.CODE, refers_to=("buildings", "build_code")),
            column_of(field_named(Address, "address")),
            Column(name="balance", zh="余额", kind=values.MONEY, default=_ZERO),
        ),
    ),
    Sheet(
        name="addresses",
        zh="地址",
        columns=columns_of(Address, required=("address", "build_code"), kinds=_CODES),
    ),
    Sheet(
        name="meters",
        zh="表计",
        unique=("table_no",),
        columns=(
            _meter("table_no", kind=values.CODE, required=True, aliases=("表编号",)),
            _meter("project_code", default="demo"),
            _meter("table_address", default=""),
            _meter("kind", required=True),
            _resident(),
            Column(name="reading", zh="表读数", aliases=("读数",), kind=values.AMOUNT, default=_ZERO),
            Column(name="read_at", zh="抄表时间", aliases=("读数时间",), kind=values.TIME),
            Column(name="daily_use", zh="日用量", kind=values.AMOUNT),
            Column(name="price", zh="单价", kind=values.PRICE),
            Column(name="connected", zh="是否通", aliases=("是否合闸",), kind=values.TRUTH, default=True),
            Column(name="reports", zh="是否自动上报", kind=values.TRUTH, default=True),
            _meter("online_at"),
        ),
    ),
    Sheet(
        name="payments",
        zh="充值记录",
        unique=("order_number",),
        columns=(
            _resident(required=True),
            *columns_of(
                Payment,
                required=("order_number", "amount", "paid_at"),
                kinds={**_CODES, "amount": values.MONEY},
                defaults={"channel": ""},
            ),
        ),
    ),
    _recorded("readings", "抄表记录", Reading, required=("table_no", "read_at"), defaults={"imei": ""}),
    _recorded("consumption", "用量记录", Consumption, required=("table_no", "read_at")),
    Sheet(
        name="resident_consumption",
        zh="用户用量记录",
        columns=(
            _resident(required=True),
            *columns_of(ResidentConsumption, required=("table_no", "read_at"), kinds=_CODES),
        ),
    ),
    _recorded("time_of_use_readings", "分时抄表记录", TimeOfUseReading, required=("table_no", "frozen_at")),
    _recorded("camera_readings", "图像抄表记录", CameraReading, required=("table_no", "read_at")),
)
#: The recorded rows that are kept as they are.
_RECORDED: Final[dict[str, type[Any]]] = {
    "buildings": Building,
    "addresses": Address,
    "readings": Reading,
    "consumption": Consumption,
    "time_of_use_readings": TimeOfUseReading,
    "camera_readings": CameraReading,
}


class JrhszFixtures:
    """Reads fixtures into the samples of a state, and writes a state as fixtures."""

    sheets: tuple[Sheet, ...] = _SHEETS

    def problems(self, tables: Tables) -> Iterable[Found]:
        """Every kind of meter is listed, so single values say it all."""
        return ()

    def samples(self, tables: Tables) -> JrhszSamples:
        rows: dict[str, list[Row]] = {sheet.name: [*tables.get(sheet.name, ())] for sheet in _SHEETS}
        content: dict[str, Any] = {name: sheets.wire_rows(record, rows[name]) for name, record in _RECORDED.items()}
        if "addresses" not in tables:
            pairs = {(row["address"], row["build_code"]): None for row in rows["residents"] if row["address"]}
            content["addresses"] = [{"address": address, "build_code": code} for address, code in pairs]
        content["residents"] = [
            {"row": wire, "build_code": row["build_code"] or "", "address": row["address"] or ""}
            for row, wire in zip(rows["residents"], sheets.wire_rows(Resident, rows["residents"]), strict=True)
        ]
        content["balances"] = {row["user_code"]: str(row["balance"]) for row in rows["residents"]}
        content["meters"] = [
            {
                "number": row["table_no"],
                "project": row["project_code"],
                "address": row["table_address"],
                "kind": row["kind"],
                "resident": row["user_code"],
                **{name: sheets.plain(row[name]) for name in _METER_VALUES},
            }
            for row in rows["meters"]
        ]
        for name, record in (("payments", Payment), ("resident_consumption", ResidentConsumption)):
            content[name] = {}
            for row, wire in zip(rows[name], sheets.wire_rows(record, rows[name]), strict=True):
                content[name].setdefault(row["user_code"], []).append(wire)
        samples = JrhszSamples("chaobiao_mock.jrhsz")
        samples.content = content
        if "accounts" in tables:
            samples.accounts = tuple(
                Account(row["username"], row["password"], row["api"], frozenset(row["forbidden"]))
                for row in rows["accounts"]
            )
        return samples

    def check(self, state: JrhszState) -> None:
        fleet = state.fleet
        if not fleet.generated_count:
            return
        own = [meter.number for meter in state.documented.meters]
        taken = [number for number in own if fleet.is_generated_number(number)]
        taken += [
            code
            for resident in state.documented.residents
            if (code := resident.row.user_code or "") and fleet.resident_index(code) is not None
        ]
        if taken:
            raise InvalidInput(
                f"the fixtures have {taken[0]}, and so have the generated meters; set the number of meters to 0",
                f"基础数据中的 {taken[0]} 与生成的表计重复，请将生成的表计数量设为 0",
            )

    def exported(self, state: JrhszState) -> Tables:
        fleet, samples, now = state.fleet, state.documented, state.clock.now()
        generated = range(fleet.resident_count)
        residents: list[Row] = [
            {
                **sheets.rows_of_records([each.row])[0],
                "build_code": each.build_code or None,
                "address": each.address or None,
                "balance": state.ledger.balance(each.row.user_code or "", now),
            }
            for each in samples.residents
        ]
        residents += [self._generated_resident(state, index, now) for index in generated]
        codes = [row["user_code"] for row in residents]
        tables: dict[str, list[Row]] = {
            "accounts": [
                {
                    "username": each.username,
                    "password": each.password,
                    "api": each.api,
                    "forbidden": tuple(sorted(each.forbidden)),
                }
                for each in state.accounts
            ],
            "buildings": sheets.rows_of_records(samples.buildings)
            + [
                {"name": fleet.building_name(each), "build_code": fleet.building_code(each)} for each in fleet.buildings
            ],
            "residents": residents,
            "addresses": sheets.rows_of_records(samples.addresses)
            + [
                {"address": fleet.address(each, floor + 1), "build_code": fleet.building_code(each)}
                for each in fleet.buildings
                for floor in range(FLOORS)
            ],
            "meters": [_exported_meter(state, fleet.spec(index), now) for index in range(len(fleet))],
            "payments": [
                {"user_code": code, **row}
                for code in codes
                for row in sheets.rows_of_records(state.ledger.payments(code, *_EVER))
            ],
            "readings": sheets.rows_of_records(samples.readings),
            "consumption": sheets.rows_of_records(samples.consumption),
            "resident_consumption": [
                {"user_code": code, **row}
                for code, found in samples.resident_consumption.items()
                for row in sheets.rows_of_records(found)
            ],
            "time_of_use_readings": sheets.rows_of_records(samples.time_of_use_readings),
            "camera_readings": sheets.rows_of_records(samples.camera_readings),
        }
        return tables

    @staticmethod
    def _generated_resident(state: JrhszState, index: int, now: datetime) -> Row:
        fleet = state.fleet
        code = fleet.resident_code(index)
        return {
            "user_code": code,
            "user_name": fleet.resident_name(index),
            "house_number": fleet.house_number(index),
            "build_code": fleet.building_code(fleet.building_of(index)),
            "address": fleet.address_of(index),
            "balance": state.ledger.balance(code, now),
        }


_METER_VALUES: Final = ("reading", "read_at", "connected", "online_at", "daily_use", "price", "reports")


def _exported_meter(state: JrhszState, spec: MeterSpec, now: datetime) -> Row:
    fleet = state.fleet
    reading, read_at = spec.base, spec.since
    connected, reports = fleet.is_connected(spec), spec.reports or fleet.was_switched(spec.index)
    if fleet.was_switched(spec.index):
        read_at = fleet.connected_since(spec.index)
        reading = fleet.reading(spec, read_at)
    elif connected and not reports:
        read_at, reading = now, fleet.reading(spec, now)
    return {
        "table_no": spec.number,
        "project_code": spec.project,
        "table_address": spec.address,
        "kind": MeterKind(spec.kind),
        "user_code": spec.resident,
        "reading": hundredths(reading),
        "read_at": read_at,
        "daily_use": hundredths(spec.rate),
        "price": Decimal(spec.price).scaleb(-4) if spec.price % 100 else hundredths(spec.price // 100),
        "connected": connected,
        "reports": reports,
        "online_at": spec.online_at,
    }
