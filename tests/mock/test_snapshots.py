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
        st.tuples(st.just("recharge"), st.sampled_from(["ceshi1", "2022040001", "2026000000"]), st.integers(1, 9_999)),
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
                    self.energy.province.add_manual_data(18, time=moment, time_type=TimeType.DAY, amount=other)
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


@pytest.fixture(scope="module")
def servers() -> Any:
    """Two servers."""
    with MockServer(small_world()) as one, MockServer(small_world()) as other:
        yield one, other


def reset(world: World, **wanted: Any) -> None:
    """Restart a world."""
    world.reset(WorldSettings(**{"meters": 4, "start": START, "quirks": [JrhszQuirks(paced="no")], **wanted}))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=WRITES)
def test_a_restored_world_is_the_same(servers: tuple[MockServer, MockServer], writes: list[Any]) -> None:
    """After any writes: a snapshot that went through JSON makes another world equal, now and a day later."""
    one, other = servers
    reset(one.world)
    reset(other.world, meters=9, seed=7, start=at("2024-01-01 00:00:00"))
    with clients(one.url) as (jrhsz, energy), clients(other.url) as (jrhsz_2, energy_2):
        writer = Writer(one.world, jrhsz, energy)
        for each in writes:
            writer.write(*each)
        snapshot = json.loads(json.dumps(one.world.snapshot()))
        other.world.restore(snapshot)
        assert other.world.snapshot() == snapshot
        assert len(other.world.journal) == 0
        for _ in range(2):
            now = one.world.clock.now().replace(microsecond=0)
            found = [
                {"jrhsz": jrhsz_lists(client, now), "energy": energy_lists(manager, now)}
                for client, manager in ((jrhsz, energy), (jrhsz_2, energy_2))
            ]
            assert differing(*found) == []
            for server in servers:
                server.world.clock.advance(86_400)
        for order in (order for order in writer.orders if isinstance(order, str)):
            with pytest.raises(DuplicateOrder):
                jrhsz_2.with_options(deadline=5).recharges.create("ceshi1", amount=1, order_number=order)


def test_ids_tokens_cookies_and_images_come_back(servers: tuple[MockServer, MockServer]) -> None:
    """Deleted ids are not given again; a token, a session and a token's age are those of the snapshot."""
    one, other = servers
    reset(one.world)
    login = {"admin_user_name": "khcs", "api_password": "123456"}
    with httpx.Client(trust_env=False) as http, clients(one.url) as (_, energy):
        token = http.post(f"{one.url}/user/login", json=login).json()["data"]
        http.post(f"{one.url}/api/auth", json={"Usr_Name": "zhangwei", "Usr_Password": "Energy2019"})
        energy.products.create(name="临时")
        newest = max(product.id or 0 for product in energy.products.list())
        energy.products.delete(newest)
        energy.machines.upload_image(2, image=PNG)
        (machine,) = [each for each in energy.machines.list() if each.id == 2]
        one.world.clock.advance(3600)
        other.world.restore(one.world.snapshot())
        body = {"token": token, "admin_user_name": "khcs"}
        assert http.post(f"{other.url}/user/getBuildCode", json=body).json()["code"] == 200
        other.world.clock.advance(3600)
        assert http.post(f"{other.url}/user/getBuildCode", json=body).json()["code"] == 1007
        assert http.get(f"{other.url}/api/users").json()["Err_No"] == "0"
        assert http.get(f"{other.url}{machine.image_url}").content == PNG
    with clients(other.url) as (_, energy):
        energy.products.create(name="后来")
        assert max(product.id or 0 for product in energy.products.list()) == newest + 1


def test_intervals_faults_and_their_chances_come_back() -> None:
    """A call that came too early still does; a fault goes on counting, and its chance goes on as it would have."""
    one, other = small_world(quirks=[]), small_world(quirks=[])
    one.faults.add(Fault("buildings.list", "status", nth=2, status=503, times=2))
    one.faults.add(Fault("meters.list", "code", probability=0.5, times=100))
    with MockServer(one) as first, MockServer(other) as second, httpx.Client(trust_env=False) as http:
        login = {"admin_user_name": "khcs", "api_password": "123456"}
        token = http.post(f"{first.url}/user/login", json=login).json()["data"]
        body = {"token": token, "admin_user_name": "khcs"}
        for _ in range(5):
            http.post(f"{first.url}/meter/meterList", json=body)
        http.post(f"{first.url}/user/getBuildCode", json=body)
        other.restore(one.snapshot())
        answers = [http.post(f"{server.url}/user/getBuildCode", json=body) for server in (first, second)]
        assert [answer.status_code for answer in answers] == [503, 503]
        assert http.post(f"{second.url}/user/getBuildCode", json=body).status_code == 503
        assert http.post(f"{second.url}/user/getBuildCode", json=body).json()["code"] == 1011
        codes = [
            [http.post(f"{server.url}/meter/meterList", json=body).json()["code"] for _ in range(12)]
            for server in (first, second)
        ]
        assert codes[0] == codes[1]
        assert len({*codes[0]}) == 2
        assert [fault.seen for fault in other.faults] == [3, 17]
        with pytest.raises(ValueError, match="no fault 3"):
            other.faults.remove(3)


def test_time_goes_on_from_a_snapshot() -> None:
    """A restored clock continues at the moment and the rate of the snapshot; reset() returns to the settings."""
    clock = VirtualClock()
    world = World(WorldSettings(2, start=START, rate=60), clock)
    clock.advance(10)
    snapshot = world.snapshot()
    clock.advance(1000)
    world.restore(snapshot)
    assert world.clock.now() == START + timedelta(minutes=10)
    clock.advance(1)
    assert world.clock.now() == START + timedelta(minutes=11)
    world.reset()
    assert (world.clock.now(), world.settings.meters) == (START, 2)


def test_fixtures_are_part_of_a_snapshot() -> None:
    """A world with own things is restored with them, and reset to them."""
    content = {"jrhsz": {"meters": [{"table_no": "0012", "kind": 3}]}}
    other = small_world()
    other.restore(small_world(fixtures=content, meters=0).snapshot())
    other.reset()
    assert [row["table_no"] for row in other.fixtures().tables["jrhsz"]["meters"]] == ["0012"]


def _changed(snapshot: dict[str, Any], path: str, value: Any) -> Any:
    content = json.loads(json.dumps(snapshot))
    *above, last = path.split(".")
    place = content
    for name in above:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return content


BROKEN: list[tuple[str, Any, str]] = [
    ("snapshot", 2, "a snapshot of version 2; this mock reads version 1"),
    ("snapshot", None, "this is no snapshot"),
    ("clock", None, "the snapshot is broken: required field missing @ $.clock"),
    ("clock.elapsed", "soon", "@ $.clock.elapsed"),
    ("clock.elapsed", -1, "out of bounds"),
    ("clock.rate", 10**9, "rate must be"),
    ("settings.quirks", {"jrhsz.data": "xml"}, "data must be one of"),
    ("settings.fixtures", {"steam": {}}, "must be an object such as"),
    ("faults.choices", 10**12, "the snapshot is broken"),
    ("states.steam", {}, "its families are not"),
    ("states.jrhsz.more", 1, "the snapshot is broken: extra fields found (more) @ $"),
    (
        "states.jrhsz.events",
        {"999": {"switches": [], "read_commands": [], "tripped": False, "read_waits": False}},
        "meter",
    ),
    ("states.jrhsz.recharges", {"ceshi1": [{"amount": "much"}]}, "the snapshot is broken"),
    ("states.energy.accounts.passwords", {"one": "secret"}, "the snapshot is broken"),
    ("states.energy.tables.products.rows", [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}], "the snapshot is broken"),
    (
        "states.energy.images",
        {"a.png": {"filename": "a", "content": "?", "content_type": "b"}},
        "the snapshot is broken",
    ),
]


@pytest.mark.parametrize(("path", "value", "english"), BROKEN, ids=[f"{path}={value}" for path, value, _ in BROKEN])
def test_what_is_broken_changes_nothing(path: str, value: Any, english: str) -> None:
    """A snapshot of another version or with wrong content is refused in both languages; the world stays as it was."""
    world = small_world()
    everything(world)
    before = world.snapshot()
    with pytest.raises(ValueError, match=r" / .*[\u4e00-\u9fff]") as caught:
        world.restore(_changed(before, path, value))
    assert english in str(caught.value)
    assert world.snapshot() == before
    assert len(world.journal) > 0


def test_snapshots_over_http(mock: LiveMock, mock_http: httpx.Client) -> None:
    """GET /__mock__/snapshot and POST /__mock__/restore do the same, from one world to another."""
    mock_http.post("/__mock__/worlds", json={"name": "copy", "rate": 0})
    mock.post("/__mock__/clock", {"advance": 7_000})
    snapshot = mock_http.get("/__mock__/snapshot").json()
    described = mock_http.post("/w/copy/__mock__/restore", json=snapshot).json()
    assert (described["meters"], described["quirks"]) == (10, {"jrhsz.paced": "no"})
    assert mock_http.get("/w/copy/__mock__/snapshot").json() == mock_http.get("/__mock__/snapshot").json()
    response = mock_http.post("/w/copy/__mock__/restore", json={**snapshot, "snapshot": 2})
    assert response.status_code == 400
    assert "version 2" in response.json()["error"]
    assert "快照版本 1" in response.json()["error_zh"]
