"""Reading and writing records and JSON, whatever a server sends: readable values are exact, others are kept aside."""

import enum
import json
import logging
import pickle
import typing
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaobiao import SHANGHAI, UnreadableResponse
from chaobiao._call.dialect import DecodeOptions
from chaobiao._contract.calendar import Month, Year
from chaobiao._contract.family import Family
from chaobiao._contract.fields import Record, WireField, arg, cell, fields_of, frozen
from chaobiao._contract.operation import is_record
from chaobiao._families import families
from chaobiao._wire.arguments import write_arguments
from chaobiao._wire.codecs import SEVERAL_CODES
from chaobiao._wire.json_text import MalformedJson, parse_json
from chaobiao._wire.records import codec_of, reader_of, write_record
from chaobiao.jrhsz import Consumption, Gate, Meter, MeterKind, ResidentMeter, TimeOfUseReading
from chaobiao.water import Region, Schedule
from tests.harness.samples import FAMILIES

#: A slow machine is no failure of the code.
QUICK = settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

RECORDS: list[tuple[Family, type[Record]]] = [
    (family, kind)
    for family in families()
    for name in FAMILIES[family.name].__all__
    if is_record(kind := getattr(FAMILIES[family.name], name))
]
every_record = pytest.mark.parametrize(
    ("family", "kind"), RECORDS, ids=[f"{family.name}-{kind.__name__}" for family, kind in RECORDS]
)

EPOCH = datetime(2001, 9, 10, tzinfo=SHANGHAI)
SECONDS = st.integers(0, 8_000_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
MILLISECONDS = st.integers(0, 8_000_000_000_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
NUMBERS = st.decimals(-(10**9), 10**9, places=3)
WORDS = st.text('ab张三01 .-_"\\\n', min_size=1, max_size=12).filter(lambda word: word[4:5] != "-" and len(word) != 13)


VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(-(10**18), 10**18),
    bool: st.booleans(),
    Decimal: NUMBERS,
    date: st.dates(date(2001, 1, 1), date(2100, 1, 1)),
    timedelta: st.integers(-86399, 86399).map(lambda seconds: timedelta(seconds=seconds)),
    Year: st.integers(1000, 9999).map(Year),
    Month: st.builds(Month, st.integers(1000, 9999), st.integers(1, 12)),
}
LATITUDES = st.decimals(-90, 90, places=6)


def values(field: WireField, style: str, depth: int) -> st.SearchStrategy[Any]:
    """Return values that a field can hold."""
    words = WORDS.filter(lambda text: codec_of(field).read(text) == text)  # not what is read as a number or a time
    if field.type is Any:
        return st.none() | words | st.lists(WORDS, max_size=2)
    kinds = [kind for kind in typing.get_args(field.type) if kind is not type(None)]
    found: list[st.SearchStrategy[Any]] = [st.none()]
    for kind in kinds:
        if kind == tuple[str, ...]:
            found.append(st.lists(WORDS.map(str.strip).filter(bool), max_size=3).map(tuple))
        elif typing.get_origin(kind) is tuple:
            found.append(st.lists(records(typing.get_args(kind)[0], style, depth + 1), max_size=2).map(tuple))
        elif is_record(kind):
            found.append(records(kind, style, depth + 1))
        elif issubclass(kind, enum.IntEnum):
            found.append(st.integers(0, 200).map(kind))
        elif issubclass(kind, enum.Enum):
            found += [st.sampled_from(list(kind)), WORDS.map(kind)]
        elif kind is datetime:
            found.append(MILLISECONDS if style == "milliseconds" else SECONDS)
        else:
            # A JSON number that is written has 15 digits.
            found.append(LATITUDES if kind is Decimal and field.number else words if kind is str else VALUES[kind])
    return st.one_of(found)


def records(kind: type[Record], style: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return records of a class; trees are two levels deep."""
    fields = {
        field.python_name: values(field, style, depth)
        for field in fields_of(kind)
        if depth < 2 or "tuple" not in str(field.type)
    }
    return st.builds(kind, **fields)


@every_record
@settings(QUICK, max_examples=8)
@given(data=st.data())
def test_records_survive_the_wire(family: Family, kind: type[Record], data: st.DataObject) -> None:
    """A record that is written as a server writes it is read back equal, without unreadable or unknown fields."""
    style: Any = family.dialect().times
    record = data.draw(records(kind, style))
    text = json.dumps(write_record(record, style)).encode()
    back = reader_of(kind).read(parse_json(text), strict=True)
    assert back == record
    assert not back.unreadable
    assert not back.extra
    assert pickle.loads(pickle.dumps(back)) == record


#: What may stand in a cell: any text or whole number, and one of each other thing that JSON has.
ODD = [
    None,
    True,
    False,
    Decimal("NaN"),
    Decimal("1e400"),
    Decimal("2.50"),
    "NaN",
    "1e400",
    "²",
    "１２",
    "2023-13-01",
    [],
    {},
]
CELLS: st.SearchStrategy[Any] = st.sampled_from([*ODD, [1, "a"], {"a": [None]}]) | st.integers() | st.text(max_size=8)


@every_record
@settings(QUICK, max_examples=20)
@given(data=st.data())
def test_lenient_reading_takes_any_row(family: Family, kind: type[Record], data: st.DataObject) -> None:
    """Whatever is in a row, reading never raises: a cell is understood, or it is None and kept as it came."""
    fields = fields_of(kind)
    row = data.draw(st.dictionaries(st.sampled_from([field.name for field in fields]), CELLS, max_size=3))
    record = reader_of(kind).read(row)
    for field in fields:
        raw, value = row.get(field.name), getattr(record, field.python_name)
        if field.python_name in record.unreadable:
            assert value is None
            assert record.unreadable[field.python_name] is raw
        elif value is None:
            assert raw is None or raw == ""
    assert set(record.unreadable) <= {field.python_name for field in fields}


@QUICK
@given(row=CELLS.filter(lambda cell: not isinstance(cell, dict)))
def test_a_row_that_is_no_object_is_kept(row: Any) -> None:
    """A row that is a number, a text or a list becomes an empty record that holds it."""
    record = reader_of(Meter).read(row)
    assert record == Meter()
    assert record.unreadable == {"(row)": row}
    with pytest.raises(UnreadableResponse) as caught:
        DecodeOptions(strict=True).rows(Meter, [{}, row])
    assert (caught.value.row, caught.value.field) == (1, "(row)")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("346.90", Decimal("346.90")),
        ("-0.5", Decimal("-0.5")),
        (" 12 ", Decimal(12)),
        ("１２．５".replace("．", "."), Decimal("12.5")),
        ("1e400", Decimal("1e400")),
        ("9" * 400, Decimal("9" * 400)),
        (10**30, Decimal(10**30)),
        ("", None),
    ],
)
def test_odd_but_readable_numbers_are_read_exactly(raw: Any, value: Decimal | None) -> None:
    """Size, sign, spaces and full-width digits cost no digit; an empty text is no number."""
    record = reader_of(ResidentMeter).read({"reading": raw})
    assert str(record.reading) == str(value)
    assert not record.unreadable


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "nan",
        "sNaN",
        "Infinity",
        "-inf",
        "1_000",
        "12元",
        "0x10",
        "1,000",
        "--1",
        " ",
        "1e99999999999999999999",
        True,
    ],
)
def test_what_is_no_number_is_kept_aside(raw: Any) -> None:
    """NaN, infinity, underscores and units are not read as numbers."""
    record = reader_of(ResidentMeter).read({"reading": raw, "balance": "130.00"})
    assert record.reading is None
    assert record.unreadable == {"reading": raw}
    assert record.balance == Decimal("130.00")


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2023-04-22 10:31:53", datetime(2023, 4, 22, 10, 31, 53)),
        ("2023-04-22T10:31:53", datetime(2023, 4, 22, 10, 31, 53)),
        ("2023-04-22T02:31:53Z", datetime(2023, 4, 22, 10, 31, 53)),
        ("2023-04-22 10:31:53.250", datetime(2023, 4, 22, 10, 31, 53, 250000)),
        ("2023-04-22", datetime(2023, 4, 22)),
        ("1687709763000", datetime(2023, 6, 26, 0, 16, 3)),
        (1687709763001, datetime(2023, 6, 26, 0, 16, 3, 1000)),
    ],
)
def test_odd_but_readable_times_are_read(raw: Any, moment: datetime) -> None:
    """Times are China Standard Time unless they say otherwise, to the millisecond."""
    record = reader_of(ResidentMeter).read({"readTime": raw})
    assert record.read_at == moment.replace(tzinfo=SHANGHAI)
    assert record.read_at.tzinfo is SHANGHAI


@pytest.mark.parametrize(
    "raw",
    [
        "0000-00-00 00:00:00",
        "2023-02-30 00:00:00",
        "2023-04-22 25:00:00",
        "6767",
        1687709763,
        "昨天",
        "１６８７７０９７６３０００",
        True,
    ],
)
def test_what_is_no_time_is_kept_aside(raw: Any) -> None:
    """An impossible date, a timestamp in seconds and a word are kept as they came."""
    record = reader_of(ResidentMeter).read({"readTime": raw})
    assert record.read_at is None
    assert record.unreadable == {"read_at": raw}


def test_execution_time_is_a_time_or_text() -> None:
    """Thirteen digits make a moment of a schedule's execution time; the document's own 6767 stays text."""
    read = reader_of(Schedule).read
    assert read({"execution_time": "6767"}).execution_time == "6767"
    assert read({"execution_time": 6767}).execution_time == "6767"
    assert read({"execution_time": "1687709763000"}).execution_time == datetime(2023, 6, 26, 0, 16, 3, tzinfo=SHANGHAI)


@QUICK
@given(digits=st.integers(0, 10**25), places=st.integers(1, 25))
def test_no_number_passes_a_binary_float(digits: int, places: int) -> None:
    """A JSON number of any length arrives digit by digit, trailing zeros included."""
    text = f"{digits:0{places + 1}d}"
    number = f"{text[:-places]}.{text[-places:]}"
    record = reader_of(TimeOfUseReading).read(parse_json(f'{{"positiveActivePower": {number}}}'))
    assert f"{record.total:f}" == number


def test_a_json_number_is_exact() -> None:
    """0.1000000000000000055 as a JSON number is not 0.1."""
    record = reader_of(TimeOfUseReading).read(parse_json('{"positiveActivePower": 0.1000000000000000055}'))
    assert record.total == Decimal("0.1000000000000000055")


def test_unlisted_values_are_kept() -> None:
    """A kind of meter or a state that no document lists is read."""
    record = reader_of(Meter).read({"tableType": "99", "gate": "半开"})
    assert (record.kind, record.gate) == (99, "半开")
    assert isinstance(record.kind, MeterKind)
    assert isinstance(record.gate, Gate)
    assert not record.unreadable


def test_repeated_keys() -> None:
    """A key that comes twice counts once if its values agree; if they differ the field is unreadable, with both."""
    read = reader_of(Meter).read
    assert read(parse_json('{"tableNo": "1", "gate": "跳闸", "tableNo": "1"}')) == Meter(
        table_no="1", gate=Gate("跳闸")
    )
    record = read(parse_json('{"tableNo": "1", "gate": "跳闸", "tableNo": "2"}'))
    assert record == Meter(gate=Gate("跳闸"))
    assert record.unreadable == {"table_no": ("1", "2")}
    with pytest.raises(UnreadableResponse) as caught:
        DecodeOptions(strict=True).rows(Meter, [parse_json('{"tableNo": "1", "tableNo": "2"}')])
    assert (caught.value.row, caught.value.field) == (0, "tableNo")


@QUICK
@given(row=st.dictionaries(st.text(max_size=8), CELLS, max_size=4))
def test_unknown_fields_are_kept(row: dict[str, Any]) -> None:
    """Fields that no document lists are kept in extra, under the names they came with."""
    known = {field.name for field in fields_of(Meter)} | {"typeType"}
    record = reader_of(Meter).read({"tableNo": "1", **row})
    assert record.extra == {name: cell for name, cell in row.items() if name not in known}


def test_oddities_are_counted_each_time_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each odd field is one warning, however many rows have it, and the warning holds no value."""
    decode = DecodeOptions()
    rows = [{"tableNo": "1", "onlineAt": "secret-1", "unlisted": "secret-2"}] * 3 + [{"unlisted": "secret-3"}]
    with caplog.at_level(logging.WARNING, "chaobiao"):
        records = decode.rows(Meter, rows)
    assert len(records) == 4
    assert decode.oddities == {("Meter", "unreadable", "online_at"): 3, ("Meter", "extra", "unlisted"): 4}
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
    assert "Meter.unlisted" in caplog.text


def test_oddities_in_nested_records_are_counted_and_rejected() -> None:
    """A city in the region tree is read by the same rules as the province above it."""
    rows = [{"id": 1, "children": [{"id": "x", "name": "烟台市", "unlisted": 1}]}]
    decode = DecodeOptions()
    (province,) = decode.rows(Region, rows)
    (city,) = province.children or ()
    assert (city.id, city.name, dict(city.unreadable), dict(city.extra)) == (
        None,
        "烟台市",
        {"id": "x"},
        {"unlisted": 1},
    )
    assert decode.oddities == {("Region", "unreadable", "id"): 1, ("Region", "extra", "unlisted"): 1}
    with pytest.raises(UnreadableResponse) as caught:
        DecodeOptions(strict=True).rows(Region, rows)
    assert (caught.value.row, caught.value.field) == (0, "children.id")


@pytest.mark.parametrize("depth", [20, 300])
def test_a_tree_of_any_depth_ends(depth: int) -> None:
    """A tree is read as deep as Python can follow; a deeper one is an unreadable response, at once."""
    tree = parse_json('{"id":1,"children":[' * depth + "]}" * depth)
    if depth > 100:
        with pytest.raises(UnreadableResponse):
            DecodeOptions().rows(Region, [tree])
        return
    (region,) = DecodeOptions().rows(Region, [tree])
    for _ in range(depth - 1):
        (region,) = region.children or ()
    assert region.children == ()


JSON_TEXTS = st.one_of(
    st.text(),
    st.binary(),
    st.text(alphabet='{}[]":,0123456789.eE+-tfn \\u', max_size=30),
    st.builds(lambda cell, cut: json.dumps([cell], default=str)[:-cut], CELLS, st.integers(1, 3)),
    st.sampled_from(
        [
            b"",
            b"\xff\xfe{}",
            "[" * 100_000,
            "1" * 5000,
            "1e99999999999999999999",
            "[1.5e-99999999999999999999]",
            "NaN",
            "[Infinity]",
            '{"a":1,}',
            '{"a" "b"}',
            '"\\ud800',
        ]
    ),
)


@settings(QUICK, max_examples=200)
@given(text=JSON_TEXTS)
def test_broken_json_is_malformed_and_nothing_else(text: str | bytes) -> None:
    """Any text is JSON or raises MalformedJson, without a cause or context."""
    error: MalformedJson | None = None
    try:
        parse_json(text)
    except MalformedJson as found:
        error = found
    assert error is None or (error.__cause__, error.__context__) == (None, None)


@QUICK
@given(secret=st.text("abcdef0123456789", min_size=8, max_size=20), cut=st.integers(0, 3))
def test_malformed_json_never_quotes_the_text(secret: str, cut: int) -> None:
    """The error of broken JSON says where it is broken and quotes nothing: the text may hold a token."""
    text = '{"data":"' + secret + '","n":' + ["", "01}", "NaN}", '"' + secret][cut]
    with pytest.raises(MalformedJson) as caught:
        parse_json(text.encode())
    error: BaseException | None = caught.value
    while error is not None:
        assert secret not in str(error)
        assert secret not in repr(vars(error))
        error = error.__context__


def test_an_empty_spelling_replaces_no_value() -> None:
    """Where both spellings of a name come, the one with a value counts; two that differ are kept as unreadable."""
    reader = reader_of(Consumption)
    assert reader.read({"amout": "12.50", "amount": None}).amount == Decimal("12.50")
    assert reader.read({"amount": "12.50", "amout": ""}).amount == Decimal("12.50")
    differing = reader.read({"amount": "12.50", "amout": "13.00"})
    assert differing.amount is None
    assert set(differing.unreadable["amount"]) == {"12.50", "13.00"}


def test_arguments_may_hold_documents() -> None:
    """Records among an operation's arguments are written as objects, and several of them as a list."""

    @frozen
    class Part(Record):
        name: str | None = cell("partName")

    @frozen
    class Whole:
        one: Part | None = arg("one", default=None)
        many: tuple[Part, ...] | None = arg("many", default=None)
        plain: tuple[str, ...] | None = arg("plain", default=None, codec=SEVERAL_CODES)

    written = write_arguments(Whole(one=Part(name="a"), many=(Part(name="b"),), plain=("c", "d")), "datetime")
    assert written == {"one": {"partName": "a"}, "many": [{"partName": "b"}], "plain": "c,d"}
