"""Snapshots: everything that writes change comes back, in the same world, in another one, and over HTTP."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao import DuplicateOrder, EnergyManager, Jrhsz, VirtualClock
from chaobiao.energy import AlarmLevel, AlarmType, NotifyWay, TimeType
from chaobiao.jrhsz import Instruction
from chaobiao_mock import Fault, JrhszQuirks, MockServer, World, WorldSettings
from tests.harness.mock_server import LiveMock, at
from tests.mock.everything import START, clients, differing, energy_lists, everything, jrhsz_lists, small_world

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

#: The writes of the property: each a name with its arguments.
WRITES = st.lists(
    st.one_of(
        st.tuples(
            st.just("recharge"), st.sampled_from(["ceshi1", "2022040001", "2026000000"]), st.integers(1, 9_999)
        ),
        st.tuples(
            st.just("instruct"),
            st.sampled_from(["202364555511", "202005005292", "202600000000"]),
            st.sampled_from(list(Instruction)),
        ),
        st.tuples(st.just("advance"), st.integers(1, 500_000), st.none()),
        st.tuples(st.just("product"), st.integers(0, 10**6), st.none()),
        st.tuples(st.just("forget"), st.none(), st.none()),
        st.tuples(st.just("alarm"), st.integers(0, 10**6), st.integers(1, 400)),
        st.tuples(st.just("manual"), st.integers(1, 28), st.integers(1, 9_999)),
        st.tuples(st.just("image"), st.integers(1, 3), st.none()),
        st.tuples(st.just("settings"), st.integers(1, 12), st.none()),
        st.tuples(st.just("organization"), st.integers(1, 9), st.none()),
        st.tuples(st.just("register"), st.integers(0, 10**6), st.none()),
    ),
    max_size=8,
)


class Writer:
    """Carries out the writes of the property."""

    def __init__(self, world: World, jrhsz: Jrhsz, energy: EnergyManager) -> None:
        self.world, self.jrhsz, self.energy = world, jrhsz, energy
        self.orders: list[str] = []

    def write(self, name: str, one: Any, other: Any) -> None:
        count = len(self.world.journal)
        match name:
            case "recharge":
                self.orders.append(f"order-{count}")
                self.jrhsz.recharges.create(one, amount=Decimal(other) / 100, order_number=self.orders[-1])
            case "instruct":
                self.jrhsz.meters.instruct(one, other)
            case "advance":
                self.world.clock.advance(one)
            case "product":
                self.energy.products.create(name=f"产品{one}-{count}", unit="件")
            case "forget":
                self.energy.products.create(name=f"临时{count}")
                newest = max(product.id or 0 for product in self.energy.products.list())
                self.energy.products.delete(newest)
            case "alarm":
                self.energy.alarms.create(
                    name=f"报警{one}-{count}",
                    level=AlarmLevel.WARNING,
                    type=AlarmType.PARAMETER,
                    notify_way=NotifyWay.PLATFORM,
                    notify_address="",
                )
                newest = max(alarm.id or 0 for alarm in self.energy.alarms.list())
                self.energy.alarm_rules.create(
                    name=f"规则{count}",
                    alarm_id=newest,
                    meter_id=13,
                    parameter="IA",
                    lower_limit=Decimal("0.5"),
                    upper_limit=other,
                )
            case "manual":
                moment = datetime(2026, 2, 1) + timedelta(days=one - 1)
                if (18, moment) not in self.orders:
                    self.orders.append((18, moment))  # type: ignore[arg-type]  # a mark of what was entered
                    self.energy.province.add_manual_data(
                        meter_id=18, time=moment, time_type=TimeType.DAY, amount=other
                    )
            case "image":
                self.energy.machines.upload_image(one, image=PNG)
            case "settings":
                self.energy.settings.update(
                    year_start=one,
                    year_end=one,
                    month_start=1,
                    month_end=1,
                    day_start=timedelta(hours=8),
                    day_end=timedelta(hours=8),
                )
            case "organization":
                self.energy.province.update_version(enterprise_code=f"E{one}", region="320412")
            case "register":
                self.energy.users.register(f"user{one}-{count}", password="secret", email="a@example.com")
