"""The monthly energy report shows what the server returned, and says what it could not read."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chaobiao import SHANGHAI, EnergyManager
from chaobiao.energy import EnergyKind, GroupBy, Month, Settings, TimeType
from chaobiao_mock import Fault, MockServer
from chaobiao_mock.world import World, WorldSettings
from tests.examples.pages import check_texts_are_apart, is_chinese, texts

DAY = timedelta(days=1)


@pytest.fixture
def reporter(example: Callable[[str], ModuleType], server: MockServer) -> ModuleType:
    """The example, and the mock server that it meets."""
    return example("energy_month")


@pytest.fixture
def data(reporter: ModuleType) -> ModuleType:
    """The module that reads the month."""
    return import_module("_energy_month")


def last_month(reporter: ModuleType) -> Month:
    month: Month = reporter.earlier(reporter.this_month())
    return month


def gathered(reporter: ModuleType) -> Any:
    """What the example reads about last month."""
    with EnergyManager() as client:
        return reporter.gather(client, last_month(reporter))


@pytest.mark.usefixtures("chinese")
def test_amounts_are_the_sums_of_meters(reporter: ModuleType) -> None:
    """Each kind's amount is the sum of its meters, and the largest machine's electricity that of its own."""
    report = gathered(reporter)
    page = texts(reporter.draw(report))
    kinds: Counter[str] = Counter()
    machines: Counter[str] = Counter()
    with EnergyManager() as client:
        counted = {m.name for m in client.meters.list() if m.is_counted and not (m.is_virtual or m.is_total)}
        for row in client.consumption.totals(
            time_type=TimeType.MONTH, start=report.start, end=report.end, group_by=GroupBy.METER
        ):
            if row.meter in counted:
                kinds[row.kind_name or ""] += row.amount  # type: ignore[assignment]  # a counter of decimals
                if row.kind is EnergyKind.ELECTRICITY:
                    machines[row.owner or ""] += row.amount  # type: ignore[assignment]  # a counter of decimals
    assert len(kinds) == 9
    for name, amount in kinds.items():
        assert name in page
        assert f"{amount:,.0f}" in page
    [(largest, amount)] = machines.most_common(1)
    assert f"{amount:,.0f}　{Decimal(amount) / Decimal(kinds['电']):.1%}" in page
    assert largest in page
    assert sum(report.days) == kinds["电"]


@pytest.mark.usefixtures("chinese")
def test_alarms_are_those_of_the_list(reporter: ModuleType) -> None:
    """The number of alarms of each level, and of the most frequent rule, are those of the messages."""
    report = gathered(reporter)
    page = texts(reporter.draw(report))
    with EnergyManager() as client:
        messages = client.alarm_messages.list(start=report.start, end=report.end).collect()
    assert f"{len(messages):,}" in page
    assert report.alarms == Counter(message.level for message in messages)
    [(rule, count)] = Counter(message.rule for message in messages).most_common(1)
    assert {rule, f"{count:,}"} <= set(page)


@pytest.mark.usefixtures("chinese")
def test_states_are_those_of_the_records(reporter: ModuleType) -> None:
    """A machine's time in each state is what the changes of its state add up to, day by day."""
    report = gathered(reporter)
    name, states = next(iter(report.states.items()))
    seconds: Counter[str] = Counter()
    with EnergyManager() as client:
        start = report.start
        while start < report.end:
            end = min(start + DAY, report.end)
            records = client.oee.records(report.ids[name], start=start, end=end).collect()
            times = [*(record.time or start for record in records), end]
            for number, record in enumerate(records):
                seconds[record.status or ""] += int((times[number + 1] - times[number]).total_seconds())
            start = end
    assert states == seconds
    assert f"{seconds['运行'] / seconds.total():.0%}" in texts(reporter.draw(report))


@pytest.mark.usefixtures("no_chinese")
def test_without_a_chinese_font_the_page_is_in_english(
    reporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No text needs a character that the font lacks, also where a part is missing; machines have their ids."""
    server.world.faults.add(Fault("/api_3/OEE_statistic", "status", times=1_000))
    report = gathered(reporter)
    page = texts(reporter.draw(report))
    assert [text for text in page if is_chinese(text)] == []
    assert f"machine {report.ids[report.largest[0]]}" in page
    assert any(text.startswith("Incomplete: states (machine ") for text in page)
    assert reporter.main(["--output", str(tmp_path / "page.png")]) == 1
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err


@pytest.mark.usefixtures("either")
def test_a_large_plant_fits(reporter: ModuleType) -> None:
    """With a thousand machines and long names no text covers another, and the requests are few."""
    account = {"username": "zhangwei", "password": "Energy2019"}
    world = World(WorldSettings(4_000, 1))
    with MockServer(world) as large, EnergyManager(base_url=large.url, **account) as client:
        first = reporter.gather(client, last_month(reporter))
        for name in (first.largest[0], next(iter(first.states))):
            client.machines.update(
                first.ids[name],
                name=f"{name}-" + "一号主厂房东侧long name of a machine" * 3,
                department="东车间",
                equipment_code="",
                equipment_unit_code="",
            )
        before = len(world.journal)
        report = reporter.gather(client, last_month(reporter))
        assert len(world.journal) - before <= 35
    assert len(report.machines) > 1_000
    assert not report.gaps
    check_texts_are_apart(reporter.draw(report))


@pytest.mark.usefixtures("either")
def test_a_month_that_has_just_begun(reporter: ModuleType) -> None:
    """The present month is compared with as much of the month before; a page is made of nearly nothing."""
    now = datetime.now(SHANGHAI)
    with EnergyManager() as client:
        client.settings.update(
            year_start=1, year_end=1, month_start=1, month_end=1, day_start=timedelta(0), day_end=timedelta(0)
        )
        report = reporter.gather(client, reporter.this_month())
    assert report.start <= report.end <= now + timedelta(minutes=1)
    begin, end = report.before
    assert end == min(begin + (report.end - report.start), report.start)
    check_texts_are_apart(reporter.draw(report))


@pytest.mark.usefixtures("chinese")
def test_what_cannot_be_read_is_named(
    reporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alarms that fail leave the rest of the page. It names them, shows no zero in their place, and exits with 1."""
    server.world.faults.add(Fault("/api_3/alarm_statistic_nums", "status", times=1_000))
    page = texts(reporter.draw(gathered(reporter)))
    [gap] = [text for text in page if text.startswith("数据不完整")]
    assert "报警统计未能完整取得" in gap
    assert page.count("未取得") == 1 + 3  # the headline figure, and each level
    outputs = [tmp_path / "page.png", tmp_path / "page.pdf"]
    assert reporter.main(["--output", *map(str, outputs)]) == 1
    assert "alarms: could not be read completely" in capsys.readouterr().err
    picture, document = (path.read_bytes() for path in outputs)
    assert picture.startswith(b"\x89PNG\r\n")
    assert document.startswith(b"%PDF-")


def test_no_page_without_consumption(
    reporter: ModuleType, server: MockServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the consumption of the month cannot be read, no page is made."""
    server.world.faults.add(Fault("/api_3/allenergy", "status", times=1_000))
    assert reporter.main(["--output", str(tmp_path / "page.png")]) == 1
    assert "No report was made" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("day", "offset", "expected"),
    [
        (1, "07:30", datetime(2026, 3, 1, 7, 30)),
        (-26, "00:00", datetime(2026, 2, 26)),
        (-31, "-01:00", datetime(2026, 2, 27, 23)),
        (31, "00:00", datetime(2026, 3, 31)),
        (0, "00:00", datetime(2026, 3, 1)),
    ],
)
def test_a_month_begins_where_the_settings_say(data: ModuleType, day: int, offset: str, expected: datetime) -> None:
    """A positive day is of the month itself, a negative one of the month before; short months have fewer days."""
    hours, minutes = map(int, offset.split(":"))
    settings = Settings(month_start=day, day_start=timedelta(hours=hours, minutes=minutes))
    assert data.begin(Month(2026, 3), settings) == expected.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["2026", "2026-13", "9999-01", "October"])
def test_wrong_months_are_refused(reporter: ModuleType, server: MockServer, text: str) -> None:
    """What is no month, or has not begun, is refused before anything is sent."""
    with pytest.raises(SystemExit, match="2"):
        reporter.main(["--month", text])
    assert len(server.world.journal) == 0
