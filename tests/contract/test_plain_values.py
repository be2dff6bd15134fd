"""Records as plain values: what json, web frameworks, tables and databases get."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaobiao import InvalidArgument, Page, Record
from chaobiao._contract.calendar import read_offset
from chaobiao._contract.fields import WireField, fields_of
from chaobiao._contract.operation import is_record
from chaobiao._contract.plain import Conversion
from chaobiao._families import family
from chaobiao._wire.codecs import kinds_of
from chaobiao._wire.records import codec_of
from chaobiao.jrhsz import Gate, LatestReading, Meter, MeterKind, Payment, ResidentMeter
from chaobiao.water import Region
from tests.harness.clients import ClientUnderTest, resolve
from tests.harness.fake_server import FakeServer
from tests.harness.samples import FAMILIES, Sample, load

SAMPLES = [sample for sample in load() if sample.records]
RECORDS = [kind for module in FAMILIES.values() for name in module.__all__ if is_record(kind := getattr(module, name))]
QUICK = settings(deadline=None, database=None, max_examples=50)
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
every_record = pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
Connect = Callable[..., ClientUnderTest]


def inside(field: WireField, value: Any, convert: Callable[[type[Record], Any], Any]) -> Any:
    """The value of a field, with the records in it converted."""
    record = codec_of(field).nested
    if record is None or value is None:
        return value
    return [convert(record, item) for item in value] if isinstance(value, list) else convert(record, value)


def complete(kind: type[Record], documented: dict[str, Any]) -> dict[str, Any]:
    """A sample's record with a key for every field; samples leave out what is None and what no field holds."""
    return {field.python_name: inside(field, documented.get(field.python_name), complete) for field in fields_of(kind)}


def expected(sample: Sample) -> list[dict[str, Any]]:
    """The records of a sample: decimals as text, times in ISO form, states by their word or number."""
    return [complete(sample.kind.spec.returns, row) for row in sample.records]


async def rows_of(sample: Sample, connect: Connect, **how: Any) -> list[dict[str, Any]]:
    """Call the sample's client method, and return its rows, or its one object, as dicts."""
    # The totals beside the documented rows are those of larger lists.
    dialect = family(sample.family).dialect(trust_totals=False)
    client = connect(FakeServer(sample.response_text), sample.family, dialect=dialect)
    found = await client.call(sample.method, **sample.arguments)
    if isinstance(found, Record):
        return [found.to_dict(**how)]
    return await resolve(found.to_dicts(**how))  # type: ignore[no-any-return]  # the client is sync or async


@every_sample
async def test_lists_become_dicts_that_json_takes(sample: Sample, connect: Connect) -> None:
    """The to_dicts() of what a method returns is what the vendor's example says, and survives json unchanged."""
    rows = await rows_of(sample, connect)
    assert rows == expected(sample)
    assert json.loads(json.dumps(rows)) == rows


@every_sample
async def test_records_and_pages_become_the_same_dicts(sample: Sample, connect: Connect) -> None:
    """One page and one record convert as a whole list does."""
    found: Any = await connect(FakeServer(sample.response_text), sample.family).send(sample.operation)
    page: Page[Record] = found if sample.rows else Page([found])
    assert page.to_dicts() == [record.to_dict() for record in page] == expected(sample)


def numbers(rows: Any) -> list[Decimal]:
    """Every Decimal below a value."""
    if isinstance(rows, Decimal):
        return [rows]
    parts = rows.values() if isinstance(rows, dict) else rows if isinstance(rows, list) else ()
    return [number for part in parts for number in numbers(part)]


def decimals_in(kind: type[Record], row: dict[str, Any]) -> int:
    """How many values of a record that is a dict are decimals by their fields."""
    counts: list[int] = []
    for field in fields_of(kind):
        value = row[field.python_name]
        counts.append(value is not None and Decimal in kinds_of(field.type))
        inside(field, value, lambda record, part: counts.append(decimals_in(record, part)))
    return sum(counts)


def compare(kept: Any, text: Any) -> None:
    """Compare a value that is kept with its text, digit by digit."""
    if isinstance(kept, dict):
        assert list(kept) == list(text)
        kept, text = list(kept.values()), list(text.values())
    if isinstance(kept, list):
        for part, its_text in zip(kept, text, strict=True):
            compare(part, its_text)
    elif isinstance(kept, Decimal):
        assert Decimal(text).as_tuple() == kept.as_tuple()
    elif isinstance(kept, datetime):
        assert datetime.fromisoformat(text) == kept
    elif isinstance(kept, timedelta):
        assert read_offset(text) == kept
    else:
        assert kept == text


@every_sample
async def test_no_digit_is_lost(sample: Sample, connect: Connect) -> None:
    """Kept decimals and times are the records' own; as text, each decimal has the same digits and trailing zeros."""
    rows = await rows_of(sample, connect)
    kept = await rows_of(sample, connect, decimals="keep", times="keep")
    compare(kept, rows)
    assert len(numbers(kept)) == sum(decimals_in(sample.kind.spec.returns, row) for row in rows)


@every_sample
@pytest.mark.parametrize("headings", ["wire", "zh"])
async def test_headings_change_the_keys_alone(sample: Sample, headings: Any, connect: Connect) -> None:
    """With the wire's names or the Chinese ones, the same values come in the same order, at every level."""

    def renamed(kind: type[Record], row: dict[str, Any]) -> dict[str, Any]:
        return {
            field.name if headings == "wire" else field.zh: inside(field, row[field.python_name], renamed)
            for field in fields_of(kind)
        }

    rows = await rows_of(sample, connect, headings=headings)
    wanted = [renamed(sample.kind.spec.returns, row) for row in expected(sample)]
    assert rows == wanted
    assert [list(row) for row in rows] == [list(row) for row in wanted]


@every_record
@pytest.mark.parametrize("headings", ["python", "wire", "zh"])
@pytest.mark.parametrize("extra", [False, True])
def test_every_field_has_a_key_of_its_own(kind: type[Record], headings: Any, extra: bool) -> None:
    """An empty record has a key for each field, and two more if asked; none is empty or comes twice."""
    row = kind().to_dict(headings=headings, extra=extra)
    assert len(row) == len(fields_of(kind)) + 2 * extra
    assert all(row)
    assert list(kind().to_dict()) == [field.python_name for field in fields_of(kind)]


def test_headings_that_two_fields_share_show_the_wire_name() -> None:
    """Fields with one Chinese name are told apart by their names on the wire; one without any has the wire's."""
    fields = [
        WireField(name="begin_value", zh="读数", python_name="amount"),
        WireField(name="end_value", zh="读数", python_name="channel"),
        WireField(name="read_time", zh="时间", python_name="paid_at"),
        WireField(name="remark", python_name="order_number"),
    ]
    row = Conversion("zh", False, "text", "text").record(Payment(), fields)
    assert list(row) == ["读数（begin_value）", "读数（end_value）", "时间", "remark"]


def test_states_and_kinds_become_their_word_or_number() -> None:
    """Enums become plain text and numbers, those that no table lists too."""
    row = Meter(gate=Gate.DISCONNECTED, kind=MeterKind.WATER).to_dict()
    unlisted = Meter(gate=Gate("半开"), kind=MeterKind(77)).to_dict()
    assert (row["gate"], row["kind"], unlisted["gate"], unlisted["kind"]) == ("跳闸", 2, "半开", 77)
    assert [type(row[key]) for row in (row, unlisted) for key in ("gate", "kind")] == [str, int] * 2


async def test_what_no_field_holds_comes_when_asked_for(connect: Connect) -> None:
    """Unknown fields and unreadable values come under two keys of their own, and in a form that json takes."""
    row = (
        '{"tableNo": "1", "balance": "much", "deposit": 1.50, "tags": [{"a": 0.10}, null],'
        ' "twice": 1, "twice": 2.5, "reading": "1", "reading": "2"}'
    )
    server = FakeServer('{"code": 200, "data": [' + row + "]}")
    [record] = await connect(server).call("residents.get", "1")
    assert set(record.to_dict()) == {"table_no", "reading", "read_at", "balance", "kind"}
    found = record.to_dict(extra=True)
    assert found["extra"] == {"deposit": "1.50", "tags": [{"a": "0.10"}, None], "twice": [1, "2.5"]}
    assert found["unreadable"] == {"balance": "much", "reading": ["1", "2"]}
    assert json.loads(json.dumps(found)) == found
    chinese = record.to_dict(headings="zh", extra=True, decimals="number")
    assert chinese["其他字段"] == {"deposit": 1.5, "tags": [{"a": 0.1}, None], "twice": [1, 2.5]}
    assert chinese["无法解析的值"] == {"余额": "much", "读数": ["1", "2"]}


def test_what_is_no_object_at_all_comes_too() -> None:
    """A row that was no object keeps its raw value under its own key, whatever the headings are."""
    record = ResidentMeter(unreadable={"(row)": 7})
    assert record.to_dict(headings="zh", extra=True)["无法解析的值"] == {"(row)": 7}


def test_a_tree_becomes_nested_dicts_to_any_depth() -> None:
    """Regions within regions are dicts in lists, with the same choices at every level."""
    region = Region(id=40, name="第40级", extra={"area": Decimal("1.0")})
    for level in range(39, 0, -1):
        region = Region(id=level, name=f"第{level}级", children=(region,))
    row = region.to_dict(headings="zh", extra=True)
    for level in range(1, 40):
        assert (row["区域id"], row["区域名称"]) == (level, f"第{level}级")
        [row] = row["子区域信息"]
    assert row == {
        "区域id": 40,
        "区域名称": "第40级",
        "子区域信息": None,
        "其他字段": {"area": "1.0"},
        "无法解析的值": {},
    }


@QUICK
@given(value=st.builds(lambda digits, power: Decimal(f"{digits}E{power}"), st.integers(), st.integers(-400, 400)))
def test_any_decimal_survives_as_text(value: Decimal) -> None:
    """Through json and back it is the same number, and never long: an exponent is not written out as zeros."""
    text = json.loads(json.dumps(Payment(amount=value).to_dict()))["amount"]
    assert Decimal(text) == value
    assert len(text) <= len(value.as_tuple().digits) + 45


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("346.90", "346.90"),
        ("1E+3", "1000"),
        ("0E-8", "0.00000000"),
        ("-0.0000001", "-0.0000001"),
        ("0", "0"),
        ("1E+41", "1E+41"),
    ],
)
def test_usual_numbers_have_no_exponent(number: str, text: str) -> None:
    """Amounts and readings are written the way people write them."""
    assert Payment(amount=Decimal(number)).to_dict()["amount"] == text


def test_a_huge_exponent_is_not_written_out() -> None:
    """A server that sends 1e999999999 does not fill the memory; as a number, what no float holds stays text."""
    huge = LatestReading(reading=Decimal("1E+999999999"))
    for row in (huge.to_dict(), huge.to_dict(decimals="number")):
        assert row["reading"] == "1E+999999999"


@QUICK
@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_numbers_are_floats_when_asked_for(value: Decimal) -> None:
    """All decimals of a column are floats, whole ones too, so that a DataFrame makes one type of them."""
    found = Payment(amount=value).to_dict(decimals="number")["amount"]
    assert type(found) is float
    assert found == float(value)


@QUICK
@given(
    value=st.datetimes(
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    )
)
def test_times_are_text_with_their_offset(value: datetime) -> None:
    """The text is the same moment, to the microsecond, and its offset (a date has none); kept, it is the value."""
    payment = Payment(paid_at=value)
    text = payment.to_dict()["paid_at"]
    assert datetime.fromisoformat(text) == value
    assert datetime.fromisoformat(text).utcoffset() == value.utcoffset()
    assert payment.to_dict(times="keep")["paid_at"] is value
    assert Payment(extra={"day": value.date()}).to_dict(extra=True)["extra"] == {"day": value.date().isoformat()}


@pytest.mark.parametrize(
    ("name", "choice"),
    [("headings", "english"), ("headings", ["zh"]), ("decimals", "float"), ("times", "iso"), ("times", None)],
)
async def test_a_choice_that_there_is_not_is_refused(name: str, choice: Any, connect: Connect) -> None:
    """It is an InvalidArgument that names argument and choices; a list refuses before it sends anything."""
    server = FakeServer({"code": 200, "data": []})
    listing = await connect(server).call("meters.list")
    for convert in (Payment().to_dict, Page([]).to_dicts, listing.to_dicts):
        with pytest.raises(InvalidArgument, match="must be one of") as caught:
            await resolve(convert(**{name: choice}))
        assert caught.value.argument == name
        assert name in caught.value.message_zh
    assert server.requests == []
