"""What queries for amounts of energy have in common (3.1 to 3.5)."""

from collections.abc import Iterable

from chaobiao._contract import checks
from chaobiao._contract.fields import arg, mixin
from chaobiao._wire.codecs import SEVERAL_CODES
from chaobiao.energy.codecs import INTEGER_TEXT
from chaobiao.energy.codes import Combination, EnergyKind, GroupBy, TimeType
from chaobiao.energy.shapes import Period
from chaobiao.errors import InvalidArgument


@mixin
class TimedPeriod(Period):
    """A period with the type of time that it is about."""

    time_type: TimeType = arg(
        "Time_Type", "时间类型", "Years, months or days.", check=checks.one_of(TimeType), example="3"
    )


@mixin
class Steps(TimedPeriod):
    """A period that is divided into steps."""

    interval: int | None = arg(
        "Time_Interval",
        "查询时间间隔",
        "Length of a step: months for YEAR, days for MONTH, minutes for DAY; the server's defaults are 1, 1 and 60.",
        default=None,
        check=checks.whole(1),
        codec=INTEGER_TEXT,
    )


@mixin
class Amounts:
    """Which amounts of energy are asked for, and what they are added up by."""

    group_by: GroupBy = arg(
        "Amount_Type",
        "总量类型",
        "What amounts are added up by: kind of energy, meter, machine or department.",
        check=checks.one_of(GroupBy),
        example="3",
    )
    combination: Combination | None = arg(
        "Amount_Combination",
        "组合",
        "How the amounts of a machine or department are divided, for MACHINE and DEPARTMENT only; the server's "
        "default is ENERGY_KIND.",
        default=None,
        check=checks.one_of(Combination),
    )
    names: str | Iterable[str] | None = arg(
        "Amount_SortName",
        "仪表或机器或部门的名称",
        "Names of meters, machines or departments, by group_by; not for ENERGY_KIND. Without it, all.",
        default=None,
        check=checks.several_codes,
        codec=SEVERAL_CODES,
    )
    kinds: EnergyKind | Iterable[EnergyKind] | None = arg(
        "Amount_Value",
        "具体查询的能源类型",
        "Kinds of energy; without it, all.",
        default=None,
        check=checks.several_of(EnergyKind),
        codec=SEVERAL_CODES,
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()  # type: ignore[misc]  # each query has a period beside its amounts
        if self.combination is not None and self.group_by not in (GroupBy.MACHINE, GroupBy.DEPARTMENT):
            raise InvalidArgument(
                "combination",
                "is only for group_by MACHINE or DEPARTMENT; leave it out",
                "仅在 group_by 为 MACHINE 或 DEPARTMENT 时有效，请省略",
            )
        if self.names is not None and self.group_by is GroupBy.ENERGY_KIND:
            raise InvalidArgument(
                "names",
                "is not for group_by ENERGY_KIND; leave it out, or use kinds",
                "在 group_by 为 ENERGY_KIND 时无效，请省略或改用 kinds",
            )
