"""What requests carry: queries, bodies, forms, codes, cleared fields; and what is refused before anything is sent."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest

from chaobiao import InvalidArgument
from chaobiao._contract.upload import Upload
from chaobiao.energy import Combination, EnergyDialect, EnergyKind, GroupBy, OutputAmount, SummaryBy, TimeType
from chaobiao.energy.machines import LARGEST_IMAGE
from tests.energy.servers import SessionServer, carry_out, envelope
from tests.harness.clients import ClientUnderTest
from tests.harness.fake_server import FakeServer, arguments_of

Connect = Callable[..., ClientUnderTest]

DAY = {"start": datetime(2019, 4, 1), "end": datetime(2019, 4, 2), "time_type": TimeType.DAY}
PERIOD = {"start": DAY["start"], "end": DAY["end"]}
METER = {"name": "表", "kind": "电", "machine_id": 3}
RATE = {"name": "峰", "kind": "电", "is_segmented": True, "unit": "元"}
OFFSETS = {"day_start": timedelta(hours=-7.5), "day_end": timedelta(hours=7, minutes=30)}
SETTINGS = {"year_start": 1, "year_end": -12, "month_start": -31, "month_end": 31, **OFFSETS}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

#: A call, and what of its arguments must be on the wire, in query, body or form.
WIRE: list[tuple[str, tuple[Any, ...], dict[str, Any], dict[str, Any]]] = [
    (
        "consumption.details",
        (),
        {**DAY, "group_by": GroupBy.METER, "names": ["a", "b"], "kinds": [EnergyKind.AIR, "0"], "interval": 60},
        {"Amount_SortName": "a,b", "Amount_Value": "7,0", "Time_Interval": "60", "Time_Start": "2019-04-01 00:00:00"},
    ),
    ("consumption.totals", (), {**DAY, "group_by": "1", "kinds": "2"}, {"Amount_Type": "1", "Amount_Value": "2"}),
    ("measurements.list", ("表",), {**DAY, "names": "UA"}, {"Meter_Name": "表", "Measure_Name": "UA"}),
    ("meters.list", (), {"is_manual": True, "is_counted": False}, {"Is_HandWork": "1", "Meter_IsCount": "0"}),
    (
        "meters.create",
        (),
        {**METER, "is_virtual": True, "is_total": False, "is_manual": False},
        {"Meter_IsVirtual": "1", "Meter_IsTotal": "0", "Is_HandWork": 0, "Meter_Superior_id": "3"},
    ),
    (
        "meters.update",
        (12,),
        {**METER, "remarks": "", "formula": "", "amount_before": ""},
        {"id": 12, "Meter_Remarks": "", "Meter_Formula": "", "Meter_TotalAmount": "", "Meter_Superior_id": 3},
    ),
    ("rates.update", (1,), {**RATE, "value": ""}, {"isSegmentation": "0", "Rate_Value": ""}),
    ("rates.update", (1,), {**RATE, "is_segmented": False, "value": "0.85"}, {"isSegmentation": "1"}),
    (
        "settings.update",
        (),
        SETTINGS,
        {"Year_End": "-12", "Month_Start": "-31", "Day_Start": "-07:30:00", "Day_End": "07:30:00"},
    ),
    (
        "oee_rules.create",
        (),
        {"name": "a", "status": "运行", "meter_id": 1, "parameter": "IA", "lower_limit": 0.1, "upper_limit": "1.50",
         "machine_id": 3},
        {"LowerLimit": 0.1, "UpperLimit": 1.5, "Meter_Superior_id": "3"},
    ),
    (
        "batches.statistics",
        ("b1",),
        {"amount_type": OutputAmount.EFFICIENCY, "summary_by": SummaryBy.BATCH, "is_ordered": True, "ascending": False},
        {"Amount_Type": "6", "Summary_Type": "3", "Is_Order": "1", "Order_Type": "2"},
    ),
    ("alarms.update", (1,), {"name": "a", "type": 1, "level": 2, "notify_way": 1, "notify_address": ""},
     {"Notify_Address": "", "Alarm_Level": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "given", "wire"), WIRE, ids=[case[0] for case in WIRE])
async def test_arguments_on_the_wire(
    method: str, args: tuple[Any, ...], given: dict[str, Any], wire: dict[str, Any], connect: Connect
) -> None:
    """Lists are joined by commas, flags and codes are as documented, empty texts go out, what is unset does not."""
    server = FakeServer(envelope([{"id": 1}]))
    await carry_out(connect(server, "energy"), method, *args, **given)
    found = arguments_of(server.requests[0])
    assert {name: found.get(name) for name in wire} == wire
    assert not {name for name, value in found.items() if value is None}


@pytest.mark.parametrize(
    ("dialect", "method", "asked", "sent"),
    [
        (EnergyDialect(), "meters.delete", {"id": 7}, ("DELETE", "", b'{"id":7}')),
        (EnergyDialect(delete_parameters="query"), "meters.delete", {"id": 7}, ("DELETE", "id=7", b"")),
        (EnergyDialect(), "meters.update", {"id": 7, **METER}, ("PUT", "", None)),
        (EnergyDialect(), "alarm_messages.list", PERIOD, ("GET", None, b"")),
        (EnergyDialect(alarm_message_verb="DELETE"), "alarm_messages.list", PERIOD, ("DELETE", "", None)),
        (EnergyDialect(), "alarms.list", {}, ("GET", "Page_Counts=0&Per_Page_Counts=100", b"")),
    ],
)
async def test_verbs_and_where_parameters_are(
    dialect: EnergyDialect, method: str, asked: dict[str, Any], sent: tuple[str, Any, Any], connect: Connect
) -> None:
    """GET has a query, other verbs JSON; DELETE's parameters and the verb of 6.9 are the dialect's switches."""
    server = FakeServer(envelope([]))
    await carry_out(connect(server, "energy", dialect=dialect), method, **asked)
    request = server.requests[0]
    found = (request.method, request.url.query.decode(), request.content)
    assert [each for each, wanted in zip(found, sent, strict=True) if wanted is not None] == [
        wanted for wanted in sent if wanted is not None
    ]
    assert (request.headers.get("content-type") == "application/json") == bool(request.content)


class Stream(io.RawIOBase):
    """A stream that cannot go back and gives a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(min(size, 5))


def images(folder: Path) -> dict[str, Any]:
    """The same image in all ways in which it can be given."""
    path = folder / "机器.png"
    path.write_bytes(PNG)
    opened = path.open("rb")
    opened.read()
    return {
        "bytes": PNG,
        "path": path,
        "file that was read": opened,
        "buffer that was read": io.BufferedReader(io.BytesIO(PNG)),
        "stream": Stream(PNG),
        "upload": Upload("机器.png", PNG),
    }


async def test_an_image_is_sent_whole_however_it_is_given(connect: Connect, tmp_path: Path) -> None:
    """Bytes, paths, files (read before or not) and streams give the same form, at the second attempt as well."""
    for how, image in images(tmp_path).items():
        server = FakeServer(httpx.ReadTimeout("slow"), envelope())
        done = await connect(server, "energy").call("machines.upload_image", 3, image=image)
        assert done.repeated
        for request in server.requests:
            kind = request.headers["content-type"].encode()
            parts: Any = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + request.content).get_payload()
            assert [part.get_payload(decode=True) for part in parts] == [b"3", PNG], how
            assert parts[1].get_content_type() == "image/png"
        assert len(server.requests) == 2
        if hasattr(image, "close"):
            image.close()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (b"", "a file of 1 to"),
        (b"plain text", "a PNG, JPEG, GIF, BMP or WebP image"),
        (b"RIFF1234WAVE", "a PNG, JPEG, GIF, BMP or WebP image"),
        (PNG + bytes(LARGEST_IMAGE), f"a file of 1 to {LARGEST_IMAGE} bytes"),
        ("machine.png", "bytes, a Path or a file opened in binary mode"),
        (io.StringIO("text"), "a file opened in binary mode"),
        (Path("no-such.png"), "a readable file"),
    ],
    ids=["empty", "text", "sound", "large", "name", "text file", "no file"],
)
async def test_what_is_no_image_is_refused(image: Any, said: str, connect: Connect) -> None:
    """The error says what would do, in both languages, and nothing is sent."""
    await refused(connect, "machines.upload_image", (3,), {"image": image}, "image", said)


def test_of_a_large_file_no_more_is_read_than_may_be_sent(tmp_path: Path) -> None:
    """A file of many gigabytes would fill the memory before it is refused."""
    read: list[int] = []

    class Endless(Stream):
        def read(self, size: int = -1) -> bytes:
            read.append(size)
            return PNG + bytes(size - len(PNG))

    from chaobiao.energy import UploadMachineImage

    endless: Any = Endless(b"")
    with pytest.raises(InvalidArgument):
        UploadMachineImage(3, image=endless)
    assert read == [LARGEST_IMAGE + 1]


async def refused(
    connect: Connect, method: str, args: tuple[Any, ...], given: dict[str, Any], argument: str, *said: str
) -> None:
    """Check that a call is refused with words that name the argument, and that nothing was sent."""
    server = SessionServer()
    with pytest.raises(InvalidArgument) as caught:
        await carry_out(connect(server, "energy"), method, *args, **given)
    error = caught.value
    assert error.argument.startswith(argument)
    assert argument in error.message
    assert argument in error.message_zh
    assert re.search("[\u4e00-\u9fff]", error.message_zh)
    assert not [words for words in said if words not in error.message + error.message_zh]
    assert (server.logins, server.requests) == ([], []), "a request went out"


AMOUNTS = {**DAY, "group_by": GroupBy.ENERGY_KIND}
STATISTICS = {**DAY, "summary_by": 0, "return_format": 1}
RULE = {"name": "a", "alarm_id": 1, "meter_id": 1, "lower_limit": 5, "upper_limit": 5}

#: What is refused: the call, its arguments, the argument that is named, and what is said of rule and way out.
REFUSED: list[tuple[str, tuple[Any, ...], dict[str, Any], str, tuple[str, ...]]] = [
    ("outputs.statistics", (), {**STATISTICS, "amount_type": 2}, "energy_kind", ("is required", "必填")),
    ("outputs.statistics", (), {**STATISTICS, "amount_type": 4}, "energy_kind", ("ENERGY_PER_UNIT",)),
    ("outputs.statistics", (), {**STATISTICS, "amount_type": 1, "energy_kind": "0"}, "energy_kind", ("leave it out",)),
    ("outputs.statistics", (), {**STATISTICS, "amount_type": 6}, "amount_type", ("batches.statistics",)),
    (
        "outputs.statistics",
        (),
        {**STATISTICS, "amount_type": 1, "summary_by": 3},
        "summary_by",
        ("batches.statistics",),
    ),
    (
        "outputs.statistics",
        (),
        {**STATISTICS, "amount_type": 1, "is_ordered": True, "return_format": 2},
        "is_ordered",
        ("return_format", "leave it out", "请省略"),
    ),
    ("batches.statistics", ("b",), {"amount_type": 2, "summary_by": 0}, "energy_kind", ("is required",)),
    (
        "consumption.totals",
        (),
        {**AMOUNTS, "combination": Combination.METER},
        "combination",
        ("MACHINE or DEPARTMENT", "leave it out", "请省略"),
    ),
    ("consumption.details", (), {**AMOUNTS, "names": "表"}, "names", ("use kinds", "改用 kinds")),
    ("consumption.details", (), {**DAY, "group_by": 2}, "group_by", ("METER (2)",)),
    ("consumption.details", (), {**DAY, "group_by": "2", "names": ["a,b"]}, "names", ("commas", "逗号")),
    ("consumption.details", (), {**AMOUNTS, "kinds": "99"}, "kinds", ("AIR (7)",)),
    ("consumption.details", (), {**AMOUNTS, "kinds": []}, "kinds", ("leave the argument out",)),
    ("consumption.details", (), {**AMOUNTS, "interval": 0}, "interval", ("from 1",)),
    ("reports.generate", (), {**AMOUNTS, "start": datetime(2020, 1, 1)}, "start", ("end", "swap them", "请交换")),
    (
        "oee.records",
        (3,),
        {"start": datetime(2019, 4, 1), "end": datetime(2019, 4, 2, 0, 0, 1)},
        "end",
        ("24 hours", "day by day", "逐日"),
    ),
    ("alarm_rules.create", (), {**RULE, "upper_limit": 4}, "lower_limit", ("upper_limit", "swap them")),
    ("settings.update", (), {**SETTINGS, "year_start": 0}, "year_start", ("not 0", "非零")),
    ("settings.update", (), {**SETTINGS, "year_end": 13}, "year_end", ("-12 to 12",)),
    ("settings.update", (), {**SETTINGS, "month_end": -32}, "month_end", ("-31 to 31",)),
    ("settings.update", (), {**SETTINGS, "day_start": timedelta(hours=24)}, "day_start", ("24 hours", "24 小时")),
    ("province.add_manual_data", (1,), {"time": DAY["start"], "time_type": "1", "amount": 1}, "time_type", ("MONTH",)),
    (
        "province.add_manual_data",
        (1,),
        {"time": datetime(2019, 4, 2), "time_type": "2", "amount": 1},
        "time",
        ("first moment", "第一刻"),
    ),
    ("province.operation_result", (3,), {}, "operation", ("UPDATE_VERSION (2)",)),
    ("meters.create", (), {**METER, "is_virtual": 1}, "is_virtual", ("True or False",)),
    ("wechat.bind", (), {"code": "", "encrypted_data": "a", "iv": "b"}, "code", ("non-empty text",)),
]


@pytest.mark.parametrize(("method", "args", "given", "argument", "said"), REFUSED)
async def test_conditions_are_checked_before_anything_is_sent(
    method: str, args: tuple[Any, ...], given: dict[str, Any], argument: str, said: tuple[str, ...], connect: Connect
) -> None:
    """Each error names the argument, its rule and the way out, in both languages; no request goes out, no login."""
    await refused(connect, method, args, given, argument, *said)


async def test_limits_that_are_just_kept_go_out(connect: Connect) -> None:
    """24 hours to the second, equal limits, the last month and day: these are allowed."""
    server = FakeServer(envelope([]))
    client = connect(server, "energy")
    await carry_out(client, "oee.records", 3, **PERIOD)
    await carry_out(client, "alarm_rules.create", **RULE)
    await carry_out(client, "province.add_manual_data", 1, time=datetime(2019, 4, 1), time_type="2", amount="1")
    assert len(server.requests) == 3


async def test_registration_and_provinces_need_no_account(client_kind: str, connect: Connect) -> None:
    """A client without an account registers and lists provinces without a session; with one it sends the session."""
    server = SessionServer()
    server.alive = True
    for options in ({"username": None, "password": None}, {}):
        seen = FakeServer(envelope([])) if options else server
        client = connect(seen, "energy", **options)
        await carry_out(client, "users.register", "new", password="secret", email="a@b.cn")
        await carry_out(client, "regions.list")
        assert [request.headers.get("cookie") for request in seen.requests].count(None) == 2 * bool(options)
