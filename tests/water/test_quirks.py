"""Where the document leaves something open, the mock can act by each interpretation, and clients take all."""

from decimal import Decimal
from typing import Any

import pytest

from chaobiao._contract.family import Kind
from chaobiao.water.paged import WaterHistory
from chaobiao_mock import JrhszQuirks, WaterQuirks
from chaobiao_mock.__main__ import main
from chaobiao_mock.quirks import parse_family_quirks
from tests.harness.mock_server import LiveMock
from tests.harness.operations import for_each, required_arguments
from tests.water.rows import PAGED

pytestmark = pytest.mark.single_client

QUIRKS: list[dict[str, Any]] = [
    {"timestamps": "number"},
    {"user_key": "other"},
    {"amount_key": "amount_recharged"},
    {"total": "text"},
    {"total": "none"},
]


@pytest.mark.parametrize(
    "quirks", QUIRKS, ids=lambda quirks: ",".join(f"{name}={value}" for name, value in quirks.items())
)
@for_each(PAGED)
async def test_every_reading_gives_the_same_records(mock: LiveMock, quirks: dict[str, str], kind: Kind) -> None:
    """However the server spells its rows and its total, a list has the same records, without unknown fields."""
    method, fewer = kind.spec.call, {"device_code": "12"} if issubclass(kind, WaterHistory) else {}
    wanted = {**required_arguments(kind), **fewer}
    mock.restart(meters=20)
    expected = await mock.rows(method, **wanted)
    mock.restart(meters=20, **quirks)
    rows = await mock.rows(method, **wanted)
    assert rows == expected
    assert not [row for row in rows if row.extra]
    assert [row.unreadable for row in rows] == [row.unreadable for row in expected]


@pytest.mark.parametrize("children", ["null", "list"])
async def test_a_region_without_regions_has_null_or_an_empty_list(mock: LiveMock, children: Any) -> None:
    """Both mean the same, and filters do not depend on it."""
    mock.restart(no_children=children)
    assert mock.envelope("regions.list")["data"][0]["children"][0]["children"] == (None if children == "null" else [])
    city = (await mock.rows("regions.list"))[0].children[0]
    assert not city.children
    assert await mock.rows("flows.list", region_id=city.id)


def test_each_quirk_shows_on_the_wire(raw: LiveMock) -> None:
    """A quirk changes what it names on the wire, and nothing else."""
    query = {"page": 1, "page_count": 3}
    shown = raw.envelope("payments.list", **query)

    raw.restart(timestamps="number")
    numbers = raw.envelope("payments.list", **query)["data"]
    assert [row["collected_at"] for row in numbers] == [int(row["collected_at"]) for row in shown["data"]]
    tasks = raw.envelope("schedules.list", **query)["data"]
    assert tasks[0]["execution_time"] == "6767"
    assert isinstance(tasks[1]["execution_time"], int)

    raw.restart(user_key="other")
    swapped = raw.envelope("payments.list", **query)["data"]
    assert [row["username"] for row in swapped] == [row["user_name"] for row in shown["data"]]
    assert "user_name" in raw.envelope("flows.list", **query)["data"][0]

    raw.restart(amount_key="amount_recharged")
    renamed = raw.envelope("payments.list", **query)["data"]
    assert all("amcount_recharged" not in row for row in renamed)
    assert Decimal(str(renamed[0]["amount_recharged"])) == 100

    raw.restart(total="text")
    assert raw.envelope("payments.list", **query)["total"] == str(shown["total"])
    raw.restart(total="none")
    assert "total" not in raw.envelope("payments.list", **query)


def test_quirks_are_read_by_family() -> None:
    """``family.field=value`` belongs to its family, a bare field to the first, and several add up."""
    quirks = parse_family_quirks(
        {"jrhsz": JrhszQuirks, "water": WaterQuirks},
        ["water.timestamps=number", "jrhsz.code=text", "data=native", "water.user_key=other"],
    )
    assert quirks == {
        "jrhsz": JrhszQuirks(code="text", data="native"),
        "water": WaterQuirks(timestamps="number", user_key="other"),
    }


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("gas.x=1", "no family 'gas'; there are jrhsz, water"),
        ("water.color=red", "water: no quirk 'color'; there are timestamps"),
        ("water.timestamps=sundial", "water: timestamps must be one of text, number, not 'sundial'"),
        ("water.timestamps", "water: timestamps must be one of text, number, not ''"),
        ("timestamps=number", "jrhsz: no quirk 'timestamps'"),
    ],
)
def test_the_command_names_the_quirks(capsys: pytest.CaptureFixture[str], assignment: str, words: str) -> None:
    """A quirk that does not exist ends the command with status 2 and the names of those that do."""
    with pytest.raises(SystemExit) as ended:
        main(["--port", "0", "--quirk", assignment])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
