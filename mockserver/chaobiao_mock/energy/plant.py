"""The rows of a fresh world: the documented ones, and after them a generated plant of any size."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chaobiao.energy import (
    Alarm,
    AlarmLevel,
    AlarmRule,
    AlarmType,
    Batch,
    Machine,
    Meter,
    NotifyWay,
    OeeRule,
    Output,
    Product,
    Rate,
    User,
)
from chaobiao_mock.energy.series import points_of
from chaobiao_mock.generated import hash32

if TYPE_CHECKING:
    from chaobiao_mock.energy.state import EnergyState, Tables

DEPARTMENTS: Final = ("西车间", "南车间", "北车间", "动力车间")
#: The Chinese names of the kinds of energy, by code.
ENERGY_NAMES: Final = {
    "0": "电",
    "1": "自来水",
    "2": "中水",
    "3": "热水",
    "4": "软水",
    "5": "中压蒸汽",
    "6": "低压蒸汽",
    "7": "空气",
    "8": "天然气",
}
_MACHINES: Final = ("织机", "染色机", "烘干机", "验布机")
#: Each machine has so many meters: electricity, two other kinds, and a manual or virtual one.
_METERS_PER_MACHINE: Final = 4
#: The most generated machines with alarms, and with outputs.
_WITH_ALARMS, _WITH_OUTPUTS = 40, 10
_DAYS: Final = 30
#: The hours at which the shifts of a day begin.
_SHIFTS: Final = (0, 8, 16)
#: The states of machines, with the limits of the current in amperes.
_STATES: Final = (("运行", "5.5", "1000"), ("待机", "0.5", "5.5"), ("停机", "0", "0.5"))


def fill(state: "EnergyState", tables: "Tables") -> None:
    """Fill the tables of a world."""
    _add_documented(state, tables)
    machines = [*_machines(tables, state.size)]
    for index, (machine, count) in enumerate(machines):
        _add_meters(tables, machine, index, count, state.seed)
    if machines:
        _add_rules(tables, [machine for machine, _ in machines])
        _add_outputs(tables, [machine for machine, _ in machines[:_WITH_OUTPUTS]], state.began, state.seed)


def _add_documented(state: "EnergyState", tables: "Tables") -> None:
    records: dict[str, type[Any]] = {
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
    for section, record in records.items():
        table = getattr(tables, section)
        for row in state.documented.rows(record, section):
            table.add(row)


def _machine_name(index: int) -> str:
    return f"{_MACHINES[index % len(_MACHINES)]}{index + 1:03d}"


def _machines(tables: "Tables", meters: int) -> Iterator[tuple[Machine, int]]:
    """Add the machines; yield each with the number of its meters."""
    for index, first in enumerate(range(0, meters, _METERS_PER_MACHINE)):
        machine = Machine(
            name=_machine_name(index),
            department=DEPARTMENTS[index // 3 % len(DEPARTMENTS)],
            image_url="",
            equipment_code=f"{index % len(_MACHINES) + 1:02d}",
            equipment_unit_code=f"{index + 11:02d}",
        )
        yield tables.machines.add(machine), min(meters - first, _METERS_PER_MACHINE)


def _add_meters(tables: "Tables", machine: Machine, index: int, count: int, seed: int) -> None:
    kinds = ("0", str(1 + index % 8), str(1 + (index + 3) % 8))
    names = [f"{machine.name}{ENERGY_NAMES[kind]}表" for kind in kinds]
    for kind, name in list(zip(kinds, names, strict=True))[:count]:
        before = Decimal(hash32(seed, index, int(kind)) % 1_000_000).scaleb(-2)
        _add_meter(tables, machine, name=name, kind=kind, amount_before=before)
    if count < _METERS_PER_MACHINE:
        return
    match index % 3:
        case 0:
            _add_meter(tables, machine, name=f"{machine.name}填报表", kind="8", is_manual=True)
        case 1:
            formula = f"{names[0]}+{_machine_name(index - 1)}电表"
            _add_meter(tables, machine, name=f"{machine.name}虚拟表", kind="0", is_virtual=True, formula=formula)
        case _:
            _add_meter(tables, machine, name=f"{machine.name}总表", kind="0", is_total=True)


def _add_meter(tables: "Tables", machine: Machine, **values: Any) -> None:
    row: dict[str, Any] = {
        "remarks": "",
        "amount_before": Decimal("0.00"),
        "is_virtual": False,
        "formula": "",
        "is_total": False,
        "is_counted": True,
        "is_manual": False,
        **values,
    }
    measures = not (row["is_virtual"] or row["is_manual"])
    tables.meters.add(
        Meter(
            **row,
            machine=machine.name,
            department=machine.department,
            machine_id=machine.id,
            parameters=tuple(points_of(row["kind"])) if measures else (),
        )
    )


def _add_rules(tables: "Tables", machines: list[Machine]) -> None:
    """Add rules for the states of all machines, an alarm of each type with rules for some, and one without rules."""
    # The first meter of each machine counts electricity.
    firsts = {meter.machine_id: meter for meter in reversed([*tables.meters])}
    for machine in machines:
        for status, low, high in _STATES:
            tables.oee_rules.add(
                OeeRule(
                    name=f"{machine.name}{status}",
                    status=status,
                    meter_id=firsts[machine.id].id,
                    parameter="IA",
                    lower_limit=Decimal(low),
                    upper_limit=Decimal(high),
                    machine_id=machine.id,
                )
            )
    hourly = tables.alarms.add(_alarm("车间电耗超限", AlarmType.HOURLY_CONSUMPTION, AlarmLevel.GENERAL))
    current = tables.alarms.add(_alarm("电流异常", AlarmType.PARAMETER, AlarmLevel.WARNING))
    tables.alarms.add(_alarm("备用报警", AlarmType.PARAMETER, AlarmLevel.SEVERE))
    for index, machine in enumerate(machines[:_WITH_ALARMS]):
        alarm, parameter, upper = (hourly, None, 230) if index % 2 else (current, "IA", 420)
        tables.alarm_rules.add(
            AlarmRule(
                name=f"{machine.name}{alarm.name}",
                alarm_id=alarm.id,
                meter_id=firsts[machine.id].id,
                parameter=parameter,
                lower_limit=Decimal(0),
                upper_limit=Decimal(upper),
            )
        )


def _alarm(name: str, kind: AlarmType, level: AlarmLevel) -> Alarm:
    return Alarm(name=name, type=kind, level=level, notify_way=NotifyWay.PLATFORM, notify_address="")


def _add_outputs(tables: "Tables", machines: list[Machine], began: datetime, seed: int) -> None:
    """Add a batch for each of the last days, and what each machine made in each shift."""
    products = [
        tables.products.add(Product(name=name, unit=unit, remarks=""))
        for name, unit in (("牛仔布", "米"), ("衬衫布", "米"), ("棉纱", "千克"))
    ]
    midnight = began.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(_DAYS, 0, -1):
        start = midnight - timedelta(days=day)
        batch = tables.batches.add(Batch(name=f"SC{start:%Y%m%d}", start=start, end=start + timedelta(days=1)))
        for number, machine in enumerate(machines):
            product = products[(number + day) % len(products)]
            for hour in _SHIFTS:
                begin = start + timedelta(hours=hour)
                tables.outputs.add(
                    Output(
                        product_id=product.id,
                        amount=400 + hash32(seed, day * 100 + number, hour) % 400,
                        machine_id=machine.id,
                        start=begin,
                        end=begin + timedelta(hours=8),
                        created_at=begin + timedelta(hours=8, minutes=5),
                        batch_id=batch.id,
                    )
                )
