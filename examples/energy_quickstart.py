"""The energy management API in one go: log in, read consumption, states and alarms, create, and meet an error.

The address and the account come from CHAOBIAO_ENERGY_BASE_URL, CHAOBIAO_ENERGY_USERNAME and CHAOBIAO_ENERGY_PASSWORD;
``nox -s demo`` sets them to a mock server with the vendor's sample data and a generated plant.
"""

import sys
from datetime import datetime, timedelta
from decimal import Decimal
from textwrap import indent
from typing import Any
from uuid import uuid4

from console import step, table

from chaobiao import SHANGHAI, EnergyManager, StillInUse
from chaobiao.energy import CountBy, EnergyKind, GroupBy, ReturnFormat, TimeType


def main() -> int:
    today = datetime.now(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday: dict[str, Any] = {"time_type": TimeType.DAY, "start": today - timedelta(days=1), "end": today}
    with EnergyManager() as client:
        step(1, "Log in to the energy management of a plant 登录能源管理系统")
        client.login()
        print(f"   {client}")

        step(2, "Yesterday's consumption by kind of energy 昨日各能源用量")
        totals = client.consumption.totals(**yesterday, group_by=GroupBy.ENERGY_KIND).collect()
        totals.sort(key=lambda total: total.kind or "")
        table(
            ["kind", "kind_name 能源", "amount 用量"],
            ((total.kind.name if total.kind else None, total.kind_name, total.amount) for total in totals[:5]),
            more=len(totals) - 5,
        )

        step(3, "The machines that used most electricity, and their states 用电最多的机器及其状态")
        machines = client.consumption.totals(**yesterday, group_by=GroupBy.MACHINE, kinds=EnergyKind.ELECTRICITY)
        largest = sorted(machines, key=lambda total: total.amount or Decimal(0), reverse=True)
        ids = {machine.name: machine.id or 0 for machine in client.machines.list()}
        rows = []
        for total in largest[:3]:
            durations = client.oee.statistics(ids.get(total.owner, 0), **yesterday, return_format=ReturnFormat.TOTAL)
            states = [f"{row.status} {timedelta(seconds=row.seconds or 0)}" for row in durations]
            rows.append((total.owner, total.amount, ", ".join(states) or "no rules 无规则"))
        table(["machine 机器", "amount 用电量", "states 状态"], rows, more=len(largest) - 3)

        step(4, "Yesterday's alarms 昨日报警")
        messages = client.alarm_messages.list(start=yesterday["start"], end=today).collect()
        table(
            ["time 时间", "machine 机器", "content 内容"],
            ((message.time, message.machine, message.content) for message in messages[:3]),
            more=len(messages) - 3,
        )
        counts = client.alarm_messages.counts(**yesterday, count_by=CountBy.ALL, return_format=ReturnFormat.TOTAL)
        agree = sum(row.count or 0 for row in counts) == len(messages)

        step(5, "A machine with a meter, which cannot be deleted 有仪表的机器不能删除")
        name = f"demo-{uuid4().hex[:8]}"
        client.machines.create(name=name, department=name, equipment_code="", equipment_unit_code="")
        [machine] = client.machines.list(department=name)
        meter = client.meters.create(name=f"{name} meter", kind=EnergyKind.ELECTRICITY, machine_id=machine.id or 0)
        refused = False
        try:
            client.machines.delete(machine.id or 0)
        except StillInUse as error:
            refused = True
            print(indent(f"{type(error).__name__}\n{error}", "   "))
        client.meters.delete(meter.id or 0)
        client.machines.delete(machine.id or 0)
        print("   The meter and then the machine were deleted.")
    print(
        "\nEverything went as it should.\n" if agree and refused else "\nAlarms do not agree, or nothing was refused.\n"
    )
    return 0 if agree and refused else 1


if __name__ == "__main__":
    sys.exit(main())
