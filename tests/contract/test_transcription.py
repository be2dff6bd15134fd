"""What is transcribed from the vendors' documents is what operations, records and the mock have, and nothing else."""

from collections.abc import Iterable
from functools import cache

import attrs
import pytest
from starlette.routing import Route

from chaobiao._families import NAMES
from chaobiao._families import family as find_family
from chaobiao._openapi.document import document
from chaobiao_mock.app import create_app
from chaobiao_mock.world import World, WorldSettings
from tests.contract.comparison import COMPARISONS, TYPES, Comparison
from tests.contract.transcription import Endpoint, Exemption, endpoints, table, transcription
from tests.openapi.openapi_comparison import compare_openapi
from tests.openapi.openapi_helpers import Document

every_endpoint = pytest.mark.parametrize("endpoint", endpoints(), ids=str)


def test_every_section_is_an_operation() -> None:
    """Each transcribed section describes one operation, and each operation's sections are transcribed."""
    declared = [(endpoint.family.name, section) for endpoint in endpoints() for section in endpoint.sections]
    assert sorted(declared) == sorted({(row.family, row.section) for row in transcription().rows if row.section != "*"})


@every_endpoint
@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda compare: compare.__name__.removeprefix("compare_"))
def test_the_code_has_what_is_documented_and_nothing_else(endpoint: Endpoint, compare: Comparison) -> None:
    """Endpoint, arguments, records, types and Chinese names, apart from the exemptions."""
    assert list(compare(endpoint)) == []


def test_the_mock_has_a_route_for_each_endpoint() -> None:
    """The mock serves the documented verbs and paths, and those that operations use instead; no others but its own."""
    world = World(WorldSettings(meters=0))
    app = create_app(world)
    own = ("/__mock__/", "/openapi/", *(folder for family in world.families for folder in family.files))
    served = {
        (verb, route.path)
        for route in app.routes
        if isinstance(route, Route) and not route.path.startswith(own) and route.path != "/"
        for verb in route.methods or ()
        if verb != "HEAD"  # Starlette adds it to GET
    }
    documented = {(row.type, row.path) for row in transcription().rows if row.direction == "operation"}
    assert served == documented | {(each.kind.spec.method, each.kind.spec.path) for each in endpoints()}


def test_rows_are_well_formed() -> None:
    """Columns hold what README.md allows, and nothing is transcribed twice."""
    rows = transcription().rows
    assert len({(row.family, row.section, row.direction, row.name) for row in rows}) == len(rows)
    for row in rows:
        assert row.family in NAMES, row
        assert row.direction in (
            {"envelope"} if row.section == "*" else {"operation", "request", "response", "envelope"}
        ), row
        assert row.required in ({"是", "否", ""} if row.direction == "request" else {""}), row
        assert row.where in {"table", "sample", "both"}, row
        assert row.direction == "operation" or row.type in {"", *TYPES}, row
        # A table's cell may only mention a nested name, and what a table leaves empty is noted.
        is_named = row.type or row.words or "." in row.name or row.note
        assert row.direction == "operation" or (row.type == "" if row.where == "sample" else is_named), row
        assert all(text == text.strip() for text in attrs.astuple(row)), row


@pytest.mark.parametrize("name", ["contract.csv", "exemptions.csv", "names.csv"])
def test_every_line_has_every_column(name: str) -> None:
    """A comma too many or too few would shift a line's columns."""
    for line in table(name):
        assert None not in line, line  # the key of what is too many
        assert None not in line.values(), line  # the value of what is missing


def test_what_only_table_or_sample_shows_is_noted() -> None:
    """Where a section has a sample, a response field that is not in both has a note."""
    rows = [row for row in transcription().rows if row.direction == "response"]
    sampled = {(row.family, row.section) for row in rows if row.where != "table"}
    for row in rows:
        assert row.where == "both" or row.note or (row.family, row.section) not in sampled, row


def differences(among: Iterable[Endpoint]) -> list[str]:
    """All differences between operations and their transcription."""
    return sorted({found for endpoint in among for compare in COMPARISONS for found in compare(endpoint)})


@cache
def openapi_document(family: str) -> Document:
    """A family's OpenAPI document, made once."""
    return document(find_family(family))


@pytest.mark.parametrize(
    "exemption", transcription().exemptions, ids=lambda each: f"{each.family} {each.section} {each.name} {each.rule}"
)
def test_every_exemption_is_needed_and_gives_its_reason(exemption: Exemption) -> None:
    """Without it code or OpenAPI document would differ from the vendor's: what is no longer needed has to go."""
    found = transcription()
    others = tuple(each for each in found.exemptions if each != exemption)
    assert exemption.reason
    concerned = [
        endpoint
        for endpoint in endpoints(attrs.evolve(found, exemptions=others))
        if endpoint.family.name == exemption.family and exemption.section in (*endpoint.sections, "*")
    ]
    described = openapi_document(exemption.family)
    assert differences(concerned) or [each for endpoint in concerned for each in compare_openapi(endpoint, described)]


METER_LIST = ("meter 4.2", "operation", "/meter/meterList")
INSTRUCTION = ("meter 4.6", "request", "type")
GATE = ("meter 4.2", "response", "gate")


@pytest.mark.parametrize(
    ("place", "changes", "expected"),
    [
        (METER_LIST, {"name": "/meter/list"}, ["documented as POST /meter/list 设备信息"]),
        (METER_LIST, {"type": "GET"}, ["documented as GET /meter/meterList 设备信息"]),
        (METER_LIST, {"words": "设备"}, ["documented as POST /meter/meterList 设备"]),
        (INSTRUCTION, {"name": "command"}, ["command: documented, not declared", "type: declared, not documented"]),
        (INSTRUCTION, {"required": "否"}, ["whether it is required is documented as 否"]),
        (
            ("meter 4.6", "request", "token"),
            {"name": "session"},
            ["session: documented, not declared", "token: declared, not documented"],
        ),
        (("meter 4.2", "request", "pageNo"), {"required": "是"}, ["whether it is required is documented as 是"]),
        (("meter 4.3", "request", "tableNo"), {"words": "表编"}, ["documented as 表编, named 表编号"]),
        (GATE, {"name": "valve"}, ["gate: declared, not documented", "valve: documented, not declared"]),
        (GATE, {"type": "int"}, ["documented as int, read as str"]),
        (GATE, {"words": "阀门状态码"}, ["documented as 阀门状态码, named 阀门状态"]),
        (("meter 4.5", "response", "amout"), {"name": "amont"}, ["amont: documented, not", "amout: declared, not"]),
        (("1", "response", "children"), {"type": "String"}, ["documented as String, read as tuple"]),
        (("5", "response", "execution_count"), {"type": "S"}, ["documented as S, read as int"]),
        (("6.9", "operation", "/api_3/alarm_message"), {"words": "获取报警"}, ["as GET /api_3/alarm_message 获取报警"]),
        (
            ("7.6", "operation", "/api_3/OEE_statistic"),
            {"type": "POST"},
            ["documented as POST /api_3/OEE_statistic 获取OEE状态时间的统计(年月日)"],
        ),
        (
            ("5.2", "request", "enterprise.phone"),
            {"name": "enterprise.tel"},
            ["enterprise.phone: declared, not documented", "enterprise.tel: documented, not declared"],
        ),
        (
            ("5.2", "request", "process.remark"),
            {"name": "process.note"},
            ["process.note: documented, not declared", "process.remark: declared, not documented"],
        ),
        (("5.2", "request", "enterprise.fax"), {"required": "是"}, ["whether it is required is documented as 是"]),
        (("8.9", "request", "Energy_Type"), {"required": "是"}, ["whether it is required is documented as 是"]),
        (("2.9", "request", "Machine_Image"), {"required": "否"}, ["whether it is required is documented as 否"]),
        (("2.3", "request", "Meter_Superior"), {"words": "根据机器筛选"}, ["as 根据机器筛选, named 所属机器的名称"]),
        (("3.1", "request", "Time_Type"), {"words": "时间，1-年"}, ["documented as 时间，1-年, named 时间类型"]),
        (
            ("3.1", "request", "Amount_SortName"),
            {"words": "如果Amount_Type=2，这个参数有效，名称"},
            ["这个参数有效，名称, named 仪表或机器或部门的名称"],
        ),
        (
            ("8.9", "request", "Amount_Type"),
            {"words": "总量1:产量"},
            ["documented as 总量1:产量, named 返回总量的类型"],
        ),
        (
            ("3.5", "response", "Detail_Amounts.Time"),
            {"name": "Detail_Amounts.At"},
            ["Detail_Amounts.At: documented, not", "Detail_Amounts.Time: declared, not"],
        ),
        (("3.3", "response", "TIme"), {"name": "Tim"}, ["TIme: declared, not documented", "Tim: documented, not"]),
        (("2.5", "response", "id"), {"type": "str"}, ["documented as str, read as int"]),
        (("6.10", "response", "Total_Amount"), {"type": "str"}, ["documented as str, read as int"]),
        (("5.3", "response", "process"), {"type": "str"}, ["documented as str, read as tuple"]),
        (("5.4", "response", "deviceID"), {"type": "Int"}, ["documented as Int, read as str"]),
        (("9.2", "response", "Province_Name"), {"words": "省"}, ["documented as 省, named 省名"]),
    ],
)
def test_every_kind_of_difference_is_found(
    place: tuple[str, str, str], changes: dict[str, str], expected: list[str]
) -> None:
    """Names, verbs, types, required flags and words: one row differs from the code, and nothing else is reported."""
    before = differences(endpoints())
    found = [each for each in differences(endpoints(transcription().changed(*place, changes))) if each not in before]
    assert len(found) == len(expected)
    for difference, words in zip(found, expected, strict=True):
        assert words in difference
