"""The responses of the samples fit the described envelopes; broken ones do not."""

from copy import deepcopy
from typing import Any

import pytest

from chaobiao._families import family as find_family
from tests.harness.samples import Sample, load, sample_named
from tests.openapi.openapi_helpers import Document, problems, validator


def problems_with(documents: dict[str, Document], sample: Sample, response: Any) -> list[str]:
    """What is wrong with a response to a sample's operation."""
    return problems(documents[sample.family], f"{sample.content['operation']}Response", response)


@pytest.mark.parametrize("sample", load(), ids=lambda sample: sample.name)
def test_responses_of_samples_fit(documents: dict[str, Document], sample: Sample) -> None:
    """What a vendor's document shows is a valid response."""
    assert problems_with(documents, sample, sample.response) == []


@pytest.mark.parametrize(
    ("family", "method", "changes"),
    [
        ("jrhsz", "login", {"code": "200"}),
        ("jrhsz", "meters.list", {"totalCount": "3"}),
        ("jrhsz", "meters.list", {"data": '[{"tableNo": "202005005292"}]'}),
        ("jrhsz", "meters.list", {"data": None}),
        ("jrhsz", "recharges.list", {"data": [{"total_fee": 10.00}]}),
        ("jrhsz", "meters.latest_readings", {"data": [{"reading": 346.90}]}),
        ("water", "flows.list", {"data": None, "total": "0"}),
        ("water", "flows.list", {"data": [{"balance": "100.00", "created_at": 1687709763000}]}),
    ],
)
def test_other_forms_fit(documents: dict[str, Document], family: str, method: str, changes: dict[str, Any]) -> None:
    """Numbers as text and the other way round, JSON text or JSON, and no data at all are valid too."""
    sample = sample_named(family, method)
    assert problems_with(documents, sample, {**sample.response, **changes}) == []


@pytest.mark.parametrize(
    ("family", "method", "path", "value"),
    [
        ("jrhsz", "meters.list", ("code",), None),
        ("jrhsz", "meters.list", ("code",), "ok"),
        ("jrhsz", "meters.list", ("data",), 7),
        ("jrhsz", "meters.list", ("data", 0, "onlineAt"), "yesterday"),
        ("jrhsz", "meters.list", ("data", 0, "tableType"), "水表"),
        ("jrhsz", "meters.list", ("data", 0, "gate"), ["跳闸"]),
        ("jrhsz", "meters.latest_readings", ("data", "reading"), "a lot"),
        ("jrhsz", "meters.latest_readings", ("totalCount",), "many"),
        ("water", "regions.list", ("data",), "[]"),
        ("water", "regions.list", ("data", 0, "children", 1, "children"), [{"id": 1.5}]),
        ("water", "flows.list", ("data", 0, "created_at"), "2023-06-26 00:16:03"),
        ("water", "flows.list", ("data", 0, "balance"), "much"),
    ],
)
def test_one_wrong_value_is_found(
    documents: dict[str, Document], family: str, method: str, path: tuple[Any, ...], value: Any
) -> None:
    """Each response becomes invalid when a single value in it takes a wrong form."""
    sample = sample_named(family, method)
    broken: Any = deepcopy(sample.response)
    inside = broken
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    assert problems_with(documents, sample, broken)


def test_rejections_fit_every_response_of_the_prepaid_platform(jrhsz: Document) -> None:
    """A rejection is a code and words without data; a response without a code is invalid."""
    names = [name for name in jrhsz["components"]["schemas"] if name.endswith("Response")]
    assert len(names) == len(find_family("jrhsz").operations)
    for name in names:
        assert problems(jrhsz, name, {"code": 1011, "msg": "访问过快"}) == []
        assert problems(jrhsz, name, {"code": "1006"}) == []
        assert problems(jrhsz, name, {"msg": "访问过快"})


def test_text_in_data_is_described_like_data_itself(jrhsz: Document) -> None:
    """The JSON text that data may hold has a schema, which tells right rows from wrong ones."""
    forms = jrhsz["components"]["schemas"]["ListRechargesResponse"]["properties"]["data"]["anyOf"]
    (text,) = (form for form in forms if form.get("contentMediaType") == "application/json")
    inside = validator(jrhsz, text["contentSchema"])
    row = {"out_trade_no": "jrh2023030716084144045", "total_fee": "10.00", "create_time": "2023-04-06 13:39:21"}
    assert inside.is_valid([row])
    assert inside.is_valid(row)
    assert not inside.is_valid([{**row, "total_fee": "ten"}])


def test_records_may_lack_fields_and_have_others(jrhsz: Document) -> None:
    """Every field of a record may be missing, null or unknown."""
    row = sample_named("jrhsz", "meters.list").response["data"][0]
    assert problems(jrhsz, "Meter", {}) == []
    assert problems(jrhsz, "Meter", dict.fromkeys(row)) == []
    assert problems(jrhsz, "Meter", {"newField": {"a": 1}}) == []
