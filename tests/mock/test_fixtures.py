"""Fixtures: things of the user's own, from CSV and JSON files, run like generated ones; and worlds written as files."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from chaobiao import UnknownAccount
from chaobiao.jrhsz import Gate, Instruction
from chaobiao_mock import JrhszQuirks, MockServer, World, WorldSettings
from chaobiao_mock.registry import mock_families
from tests.harness.mock_server import at
from tests.mock.everything import START, clients, differing, everything, served, small_world

SECOND = timedelta(seconds=1)
#: What fixtures do not carry: messages of the past and what is uploaded to the provincial platform.
LEFT_OUT = ["energy.messages", "energy.organization"]
#: A meter that was switched has its reading of that moment: fixtures are no history.
OF_THE_SWITCHED_METER = [
    f"jrhsz.{name}" for name in ("latest", "readings", "consumption", "camera", "resident", "resident_consumption")
]

RESIDENTS = (
    "用户编号,用户名称,门牌号,楼栋编号,地址,余额\nR1,王伟,101,b-1,一号楼1层,20.00\nR2,李娜,102,b-1,一号楼1层,0\n"
)
METERS = """表号,项目编码,表地址,表类型,用户编码,表读数,日用量,单价
0012,estate,一号楼1层,3,R1,5000.00,24.00,0.5283
0013,estate,一号楼1层,2,R1,0.10,0.24,3.30
0014,estate,一号楼1层,3,R2,5000.00,24.00,0.50
"""
BUILDINGS = "楼栋名称,楼栋编号\n一号楼,b-1\n"


def write(folder: Path, **files: str | bytes) -> Path:
    """Write CSV files of the prepaid platform."""
    (folder / "jrhsz").mkdir(parents=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (folder / "jrhsz" / f"{name}.csv").write_bytes(data)
    return folder


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A building with two residents and three meters, with Chinese headings."""
    return write(tmp_path / "estate", buildings=BUILDINGS, residents=RESIDENTS, meters=METERS)


def load(path: Path, **settings: Any) -> World:
    """Load an estate into a world that enforces no intervals."""
    return small_world(fixtures=path, **{"meters": 0, **settings})


@pytest.mark.parametrize("headings", ["en", "zh"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_exported_world_is_loaded_as_it_was(tmp_path: Path, form: Any, headings: Any) -> None:
    """Export and load: all lists that clients can read are the same, after recharges and commands too."""
    world = small_world()
    with served(world) as (jrhsz, energy):
        jrhsz.recharges.create("ceshi1", amount="12.34", order_number="order-1")
        jrhsz.meters.instruct("202600000001", Instruction.DISCONNECT)
        energy.products.create(name="新产品", unit="件")
    written = world.export(tmp_path / "estate", form, headings)
    assert {file.suffix for file in written} == {f".{form}"}
    loaded = small_world(fixtures=tmp_path / "estate", meters=0)
    before, after = everything(world), everything(loaded)
    assert set(differing(before, after)) <= {*LEFT_OUT, *OF_THE_SWITCHED_METER}
    assert after["jrhsz"]["meters"] == before["jrhsz"]["meters"]


def test_an_untouched_world_is_loaded_exactly(tmp_path: Path) -> None:
    """Without commands the newest readings and residents are the same too."""
    world = small_world()
    world.export(tmp_path / "estate")
    assert differing(everything(world), everything(small_world(fixtures=tmp_path / "estate", meters=0))) == LEFT_OUT


def test_own_meters_report_and_are_billed(estate: Path) -> None:
    """A meter shows its reading at the start, grows by its load, and its resident pays its price."""
    world = load(estate)
    with served(world) as (client, _):
        assert [meter.table_no for meter in client.meters.list()] == ["0012", "0013", "0014"]
        first = {row.table_no: row.reading or 0 for row in client.meters.latest_readings()}
        assert Decimal("4998.9") < first["0012"] <= Decimal("5000.00")  # reported within the last hour
        assert Decimal("0.08") <= first["0013"] <= Decimal("0.10")
        world.clock.advance(10 * 3600)
        later = {row.table_no: row.reading or 0 for row in client.meters.latest_readings()}
        grown = {number: later[number] - first[number] for number in ("0012", "0013")}
        balance = client.residents.get("R1")[0].balance or 0
        cost = grown["0012"] * Decimal("0.5283") + grown["0013"] * Decimal("3.30")
        assert Decimal("20.00") - balance == pytest.approx(cost, abs=Decimal("0.05"))
        used = client.meters.consumption(table_no="0012", begin=START + SECOND, end=world.clock.now()).collect()
        hours = [row.usage or Decimal(0) for row in used]
        assert len(hours) == 10
        assert sum(hours) == grown["0012"]
        assert min(hours) < Decimal("1.00") < max(hours)  # 24 kWh a day, more by day than by night


def test_a_week_has_the_daily_use_seven_times(estate: Path) -> None:
    """In the long run a meter uses what it was given, whatever its load."""
    world = load(estate)
    with served(world) as (client, _):
        client.recharges.create("R1", amount=1000, order_number="order-1")
        readings = []
        for _ in range(2):
            (row,) = client.meters.latest_readings(table_no="0012")
            readings.append(row.reading or Decimal(0))
            world.clock.advance(7 * 86_400)
        assert readings[1] - readings[0] == pytest.approx(Decimal("168.00"), abs=Decimal("0.01"))


def test_the_history_of_a_new_meter_begins_with_it(estate: Path) -> None:
    """A meter with a small reading has counted only as long as it needed for it, and reports nothing before."""
    with served(load(estate)) as (client, _):
        rows = client.meters.consumption(table_no="0013", begin=at("2026-01-01"), end=START).collect()
        assert 9 <= len(rows) <= 11
        assert (rows[-1].reading or 0) <= Decimal("0.10")


def test_own_residents_are_cut_off_and_come_back(estate: Path) -> None:
    """At a balance of zero the valve trips with the next report; a recharge connects it again."""
    world = load(estate)
    with served(world) as (client, _):
        world.clock.advance(3600)
        gates = {row.table_no: row.gate for row in client.meters.latest_readings()}
        assert gates == {"0012": Gate.CONNECTED, "0013": Gate.CONNECTED, "0014": Gate.DISCONNECTED}
        client.recharges.create("R2", amount=10, order_number="order-1")
        assert client.meters.latest_readings(table_no="0014").collect()[0].gate is Gate.CONNECTED
        world.clock.advance(21 * 3600)  # 10 yuan are enough for 20 kWh
        assert client.meters.latest_readings(table_no="0014").collect()[0].gate is Gate.DISCONNECTED
        assert client.meters.latest_readings(table_no="0012").collect()[0].gate is Gate.CONNECTED


def test_own_accounts_replace_those_of_the_documents(tmp_path: Path) -> None:
    """An account of one's own logs in, and the documented one does not."""
    folder = write(tmp_path / "estate", accounts="username,password,api\nmine,secret,是\nnobody,secret,no\n")
    with served(load(folder)) as (documented, _), pytest.raises(UnknownAccount):
        documented.buildings.list().collect()
    with MockServer(load(folder)) as server:
        with clients(server.url, ("mine", "secret")) as (own, _):
            assert own.buildings.list().collect() == []
        with clients(server.url, ("nobody", "secret")) as (other, _), pytest.raises(UnknownAccount):
            other.buildings.list().collect()


def test_other_families_keep_their_documented_things(estate: Path) -> None:
    """Only the platforms that the folder has are replaced."""
    with served(load(estate)) as (_, energy):
        assert energy.users.get().name == "zhangwei"
        assert len(energy.meters.list().collect()) == 7


def test_a_fleet_is_generated_beside_fixtures_only_if_asked_for(estate: Path) -> None:
    """Without a number there are only the own meters; with one there are generated ones after them."""
    assert WorldSettings(fixtures=estate).meters == 0
    assert WorldSettings().meters == 200
    with served(load(estate, meters=4)) as (client, _):
        numbers = [meter.table_no for meter in client.meters.list()]
    assert numbers[:4] == ["0012", "0013", "0014", "202600000000"]
    assert len(numbers) == 7


@pytest.mark.parametrize("family", ["jrhsz", "energy"])
def test_own_and_generated_things_exclude_each_other(family: str) -> None:
    """Numbers and names that generated things would have too are refused when the world is made."""
    content = {family: small_world().fixtures().to_json()[family]}
    with pytest.raises(ValueError, match=r"set the number of meters to 0 / .*设为 0"):
        World(WorldSettings(8, fixtures=content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_as_spreadsheets_save_them(tmp_path: Path, encoding: str, separator: str) -> None:
    """Encodings, separators, blank rows, and dates as a Chinese spreadsheet writes them are read."""
    meters = "表号,表类型,抄表时间,表地址\n\n0012,3,2026/3/1 8:05,一号楼\n,,,\n"
    folder = write(tmp_path / "estate", meters=meters.replace(",", separator).encode(encoding))
    with served(load(folder)) as (client, _):
        (meter,) = client.meters.list().collect()
        assert (meter.table_no, meter.table_address) == ("0012", "一号楼")


def test_a_reset_brings_fixtures_back(estate: Path) -> None:
    """reset() returns to the loaded things."""
    world = load(estate)
    with served(world) as (client, _):
        client.recharges.create("R1", amount=1, order_number="order-1")
        world.reset()
        assert client.recharges.list("R1", begin=at("2020-01-01"), end=START).collect() == []
        assert len(client.meters.list().collect()) == 3


def test_fixtures_over_http(mock_http: httpx.Client) -> None:
    """Worlds are created and reset with fixtures, and give them back in the same form."""
    content = {"jrhsz": {"meters": [{"表号": "0012", "表类型": 3}, {"table_no": 13, "kind": "2"}]}}
    wanted = {"name": "own", "fixtures": content, "rate": 0, "quirks": {"jrhsz.paced": "no"}}
    made = mock_http.post("/__mock__/worlds", json=wanted).json()
    assert made["meters"] == 0
    with clients(made["base_url"]) as (client, _):
        assert [meter.table_no for meter in client.meters.list()] == ["0012", "13"]
    given = mock_http.get("/w/own/__mock__/fixtures").json()["fixtures"]
    assert [row["table_no"] for row in given["jrhsz"]["meters"]] == ["0012", "13"]
    assert mock_http.post("/__mock__/reset", json={"fixtures": given}).status_code == 200
    assert mock_http.get("/__mock__/fixtures").json()["fixtures"]["jrhsz"] == given["jrhsz"]
    wrong = {"jrhsz": {"meters": [{"table_no": "1", "kind": 99}]}}
    response = mock_http.post("/__mock__/reset", json={"fixtures": wrong})
    assert response.status_code == 400
    assert response.json()["error"].startswith('fixtures: jrhsz.meters, row 1, column "kind": must be one of 1, 2')
    assert response.json()["error_zh"].startswith("fixtures: jrhsz.meters 第 1 行“kind”列：须为以下之一：")


def test_headings_of_a_sheet_are_different() -> None:
    """No two columns of a sheet share a heading in any of its languages."""
    for family in mock_families():
        for sheet in family.fixtures.sheets if family.fixtures else ():
            headings = [heading for column in sheet.columns for heading in {*column.headings}]
            assert len(headings) == len({*headings}), sheet.name


def test_one_json_file_holds_everything(tmp_path: Path) -> None:
    """A file with all families is loaded like a folder."""
    file = tmp_path / "estate.json"
    file.write_text(json.dumps(small_world().fixtures().to_json()), "utf-8")
    world = World.load(file, start=START, quirks=[JrhszQuirks(paced="no")])
    assert len(world.states["jrhsz"].fleet) == 16
    assert len(world.states["energy"].tables.meters) == 15
