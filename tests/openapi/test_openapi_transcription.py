"""The OpenAPI documents have what is transcribed from the vendors' documents, and nothing else."""

import attrs
import pytest

from tests.contract.transcription import Endpoint, endpoints, table, transcription
from tests.openapi.openapi_comparison import compare_openapi
from tests.openapi.openapi_helpers import Document, operations


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_an_operation_is_described_as_documented(documents: dict[str, Document], endpoint: Endpoint) -> None:
    """Title, parameters or body, what is required, envelope, record, JSON types and Chinese names."""
    assert list(compare_openapi(endpoint, documents[endpoint.family.name])) == []


def test_operations_have_their_names_and_rules(documents: dict[str, Document]) -> None:
    """Client method, section, effect, paging and interval of each, in the documents' order, and no others."""
    found = [
        {
            "family": family,
            "section": said["x-section"],
            "client_method": said["operationId"],
            "operation": said["x-python-name"].rpartition(".")[2],
            "effect": said["x-effect"],
            "paged": "yes" if said["x-paged"] else "no",
            "interval": "" if said["x-interval"] is None else format(said["x-interval"], "g"),
        }
        for family, document in documents.items()
        for _, _, said in operations(document)
    ]
    # The verbs of one path stand together.
    places = [(endpoint.family.name, endpoint.kind.spec.path) for endpoint in endpoints()]
    lines = table("names.csv")
    assert found == [lines[i] for place in dict.fromkeys(places) for i, other in enumerate(places) if other == place]


@pytest.mark.parametrize(
    ("section", "direction", "name", "changes", "expected"),
    [
        ("meter 4.2", "operation", "/meter/meterList", {"words": "设备"}, "documented as 设备"),
        ("meter 4.6", "request", "type", {"name": "command"}, "command: documented, not declared"),
        ("meter 4.6", "request", "type", {"name": "command"}, "type: declared, not documented"),
        ("meter 4.6", "request", "type", {"required": "否"}, "whether it is required is documented as 否"),
        ("meter 4.6", "request", "type", {"type": "int"}, "documented as int, described as string"),
        ("meter 4.3", "request", "pageNo", {"type": "string"}, "documented as string, described as integer"),
        ("meter 4.3", "request", "pageNo", {"words": "页数"}, "documented as 页数, named 页码"),
        ("2", "request", "page", {"required": "否"}, "whether it is required is documented as 否"),
        ("meter 4.2", "response", "gate", {"name": "valve"}, "valve: documented, not declared"),
        ("meter 4.2", "response", "gate", {"name": "valve"}, "gate: declared, not documented"),
        ("meter 4.2", "response", "gate", {"type": "int"}, "documented as int, described as null, string"),
        ("1", "response", "children", {"type": "String"}, "documented as String, described as array, null"),
        ("1", "response", "name", {"words": "名称"}, "documented as 名称, named 区域名称"),
        ("meter 4.2", "envelope", "totalCount", {"name": "count"}, "count: documented, not described"),
        ("6.9", "operation", "/api_3/alarm_message", {"words": "获取报警"}, "documented as 获取报警"),
        ("3.1", "request", "Time_Type", {"name": "Type"}, "Time_Type: declared, not documented"),
        ("5.2", "request", "enterprise.phone", {"name": "enterprise.tel"}, "enterprise.tel: documented, not declared"),
        ("5.2", "request", "enterprise.phone", {"required": "否"}, "whether it is required is documented as 否"),
        ("5.2", "request", "process", {"type": "str"}, "documented as str, described as array"),
        ("6.5", "request", "Alarm_id", {"type": "int"}, "documented as int, described as string"),
        ("2.1", "request", "Is_HandWork", {"type": "str"}, "documented as str, described as integer"),
        ("2.9", "request", "Machine_Image", {"required": "否"}, "whether it is required is documented as 否"),
        ("3.5", "response", "Detail_Amounts", {"name": "Details"}, "Detail_Amounts: declared, not documented"),
        ("3.5", "envelope", "Err_msg", {"name": "Err_Words"}, "Err_Words: documented, not described"),
        ("3.5", "response", "Shift_Amounts.Shift_Name", {"words": "班次"}, "documented as 班次, named 班次名称"),
    ],
)
def test_every_kind_of_difference_is_found(
    documents: dict[str, Document], section: str, direction: str, name: str, changes: dict[str, str], expected: str
) -> None:
    """A transcription that differs in one place from the described operation is reported."""
    (endpoint,) = (
        each
        for each in endpoints(transcription().changed(section, direction, name, changes))
        if section in each.sections
    )
    assert any(expected in difference for difference in compare_openapi(endpoint, documents[endpoint.family.name]))


def test_a_member_that_no_section_shows_is_found(jrhsz: Document) -> None:
    """An envelope member that the documents show nowhere is reported."""
    found = transcription()
    rows = tuple(row for row in found.rows if (row.direction, row.name) != ("envelope", "totalCount"))
    (endpoint,) = (each for each in endpoints(attrs.evolve(found, rows=rows)) if "meter 4.2" in each.sections)
    wanted = "jrhsz meter 4.2 envelope totalCount: described, not documented"
    assert wanted in list(compare_openapi(endpoint, jrhsz))
