"""The fixtures of the energy management API: the rows of its tables."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import count
from typing import Any, Final

from chaobiao.energy import (
    Alarm,
    AlarmRule,
    AlarmType,
    Batch,
    Machine,
    Meter,
    OeeRule,
    Output,
    Product,
    Rate,
    User,
)
from chaobiao_mock.energy.documented import EnergySamples
from chaobiao_mock.energy.machines import is_computable
from chaobiao_mock.energy.plant import ENERGY_NAMES
from chaobiao_mock.energy.series import points_of
from chaobiao_mock.energy.state import EnergyState
from chaobiao_mock.energy.tables import Table
from chaobiao_mock.errors import InvalidInput, Refused
from chaobiao_mock.fixtures import sheets, values
from chaobiao_mock.fixtures.sheets import Column, Found, Row, Sheet, Tables, columns_of, numbered

_KIND: Final = values.one_of(ENERGY_NAMES)

_SHEETS: Final = (
    Sheet(
        name="users",
        zh="用户",
        unique=("id", "name"),
        columns=(
            *columns_of(User, required=("name",), kinds={"name": values.CODE, "phone": values.CODE}),
            Column(name="password", zh="密码", aliases=("用户密码",), kind=values.TEXT, required=True),
        ),
    ),
    Sheet(
        name="machines",
        zh="机器",
        unique=("id", "name"),
        columns=columns_of(
            Machine,
            required=("id", "name", "department"),
            defaults={"image_url": "", "equipment_code": "", "equipment_unit_code": ""},
        ),
    ),
    Sheet(
        name="meters",
        zh="仪表",
        unique=("id", "name"),
        columns=columns_of(
            Meter,
            required=("id", "name", "kind", "machine_id"),
            without=("machine", "department", "parameters"),
            kinds={"kind": _KIND},
            defaults={
                "remarks": "",
                "amount_before": Decimal("0.00"),
                "is_virtual": False,
                "formula": "",
                "is_total": False,
                "is_counted": True,
                "is_manual": False,
            },
            refers_to={"machine_id": ("machines", "id")},
        ),
    ),
    Sheet(
        name="rates",
        zh="费率",
        unique=("id",),
        columns=columns_of(
            Rate,
            required=("name", "kind", "value"),
            defaults={"is_segmented": False, "segment_begin": "", "segment_end": "", "unit": ""},
        ),
    ),
    Sheet(
        name="alarms",
        zh="报警",
        unique=("id", "name"),
        columns=columns_of(
            Alarm, required=("id", "name", "level", "type", "notify_way"), defaults={"notify_address": ""}
        ),
    ),
    Sheet(
        name="alarm_rules",
        zh="报警规则",
        unique=("id", "name"),
        columns=columns_of(
            AlarmRule,
            required=("name", "alarm_id", "meter_id", "lower_limit", "upper_limit"),
            refers_to={"alarm_id": ("alarms", "id"), "meter_id": ("meters", "id")},
        ),
    ),
    Sheet(
        name="oee_rules",
        zh="OEE规则",
        unique=("id", "name"),
        columns=columns_of(
            OeeRule,
            required=("name", "status", "meter_id", "parameter", "lower_limit", "upper_limit", "machine_id"),
            refers_to={"meter_id": ("meters", "id"), "machine_id": ("machines", "id")},
        ),
    ),
    Sheet(
        name="products",
        zh="产品",
        unique=("id", "name"),
        columns=columns_of(Product, required=("id", "name"), defaults={"unit": "", "remarks": ""}),
    ),
    Sheet(
        name="batches",
        zh="生产批次",
        unique=("id", "name"),
        columns=columns_of(Batch, required=("id", "name", "start", "end"), kinds={"name": values.CODE}),
    ),
    Sheet(
        name="outputs",
        zh="产量",
        unique=("id",),
        columns=columns_of(
            Output,
            required=("product_id", "amount", "machine_id", "start", "end", "batch_id"),
            refers_to={
                "product_id": ("products", "id"),
                "machine_id": ("machines", "id"),
                "batch_id": ("batches", "id"),
            },
        ),
    ),
)
_RECORDS: Final[dict[str, type[Any]]] = {
    "users": User,
    "machines": Machine,
    "meters": Meter,
    "rates": Rate,
    "alarms": Alarm,
    "alarm_rules": AlarmRule,
    "oee_rules": OeeRule,
    "products": Product,
    "batches": Batch,
    "outputs": Output,
}
#: What a world needs in any case: the documented rows are taken where there are no fixtures for them.
_NEEDED: Final = ("users", "rates")
#: Recorded rows, which speak of documented meters.
_OF_DOCUMENTED_METERS: Final = ("reports", "alarm_messages")


class EnergyFixtures:
    """Reads fixtures into the samples of a state, and writes a state as fixtures."""

    sheets: tuple[Sheet, ...] = _SHEETS

    def problems(self, tables: Tables) -> Iterable[Found]:
        for name in ("batches", "outputs"):
            yield from numbered(tables.get(name, ()), _not_in_order, name)
        meters: Table[Meter] = Table("name")
        for row in _meters(tables):
            meters.add(_record(Meter, row))
        yield from numbered(tables.get("meters", ()), lambda row: _wrong_formula(meters, row), "meters")
        alarms = {row["id"]: row for row in tables.get("alarms", ())}
        yield from numbered(
            tables.get("alarm_rules", ()), lambda row: _wrong_alarm_rule(meters, alarms, row), "alarm_rules"
        )
        yield from numbered(tables.get("oee_rules", ()), lambda row: _wrong_oee_rule(meters, row), "oee_rules")

    def samples(self, tables: Tables) -> EnergySamples:
        documented = EnergySamples("chaobiao_mock.energy").content
        content: dict[str, Any] = {**documented, **{name: [] for name in _OF_DOCUMENTED_METERS}}
        content["organizations"] = [{**each, "collectItemConfig": []} for each in documented["organizations"]]
        for name, record in _RECORDS.items():
            rows = _with_ids(_meters(tables) if name == "meters" else tables.get(name, ()))
            if name in tables or name not in _NEEDED:
                content[name] = sheets.wire_rows(record, rows)
        samples = EnergySamples("chaobiao_mock.energy")
        samples.content = content
        if "users" in tables:
            samples.passwords = {row["name"]: row["password"] for row in tables["users"]}
        return samples

    def check(self, state: EnergyState) -> None:
        try:
            if state.size:
                assert state.tables  # noqa: S101  # fills them now, and not with the first request
        except Refused as refused:
            raise InvalidInput(
                "the fixtures have names that generated machines or meters have too; set the number of meters to 0",
                "基础数据与生成的机器或仪表重名，请将生成的表计数量设为 0",
            ) from refused

    def exported(self, state: EnergyState) -> Tables:
        found: dict[str, list[Row]] = {name: sheets.rows_of_records(getattr(state.tables, name)) for name in _RECORDS}
        found["meters"] = [
            {name: value for name, value in row.items() if name not in ("machine", "department", "parameters")}
            for row in found["meters"]
        ]
        found["users"] = [{**row, "password": state.accounts.password_of(row["id"]) or ""} for row in found["users"]]
        return found


def _record(record: type[Any], row: Row) -> Any:
    return record(**row)


def _meters(tables: Tables) -> list[Row]:
    """Return the rows of the meters with what follows from their machines and kinds."""
    machines = {row["id"]: row for row in tables.get("machines", ())}
    return [
        {
            **row,
            "machine": machines[row["machine_id"]]["name"],
            "department": machines[row["machine_id"]]["department"],
            "parameters": () if row["is_virtual"] or row["is_manual"] else tuple(points_of(row["kind"])),
        }
        for row in tables.get("meters", ())
    ]


def _with_ids(rows: Iterable[Row]) -> list[Row]:
    """Give an id to each row that has none, after the greatest one."""
    given = [*rows]
    free = count(1 + max((row["id"] or 0 for row in given), default=0))
    return [row if row["id"] is not None else {**row, "id": next(free)} for row in given]


def _not_in_order(row: Row) -> tuple[str, str, str] | None:
    if row["start"] < row["end"]:
        return None
    return "end", "must be later than the start", "须晚于开始时间"


def _wrong_formula(meters: Table[Meter], row: Row) -> tuple[str, str, str] | None:
    meter = meters.named(row["name"])
    if not row["is_virtual"] or (meter is not None and is_computable(meters, meter)):
        return None
    return (
        "formula",
        "must be names of meters joined by + or -, without a circle",
        "须为以 + 或 - 连接的仪表名称，且不能循环引用",
    )


def _wrong_alarm_rule(meters: Table[Meter], alarms: Any, row: Row) -> tuple[str, str, str] | None:
    if alarms[row["alarm_id"]]["type"] is AlarmType.PARAMETER:
        return _wrong_point(meters, row)
    if row["parameter"] is None:
        return None
    return "parameter", "must be empty: the alarm watches consumption", "须为空：该报警监测的是能耗"


def _wrong_oee_rule(meters: Table[Meter], row: Row) -> tuple[str, str, str] | None:
    if meters.get(row["meter_id"]).machine_id != row["machine_id"]:
        return "meter_id", "must be a meter of the machine", "须为该机器的仪表"
    return _wrong_point(meters, row)


def _wrong_point(meters: Table[Meter], row: Row) -> tuple[str, str, str] | None:
    points = meters.get(row["meter_id"]).parameters or ()
    if row["parameter"] in points:
        return None
    known = ", ".join(points) or "none"
    return "parameter", f"must be a measuring point of the meter: {known}", f"须为该仪表的测点：{known}"
