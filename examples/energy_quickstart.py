"""The energy management interface in one go: machines, a day's consumption in 24 points, alarms, states, one change.

The address and the account come from CHAOBIAO_ENERGY_BASE_URL, CHAOBIAO_ENERGY_USERNAME and CHAOBIAO_ENERGY_PASSWORD;
``nox -s demo`` sets them to a mock server.
"""

import sys
from datetime import datetime, timedelta
from textwrap import indent

from console import step, table

from chaobiao import SHANGHAI, EnergyManager, NotFound
from chaobiao.energy import CountBy, EnergyKind, GroupBy, ReturnFormat, TimeType


def main() -> int:
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = today - timedelta(days=1)
    with EnergyManager() as client:
        step(1, "Log in, and list the machines 登录，机器")
        print(f"   {client}")
        machines = client.machines.list().collect()
        table(
            ["id", "name 机器", "department 部门"],
            ((m.id, m.name, m.department) for m in machines[:3]),
            more=len(machines) - 3,
        )

        step(2, "Yesterday's electricity, hour by hour 昨日逐时用电")
        points = client.consumption.details(
            time_type=TimeType.DAY,
            start=yesterday,
            end=today,
            group_by=GroupBy.ENERGY_KIND,
            kinds=[EnergyKind.ELECTRICITY],
        ).collect()
        table(
            ["time 时间", "kind 能源", "amount 用量"],
            ((p.time, p.kind_name, p.amount) for p in points[:4]),
            more=len(points) - 4,
        )

        step(3, "Alarms by level, and the states of a machine 报警与设备状态")
        counts = client.alarm_messages.counts(
            time_type=TimeType.DAY,
            start=yesterday,
            end=today,
            count_by=CountBy.LEVEL,
            return_format=ReturnFormat.TOTAL,
        ).collect()
        table(["level 级别", "alarms 次数"], ((c.level.name, c.count) for c in counts if c.level is not None))
        machine = client.oee_rules.list().collect()[0].machine_id or 0
        records = client.oee.records(machine, start=yesterday, end=today).collect()
        print()
        table(
            [f"machine {machine} since 起", "status 状态"],
            ((r.time, r.status) for r in records[:4]),
            more=len(records) - 4,
        )

        step(4, "Create a product, find it, delete it 产品的增删")
        client.products.create(name="演示产品", unit="件")
        product = next(p for p in client.products.list() if p.name == "演示产品")
        client.products.delete(product.id or 0)
        try:
            client.products.delete(product.id or 0)
        except NotFound as error:
            print(indent(f"{type(error).__name__}\n{error}", "   "))
        client.logout()
    found = len(points) == 24
    print("\nEverything went as it should.\n" if found else "\nThe day has no 24 points.\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
