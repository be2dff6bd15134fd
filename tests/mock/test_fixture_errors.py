"""Fixtures that cannot be used: each error names file, row and column, in English and Chinese."""

from pathlib import Path

import pytest

from chaobiao_mock import World
from chaobiao_mock.fixtures import InvalidFixtures

HEAD = "table_no,kind,user_code,reading,connected\n"


def errors(folder: Path, **files: str | bytes) -> InvalidFixtures:
    """Load files, named family_sheet, and return the error."""
    for name, content in files.items():
        family, _, sheet = name.partition("_")
        (folder / family).mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        (folder / family / f"{sheet}.{'json' if data[:1] in (b'[', b'{') else 'csv'}").write_bytes(data)
    with pytest.raises(InvalidFixtures) as caught:
        World.load(folder)
    return caught.value


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        ("1,99,,0,yes", 'row 2, column "kind": must be one of 1, 2, 3', "第 2 行“kind”列：须为以下之一：1、2、3"),
        (",3,,0,yes", 'row 2, column "table_no": is empty', "第 2 行“table_no”列：不能为空"),
        ("1,3,,-5,yes", 'row 2, column "reading": must be a number not below zero', "“reading”列：须为不小于零"),
        ("1,3,,1.234,yes", 'column "reading": must be a number not below zero with at most two decimals', "两位小数"),
        ("1,3,,0,maybe", 'row 2, column "connected": must be yes or no', "须为“是”或“否”"),
        (
            "1,3,,0,yes\n1,2,,0,no",
            'row 3, column "table_no": 1 is in row 2 too',
            "第 3 行“table_no”列：1 与第 2 行重复",
        ),
        ("1,3,R9,0,yes", 'column "user_code": R9 is not in jrhsz/residents', "jrhsz/residents 中没有 R9"),
        ("2.02E+11,3,,0,yes", "is what a spreadsheet makes of a long number", "科学计数"),
        ("1,3,,0,yes,6", "row 2: has more cells than there are headings", "第 2 行：单元格多于列名"),
        ("1,3,,0\x00,yes", 'row 2, column "reading"', "第 2 行“reading”列"),
    ],
)
def test_a_wrong_cell(tmp_path: Path, content: str, english: str, chinese: str) -> None:
    """The error names the row that a spreadsheet shows and the column as the file calls it."""
    found = errors(tmp_path, jrhsz_meters=HEAD + content + "\n")
    assert found.english.startswith("jrhsz/meters.csv, row ")
    assert english in found.english
    assert chinese in found.chinese


@pytest.mark.parametrize(
    ("files", "english", "chinese"),
    [
        (
            {"jrhsz_meters": "table_no,kind,adress\n1,3,x\n"},
            'column "adress": unknown; did you mean',
            "“adress”列：未知的列",
        ),
        ({"jrhsz_meters": "table_no\n1\n"}, 'column "kind": the column is missing (表类型', "“kind”列：缺少该列"),
        ({"jrhsz_meters": "table_no,kind,表号\n1,3,1\n"}, "the column is there twice", "该列重复"),
        ({"jrhsz_meters": ""}, "jrhsz/meters.csv: is empty", "文件为空"),
        ({"jrhsz_meters": b"\xff\xff\xff"}, "is neither UTF-8 nor GB18030", "不是 UTF-8 或 GB18030"),
        ({"jrhsz_meters": '[{"table_no": '}, "jrhsz/meters.json: is not valid JSON", "不是合法的 JSON"),
        ({"jrhsz_meters": '{"table_no": "1"}'}, "must be a list of objects", "须为对象数组"),
        ({"jrhsz_meter": HEAD}, "no kind of thing named meter; did you mean meters?", "是否为 meters？"),
        ({"steam_meters": HEAD}, "there is no family steam; there are jrhsz, energy", "没有接口系列 steam"),
        ({"jrhsz_meters": '[{"table_no": "1", "kind": 3, "reading": true}]'}, 'row 1, column "reading"', "第 1 行"),
    ],
)
def test_a_wrong_file(tmp_path: Path, files: dict[str, str | bytes], english: str, chinese: str) -> None:
    """What is wrong with a whole file or a heading is said once, with the nearest right one."""
    found = errors(tmp_path, **files)
    assert english in found.english
    assert chinese in found.chinese
    assert len(found.problems) == 1


def test_nothing_to_load(tmp_path: Path) -> None:
    """An empty folder and a path that leads nowhere are errors."""
    assert "there are no fixtures" in errors(tmp_path).english
    with pytest.raises(InvalidFixtures, match=r"there is no such folder or file / .*没有该文件夹或文件"):
        World.load(tmp_path / "nowhere")


def test_the_same_sheet_twice(tmp_path: Path) -> None:
    """A sheet as CSV and as JSON is ambiguous."""
    (tmp_path / "jrhsz").mkdir()
    (tmp_path / "jrhsz" / "buildings.csv").write_text("name,build_code\n")
    found = errors(tmp_path, jrhsz_buildings="[]")
    assert "jrhsz/buildings.csv is there too" in found.english


def test_twenty_errors_are_shown(tmp_path: Path) -> None:
    """All problems are collected; the message shows twenty and counts the rest."""
    found = errors(tmp_path, jrhsz_meters=HEAD + "1,99,,x,yes\n" * 15)
    assert len(found.problems) == 44  # 30 wrong cells, and the number of the first row fourteen times more
    assert len(found.english.splitlines()) == 21
    assert found.english.endswith("and 24 more")
    assert found.chinese.endswith("另有 24 处错误")


MACHINES = "id,name,department\n1,织机,南车间\n2,染机,南车间\n"
OEE = "name,status,meter_id,parameter,lower_limit,upper_limit,machine_id\n"
METERS = "id,name,kind,machine_id,is_virtual,formula\n"


@pytest.mark.parametrize(
    ("files", "english", "chinese"),
    [
        ({"energy_meters": METERS + "1,表,0,7,no,\n"}, 'column "machine_id": 7 is not in energy/machines', "没有 7"),
        ({"energy_meters": METERS + "1,表,0,1,yes,无\n"}, 'column "formula": must be names of meters', "虚拟|仪表名称"),
        ({"energy_meters": METERS + "1,表,0,1,yes,表\n"}, 'column "formula": must be names of meters', "不能循环引用"),
        ({"energy_meters": METERS + "1,表,q,1,no,\n"}, 'column "kind": must be one of 0, 1', "0（电）"),
        (
            {"energy_batches": "主键,生产批次,开始时间,结束时间\n1,A,2026-01-02,2026-01-01\n"},
            'column "结束时间": must be later than the start',
            "“结束时间”列：须晚于开始时间",
        ),
        (
            {
                "energy_meters": METERS + "1,表,0,1,no,\n",
                "energy_oee_rules": OEE + "r,运行,1,IX,0,1,1\n",
            },
            'column "parameter": must be a measuring point of the meter: UA, UB',
            "须为该仪表的测点",
        ),
        (
            {
                "energy_meters": METERS + "1,表,0,1,no,\n",
                "energy_oee_rules": OEE + "r,运行,1,IA,0,1,2\n",
            },
            'column "meter_id": must be a meter of the machine',
            "须为该机器的仪表",
        ),
        (
            {
                "energy_meters": METERS + "1,表,0,1,no,\n",
                "energy_alarms": "id,name,level,type,notify_way\n1,a,1,1,1\n",
                "energy_alarm_rules": "name,alarm_id,meter_id,parameter,lower_limit,upper_limit\nr,1,1,UA,0,1\n",
            },
            'column "parameter": must be empty',
            "须为空",
        ),
    ],
)
def test_rules_between_the_rows_of_a_plant(tmp_path: Path, files: dict[str, str], english: str, chinese: str) -> None:
    """What the API would refuse is refused when fixtures are loaded."""
    found = errors(tmp_path, energy_machines=MACHINES, **files)
    assert english in found.english
    assert any(part in found.chinese for part in chinese.split("|"))
