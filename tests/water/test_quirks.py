"""Where the document leaves something open, the mock plays each reading, and the clients bear all of them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from chaobiao_mock import WaterQuirks
from chaobiao_mock.__main__ import main
from chaobiao_mock.quirks import parse_family_quirks
from tests.water.waterworks import PAGED, Waterworks

pytestmark = pytest.mark.one_colour

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
@pytest.mark.parametrize("method", PAGED)
async def test_every_reading_gives_the_same_records(
    found: Callable[..., Waterworks], quirks: dict[str, str], method: str
) -> None:
    """However the server spells its rows and its total, a list has the same records, and none unread or unknown."""
    wanted = {"readings.list": {"device_code": "12"}, "payments.list": {"device_code": "12"}}.get(method, {})
    expected = await found(meters=20).all(method, **wanted)
    works = found(meters=20, quirks=[WaterQuirks(**quirks)])
    rows = await works.all(method, **wanted)
    assert rows == expected
    assert not [row for row in rows if row.extra]
    assert [row.unreadable for row in rows] == [row.unreadable for row in expected]


@pytest.mark.parametrize("children", ["null", "list"])
async def test_a_region_without_regions_has_null_or_an_empty_list(
    found: Callable[..., Waterworks], children: Any
) -> None:
    """Both mean the same; filters know nothing of it."""
    works = found(quirks=[WaterQuirks(no_children=children)])
    assert works.raw("regions.list")["data"][0]["children"][0]["children"] == (None if children == "null" else [])
    city = (await works.all("regions.list"))[0].children[0]
    assert not city.children
    assert await works.all("flows.list", region_id=city.id)


@pytest.mark.parametrize("colour", ["sync"], indirect=True)  # nothing but the wire is looked at
def test_each_reading_is_really_played(found: Callable[..., Waterworks]) -> None:
    """A play changes what it names on the wire, and nothing else."""
    query = {"page": 1, "page_count": 3}
    shown = found().raw("payments.list", **query)

    numbers = found(quirks=[WaterQuirks(timestamps="number")]).raw("payments.list", **query)
    assert [row["collected_at"] for row in numbers["data"]] == [int(row["collected_at"]) for row in shown["data"]]
    tasks = found(quirks=[WaterQuirks(timestamps="number")]).raw("schedules.list", **query)["data"]
    assert tasks[0]["execution_time"] == "6767"
    assert isinstance(tasks[1]["execution_time"], int)

    swapped = found(quirks=[WaterQuirks(user_key="other")])
    assert [row["username"] for row in swapped.raw("payments.list", **query)["data"]] == [
        row["user_name"] for row in shown["data"]
    ]
    assert "user_name" in swapped.raw("flows.list", **query)["data"][0]

    meant = found(quirks=[WaterQuirks(amount_key="amount_recharged")]).raw("payments.list", **query)["data"]
    assert all("amcount_recharged" not in row for row in meant)
    assert Decimal(str(meant[0]["amount_recharged"])) == 100

    assert found(quirks=[WaterQuirks(total="text")]).raw("payments.list", **query)["total"] == str(shown["total"])
    assert "total" not in found(quirks=[WaterQuirks(total="none")]).raw("payments.list", **query)


def test_plays_are_read_by_family() -> None:
    """``family.field=value`` belongs to its family, a bare field to the first, and several add up."""
    from chaobiao_mock import JrhszQuirks

    plays = parse_family_quirks(
        {"jrhsz": JrhszQuirks, "water": WaterQuirks},
        ["water.timestamps=number", "jrhsz.code=text", "data=native", "water.user_key=other"],
    )
    assert plays == {
        "jrhsz": JrhszQuirks(code="text", data="native"),
        "water": WaterQuirks(timestamps="number", user_key="other"),
    }


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("gas.x=1", "no family 'gas'; there are jrhsz, water"),
        ("water.colour=red", "water: no quirk 'colour'; there are timestamps"),
        ("water.timestamps=sundial", "water: timestamps must be one of text, number, not 'sundial'"),
        ("water.timestamps", "water: timestamps must be one of text, number, not ''"),
        ("timestamps=number", "jrhsz: no quirk 'timestamps'"),
    ],
)
def test_the_command_says_what_can_be_played(capsys: pytest.CaptureFixture[str], assignment: str, words: str) -> None:
    """A play that does not exist ends the command with status 2 and the names that do."""
    with pytest.raises(SystemExit) as ended:
        main(["--port", "0", "--quirk", assignment])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
