"""The daily water report shows what the server returned, and says what it could not read."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chaobiao import SHANGHAI, WaterQuery
from chaobiao.water import PastReading, Region
from chaobiao_mock import Fault, MockServer
from chaobiao_mock.water.quirks import WaterQuirks
from chaobiao_mock.world import World, WorldSettings
from tests.examples.pages import check_texts_are_apart, is_chinese, texts

Load = Callable[[str], ModuleType]
DAY = timedelta(days=1)
CITIES = ("烟台市", "青岛市", "长沙市", "湘潭市")


@pytest.fixture
def reporter(example: Load, server: MockServer) -> ModuleType:
    """The example, and the mock server that it meets."""
    return example("water_daily_report")


def yesterday() -> date:
    return datetime.now(SHANGHAI).date() - DAY


def drawn(reporter: ModuleType) -> list[str]:
    """The texts of yesterday's page."""
    with WaterQuery() as client:
        return texts(reporter.draw(reporter.gather(client, yesterday(), reporter.REGIONS)))


def consumption_by_region() -> dict[str, Decimal]:
    """Yesterday's consumption, counted in another way than the example does: by meter, from single readings."""
    start = datetime.combine(yesterday(), datetime.min.time(), SHANGHAI)
    found: dict[str, Decimal] = {}
    with WaterQuery() as client:
        for province in client.regions.list():
            for city in province.children or ():
                found[city.name or ""] = Decimal(0)
                for flow in client.flows.list(region_id=city.id):
                    code = flow.device_code
                    listing = client.readings.list(device_code=code, start=start - DAY, end=start + DAY)
                    registers = [row.total_flow or Decimal(0) for row in listing]
                    if len(registers) == 2:
                        found[city.name or ""] += abs(registers[1] - registers[0])
    return found


@pytest.mark.usefixtures("chinese")
def test_the_page_shows_consumption_and_arrears_by_region(reporter: ModuleType) -> None:
    """Each region's consumption and arrears, and their sums, are those of the server."""
    page = drawn(reporter)
    usage = consumption_by_region()
    whole = sum(usage.values(), Decimal(0))
    assert set(usage) == set(CITIES)
    assert whole > 50
    for city, amount in usage.items():
        assert city in page
        assert f"{amount:,.1f}　{amount / whole:.0%}" in page
    assert f"{whole:,.1f}" in page
    owed = Decimal(0)
    with WaterQuery() as client:
        for province in client.regions.list():
            for city in province.children or ():
                arrears = [cost.arrears_balance or Decimal(0) for cost in client.costs.list(region_id=city.id)]
                owing = [amount for amount in arrears if amount]
                assert f"{sum(owing):,.2f}　{len(owing)} 户" in page
                owed += sum(owing)
    assert f"{owed:,.2f}" in page


@pytest.mark.usefixtures("no_chinese")
def test_without_a_chinese_font_the_page_is_in_english(
    reporter: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No text needs a character that the font lacks; regions and meters have codes; a message says what to install."""
    page = drawn(reporter)
    assert [text for text in page if is_chinese(text)] == []
    assert {"region 1215", "region 1217", "region 2215", "region 2217"} <= set(page)
    assert "123456789" in page
    assert reporter.main(["--output", str(tmp_path / "page.png")]) == 0
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("regions", ["documented", "deep"])
def test_no_text_covers_another(reporter: ModuleType, regions: Any) -> None:
    """All texts lie inside the margins and clear of each other, also with many meters in many regions."""
    world = World(WorldSettings(1_000, 1, None, [WaterQuirks(regions=regions)]))
    with MockServer(world) as large, WaterQuery(base_url=large.url) as client:
        page = reporter.draw(reporter.gather(client, yesterday(), reporter.REGIONS))
    check_texts_are_apart(page)


@pytest.mark.usefixtures("chinese")
def test_each_output_is_written_by_its_ending(reporter: ModuleType, tmp_path: Path) -> None:
    """One run writes a picture and a document; another ending is refused before anything is sent."""
    outputs = [tmp_path / "page.png", tmp_path / "page.pdf"]
    assert reporter.main(["--output", *map(str, outputs)]) == 0
    picture, document = (path.read_bytes() for path in outputs)
    assert picture.startswith(b"\x89PNG\r\n")
    assert document.startswith(b"%PDF-")
    with pytest.raises(SystemExit, match="2"):
        reporter.main(["--output", str(tmp_path / "page.docx")])


@pytest.mark.usefixtures("chinese")
def test_what_cannot_be_read_is_named(
    reporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Costs that fail leave the rest of the page. It names them, shows no zero in their place, and exits with 1."""
    server.world.faults.add(Fault("/cost", "status", times=1_000))
    page = drawn(reporter)
    [gap] = [text for text in page if text.startswith("数据不完整")]
    assert f"费用（{'、'.join(CITIES)}）未能完整取得" in gap
    assert page.count("未取得") == 1 + len(CITIES) + 1
    assert "无欠费用户" not in page
    assert reporter.main(["--output", str(tmp_path / "page.png")]) == 1
    assert "costs 青岛市: could not be read completely" in capsys.readouterr().err
    assert (tmp_path / "page.png").exists()


@pytest.mark.usefixtures("chinese")
def test_an_incomplete_sum_is_a_lower_bound(reporter: ModuleType, server: MockServer) -> None:
    """Where the list of one region fails, its own figure is missing, and the sum of all says that it may be larger."""
    [complete] = [text for text in drawn(reporter) if re.fullmatch(r"3,\d{3}\.\d\d", text)]
    server.world.faults.add(Fault("/cost", "status", times=4))  # as often as one page is requested
    page = drawn(reporter)
    assert f"≥ {complete}" in page  # its users came with those of all regions
    assert page.count("未取得") == 1
    assert "未知区域" in page


@pytest.mark.usefixtures("no_chinese")
def test_gaps_on_an_english_page(reporter: ModuleType, server: MockServer) -> None:
    """Also an incomplete page in English has no Chinese character."""
    server.world.faults.add(Fault("/flow", "status", times=1_000))
    page = drawn(reporter)
    assert any(text.startswith("Incomplete: meters (region 1215, region 1217, ") for text in page)
    assert [text for text in page if is_chinese(text)] == []


def test_no_page_without_regions(
    reporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the regions cannot be read, no page is made."""
    server.world.faults.add(Fault("/region", "status", times=1_000))
    assert reporter.main(["--output", str(tmp_path / "page.png")]) == 1
    assert "No report was made" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def readings(code: str, *registers: str | None) -> Iterator[PastReading]:
    """One reading a day, the last one yesterday at 06:00; None for a day without one."""
    for before, register in enumerate(reversed(registers)):
        at = datetime.combine(yesterday() - before * DAY, datetime.min.time(), SHANGHAI) + timedelta(hours=6)
        if register is not None:
            yield PastReading(device_code=code, collected_at=at, total_flow=Decimal(register))


def report_of(reporter: ModuleType, *rows: Iterator[PastReading]) -> Any:
    """A report of these readings."""
    report = reporter.Report(yesterday(), datetime.now(SHANGHAI))
    for meter in rows:
        import_module("_water_day").add_readings(report, meter)
    return report


def test_consumption_needs_both_days(reporter: ModuleType) -> None:
    """A meter counts with the growth of one day only, at the last reading of each; amounts stay exact decimals."""
    late = PastReading(
        device_code="twice",
        collected_at=datetime.combine(yesterday(), datetime.min.time(), SHANGHAI) + timedelta(hours=23),
        total_flow=Decimal("10.3"),
    )
    twice = iter([late, *readings("twice", "10.0", "10.1")])
    report = report_of(reporter, readings("daily", "1.1", "1.3"), readings("gap", "1", None, "9"), twice)
    usages = {code: meter.usage(yesterday()) for code, meter in report.meters.items()}
    assert usages == {"daily": Decimal("0.2"), "gap": None, "twice": Decimal("0.3")}
    assert report.total(yesterday()) == Decimal("0.5")


def test_unusual_meters_come_worst_first(reporter: ModuleType) -> None:
    """A register that runs backwards, much more than usual, and a standstill are unusual; steady use is not."""
    report = report_of(
        reporter,
        readings("steady", "1", "2", "3", "4", "5"),
        readings("little more", "1", "1.1", "1.2", "1.3", "1.6"),
        readings("stands", "1", "2", "3", "4", "4"),
        readings("leaks", "1", "2", "3", "4", "9"),
        readings("exchanged", "1", "2", "3", "4", "0"),
        readings("new", "1", "9"),
    )
    found = [(meter.code, en) for meter, _, en in reporter.unusual(report)]
    assert found == [
        ("exchanged", "ran backwards"),
        ("leaks", "5.0 x usual"),
        ("stands", "stands still (usually 1.0)"),
    ]
    assert report.total(yesterday()) == Decimal("1") + Decimal("0.3") + 5 + 8


def test_rows_without_a_value_are_counted(reporter: ModuleType) -> None:
    """A reading without a register is left out, and named."""
    report = report_of(reporter, iter([PastReading(device_code="1"), *readings("2", "1", "2")]))
    assert [(gap.part, gap.en) for gap in report.gaps] == [("readings", "1 rows without a value left out")]
    assert report.total(yesterday()) == 1


def test_regions_are_grouped_to_fit(reporter: ModuleType) -> None:
    """The deepest level with few enough regions is shown, by names that tell its regions apart."""
    day = import_module("_water_day")
    tree = [
        Region(
            id=city,
            name=f"city {city}",
            children=tuple(
                Region(id=city * 10 + number, name=name, children=(Region(id=city * 100 + number, name="street"),))
                for number, name in enumerate(["east", "west"])
            ),
        )
        for city in (1, 2, 3)
    ]
    paths = list(day.lowest(tree))
    assert [path[-1].id for path in paths] == [100, 101, 200, 201, 300, 301]
    assert {name for name, _ in day.grouped(paths, 10)} == {
        f"city {city} {side} street" for city in (1, 2, 3) for side in ("east", "west")
    }
    assert {name for name, _ in day.grouped(paths, 5)} == {"city 1", "city 2", "city 3"}
    assert len({name for name, _ in day.grouped(paths, 1)}) == 3


@pytest.mark.usefixtures("chinese")
def test_more_regions_than_fit_are_summed(reporter: ModuleType) -> None:
    """The smallest of too many regions become one line without a bar."""
    codes = [str(number) for number in range(12)]
    report = report_of(reporter, *(readings(code, "0", str(100 - int(code))) for code in codes))
    report.regions = {f"区{code}": int(code) for code in codes}
    for code in codes:
        report.meters[code].region = f"区{code}"
    page = texts(reporter.draw(report))
    assert "其余 3 个区域" in page
    assert f"{91 + 90 + 89:,.1f}　{Decimal(270) / sum(range(89, 101)):.0%}" in page
    assert "区8" in page


def test_matplotlib_is_asked_for(example: Load, server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib the example ends at once, and says how to install it."""
    monkeypatch.delitem(sys.modules, "_charts", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit, match=r"chaobiao\[plot\]"):
        example("water_daily_report")
    assert len(server.world.journal) == 0
