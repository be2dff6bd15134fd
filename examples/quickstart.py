"""The prepaid platform in one go: log in, list, read, recharge, switch a valve, and meet two errors.

The address and the account come from CHAOBIAO_JRHSZ_BASE_URL, CHAOBIAO_JRHSZ_USERNAME and CHAOBIAO_JRHSZ_PASSWORD;
``nox -s demo`` sets them to a mock server with the vendor's sample data.
"""

import sys
from collections import Counter
from datetime import datetime, timedelta
from textwrap import indent
from uuid import uuid4

from console import step, table

from chaobiao import SHANGHAI, DuplicateOrder, Jrhsz, TooFast
from chaobiao.jrhsz import Gate, Instruction


def main() -> int:
    now = datetime.now(SHANGHAI)
    with Jrhsz() as client:
        step(1, "Log in 登录")
        client.login()
        print(f"   {client}")

        step(2, "Buildings, residents and meters 楼栋、户、表")
        buildings = client.buildings.list().collect()
        table(["name 名称", "build_code 编号"], ((b.name, b.build_code) for b in buildings))
        residents = client.residents.list().collect()
        print()
        table(
            ["user_code 户号", "user_name 名称", "house_number 门牌号"],
            ((r.user_code, r.user_name, r.house_number) for r in residents[:4]),
            more=len(residents) - 4,
        )
        meters = client.meters.list().collect()
        print()
        kinds = Counter((m.kind.commodity.value if m.kind and m.kind.commodity else "unknown", m.gate) for m in meters)
        table(["commodity", "gate 阀门", "meters"], ((kind, gate, n) for (kind, gate), n in sorted(kinds.items())))

        step(3, "Latest readings of all meters 最新读数")
        latest = client.meters.latest_readings().collect()
        table(
            ["table_no 表号", "reading 读数", "read_at 时间", "gate 阀门"],
            ((r.table_no, r.reading, r.read_at, r.gate) for r in latest[:8]),
            more=len(latest) - 8,
        )

        step(4, "Readings of the last ten days, page by page 抄表记录（分页）")
        listing = client.meters.readings(begin=now - timedelta(days=10), end=now, page_size=800)
        pages = [(page.number, len(page), page[0].read_at, page.total) for page in listing.pages()]
        table(["page", "rows", "first read_at", "total of all pages"], pages)
        print("   The pages came two seconds apart: the client keeps the platform's interval by itself.")

        step(5, "Recharge an account, and find the payment 充值与核对")
        resident, order = "2022040001", f"demo-{uuid4().hex[:12]}"
        before = client.residents.get(resident)[0].balance
        client.recharges.create(resident, amount="25.50", order_number=order)
        payments = client.recharges.list(resident, begin=datetime(2023, 1, 1), end=now + timedelta(minutes=5)).collect()
        table(
            ["order_number 订单号", "amount 金额", "channel 方式", "paid_at 时间", "whose"],
            (
                (p.order_number, p.amount, p.channel, p.paid_at, "ours" if p.order_number == order else "documented")
                for p in payments
            ),
        )
        after = client.residents.get(resident)[0].balance
        print(f"   balance 余额: {before} → {after}")

        step(6, "Close a valve, and see it closed 关阀")
        meter = next(m for m in meters if m.gate is Gate.CONNECTED and m.device_id)
        seen = [("before", meter.gate)]
        for instruction in (Instruction.DISCONNECT, Instruction.RECONNECT):
            client.meters.instruct(meter.device_id or "", instruction)
            reading = client.meters.latest_readings(table_no=meter.table_no).collect()[0]
            seen.append((f"after {instruction.name}", reading.gate))
        table([f"meter {meter.table_no}", "gate 阀门"], seen)

        step(7, "Two errors, typed 两种错误")
        try:
            client.recharges.create(resident, amount="25.50", order_number=order)
        except DuplicateOrder as error:
            print(indent(f"{type(error).__name__} for order {error.reference}\n{error}\n", "   "))
        hasty = client.with_options(paced=False)  # what happens without pacing
        try:
            for _ in range(2):
                hasty.buildings.list().collect()
        except TooFast as error:
            print(indent(f"{type(error).__name__}\n{error}", "   "))
    found = any(p.order_number == order for p in payments) and seen[1][1] is Gate.DISCONNECTED
    print("\nEverything went as it should.\n" if found else "\nThe payment or the valve did not show.\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
